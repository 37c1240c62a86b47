"""What a report says of its witnesses: which archives show a change, and where archives disagree."""

from collections import Counter
from collections.abc import Iterable, Sequence

from diffs.model import Change, Disagreement, History, Verdict
from diffs.reports.citations import archive_name
from diffs.reports.document import Code, Item, Line, Link, List, Section, joined, line
from diffs.reports.findings import head_of
from diffs.reports.wording import count, exactly, listed

_MOST_DIFFERENCES = 5
_MOST_DISAGREEMENTS = 40
_MOST_LOST = 5


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
    lost = [one for one in known if one.is_lost]
    named = [
        f"{exactly(one.capture.at)} in {archive_name(one.capture.archive)} ({one.verdict.words})"
        for one in lost[:_MOST_LOST]
        if one.verdict is not None
    ]
    if len(lost) > len(named):
        named.append(f"{len(lost) - len(named):,} more")
    last = max(one.answered for one in known if one.answered is not None)
    rest = f" What no longer matches: {listed(named)}." if named else ""
    return [
        line(
            f"{count(len(known), 'capture')} that findings cite {'was' if len(known) == 1 else 'were'} fetched again by "
            f"{exactly(last)}: {listed(parts)}.{rest}"
        )
    ]


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
