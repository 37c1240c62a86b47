"""What a report says of its witnesses: which archives show a change, and where archives disagree."""

from collections import Counter
from collections.abc import Iterable, Sequence

from diffs.model import Change, Disagreement, EvidenceFinding, History, Verdict
from diffs.reports.citations import archive_name
from diffs.reports.document import Code, Item, Line, Link, List, Paragraph, Section, joined, line
from diffs.reports.findings import head_of
from diffs.reports.wording import count, exactly, listed

_MOST_DIFFERENCES = 5
_MOST_DISAGREEMENTS = 40
_MOST_LOST = 40
_MOST_RESTING = 5


def shown_by(changes: Iterable[Change]) -> str:
    """Return in a phrase which archives show changes, or nothing where one was read or they differ in that."""
    known = {(change.archives, change.independent) for change in changes if change.archives}
    if len(known) != 1:
        return ""
    archives, independent = known.pop()
    if independent > 1:
        return f"seen in {independent} independent archives"
    names = listed([archive_name(name) for name in archives])
    return f"only in {names}" + (", which are one witness" if len(archives) > 1 else "")


def witness_lines(history: History) -> list[Line]:
    """Return how many of the changes several independent archives show, or nothing where one archive was read."""
    changes = [change for step in history.transitions for change in step.changes if change.archives]
    if not changes:
        return []
    several = sum(change.independent > 1 for change in changes)
    alone = Counter(shown_by([change]) for change in changes if change.independent < 2)
    parts = [f"{several:,} seen in more than one independent archive"] if several else []
    parts += [f"{number:,} {phrase}" for phrase, number in sorted(alone.items())]
    return [
        line(
            f"Of {count(len(changes), 'change')}: {'; '.join(parts)}. Archives of one operator are one witness, and so "
            "are captures of the same second with the same digest."
        )
    ]


def fetched_again(history: History) -> list[Line]:
    """Return what became of the cited captures when they were asked for again, or nothing where none were."""
    known = [one for one in history.witnessed if one.verdict is not None and one.answered is not None]
    if not known:
        return []
    counts = Counter(one.verdict for one in known)
    parts = [f"{counts[each]:,} {each.words}" for each in Verdict if counts[each]]
    last = max(one.answered for one in known if one.answered is not None)
    rest = " What no longer matches is listed below." if any(one.is_lost for one in known) else ""
    return [
        line(
            f"{count(len(known), 'capture')} that findings cite {'was' if len(known) == 1 else 'were'} fetched again by "
            f"{exactly(last)}: {listed(parts)}.{rest}"
        )
    ]


def lost_captures(history: History) -> list[Section]:
    """Return the captures that archives no longer serve as kept, as a section, or nothing where there are none.

    They are findings about captures, and counted among no page's changes.
    """
    if not history.evidence:
        return []
    standing = [one for one in history.evidence if one.resolved is None]
    shown = [*standing, *(one for one in history.evidence if one.resolved is not None)]
    items = [_lost(one) for one in shown[:_MOST_LOST]]
    if len(shown) > len(items):
        items.append(Item(line(f"And {len(shown) - len(items):,} more, listed in the JSON form.")))
    lead = line(
        "These are about archives, not about the page, and are none of its changes. The bytes kept here are as they were "
        "fetched; a difference does not say who changed what the archive serves, or why."
    )
    title = (
        "Captures no longer served as kept"
        if standing
        else "Captures that were not served as kept for a time"
    )
    return [Section(line(title), (Paragraph(lead), List(items=tuple(items))))]


def _lost(one: EvidenceFinding) -> Item:
    when = Link(exactly(one.capture.at), one.capture.link)
    became = "is no longer served" if one.type is Verdict.GONE else "is served with another text or none"
    back = f"; it was found otherwise on {exactly(one.resolved)}" if one.resolved else ""
    ids = joined([(Code(name),) for name in one.changes[:_MOST_RESTING]], ", ")
    left = len(one.changes) - _MOST_RESTING
    more = f" and {left:,} more" if left > 0 else ""
    rests = (
        line(" On it rest ", ids, f"{more}.") if one.changes else line(" No change rests on it any longer.")
    )
    why = f" The archive's answer: {one.reason.rstrip('.')}." if one.reason else ""
    return Item(
        line(
            when,
            f" in {archive_name(one.capture.archive)} {became}, found on {exactly(one.appeared)}{back}.{why}",
            rests,
            " (",
            Code(one.id),
            ").",
        )
    )


def disagreements_of(history: History) -> list[Section]:
    """Return where two archives show different texts of one time, as a section, or nothing where none do."""
    if not history.disagreements:
        return []
    items = [_disagreement(one) for one in history.disagreements[:_MOST_DISAGREEMENTS]]
    left = len(history.disagreements) - len(items)
    if left > 0:
        items.append(Item(line(f"And {count(left, 'further disagreement')}, listed in the JSON form.")))
    return [Section(line("Archives that disagree"), (List(items=tuple(items)),))]


def _disagreement(one: Disagreement) -> Item:
    names = [archive_name(capture.archive) for capture in (one.stands, one.other)]
    when = Link(exactly(one.stands.at), one.stands.link)
    if one.seconds:
        rest = f" show different texts {count(one.seconds, 'second')} apart; an edit in between cannot be excluded. "
    else:
        rest = " show different texts of the same second. Nobody edited in no time: the first is taken to have stood. "
    differences = _differences(one.changes)
    return Item(
        line(
            when,
            f": {names[0]} and ",
            Link(names[1], one.other.link),
            rest,
            differences,
            " (",
            Code(one.id),
            ").",
        )
    )


def _differences(changes: Sequence[Change]) -> Line:
    shown = [head_of(change) for change in changes if not change.told_by][:_MOST_DIFFERENCES]
    left = len(changes) - len(shown)
    more = line(f" and {left:,} more") if left > 0 else ()
    return line("From the first to the second: ", joined(shown, "; "), more)
