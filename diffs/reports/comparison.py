"""What changed between any two captures of a page, as a document."""

from collections.abc import Sequence

from diffs.model import (
    Article,
    Change,
    ChangeKind,
    ChangeType,
    Citation,
    History,
    Interval,
    Revision,
    Transition,
    Weight,
)
from diffs.reports.dismissals import Dismissed
from diffs.reports.document import Block, Column, Document, Item, List, Paragraph, Section, Table, line
from diffs.reports.entries import findings_in
from diffs.reports.findings import redated
from diffs.reports.steps import rows_of
from diffs.reports.times import clock
from diffs.reports.wording import count, number_word

_COLUMNS = tuple(Column(title=one) for one in ("What", "Old → new", "Did the page say so?"))
NOTHING = Dismissed()
_OVER = "Only these two versions are compared, {} steps apart: what came and went between them is not shown"
_LEAST = ", and the last column gives the least open of the steps that made a change"


def comparison_of(
    before: Citation,
    after: Citation,
    changes: Sequence[Change],
    *,
    dismissed: Dismissed = NOTHING,
    steps: int = 1,
) -> Document:
    """Return the changes between two captures: the figures first, old and new, then the words, each once.

    Args:
        before: The last capture of the older version.
        after: The first capture of the newer one.
        changes: As `changes_between` gives them.
        dismissed: What a reader dismissed in the steps between; it is listed by itself.
        steps: Over how many steps of the page's history this is; over several, how openly a change was made is
            what `changes_over` says of it.
    """
    changes = [one for one in changes if dismissed.stands(one)]
    rows = tuple((row.what, row.path, row.answer) for row in rows_of(_step(before, after, changes), ()))
    number = count(len(rows) if changes else 0, "change")
    title = f"{clock(before.at)} → {clock(after.at, before.at)} UTC: {number}"
    blocks: list[Block] = [Table(columns=_COLUMNS, rows=rows)]
    if steps > 1:
        blocks.append(Paragraph(line(f"{_OVER.format(number_word(steps))}{_LEAST}.")))
    shown = [
        one
        for one in changes
        if one.weight is not Weight.COSMETIC
        and one.type is not ChangeType.MOVED
        and one.kind is not ChangeKind.STAMP
    ]
    findings = findings_in(shown, {}, full=False)
    if findings:
        words = List(items=tuple(one.item for one in findings), loose=True)
        blocks.append(Section(line("The words"), (words,)))
    blocks += [Paragraph(redated(one)) for one in changes if one.kind is ChangeKind.STAMP]
    if not changes:
        blocks = [Paragraph(line("Nothing else differs." if dismissed.lines else "Nothing differs."))]
        if steps > 1:
            blocks.append(Paragraph(line(f"{_OVER.format(number_word(steps))}.")))
    if dismissed.lines:
        items = List(items=tuple(map(Item, dismissed.lines)), loose=True)
        blocks.append(Section(line("Findings that a reader dismissed"), (items,)))
    return Document(title=line(title), blocks=tuple(blocks))


def narrowed(history: History, before: Citation, after: Citation) -> tuple[Citation, Citation]:
    """Return the captures between which what differs changed: the last of the older version, the first of the newer.

    Args:
        history: The page's.
        before: A capture of the older version.
        after: A later capture, of the newer version.
    """
    old, new = (
        next((one for one in history.revisions if one.first.at <= end.at <= one.last.at), None)
        for end in (before, after)
    )
    if old is None or new is None or old.number == new.number:
        return before, after
    return old.last, new.first


def _step(before: Citation, after: Citation, changes: Sequence[Change]) -> Transition:
    """Return the two captures as a step of a history of their own."""
    versions = [
        Revision(number=number, article=Article(), first=one, last=one)
        for number, one in enumerate((before, after), start=1)
    ]
    interval = Interval(after=before, until=after)
    return Transition(before=versions[0], after=versions[1], interval=interval, changes=tuple(changes))
