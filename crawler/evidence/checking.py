"""A package verified as a stranger has it: without a store, without a network, every byte of it."""

import gzip
import json
import re
import struct
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, TYPE_CHECKING, Any

from crawler.archive.warc.wacz import DATAPACKAGE, DIGEST, UNREADABLE
from crawler.errors import InputError
from crawler.evidence.captured import (
    CAPTURES,
    CUSTODY,
    FINDINGS,
    Records,
    Wrong,
    findings_amiss,
    log_of,
    records_amiss,
    records_held,
    rows_amiss,
)
from crawler.evidence.wacz import (
    CATALOGUE,
    INDEX,
    PAGES,
    WARC,
    WORDS,
    Described,
    canonical,
    datapackage_of,
    index_files,
    sha256_named,
    write_zip,
)

if TYPE_CHECKING:
    from crawler.evidence.timestamps import Stamp

BROKEN = (
    *UNREADABLE,
    OSError,
    struct.error,
    OverflowError,
    MemoryError,
    UnicodeError,
    AttributeError,
    TypeError,
    RecursionError,
)
OURS = "Variorum "
# The one file of each kind that our packages hold, and what the reports next to them are called.
_ONES = {WARC, INDEX, CATALOGUE, PAGES, CAPTURES, FINDINGS, CUSTODY, DATAPACKAGE, DIGEST, *WORDS}
_REPORT = re.compile(r"report/[a-z0-9][a-z0-9.-]{0,200}", re.ASCII)
# Files lie in our packages as they are; those of others pack lists and reports, which a bomb is ever so much larger than.
LARGEST_UNPACKED = 2_000_000_000
_PIECE = 1 << 20
_LARGEST_JSON = 1 << 28
_SEAL = {"path", "hash", "signedData", "timeStamp", "timeStampHash"}


@dataclass(slots=True, kw_only=True)
class Verified:
    """What was found out about a package.

    Attributes:
        wrong: What is not as it should be; empty where every byte is as it was written.
        files: How many files it holds.
        captures: How many captures its bytes prove.
        ours: Whether it says that Variorum wrote it, so that it is compared byte by byte.
        signed_by: Fingerprint of the key that signed it, or None.
        stamped_at: When a time-stamp authority saw it, as RFC 3339, or None.
        authority: Who stamped it, or None.
        stamp_trusted: See `Stamp.trusted`.
    """

    wrong: list[Wrong] = field(default_factory=list)
    files: int = 0
    captures: int = 0
    ours: bool = False
    signed_by: str | None = None
    stamped_at: str | None = None
    authority: str | None = None
    stamp_trusted: bool | None = None


def verify_package(path: Path, *, key: str | None = None, roots: bytes | None = None) -> Verified:
    """Check a package: every digest, the signature, the stamp, the captures, and that no byte lies outside.

    Args:
        path: The package.
        key: Fingerprint of the key that must have signed it, or None for any or none.
        roots: Certificates (PEM) of the time-stamp authorities that are trusted, or None.

    Raises:
        InputError: There is no such file, or the roots cannot be read.
        ConfigError: It is signed or stamped, and the extra `evidence` is missing.
    """
    if not path.is_file():
        raise InputError(f"There is no file {path}.")
    found = Verified()
    try:
        with zipfile.ZipFile(path) as package, TemporaryDirectory(prefix="variorum-") as folder:
            _check(found, path, package, Path(folder), roots)
    except BROKEN as error:
        found.wrong.append(
            Wrong(file=path.name, reason=f"it cannot be read as a package ({str(error)[:120]})")
        )
    if key is not None and found.signed_by != key:
        who = f"by the key {found.signed_by}" if found.signed_by else "by no key"
        found.wrong.append(Wrong(file=DIGEST, reason=f"it is signed {who}, not by {key}"))
    return found


def _check(found: Verified, path: Path, package: zipfile.ZipFile, folder: Path, roots: bytes | None) -> None:
    """Put down all that is found about an opened package; its files are laid out in a folder under numbers."""
    files: dict[str, Path] = {}
    size, unpacked = path.stat().st_size, sum(info.file_size for info in package.infolist())
    if unpacked > max(LARGEST_UNPACKED, size):
        raise zipfile.LargeZipFile(f"it would unpack to {unpacked / 1e9:.1f} GB")
    for number, info in enumerate(package.infolist()):
        if info.filename in files:
            found.wrong.append(Wrong(file=info.filename, reason="it stands in the package twice"))
            continue
        files[info.filename] = folder / str(number)
        try:
            with package.open(info) as entry, files[info.filename].open("wb") as out:
                _copy(entry, out, info.file_size)
        except BROKEN as error:
            reason = f"it cannot be read from the package ({str(error)[:120]})"
            found.wrong.append(Wrong(file=info.filename, reason=reason))
            files[info.filename].write_bytes(b"")
    found.files = len(files)
    listed = _object(found, files, DATAPACKAGE)
    sealed = _object(found, files, DIGEST)
    if listed is None or sealed is None:
        return
    found.ours = str(listed.get("software", "")).startswith(OURS)
    for name, value in ((DATAPACKAGE, listed), (DIGEST, sealed)) if found.ours else ():
        if canonical(value) != files[name].read_bytes():
            found.wrong.append(Wrong(file=name, reason="it is not in the one form in which it is written"))
    found.wrong += _unlike_listed(files, listed)
    named = sha256_named(files[DATAPACKAGE])
    if sealed.get("hash") != named or sealed.get("path") != DATAPACKAGE:
        found.wrong.append(Wrong(file=DATAPACKAGE, reason=f"it is not the list of files that {DIGEST} names"))
    _check_seal(found, sealed, listed, roots)
    if found.ours:
        _check_contents(found, files, listed)
        found.wrong += _unlike_written(path, files, folder)


def _copy(entry: IO[bytes], out: IO[bytes], size: int) -> None:
    left = size
    while piece := entry.read(_PIECE):
        left -= len(piece)
        if left < 0:
            raise zipfile.BadZipFile("it is longer than the package's index says")
        out.write(piece)


def _object(found: Verified, files: Mapping[str, Path], name: str) -> dict[str, Any] | None:
    """Return one of the package's own lists, or None, which is put down."""
    if name not in files:
        found.wrong.append(Wrong(file=name, reason="the package does not hold it"))
        return None
    value = _json(files[name])
    if not isinstance(value, dict):
        found.wrong.append(Wrong(file=name, reason="it cannot be read"))
        return None
    return value


def _json(path: Path) -> Any:
    try:
        if path.stat().st_size > _LARGEST_JSON:
            return None
        return json.loads(path.read_bytes(), parse_constant=_no_number)
    except (ValueError, RecursionError):
        return None


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no number")


def _unlike_listed(files: Mapping[str, Path], listed: Mapping[str, Any]) -> Iterator[Wrong]:
    """Yield the files that are not as the list of files has them, or not in it."""
    resources = listed.get("resources")
    known = {DATAPACKAGE, DIGEST}
    for one in resources if isinstance(resources, list) else []:
        path = one.get("path") if isinstance(one, dict) else None
        if not isinstance(path, str):
            yield Wrong(file=DATAPACKAGE, reason="one of the files that it lists has no path")
            continue
        known.add(path)
        if path not in files:
            yield Wrong(file=path, reason="the package does not hold it")
        elif one.get("hash") != sha256_named(files[path]):
            yield Wrong(file=path, reason=f"its bytes are not those that {DATAPACKAGE} names")
        elif one.get("bytes") != files[path].stat().st_size:
            yield Wrong(file=path, reason=f"its length is not the one that {DATAPACKAGE} names")
    for path in files:
        if path not in known:
            yield Wrong(file=path, reason=f"{DATAPACKAGE} does not list it")


def _check_seal(
    found: Verified, sealed: Mapping[str, Any], listed: Mapping[str, Any], roots: bytes | None
) -> None:
    """Check signature and stamp; each failure is put down."""
    named, signed = str(sealed.get("hash")), sealed.get("signedData")
    if found.ours and not set(sealed) <= _SEAL:
        found.wrong.append(
            Wrong(file=DIGEST, reason="it holds something else than digest, signature and stamp")
        )
    try:
        if signed is not None:
            found.signed_by = _signer(signed, named, listed)
        if "timeStamp" in sealed or "timeStampHash" in sealed:
            over = str(signed.get("signature")) if isinstance(signed, dict) else named
            read = _stamp(sealed, over, roots)
            found.stamped_at = read.at.strftime("%Y-%m-%dT%H:%M:%SZ")
            found.authority, found.stamp_trusted = read.authority, read.trusted
    except ValueError as error:
        found.wrong.append(Wrong(file=DIGEST, reason=str(error)))


def _signer(signed: Any, named: str, listed: Mapping[str, Any]) -> str:
    """Return the fingerprint of the key that signed a package.

    Raises:
        ValueError: It is no signature of this package.
    """
    from crawler.evidence.keys import signer_of

    signer = signer_of(signed if isinstance(signed, dict) else {}, named)
    if any(signed[name] != listed.get(name) for name in ("created", "software")):
        raise ValueError(f"the signature names another date or program than {DATAPACKAGE}")
    return signer


def _stamp(sealed: Mapping[str, Any], over: str, roots: bytes | None) -> "Stamp":
    """Return what a package's time stamp says.

    Raises:
        ValueError: It is no stamp of this package.
    """
    from crawler.evidence.timestamps import read_stamp

    stamp = str(sealed.get("timeStamp"))
    if sha256_named(stamp.encode()) != sealed.get("timeStampHash"):
        raise ValueError("the time stamp is not the one that was written")
    return read_stamp(stamp, over.encode(), roots=roots)


def _check_contents(found: Verified, files: Mapping[str, Path], listed: Mapping[str, Any]) -> None:
    """Hold the parts of one of our packages to each other: rows, log, records, index, lists and names."""
    for name in files:
        if name not in _ONES and not _REPORT.fullmatch(name):
            found.wrong.append(Wrong(file=name, reason="no package of Variorum holds a file of that name"))
    log, rows, findings = (_list(found, files, name) for name in (CUSTODY, CAPTURES, FINDINGS))
    held = Records() if WARC not in files else records_held(files[WARC], rows or ())
    found.wrong += held.wrong
    if rows is None or findings is None:
        return
    for row in rows:
        named = f"{row.get('url')} at {row.get('at')}"
        forms = held.forms.get((str(row.get("served_at")), str(row.get("raw_sha256") or row.get("sha256"))))
        if forms is None:
            reason = f"no record holds the bytes that {CAPTURES} names for {named}"
            found.wrong.append(Wrong(file=WARC, reason=reason))
        elif row.get("sha256") not in forms:
            reason = f"the bytes of {named} are not, their coding undone, those that {CAPTURES} names"
            found.wrong.append(Wrong(file=WARC, reason=reason))
        else:
            found.captures += 1
    if log is not None:
        try:
            known = log_of(log)
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            found.wrong.append(Wrong(file=CUSTODY, reason=str(error)[:300]))
        else:
            found.wrong += rows_amiss(rows, known)
            found.wrong += findings_amiss(findings, rows, known)
    found.wrong += records_amiss(rows, held)
    found.wrong += _lists_amiss(files, listed, rows, findings, held)


def _list(found: Verified, files: Mapping[str, Path], name: str) -> list[dict[str, Any]] | None:
    """Return one of the lists of our packages, or None, which is put down; in another form than its own it is named."""
    value = _json(files[name]) if name in files else None
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        found.wrong.append(Wrong(file=name, reason="the package does not hold it, or it is no such list"))
        return None
    if canonical(value) != files[name].read_bytes():
        found.wrong.append(Wrong(file=name, reason="it is not in the one form in which it is written"))
    return value


def _lists_amiss(
    files: Mapping[str, Path],
    listed: Mapping[str, Any],
    rows: Sequence[Mapping[str, Any]],
    findings: Sequence[Mapping[str, Any]],
    held: Records,
) -> Iterator[Wrong]:
    """Yield the lists that other programs read and that say something else than captures, findings and records do."""
    pages = [
        (
            f"{''.join(filter(str.isdigit, row['at']))[:14]}-{row['page']}",
            row["final_url"] or row["url"],
            row["cited_at"],
        )
        for row in rows
    ]
    lines = [json.loads(line) for line in files[PAGES].read_bytes().splitlines()] if PAGES in files else []
    if pages != [(line["id"], line["url"], line["ts"]) for line in lines[1:]]:
        yield Wrong(file=PAGES, reason=f"it lists other pages than {CAPTURES}")
    index = b"" if INDEX not in files else _unpacked(files[INDEX])
    places = Counter[tuple[int, str, str]]()
    for line in index.decode().splitlines():
        place = json.loads(line.split(" ", 2)[2])
        places[int(place["offset"]), line.split(" ", 2)[1], place["url"]] += 1
    packed = index_files(index.decode()) if index else (None, None)
    if places != Counter(held.places) or packed != tuple(
        files[each].read_bytes() for each in (INDEX, CATALOGUE)
    ):
        yield Wrong(file=INDEX, reason=f"it lists other records than {WARC} holds")
    described = Described(
        title=f"{len(ids := {one['change']['id'] for one in findings})} finding(s) on "
        f"{len(urls := {row['page'] for row in rows})} page(s)",
        software=str(listed.get("software")),
        created=str(listed.get("created")),
        more={"variorum": {"findings": sorted(ids), "pages": sorted(urls)}},
    )
    mine = {name: path for name, path in files.items() if name not in {DATAPACKAGE, DIGEST}}
    if datapackage_of(mine, described) != files[DATAPACKAGE].read_bytes():
        yield Wrong(file=DATAPACKAGE, reason="it says something else than what the package holds")


def _unpacked(path: Path) -> bytes:
    """Return what an index unpacks to.

    Raises:
        OSError: It is damaged, or far larger than any that is written.
    """
    with gzip.open(path) as file:
        data = file.read(_LARGEST_JSON + 1)
    if len(data) > _LARGEST_JSON:
        raise OSError("an index is larger than any that is written")
    return data


def _unlike_written(path: Path, files: Mapping[str, Path], folder: Path) -> Iterator[Wrong]:
    """Write the package again, and yield the first byte at which it differs: what no digest covers is compared so."""
    again = folder / "again"
    with again.open("w+b") as made:
        write_zip(made, files)
    with path.open("rb") as old, again.open("rb") as new:
        at = 0
        while True:
            mine, theirs = new.read(_PIECE), old.read(_PIECE)
            if mine != theirs:
                short = min(len(mine), len(theirs))
                at += next((i for i in range(short) if mine[i] != theirs[i]), short)
                yield Wrong(file=path.name, reason=f"byte {at:,} is not as a package of these files has it")
                return
            if not mine:
                return
            at += len(mine)
