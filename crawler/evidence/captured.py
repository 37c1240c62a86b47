"""Holds the captures of a package to their rows, to the log of custody, and to the records that bring their bytes."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from crawler.archive.encoding import CutOffError, TooLargeError, UnknownEncodingError, decoded
from crawler.archive.replay import REDIRECTS
from crawler.archive.warc.containers import records_of
from crawler.archive.warc.records import Damage, DamagedError, Record
from crawler.evidence.wacz import WARC

CAPTURES, CUSTODY, FINDINGS = "evidence/captures.json", "evidence/custody.json", "evidence/findings.json"
_LARGEST_BODY = 1 << 28
# The most that one packed record may unpack to.
_LARGEST_MEMBER = 1 << 31
# A type of which no coding is undone but those that are named.
_OPAQUE = "application/octet-stream"
_NOTHING = hashlib.sha256(b"").hexdigest()
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# What a capture says as its own row in the store does, and as the row of the capture whose bytes it showed does.
_SAID = ("archive", "url", "digest", "digest_fits", "final_url", "outcome", "parser")
_TIMES = ("at", "fetched", "retrieved_at", "imported_at")
_SHOWN = ("archive", "digest", "sha256", "raw_sha256")

_Key = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """Something that is not as a package has it.

    Attributes:
        file: The file in the package, or the package's own name.
        reason: What is wrong.
    """

    file: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """What the log of custody says of the pages of a package.

    Attributes:
        targets: The store's number of each page.
        things: The digest of each row that it names, as it was written last, by page and name; None for a deleted one.
    """

    targets: dict[str, int] = field(default_factory=dict)
    things: dict[tuple[str, str], str | None] = field(default_factory=dict)

    def holds(self, page: str, row: Mapping[str, Any]) -> bool:
        """Return whether a capture's row of a page is the one that was written last."""
        text = json.dumps(row, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        of = self.targets.get(page)
        return row.get("target_id") == of and self.things.get((page, f"capture {row.get('id')}")) == digest


def log_of(chains: Sequence[Mapping[str, Any]]) -> Log:
    """Return what the chains say, each entry held to its own hash and to the entry before.

    Raises:
        ValueError: One does not hold; the message says which.
    """
    log = Log()
    for chain in chains:
        page, previous = str(chain["page"]), ""
        for place, entry in enumerate(chain["entries"], start=1):
            form = {name: entry[name] for name in ("position", "at", "act", "detail", "previous")}
            text = json.dumps(
                {**form, "target": chain["target"]}, sort_keys=True, ensure_ascii=False, separators=(",", ":")
            )
            digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
            if (entry["hash"], entry["previous"], entry["position"]) != (digest, previous, place):
                raise ValueError(f"entry {place} of {page} is not what its hash or the entry before it says")
            facts = json.loads(entry["detail"])
            if place == 1 and facts.get("url") != page:
                raise ValueError(f"the log of {page} is that of {facts.get('url')}")
            log.things.update({(page, name): value for name, value in facts.get("things", {}).items()})
            previous = digest
        if page in log.targets:
            raise ValueError(f"it holds two logs of {page}")
        log.targets[page] = chain["target"]
    return log


def rows_amiss(rows: Sequence[Mapping[str, Any]], log: Log) -> Iterator[Wrong]:
    """Yield the captures that say something else than their rows, and the rows that the log does not name."""
    for row in rows:
        own, shown = _own(row), _shown(row)
        named = f"{row.get('url')} at {row.get('at')}"
        odd = sorted({*_unlike_own(row, own), *_unlike_shown(row, shown)})
        if odd:
            reason = f"{named} is not as its row in the store has it, in {', '.join(odd)}"
            yield Wrong(file=CAPTURES, reason=reason)
        page = str(row.get("page"))
        if not all(log.holds(page, each) for each in (own, shown)):
            reason = f"no entry says that the bytes of {named} were fetched or found"
            yield Wrong(file=CUSTODY, reason=reason)


def _own(row: Mapping[str, Any]) -> Mapping[str, Any]:
    own = row.get("row")
    return own if isinstance(own, dict) else {}


def _shown(row: Mapping[str, Any]) -> Mapping[str, Any]:
    shown = row.get("shown_by")
    return shown if isinstance(shown, dict) else _own(row)


def _unlike_own(row: Mapping[str, Any], own: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a capture says otherwise than its own row does."""
    yield from (name for name in _SAID if row.get(name) != (None if own.get(name) == "" else own.get(name)))
    yield from (name for name in _TIMES if row.get(name) != _second(own.get(name)))
    if row.get("cited_at") != _second(own.get("served_at", own.get("at"))):
        yield "cited_at"
    if row.get("status") != (own.get("served_status") or own.get("status")):
        yield "status"
    if row.get("redirects") != json.loads(own.get("redirects", "[]")):
        yield "redirects"
    if row.get("captured_by") != own.get("archive_src"):
        yield "captured_by"
    replay, at = row.get("replay"), str(row.get("at"))
    stamp = at[:19].translate({ord(sign): None for sign in "-T:"})
    if replay is not None and f"/{stamp}/" not in replay:
        yield "replay"


def _unlike_shown(row: Mapping[str, Any], shown: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a capture says otherwise than the row of the capture whose bytes it showed does."""
    yield from (name for name in _SHOWN if row.get(name) != (shown.get(name) or None))
    if row.get("served_at") != _second(shown.get("served_at", shown.get("at"))):
        yield "served_at"
    if row.get("content_coding") != (shown.get("content_coding") if shown.get("raw_sha256") else None):
        yield "content_coding"


def _second(micro: Any) -> str | None:
    """Return a row's time as captures and records of WARC have it."""
    return None if micro is None else (_EPOCH + timedelta(microseconds=micro)).strftime("%Y-%m-%dT%H:%M:%SZ")


def findings_amiss(
    findings: Sequence[Mapping[str, Any]], rows: Sequence[Mapping[str, Any]], log: Log
) -> Iterator[Wrong]:
    """Yield the findings that the log does not name, and those that cite what is no capture of the package."""
    cited = {
        (row.get("page"), row.get("archive"), row.get("cited_at"), row.get("url"), row.get("replay"))
        for row in rows
    }
    for one in findings:
        page, name = one["page"], one["change"]["id"]
        if log.things.get((page, f"finding {name}")) is None:
            yield Wrong(file=FINDINGS, reason=f"no entry says that {name} was found on {page}")
        for end in (one["captures"]["before"], one["captures"]["after"]):
            if (page, end["archive"], end["at"], end["url"], end["link"]) not in cited:
                reason = f"{name} cites {end['url']} at {end['at']}, which {CAPTURES} does not list so"
                yield Wrong(file=FINDINGS, reason=reason)


@dataclass(slots=True, kw_only=True)
class Records:
    """The records of a package's WARC file.

    Attributes:
        forms: SHA-256 of each payload as it is and with its coding undone, by its date and its own SHA-256.
        keys: How often there is a record of a kind, date, address and payload.
        places: Offset, date in 14 digits and address of each record that an index names.
        wrong: What cannot be read, or is not as its own digest has it.
    """

    forms: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    keys: Counter[_Key] = field(default_factory=Counter)
    places: set[tuple[int, str, str]] = field(default_factory=set)
    wrong: list[Wrong] = field(default_factory=list)


def records_held(warc: Path, rows: Sequence[Mapping[str, Any]]) -> Records:
    """Read every record of a WARC file, a payload at a time."""
    codings: dict[str, set[str | None]] = {}
    for row in rows:
        codings.setdefault(row.get("raw_sha256") or row.get("sha256") or "", set()).add(
            row.get("content_coding")
        )
    held, first = Records(), True
    for record in records_of(warc, most=_LARGEST_MEMBER):
        if isinstance(record, Damage):
            held.wrong.append(
                Wrong(file=WARC, reason=f"what stands at byte {record.place.offset:,}: {record.reason}")
            )
            continue
        date, uri = record.header("WARC-Date") or "", record.header("WARC-Target-URI") or ""
        try:
            data = _payload(record)
        except DamagedError as error:
            held.wrong.append(Wrong(file=WARC, reason=f"the record of {uri} at {date}: {error}"))
            continue
        if not (first and record.kind == "warcinfo"):
            digest = hashlib.sha256(data).hexdigest()
            held.keys[record.kind, date, uri, digest] += 1
            held.places.add((record.place.offset, "".join(filter(str.isdigit, date))[:14], uri))
            if record.kind == "response":
                held.forms.setdefault((date, digest), {digest}).update(
                    _undone(data, codings.get(digest, set()))
                )
        first = False
    return held


def _payload(record: Record) -> bytes:
    """Return the payload of a record.

    Raises:
        DamagedError: It is larger than any that is written, or not as its digest has it.
    """
    data = bytearray()
    for piece in record.payload():
        data += piece
        if len(data) > _LARGEST_BODY:
            raise DamagedError("it is larger than any that is packaged")
    return bytes(data)


def _undone(data: bytes, codings: set[str | None]) -> Iterator[str]:
    """Yield the SHA-256 of what a payload unpacks to."""
    for coding in codings:
        for kind in (None, _OPAQUE):
            try:
                body = decoded(data, encoding=coding, content_type=kind, limit=_LARGEST_BODY)
            except (CutOffError, TooLargeError, UnknownEncodingError):
                continue
            yield hashlib.sha256(body).hexdigest()


def records_amiss(rows: Sequence[Mapping[str, Any]], held: Records) -> Iterator[Wrong]:
    """Yield the records that no capture accounts for, and those that are missing."""
    expected: Counter[_Key] = Counter()
    for shown in {each["id"]: each for each in map(_shown, rows) if "id" in each}.values():
        expected.update(_keys_of(shown))
    for row in rows:
        if isinstance(row.get("shown_by"), dict) and row.get("outcome") in {"unchanged", "revisit"}:
            expected["revisit", str(row.get("at")), str(row.get("url")), _NOTHING] += 1
    for verb, odd in (
        ("no capture accounts for", held.keys - expected),
        ("there is no", expected - held.keys),
    ):
        for kind, date, uri, _ in odd:
            yield Wrong(file=WARC, reason=f"{verb} {kind} record of {uri} at {date} with such bytes")


def _keys_of(shown: Mapping[str, Any]) -> Iterator[_Key]:
    """Yield the records in which a capture is written: the redirects passed through, then the page."""
    stops = [*json.loads(shown.get("redirects", "[]")), shown.get("final_url") or shown["url"]]
    ends_here = (shown.get("served_status") or shown.get("status")) in REDIRECTS and len(stops) > 1
    for here, there in pairwise(stops):
        if not (ends_here and there == stops[-1]):
            yield "response", str(_second(shown["at"])), here, _NOTHING
    where = stops[-2] if ends_here else stops[-1]
    digest = shown.get("raw_sha256") or shown.get("sha256") or ""
    yield "response", str(_second(shown.get("served_at", shown["at"]))), where, digest
