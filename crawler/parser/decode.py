"""Bytes of a page to its text, with header, byte-order mark, meta tag and content held against each other."""

import re
import zlib
from dataclasses import dataclass

from crawler.parser.charsets import likeliest, name_of

MAX_CHARS = 24_000_000
_HEADER = re.compile(r"charset\s*=\s*+[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_META = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*+[\"']?\s*([\w.:-]+)|<\?xml[^>]{0,100}encoding\s*=\s*[\"']([\w.:-]+)",
    re.IGNORECASE,
)
_BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_BINARY = (
    (b"%PDF-", "pdf"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"PK\x03\x04", "archive"),
    (b"\x7fELF", "binary"),
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f]")
# A browser reads these labels as windows-1252 (WHATWG Encoding Standard, read 2026-11-20).
_LATIN = {
    "iso-8859-1",
    "latin-1",
    "latin1",
    "us-ascii",
    "ascii",
    "iso8859-1",
    "iso_8859-1",
    "cp1252",
    "windows-1252",
}
# A character beyond the first 65,536 written as the two halves of UTF-16, each in three bytes.
_HALF = re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]")
_PAIR = re.compile(rb"\xed[\xa0-\xaf][\x80-\xbf]\xed[\xb0-\xbf][\x80-\xbf]")
_MULTIBYTE = ("utf", "euc", "shift", "sjis", "gb", "big5", "iso-2022", "hz", "ks_c", "ks-c", "cp932", "cp949")


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """A page as text.

    Attributes:
        text: The characters; no U+FFFD that the page did not carry itself unless a note says so.
        encoding: The encoding the bytes were read by.
        notes: What a reader should know, such as a declaration that the bytes contradict.
        suspect: Why the bytes are no page at all, or None.
        raw: The text as UTF-8 where the bytes came so, or None: then nobody has to write it again.
    """

    text: str
    encoding: str
    notes: tuple[str, ...] = ()
    suspect: str | None = None
    raw: bytes | None = None

    @property
    def utf8(self) -> bytes:
        """The text as UTF-8."""
        return self.raw if self.raw is not None else self.text.encode("utf-8", "replace")


def decode(body: bytes, content_type: str | None = None) -> Decoded:
    """Read a page's bytes as text.

    Args:
        body: The bytes as served, gzip or deflate bodies included whatever their header said.
        content_type: The `Content-Type` header, or None.

    Returns:
        The text with the encoding used; `suspect` is set where the bytes are no text.
    """
    notes: list[str] = []
    body = _inflated(body, notes)
    for magic, name in _BINARY:
        if body.startswith(magic):
            return Decoded(text="", encoding="binary", suspect=f"not a page: {name}")
    if len(body) > MAX_CHARS:
        body = body[:MAX_CHARS]
        notes.append(f"read only the first {MAX_CHARS} bytes")
    text, encoding, raw = _text_of(body, content_type, notes)
    # Looking through bytes costs a tenth of looking through characters; UTF-8 has this one in its own byte only.
    if (encoding != "utf-8" or b"\x00" in body) and "\x00" in text:
        text, raw = text.replace("\x00", ""), None
    suspect = None
    head = text[:4096]
    if len(_CONTROL.findall(head)) > len(head) // 10:
        suspect = "not a page: binary"
    return Decoded(text=text, encoding=encoding, notes=tuple(notes), suspect=suspect, raw=raw)


def _inflated(body: bytes, notes: list[str]) -> bytes:
    """Undo a compression that the header did not own up to, never past the size we read."""
    if body[:2] != b"\x1f\x8b":
        return body
    engine = zlib.decompressobj(wbits=31)
    try:
        plain = engine.decompress(body, MAX_CHARS)
    except zlib.error:
        return body
    notes.append("body was gzip without saying so" if engine.eof else "gzip body is cut short")
    return plain


def _text_of(body: bytes, content_type: str | None, notes: list[str]) -> tuple[str, str, bytes | None]:
    for mark, name in _BOMS:
        if body.startswith(mark):
            return _lenient(body[len(mark) :], name, notes), name, None
    wide = _wide(body)
    if wide:
        return _lenient(body, wide, notes), wide, None
    declared = _declared(body, content_type)
    if b"\x1b" in body and b"\x1b$" in body and (text := _strict(body, "iso2022_jp_2")) is not None:
        return text, "iso-2022-jp", None
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        if len(body) - error.start < 4 and error.reason == "unexpected end of data":
            notes.append("the last character is cut")
            return body[: error.start].decode("utf-8"), "utf-8", None
    else:
        if not (declared and declared[0].startswith(("iso-2022", "hz", "utf-16", "utf-7"))):
            _disagree(declared, "utf-8", notes)
            return text, "utf-8", body
    return *(_mostly_utf8(body, notes) or _older(body, declared, notes)), None


def _wide(body: bytes) -> str | None:
    """Name the two-byte encoding of markup without a mark: every other byte of its ASCII is NUL."""
    head = body[: min(512, len(body) // 2 * 2)]
    even, odd = head[::2], head[1::2]
    if not head or head.count(0) < len(head) // 3:
        return None
    if odd.count(0) > 9 * even.count(0):
        return "utf-16-le"
    return "utf-16-be" if even.count(0) > 9 * odd.count(0) else None


def _declared(body: bytes, content_type: str | None) -> list[str]:
    """The encodings the page claims, the header's first, without the Unicode forms that failed."""
    names = []
    if content_type and (match := _HEADER.search(content_type)):
        names.append(match[1])
    if match_meta := _META.search(body[:4096]):
        names.append((match_meta[1] or match_meta[2]).decode("ascii", "ignore"))
    seen = dict.fromkeys(name.strip().lower() for name in names)
    return list(dict.fromkeys("windows-1252" if name in _LATIN else name_of(name) for name in seen if name))


def _disagree(declared: list[str], used: str, notes: list[str]) -> None:
    odd = [name for name in declared if name.replace("_", "-") not in (used, "utf8", "windows-1252")]
    if odd:
        notes.append(f"declared {odd[0]}, read as {used}")


def _strict(body: bytes, name: str) -> str | None:
    if name in ("utf-8", "utf8"):
        return None
    try:
        return body.decode(name)
    except (LookupError, ValueError):
        return None


def _mostly_utf8(body: bytes, notes: list[str]) -> tuple[str, str] | None:
    """Read UTF-8 with some strays in it; None where the bytes are something else."""
    halves = len(_HALF.findall(body))
    whole = _PAIR.sub(_joined, body) if halves else body
    alone = len(_HALF.findall(whole)) if halves else 0
    whole = _HALF.sub(b"\xef\xbf\xbd", whole) if alone else whole
    broken = whole.decode("utf-8", "replace").count("\ufffd") - whole.count(b"\xef\xbf\xbd")
    high = len(whole) - len(whole.decode("ascii", "ignore"))
    if not (halves or broken) or high - 2 * broken <= 2 * broken:
        return None
    if broken:
        notes.append(f"{broken} broken bytes in utf-8, read as windows-1252")
    if alone:
        notes.append(f"lone halves of characters, marked U+FFFD: {alone}")
    return whole.decode("utf-8", "variorum_mixed"), "utf-8"


def _joined(match: re.Match[bytes]) -> bytes:
    """Join the two halves in which some programs write a character beyond the first 65,536."""
    return (
        match[0].decode("utf-8", "surrogatepass").encode("utf-16", "surrogatepass").decode("utf-16").encode()
    )


def _older(body: bytes, declared: list[str], notes: list[str]) -> tuple[str, str]:
    """Read bytes of before UTF-8: as declared, unless another encoding makes far likelier letters of them."""
    fits = next((name for name in declared if _strict(body, name) is not None), None)
    name = likeliest(body, fits) or fits or "windows-1252"
    if name not in declared:
        notes.append(f"declared {declared[0] if declared else 'nothing'}, read as {name}")
    elif name != declared[0]:
        notes.append(f"declared {declared[0]}, read as {name}")
    return _lenient(body, name, notes), name


def _lenient(body: bytes, name: str, notes: list[str]) -> str:
    try:
        return body.decode(name)
    except (LookupError, ValueError):
        errors = "replace" if name.startswith(_MULTIBYTE) else "variorum_mixed"
        if errors == "replace":
            notes.append(f"broken {name}: lost characters are marked U+FFFD")
        try:
            return body.decode(name, errors)
        except LookupError:
            return body.decode("windows-1252", "variorum_mixed")


def _mixed(error: UnicodeError) -> tuple[str, int]:
    """Decode stray bytes as a browser does: windows-1252, and Latin-1 where that has a hole."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    bad = error.object[error.start : error.end]
    return "".join(_single(byte) for byte in bad), error.end


def _single(byte: int) -> str:
    raw = bytes([byte])
    try:
        return raw.decode("windows-1252")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _register() -> None:
    import codecs  # noqa: PLC0415 - only needed once, here

    codecs.register_error("variorum_mixed", _mixed)


_register()
