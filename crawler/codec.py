"""Turns articles and changes into compressed JSON, and back."""

import json
import threading
from collections import OrderedDict
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import zstandard

from crawler.errors import StoreError

if TYPE_CHECKING:
    from pydantic import TypeAdapter

    from diffs.model import Article, Change, Coverage

LARGEST = 1 << 28
# The articles of a page lie over up to four others of it, which are asked for again and again, and each is packed alone as well.
MOST_GROUNDS = 5
# Articles that the parser's process has packed and that are not kept yet; each is held, so that no other has its id.
_MOST_MADE = 4
_MADE: "OrderedDict[int, tuple[object, bytes]]" = OrderedDict()
_LOCK = threading.Lock()


_FORMS: dict[type[Any], "TypeAdapter[Any]"] = {}


def _form(kind: type[Any]) -> "TypeAdapter[Any]":
    """Return the adapter of a record, made when the first one is read (17 ms for both, 2026-11-28)."""
    if kind not in _FORMS:
        from pydantic import TypeAdapter  # noqa: PLC0415  a command that reads no article has no use for it

        _FORMS[kind] = TypeAdapter(kind)
    return _FORMS[kind]


def packed(record: "Article | Change | Coverage") -> bytes:
    """Return a record as compressed JSON; nothing is lost, not even a broken surrogate."""
    with _LOCK:
        made = _MADE.get(id(record))
    if made is not None and made[0] is record:
        return made[1]
    return squeezed(written(record).encode("ascii"))


def squeezed(plain: bytes, ground: bytes | None = None) -> bytes:
    """Return the JSON of a record compressed, over the JSON of another, packed record where one is given.

    Raises:
        StoreError: The other record is damaged.
    """
    return _compressor(ground).compress(plain)


class _Compressors(threading.local):
    """The compressors of one thread by what they compress over, a few at most: none may be used by two threads at once."""

    def __init__(self) -> None:
        self.made: OrderedDict[bytes | None, zstandard.ZstdCompressor] = OrderedDict()


_COMPRESSORS = _Compressors()


def _compressor(ground: bytes | None) -> zstandard.ZstdCompressor:
    """Return what compresses over a packed record, kept for the next: to make it takes ten times what it then does (2026-11-29)."""
    made = _COMPRESSORS.made
    if ground in made:
        made.move_to_end(ground)
        return made[ground]
    dictionary = None if ground is None else _dictionary(ground)
    # The checksum lets a flipped bit be told from another number of dead.
    made[ground] = zstandard.ZstdCompressor(level=9, write_checksum=True, dict_data=dictionary)
    if len(made) > MOST_GROUNDS:
        made.popitem(last=False)
    return made[ground]


def plain_of(z: bytes, ground: bytes | None = None) -> bytes:
    """Return the JSON that `squeezed` was given, with the same ground.

    Raises:
        StoreError: It is damaged, or the ground is.
    """
    try:
        return _plain(z, ground)
    except (zstandard.ZstdError, ValueError, TypeError) as error:
        raise StoreError(f"a record is damaged ({error})") from error


def note_packed(record: "Article", z: bytes) -> None:
    """Remember what another process packed a record as, for when it is kept; only the last few are."""
    with _LOCK:
        _MADE[id(record)] = (record, z)
        while len(_MADE) > _MOST_MADE:
            _MADE.popitem(last=False)


def written(record: "Article | Change | Coverage") -> str:
    """Return a record as JSON in ASCII; nothing is lost, not even a broken surrogate."""
    return json.dumps(_form(type(record)).dump_python(record, mode="json"), separators=(",", ":"))


def article_from(text: str) -> "Article":
    """Read an article back from what `written` made of it.

    Raises:
        ValueError: It is something else.
    """
    from diffs.model import Article  # noqa: PLC0415  `status` asks whether records are intact, and reads none

    read: Article = _form(Article).validate_python(json.loads(text))
    return read


def written_in(z: bytes) -> str:
    """Return the JSON that a packed record holds.

    Raises:
        StoreError: It is damaged.
    """
    try:
        return plain_of(z).decode("ascii")
    except ValueError as error:
        raise StoreError(f"a record is damaged ({error})") from error


def is_intact(z: bytes, ground: bytes | None = None) -> bool:
    """Return whether a record can be unpacked, without reading it."""
    try:
        plain_of(z, ground)
    except StoreError:
        return False
    return True


def _plain(z: bytes, ground: bytes | None = None) -> bytes:
    """Undo the compression, never beyond what a record can take."""
    size = zstandard.frame_content_size(z)
    if not 0 < size <= LARGEST:
        raise ValueError(f"a record of {size} bytes")
    dictionary = None if ground is None else _dictionary(ground)
    return bytes(zstandard.ZstdDecompressor(max_window_size=LARGEST, dict_data=dictionary).decompress(z))


@lru_cache(maxsize=MOST_GROUNDS)
def _dictionary(ground: bytes) -> zstandard.ZstdCompressionDict:
    return zstandard.ZstdCompressionDict(plain_of(ground), dict_type=zstandard.DICT_TYPE_RAWCONTENT)


def unpacked(kind: type[Any], z: bytes, name: str, ground: bytes | None = None) -> Any:
    """Read a record back, over the record that it was compressed over where there is one.

    Raises:
        StoreError: It cannot be read; it can be derived again.
    """
    from diffs.model import Change  # noqa: PLC0415  likewise
    from diffs.model.former import current_form  # noqa: PLC0415  likewise

    try:
        form = json.loads(_plain(z, ground))
        return _form(kind).validate_python(current_form(form) if kind is Change else form)
    except (zstandard.ZstdError, ValueError, StoreError) as error:
        raise StoreError(f"{name} cannot be read: `variorum rebuild --all` derives it again") from error
