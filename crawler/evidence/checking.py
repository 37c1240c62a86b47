"""A package verified as a stranger has it: without a store, without a network, every byte of it."""

import hashlib
import json
import struct
import zipfile
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, TYPE_CHECKING, Any

from crawler.archive.encoding import CutOffError, TooLargeError, UnknownEncodingError, decoded
from crawler.archive.warc import payloads_in
from crawler.archive.warc.wacz import DATAPACKAGE, DIGEST, UNREADABLE
from crawler.errors import InputError
from crawler.evidence.wacz import WARC, canonical, sha256_named, write_zip

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
CAPTURES, CUSTODY = "evidence/captures.json", "evidence/custody.json"
# Files lie in our packages as they are; those of others pack lists and reports, which a bomb is ever so much larger than.
LARGEST_UNPACKED = 2_000_000_000
_PIECE = 1 << 20
_LARGEST_JSON = 1 << 28
_LARGEST_BODY = 1 << 28
# A type of which no coding is undone but those that are named.
_OPAQUE = "application/octet-stream"
# What a capture and its row in the store say alike.
_BOUND = ("archive", "sha256", "raw_sha256")
_SEAL = {"path", "hash", "signedData", "timeStamp", "timeStampHash"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """Something that is not as a package has it.

    Attributes:
        file: The file in the package, or the package's own name.
        reason: What is wrong.
    """

    file: str
    reason: str


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
        _check_captures(found, files, logged=_check_custody(found, files.get(CUSTODY)))
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
        return json.loads(path.read_bytes()) if path.stat().st_size <= _LARGEST_JSON else None
    except (ValueError, RecursionError):
        return None


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


def _check_captures(
    found: Verified, files: Mapping[str, Path], *, logged: Collection[tuple[str, str | None]] | None
) -> None:
    """Read the bytes of each capture again, and compare them with the digests that package and log name."""
    rows = _json(files[CAPTURES]) if CAPTURES in files else None
    if not isinstance(rows, list) or WARC not in files:
        found.wrong.append(Wrong(file=CAPTURES, reason="it does not list the package's captures"))
        return
    held = _forms_held(files[WARC], rows)
    for row in rows:
        named = f"{row.get('url')} at {row.get('at')}"
        forms = held.get((row.get("served_at"), row.get("raw_sha256") or row.get("sha256")))
        if forms is None:
            reason = f"no record holds the bytes that {CAPTURES} names for {named}"
            found.wrong.append(Wrong(file=WARC, reason=reason))
        elif row.get("sha256") not in forms:
            reason = f"the bytes of {named} are not, their coding undone, those that {CAPTURES} names"
            found.wrong.append(Wrong(file=WARC, reason=reason))
        else:
            found.captures += 1
        if logged is not None and not _is_logged(row, logged):
            reason = f"no entry says that the bytes of {named} were fetched or found"
            found.wrong.append(Wrong(file=CUSTODY, reason=reason))


def _forms_held(warc: Path, rows: list[Any]) -> dict[tuple[str, str], set[str]]:
    """Return the SHA-256 of each payload as it is and with its coding undone, by its date and its own SHA-256."""
    codings: dict[str, set[str | None]] = {}
    for row in rows:
        codings.setdefault(row.get("raw_sha256") or row.get("sha256"), set()).add(row.get("content_coding"))
    held: dict[tuple[str, str], set[str]] = {}
    for date, data in payloads_in(warc, largest=_LARGEST_BODY):
        digest = hashlib.sha256(data).hexdigest()
        forms = held.setdefault((date, digest), {digest})
        for coding in codings.get(digest, ()):
            for kind in (None, _OPAQUE):
                try:
                    body = decoded(data, encoding=coding, content_type=kind, limit=_LARGEST_BODY)
                except (CutOffError, TooLargeError, UnknownEncodingError):
                    continue
                forms.add(hashlib.sha256(body).hexdigest())
    return held


def _is_logged(row: Mapping[str, Any], logged: Collection[tuple[str, str | None]]) -> bool:
    """Whether the log names a capture's body and raw bytes together, in an entry or in the row that it digests."""
    if (row.get("sha256"), row.get("raw_sha256")) in logged:
        return True
    kept = row.get("row")
    if not isinstance(kept, dict) or any(kept.get(one) != row.get(one) for one in _BOUND):
        return False
    text = json.dumps(kept, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return (f"capture {kept.get('id')}", digest) in logged


def _check_custody(found: Verified, path: Path | None) -> set[tuple[str, str | None]] | None:
    """Hold each entry of the log of custody to its own hash and to the entry before.

    Returns:
        The SHA-256 of each body that the log names with that of its raw bytes, or None without, and the name and digest
        of each row of a capture that an entry wrote or found; or None where the log does not hold.
    """
    chains = _json(path) if path else None
    if not isinstance(chains, list):
        found.wrong.append(Wrong(file=CUSTODY, reason="it does not hold the pages' logs"))
        return None
    known: set[tuple[str, str | None]] = set()
    for chain in chains:
        previous, place = "", 0
        for entry in chain["entries"]:
            form = {name: entry[name] for name in ("position", "at", "act", "detail", "previous")}
            text = json.dumps(
                {**form, "target": chain["target"]}, sort_keys=True, ensure_ascii=False, separators=(",", ":")
            )
            digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
            if (entry["hash"], entry["previous"], entry["position"]) != (digest, previous, place + 1):
                reason = f"entry {entry['position']} of {chain['page']} is not what its hash or the entry before it says"
                found.wrong.append(Wrong(file=CUSTODY, reason=reason))
                return None
            facts = json.loads(entry["detail"])
            if facts.get("sha256"):
                known.add((facts["sha256"], facts.get("raw_sha256")))
            known.update(facts.get("things", {}).items())
            previous, place = digest, place + 1
    return known


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
