"""Packs the facts of an entry of the log of custody: a digest as its 32 bytes, what all entries repeat as one.

What is packed has one form only: whatever unpacks to the same text by another way is not what was written. A form
that stores hold is never changed; another one gets another first byte.
"""

import re

from sqlalchemy import Dialect, LargeBinary, TypeDecorator

_AS_IT_IS, _PACKED = b"\x00", b"\x01"
_DIGEST = re.compile(rb"[0-9a-f]{64}", re.ASCII)
# JSON holds no such byte, and UTF-8 none of those above 0xF7: these stand for digests and phrases.
_NAMED, _BARE = b"\x01", b"\x02"
_FREE = [bytes([number]) for number in (*range(3, 32), 0x7F, *range(0xF8, 0x100))]
# In this order for ever: the place of a phrase is its byte.
_PHRASES = (
    b'{"archive":"',
    b'","by":"variorum ',
    b'{"by":"variorum ',
    b'","capture":"',
    b'","digest":"',
    b'","fingerprint',
    b',"fingerprint',
    b',"headers":"sha256:',
    b',"outcome":"',
    b',"outcome":"fetched"',
    b',"parser":"',
    b'","parser":"',
    b',"raw_sha256',
    b',"sha256',
    b',"shown":',
    b',"things":{"',
    b'","things":{"',
    b'},"was":{"',
    b"}}",
    b',"article ',
    b',"capture ',
    b',"finding ',
    b',"note ',
    b',"evidence ',
    b"article ",
    b"capture ",
    b"finding ",
    b'","grammar":"',
    b'":null',
    b',"url":"http',
    b'","url":"http',
    b"https://www.",
    b"https://",
    b',"template',
    b',"files":{"',
)
_BYTE = dict(zip(_PHRASES, _FREE, strict=False))
_PHRASE = dict(zip(_FREE, _PHRASES, strict=False))
_LONGEST_FIRST = b"|".join(map(re.escape, sorted(_PHRASES, key=lambda each: (-len(each), each))))
_TEXT = re.compile(rb'":"([0-9a-f]{64})"|([0-9a-f]{64})|(' + _LONGEST_FIRST + rb")")
_BYTES = re.compile(
    rb"\x01(.{32})|\x02(.{32})|([" + re.escape(b"".join(_FREE[: len(_PHRASES)])) + rb"])", re.DOTALL
)


def packed(text: str) -> bytes:
    """Return the one packed form of a text."""
    plain = text.encode("utf-8", "surrogatepass")
    short = _TEXT.sub(_shorter, plain)
    return _PACKED + short if _BYTES.sub(_longer, short) == plain else _AS_IT_IS + plain


def unpacked(z: bytes) -> str:
    """Return the text that was packed.

    Raises:
        ValueError: It is not what `packed` makes of a text.
    """
    form, rest = z[:1], z[1:]
    text = (_BYTES.sub(_longer, rest) if form == _PACKED else rest).decode("utf-8", "surrogatepass")
    if packed(text) != z:
        raise ValueError("an entry is not in its one form")
    return text


def as_kept(text: str | bytes) -> bytes:
    """Return the packed form of a text that may come as bytes; of bytes that are no text, a form that is not read."""
    try:
        return packed(text if isinstance(text, str) else text.decode())
    except UnicodeDecodeError:
        return _AS_IT_IS + bytes(text)  # type: ignore[arg-type]


def _shorter(found: re.Match[bytes]) -> bytes:
    named, bare, phrase = found.groups()
    if phrase is not None:
        return _BYTE[phrase]
    return _NAMED + bytes.fromhex(named.decode()) if named else _BARE + bytes.fromhex(bare.decode())


def _longer(found: re.Match[bytes]) -> bytes:
    named, bare, byte = found.groups()
    if byte is not None:
        return _PHRASE[byte]
    return b'":"' + named.hex().encode() + b'"' if named is not None else bare.hex().encode()


class Facts(TypeDecorator[str]):
    """A text as `packed` makes it; one that cannot be unpacked reads as an empty one, which no entry has."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        """Pack a text."""
        del dialect
        return None if value is None else packed(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str:
        """Unpack it."""
        del dialect
        try:
            return unpacked(bytes(value or b""))
        except (ValueError, TypeError):
            return ""


class Digest(TypeDecorator[str]):
    """A SHA-256 in hex as its 32 bytes; what is none keeps the bytes of its text, and reads as another one."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        """Turn hex into bytes."""
        del dialect
        return None if value is None else digest_bytes(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str:
        """Turn bytes into hex."""
        del dialect
        return bytes(value).hex() if isinstance(value, bytes | memoryview) else str(value)


def digest_bytes(text: str) -> bytes:
    """Return the 32 bytes of a SHA-256 in hex; of any other text its UTF-8."""
    plain = text.encode("utf-8", "surrogatepass")
    return bytes.fromhex(text) if _DIGEST.fullmatch(plain) else plain
