"""What a package holds: the captures that prove something, what was read in them, and a README for a person."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

from crawler.archive.warc import write_warc
from crawler.errors import InputError, StoreError
from crawler.evidence.captured import CAPTURES, CUSTODY, FINDINGS
from crawler.evidence.transfer import leaving_of
from crawler.evidence.wacz import (
    CATALOGUE,
    INDEX,
    PAGES,
    WARC,
    WORDS,
    Content,
    canonical,
    index_files,
    pages_file,
)
from crawler.model import StoredCapture, Target
from crawler.parser import PARSER_VERSION
from crawler.store.custody import Entry
from crawler.tracker import Tracker
from diffs.changes.readings import claims_of
from diffs.claims import GRAMMAR_VERSION
from diffs.model import Change, Citation, History, Note, Revision, Transition, to_json
from diffs.reports import FORMATS, Options, target_stem
from diffs.reports.affidavit import render_affidavit

CLAIMS, VERSIONS, AFFIDAVIT, README = WORDS
# Acts that write no evidence, so that a package is the same however often it was exported.
_AFTERWARDS = frozenset({"reported", "exported"})
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_REPORTS = ("md", "html", "json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """One page, and what of it is packaged.

    Attributes:
        target: The page.
        history: All that is known of it.
        notes: What readers noted on its findings.
        findings: The findings to prove, each with the step in which it lies.
        rows: The captures that prove them.
        revisions: The versions that they show.
    """

    target: Target
    history: History
    notes: tuple[Note, ...]
    findings: tuple[tuple[Change, Transition], ...]
    rows: tuple[StoredCapture, ...]
    revisions: tuple[Revision, ...]


def chosen_findings(tracker: Tracker, ids: Iterable[str]) -> list[Chosen]:
    """Return the pages of these findings, with the two captures that prove each; one about a capture means those that rest on it.

    Raises:
        InputError: No finding has one of the ids, or what had it stands no longer.
    """
    wanted: dict[str, set[str]] = {}
    for each in ids:
        whole = tracker.store.findings.whole_id(each)
        for url in tracker.store.findings.holders(whole):
            wanted.setdefault(url, set()).update(_meant_by(tracker, url, whole))
    found = [_chosen(tracker, url, only=some) for url, some in sorted(wanted.items())]
    standing = {change.id for page in found for change, _ in page.findings}
    gone = sorted(set().union(*wanted.values()) - standing)
    if gone and any(gone[0] in page.history.contradiction_ids for page in found):
        raise InputError(
            f"{gone[0]} is a contradiction, not a change, and packages hold changes: `variorum cite {gone[0]}` names the "
            "captures that show it."
        )
    if gone:
        raise InputError(
            f"the finding {gone[0]} stands no longer: captures fetched since, or a newer reader, show it otherwise. "
            "`variorum report` lists what stands."
        )
    return [page for page in found if page.findings]


def _meant_by(tracker: Tracker, url: str, whole: str) -> tuple[str, ...]:
    """Return the ids of the changes that an id of a page means: its own, or those that rest on the capture of a finding about one.

    Raises:
        InputError: No change rests on that capture.
    """
    lost = {one.id for one in tracker.store.witnesses.findings(tracker.target(url))}
    if whole not in lost:
        return (whole,)
    found = next((one.changes for one in tracker.history(url).evidence if one.id == whole), ())
    if not found:
        raise InputError(
            f"no change rests on the capture of {whole} any more; `variorum cite {whole}` names the capture."
        )
    return found


def chosen_pages(tracker: Tracker, urls: Iterable[str]) -> list[Chosen]:
    """Return these pages with all their findings, and the captures that prove them or show a version first or last.

    Raises:
        InputError: A page is not known, or no capture of it is read yet.
    """
    found = [_chosen(tracker, url, only=None) for url in dict.fromkeys(urls)]
    for page in found:
        if not page.rows:
            raise InputError(
                f"No capture of {page.target.url} is read yet: `variorum backfill {page.target.url}` fetches its past."
            )
    return sorted(found, key=lambda page: page.target.url)


def _chosen(tracker: Tracker, url: str, *, only: set[str] | None) -> Chosen:
    target = tracker.target(url)
    history = tracker.pipeline.history(target)
    findings = tuple(
        (change, step)
        for step in history.transitions
        for change in step.changes
        if only is None or change.id in only
    )
    cited = {_key(end) for _, step in findings for end in (step.interval.after, step.interval.until)}
    revisions = {step.before.number for _, step in findings} | {step.after.number for _, step in findings}
    if only is None:
        cited |= {_key(end) for one in history.revisions for end in (one.first, one.last)}
        revisions = {one.number for one in history.revisions}
    rows = tuple(seen for seen in tracker.store.captures.of(target) if _row_key(seen) in cited)
    return Chosen(
        target=target,
        history=history,
        notes=tracker.store.findings.notes(target),
        findings=findings,
        rows=rows,
        revisions=tuple(one for one in history.revisions if one.number in revisions),
    )


def _key(capture: Citation) -> tuple[datetime, str, str]:
    return capture.at, capture.url, capture.archive


def _row_key(seen: StoredCapture) -> tuple[datetime, str, str]:
    return seen.served_at or seen.capture.at, seen.capture.url, seen.capture.archive


def newest_of(pages: Sequence[Chosen]) -> datetime:
    """Return when the newest thing in a package came to be, which dates it: the same evidence gives the same date."""
    times = [time for page in pages for seen in page.rows for time in _times(seen)]
    times += [note.at for page in pages for note in page.notes]
    times += [one.answered for page in pages for one in page.history.witnessed if one.answered is not None]
    return max(times).astimezone(UTC).replace(microsecond=0)


def _times(seen: StoredCapture) -> Iterator[datetime]:
    yield from (time for time in (seen.capture.at, seen.retrieved_at, seen.fetched) if time is not None)


def contents_of(tracker: Tracker, pages: Sequence[Chosen], folder: Path) -> dict[str, Content]:
    """Return the files of a package by path; the WARC is written into a folder.

    Raises:
        StoreError: A body is missing or damaged.
        OSError: The folder cannot be written.
    """
    store, archives = tracker.store, tracker.pipeline.archives
    leaving = (
        each
        for page in pages
        for each in leaving_of(store, page.target, archives, only={seen.id for seen in page.rows})
    )
    written = write_warc(folder / Path(WARC).name, leaving, created=newest_of(pages))
    index, catalogue = index_files(written.cdxj.read_text(encoding="utf-8"))
    cited = [_citation(tracker, page.target, seen) for page in pages for seen in page.rows]
    files: dict[str, Content] = {
        WARC: written.warc,
        INDEX: index,
        CATALOGUE: catalogue,
        PAGES: pages_file([line for page in pages for line in _page_lines(page)]),
        CAPTURES: canonical([_capture_form(tracker, page, seen) for page in pages for seen in page.rows]),
        FINDINGS: canonical([_finding_form(page, *each) for page in pages for each in page.findings]),
        CLAIMS: canonical([_reading_form(page, one) for page in pages for one in page.revisions]),
        VERSIONS: canonical(_versions(tracker, pages)),
        CUSTODY: canonical([_chain_form(page, list(store.custody.of(page.target))) for page in pages]),
        AFFIDAVIT: render_affidavit(cited).encode("utf-8", "backslashreplace"),
        README: _readme(pages).encode("utf-8", "backslashreplace"),
    }
    for page in pages:
        files |= dict(_reports(page))
    return files


def _reports(page: Chosen) -> Iterator[tuple[str, bytes]]:
    stem = target_stem(page.history)
    for name in _REPORTS:
        for ending, pieces in FORMATS[name].target(page.history, Options(notes=page.notes)):
            yield f"report/{stem}{ending}", "".join(pieces).encode("utf-8", "backslashreplace")


def _page_lines(page: Chosen) -> Iterator[Mapping[str, str]]:
    titles = {_key(end): one.article.headline for one in page.revisions for end in (one.first, one.last)}
    for seen in page.rows:
        yield {
            "id": f"{seen.capture.timestamp}-{page.target.url}",
            "url": seen.final_url or seen.capture.url,
            "ts": _rfc3339(seen.served_at or seen.capture.at),
            "title": titles.get(_row_key(seen)) or page.target.url,
        }


def _citation(tracker: Tracker, target: Target, seen: StoredCapture) -> Citation:
    """Return a capture as reports cite it, with the bytes that it showed where it has none of its own."""
    cited = tracker.pipeline.observation(seen).capture
    return cited if cited.sha256 else replace(cited, sha256=_same_bytes(tracker, target, seen).sha256)


def _capture_form(tracker: Tracker, page: Chosen, seen: StoredCapture) -> dict[str, Any]:
    """Return a capture as a package names it: the archive's row, the digests, and who brought it here when."""
    row, cited = seen.capture, tracker.pipeline.observation(seen).capture
    shows = seen if seen.sha256 else _same_bytes(tracker, page.target, seen)
    return {
        "page": page.target.url,
        "archive": row.archive,
        "url": row.url,
        "at": _rfc3339(row.at),
        "served_at": _rfc3339(shows.served_at or shows.capture.at),
        "cited_at": _rfc3339(cited.at),
        "replay": cited.link,
        "digest": row.digest,
        "digest_fits": seen.digest_fits,
        "status": seen.served_status or row.status,
        "final_url": seen.final_url,
        "redirects": list(seen.redirects),
        "sha256": shows.sha256,
        "raw_sha256": shows.raw_sha256,
        "content_coding": shows.content_coding if shows.raw_sha256 else None,
        "captured_by": seen.archive_src,
        "retrieved_at": to_json(seen.retrieved_at),
        "fetched": to_json(seen.fetched),
        "imported_at": to_json(seen.imported_at),
        "outcome": str(seen.outcome),
        "parser": seen.parser,
        "row": tracker.store.custody.row_of(seen.id),
        "shown_by": None if shows is seen else tracker.store.custody.row_of(shows.id),
    }


def _same_bytes(tracker: Tracker, target: Target, seen: StoredCapture) -> StoredCapture:
    """Return the capture whose bytes one without bytes of its own showed, as the archive's digest says."""
    row = seen.capture
    for other in tracker.store.captures.of(target):
        mine = other.capture
        if other.sha256 and other.digest_fits and (mine.archive, mine.digest) == (row.archive, row.digest):
            return other
    raise StoreError(
        f"the bytes that {row.url} showed at {row.timestamp} are not kept, so that nothing proves it; restore a backup"
    )


def _finding_form(page: Chosen, change: Change, step: Transition) -> dict[str, Any]:
    notes = [to_json(note) for note in page.notes if note.change == change.id]
    ends = {"before": to_json(step.interval.after), "after": to_json(step.interval.until)}
    return {"page": page.target.url, "change": to_json(change), "captures": ends, "notes": notes}


def _reading_form(page: Chosen, one: Revision) -> dict[str, Any]:
    """Return what was read in a version: its text, and each claim with its characters in it."""
    return {
        "page": page.target.url,
        "version": one.number,
        "first": to_json(one.first),
        "last": to_json(one.last),
        "suspect": one.suspect,
        "article": to_json(one.article),
        "claims": [] if one.suspect else to_json(claims_of(one.article)),
    }


def _versions(tracker: Tracker, pages: Sequence[Chosen]) -> dict[str, Any]:
    held = {page.target.url: tracker.store.templates.of(page.target) for page in pages}
    return {
        "variorum": version("variorum"),
        "parser": PARSER_VERSION,
        "grammar": GRAMMAR_VERSION,
        "templates": {url: one.hash for url, one in held.items() if one is not None},
    }


def _rfc3339(at: datetime) -> str:
    return str(to_json(at))


def _chain_form(page: Chosen, entries: list[Entry]) -> dict[str, Any]:
    """Return a page's chain up to the last act on its evidence: reports and exports that came after are no part of it."""
    while entries and entries[-1].act in _AFTERWARDS:
        entries.pop()
    names = ("position", "act", "detail", "previous", "hash")
    forms = [
        {"at": _microseconds(entry.at), **{name: getattr(entry, name) for name in names}} for entry in entries
    ]
    return {"page": page.target.url, "target": page.target.id, "entries": forms}


def _microseconds(at: datetime | None) -> int | None:
    return None if at is None else (at - _EPOCH) // timedelta(microseconds=1)


def _readme(pages: Sequence[Chosen]) -> str:
    findings = sum(len(page.findings) for page in pages)
    captures = sum(len(page.rows) for page in pages)
    listed = "\n".join(f"  {json.dumps(page.target.url)[1:-1]}" for page in pages)
    return f"""\
What this package is

Captures of news pages that web archives made, and the changes between them that Variorum found.
It holds {findings} finding(s), proved by {captures} capture(s) of {len(pages)} page(s):

{listed}

What is in it

  report/                  the report of each page: open the .html in a browser; .md and .json say the same
  evidence/findings.json   each finding, with the two captures that prove it
  evidence/claims.json     the text of each version as it was read, and each figure with its first and last character
  evidence/captures.json   each capture: the archive's address of it, its digests, who captured it, when it was fetched
  evidence/affidavit.txt   the captures as a list for an archive's affidavit
  evidence/custody.json    what was done with the pages' evidence, each act with the hash of the one before
  evidence/versions.json   the versions of program, parser, claim grammar and site templates
  archive/, indexes/       the captures themselves, as WARC 1.1 with an index
  pages/                   the list of captures for replay programs
  datapackage.json         the SHA-256 of every file above
  datapackage-digest.json  the SHA-256 of that list; in a signed package its signature, in a stamped one its time stamp

How to look at it

Open the package in any program that replays WACZ files. Each capture also stands at the archive's own
address, which evidence/captures.json names: compare them there.

How to check it

Take verify.py from Variorum's manual, not from whoever gave you this package. It needs Python and, for signature and
time stamp, the openssl command:

  python3 verify.py FILE.wacz [--key FINGERPRINT] [--tsa-roots ROOTS.pem]

What it proves: that nothing in it was changed since it was made; where it is signed, that the holder of that key made
it; where it is stamped, that it existed at that time. What it does not prove: that the archive captured what the site
sent to readers, or that the archive holds the same bytes today; ask the archive for that, with evidence/affidavit.txt.
"""
