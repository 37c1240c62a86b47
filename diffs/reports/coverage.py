"""How well archives cover a page or an outlet, as a document and as a line of a report."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from diffs.model import Citation, Coverage, Gap, GapCause
from diffs.reports.citations import archive_name
from diffs.reports.document import (
    Block,
    Column,
    Document,
    Item,
    Line,
    Link,
    List,
    Paragraph,
    Section,
    Table,
    line,
)
from diffs.reports.wording import count, exactly

_OF_A_PAGE = ("Month", "Captures", "Usable", "Refused or unreadable", "Other, such as redirects")
_OF_A_HOST = ("Month", "Captures", "Articles, usable", "Refused", "Other pages and redirects")
_MOST_MONTHS = 36
_MOST_GAPS = 40
_CAUSES = {
    GapCause.NEVER: "not captured, as far as the index says",
    GapCause.BLOCKED: "blocked by the outlet",
    GapCause.REFUSED: "the outlet refused the archive's crawler",
    GapCause.EXCLUDED: "excluded from the archive's index",
    GapCause.LATE: "perhaps not listed yet: indexes list captures days late",
}


def coverage_document(found: Sequence[Coverage]) -> Document:
    """Return what one or several archives have of a page or an outlet: captures a month, and each gap with its cause."""
    scope = found[0].scope if found else ""
    title = line(f"Coverage of {scope}")
    blocks: tuple[Block, ...] = tuple(
        Section(line(archive_name(one.archive)), tuple(_blocks(one))) for one in found
    )
    return Document(title=title, blocks=blocks)


def coverage_line(one: Coverage) -> Line:
    """Return one archive's coverage in a sentence or two."""
    last = f"last usable capture {_day(one.last_article)}" if one.last_article else "no usable capture"
    if one.since and not one.last_article:
        last += " in that time; earlier ones were not asked for"
    share = one.unusable_share
    refused = f", {share:.0%} of them refused or unreadable" if share else ""
    span = f" since {one.since:%Y-%m}" if one.since else ""
    gap = one.gaps[-1] if one.gaps else None
    lead = "; since then " if one.last_article else ": "
    said = gap is not None and gap.cause is GapCause.NEVER and one.since and not one.last_article
    ending = (lead, _cause(gap)) if gap is not None and gap.until is None and not said else ()
    return line(
        f"Coverage of {one.scope} in {archive_name(one.archive)}, looked at {one.looked:%Y-%m-%d}: "
        f"{_least(one)}{count(one.captures, 'capture')}{span}{refused}; {last}",
        *ending,
        ".",
    )


def _blocks(one: Coverage) -> Iterator[Block]:
    yield Paragraph(coverage_line(one))
    if one.gaps:
        items = [Item(_gap(gap)) for gap in one.gaps[-_MOST_GAPS:]]
        left = len(one.gaps) - len(items)
        if left:
            items.insert(0, Item(line(f"{count(left, 'earlier gap')} in the JSON form.")))
        yield Section(line("Gaps"), (List(items=tuple(items)),))
    if one.months:
        rows = tuple(
            (
                line(month.month),
                line(f"{'at least ' if month.more else ''}{month.captures:,}"),
                line(f"{month.articles:,}"),
                line(f"{month.unusable:,}"),
                line(f"{max(0, month.captures - month.articles - month.unusable):,}"),
            )
            for month in one.months[-_MOST_MONTHS:]
        )
        left = len(one.months) - len(rows)
        more = (Paragraph(line(f"{count(left, 'earlier month')} in the JSON form.")),) if left else ()
        titles = _OF_A_PAGE if "/" in one.scope else _OF_A_HOST
        columns = tuple(Column(title=title, numeric=number > 0) for number, title in enumerate(titles))
        yield Section(line("Captures a month"), (Table(columns=columns, rows=rows), *more))
    if one.remarks:
        yield List(items=tuple(Item(line(remark)) for remark in one.remarks))


def _gap(gap: Gap) -> Line:
    since = _day(gap.since) if gap.since else "the beginning"
    until = f"to {_day(gap.until)}" if gap.until else "until now"
    return line(f"From {since} {until}: ", _cause(gap), ".")


def _cause(gap: Gap) -> Line:
    words = _CAUSES[gap.cause]
    if gap.cause is GapCause.NEVER and gap.since is gap.until is None:
        words = "never captured, as far as the index says"
    rest: list[Line] = []
    if gap.cause is GapCause.BLOCKED and gap.proof is not None:
        rest.append(line(f": its robots.txt keeps {gap.rule} out since ", _when(gap.proof)))
        if gap.allowed is not None:
            rest.append(line(", and did not in the capture before, ", _when(gap.allowed)))
        if not gap.certain:
            rest.append(line("; before that nothing says why"))
    elif gap.cause is GapCause.EXCLUDED and gap.proof is not None:
        words = "the home page was captured and no article, so that articles may be " + words
        rest.append(line(" (", _when(gap.proof), ")"))
    elif gap.proof is not None:
        said = f"{gap.rule}, " if gap.rule else ""
        rest.append(line(f" ({said}", _when(gap.proof), ")"))
    elif gap.rule:
        rest.append(line(f": “{gap.rule.rstrip('.')}”"))
    return line(words, *rest)


def _when(capture: Citation) -> Line:
    return (Link(exactly(capture.at), capture.link),)


def _day(at: datetime) -> str:
    return f"{at:%Y-%m-%d}"


def _least(one: Coverage) -> str:
    return "at least " if any(month.more for month in one.months) else ""
