"""What a citation of a change, or of a page, names of the two captures that prove it."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from diffs.model import Citation, EvidenceFinding, History, Revision, Transition, Verdict
from diffs.reports.citations import archive_name
from diffs.reports.document import plain
from diffs.reports.names import headline, outlet
from diffs.reports.safe import visible, web_address
from diffs.reports.steps import Row, rows_of
from diffs.reports.wording import PLACES, counted, exactly, figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """One capture as a citation names it.

    Attributes:
        key: A name for it that no other capture of the store has, of letters, digits and hyphens.
        title: The headline it shows, or the address.
        outlet: The publisher's own name for itself, or the host.
        live: The address of the page itself, or None where it is no web address.
        replay: The address at which a reader sees the capture, or None where there is none.
        archive: Who captured it, in words.
        at: When (aware UTC).
        published: When the version that it shows says that it was published, or else the newest version before that says
            so (aware UTC), or None.
        said: What it is cited for: the finding, with what it says.
        proof: What else identifies it: its time and digests, the other capture, and what read it; the same for every
            finding that the capture proves.
        current: Whether no later version of the page is known.
        capture: The capture itself.
    """

    key: str
    title: str
    outlet: str
    live: str | None
    replay: str | None
    archive: str
    at: datetime
    published: datetime | None
    said: str
    proof: str
    current: bool
    capture: Citation


def cited_change(
    history: History,
    step: Transition,
    finding: str,
    *,
    reader: str,
    rows: Sequence[Row] | None = None,
) -> tuple[Cited, Cited]:
    """Return the two captures that prove a change, the older first.

    Args:
        history: Whose change it is.
        step: The step in which it lies.
        finding: The change's id.
        reader: What read the captures, with its version.
        rows: What `rows_of` gives for the step, where the caller has it.
    """
    shown = [row for row in (rows_of(step, ()) if rows is None else rows) if finding in row.ids]
    what = "; ".join(f"{plain(row.what)}: {plain(row.path)}" for row in shown)
    said = f"Variorum finding {finding} ({what})" if what else f"Variorum finding {finding}"
    after, until = step.interval.after, step.interval.until
    last = step.after.number == max(revision.number for revision in history.revisions)
    old, new = (
        _cited(
            history,
            capture,
            name=f"{finding}-{end}",
            shows=shows,
            said=said,
            other=other,
            reader=reader,
            current=current,
        )
        for capture, end, shows, other, current in (
            (after, "before", step.before, exactly(until.at), False),
            (until, "after", step.after, exactly(after.at), last),
        )
    )
    return old, new


def cited_finding(history: History, finding: str, *, reader: str) -> tuple[Cited, ...]:
    """Return the captures that prove what has an id in a report of a page; nothing where nothing has it.

    A finding about a capture is proved by that capture.

    A contradiction inside one version is proved by the first and the last capture that shows it, a disagreement of
    two archives by the capture of each.

    Args:
        history: The page's.
        finding: The id.
        reader: See `cited_change`.
    """
    for step in reversed(history.transitions):
        if any(change.id == finding for change in step.changes):
            return cited_change(history, step, finding, reader=reader)
    numbers = {revision.number: revision for revision in history.revisions}
    for one in history.contradictions:
        if one.id == finding and one.since in numbers and one.until in numbers:
            ends = [
                (numbers[one.since], numbers[one.since].first),
                (numbers[one.until], numbers[one.until].last),
            ]
            what = (
                f"{PLACES[one.one.place]}: {figure(one.one)}, {PLACES[one.other.place]}: {figure(one.other)}"
            )
            said = f"Variorum finding {finding} ({counted(one.one)}; {what})"
            return _both(history, finding, said, ends, reader=reader)
    for other in history.disagreements:
        if other.id == finding:
            shown = [(_shown_in(history, capture), capture) for capture in (other.stands, other.other)]
            said = f"Variorum finding {finding} (two archives show different texts)"
            return _both(history, finding, said, shown, reader=reader)
    for lost in history.evidence:
        if lost.id == finding:
            return (_cited_lost(history, lost, reader=reader),)
    return ()


def _cited_lost(history: History, lost: EvidenceFinding, *, reader: str) -> Cited:
    """Return the capture that a finding about captures is about, as it is kept."""
    shows = _shown_in(history, lost.capture)
    what = "no longer served" if lost.type is Verdict.GONE else "altered"
    return _cited(
        history,
        lost.capture,
        name=lost.id,
        shows=shows,
        said=f"Variorum finding {lost.id} ({what} by the archive, found {exactly(lost.appeared)})",
        reader=reader,
        current=shows is not None and shows.number == history.revisions[-1].number,
    )


def _shown_in(history: History, capture: Citation) -> Revision | None:
    """Return the version that a capture shows first or last, or None."""
    return next((one for one in history.revisions if capture in (one.first, one.last)), None)


def _both(
    history: History,
    finding: str,
    said: str,
    ends: Sequence[tuple[Revision | None, Citation]],
    *,
    reader: str,
) -> tuple[Cited, ...]:
    """Return the two captures that prove a contradiction, or the one where it is the same."""
    (one, first), (other, last) = ends
    single = first == last
    newest = history.revisions[-1].number
    return tuple(
        _cited(
            history,
            capture,
            name=f"{finding}-{end}",
            shows=revision,
            said=said,
            other="" if single else exactly(opposite.at),
            reader=reader,
            current=revision is not None and revision.number == newest,
        )
        for revision, capture, opposite, end in (
            (one, first, last, "first"),
            *(() if single else ((other, last, first, "last"),)),
        )
    )


def cited_page(history: History, *, reader: str) -> tuple[Cited, ...]:
    """Return the capture of a page's first version and that of its newest; one where there is but one.

    Args:
        history: The page's; it has at least one version.
        reader: See `cited_change`.
    """
    first, last = history.revisions[0], history.revisions[-1]
    ends = [(first.first, first, "the first capture read", first is last)]
    if last.last != first.first:
        ends.append((last.last, last, "the newest capture read", True))
    return tuple(
        _cited(
            history,
            capture,
            name=f"{capture.at:%Y%m%d%H%M%S}",
            shows=shows,
            said=said,
            reader=reader,
            current=current,
        )
        for capture, shows, said, current in ends
    )


def _cited(
    history: History,
    capture: Citation,
    *,
    name: str,
    shows: Revision | None,
    said: str,
    other: str = "",
    reader: str,
    current: bool,
) -> Cited:
    upto = history.revisions[-1].number if shows is None else shows.number
    dated = [one for one in history.revisions if one.article.published and one.number <= upto]
    published = dated[-1].article.published if dated else None
    parts = [
        f"captured {exactly(capture.at)}",
        f"compared with the capture of {other}" if other else "",
        f"archive digest {capture.digest}" if capture.digest else "",
        f"SHA-256 {capture.sha256}" if capture.sha256 else "",
        f"read by {reader}",
    ]
    return Cited(
        key="variorum-" + re.sub("[^A-Za-z0-9]+", "-", name).strip("-"),
        title=_flat((shows and shows.article.headline) or headline(history)),
        outlet=_flat(outlet(history)),
        live=web_address(history.url),
        replay=web_address(capture.link),
        archive=_unarticled(_flat(archive_name(capture.archive))),
        at=capture.at.astimezone(UTC),
        published=published.astimezone(UTC) if published else None,
        said=_flat(said),
        proof=_flat("; ".join(part for part in parts if part)),
        current=current,
        capture=capture,
    )


@lru_cache(maxsize=64)
def _unarticled(name: str) -> str:
    return re.sub("^(?:the|a) ", "", name)


@lru_cache(maxsize=4096)
def _flat(text: str) -> str:
    """Return a text as one line without anything unprintable, composed as reference managers compare it."""
    return " ".join(unicodedata.normalize("NFC", visible(text)).split())
