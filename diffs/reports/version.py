"""One version of a page as a document: the article as it stood, and the casualty figures in it."""

from collections.abc import Iterator, Sequence

from diffs.claims import explanation_of
from diffs.codebooks import Codebook, codebook_of, coded
from diffs.model import Article, BlockKind, Citation, Claim
from diffs.reports.citations import archive_name
from diffs.reports.document import (
    Block,
    Code,
    Column,
    Document,
    Item,
    Line,
    Link,
    List,
    Paragraph,
    Quote,
    Section,
    Strong,
    Table,
    joined,
    line,
)
from diffs.reports.times import clock
from diffs.reports.wording import PLACES, count, counted, exactly, figure, source
from diffs.text import folded

_FIGURES = (
    Column(title="What"),
    Column(title="Figure", numeric=True),
    Column(title="Source"),
    Column(title="Stands in"),
)
_REMOVED = (Column(title="Taken away as"), Column(title="Text"))
_KINDS = {
    BlockKind.CAPTION: "caption",
    BlockKind.CORRECTION: "correction",
    BlockKind.LIVE_UPDATE: "live update",
    BlockKind.TABLE_ROW: "table row",
}


def article_as_it_stood(
    article: Article, capture: Citation, *, version: tuple[int, int] | None = None, removed: bool = False
) -> Document:
    """Return an article with the capture that shows it named first.

    Args:
        article: The article.
        capture: The capture that it was read from.
        version: Its number, and how many versions there are, where it is one that reports count.
        removed: Whether to add what the parser took away, and why.
    """
    dates = [
        line(f"{name} {clock(at)}")
        for name, at in (("published", article.published), ("modified", article.modified))
        if at is not None
    ]
    head = [
        _capture(capture, version),
        line(f"Suspect: {article.suspect}.") if article.suspect else (),
        line(f"Only a part: {article.partial}.") if article.partial else (),
        line(_standfirst(article)),
        joined([line(article.byline or ""), *dates], " · "),
    ]
    blocks: list[Block] = [Paragraph(one) for one in head if one]
    for block in article.blocks:
        if block.kind is BlockKind.SUBHEADING:
            blocks.append(Paragraph((Strong(block.text),)))
        elif block.kind is BlockKind.QUOTE:
            blocks.append(Quote((line(block.text),)))
        elif block.kind is BlockKind.LIST_ITEM:
            blocks.append(List(items=(Item(line(block.text)),)))
        else:
            kind = _KINDS.get(block.kind)
            blocks.append(Paragraph(line(f"[{kind}] " if kind else "", block.text)))
    if removed:
        rows = tuple((line(one.reason), line(one.text)) for one in article.removed)
        blocks.append(Section(line("What was taken away"), (Table(columns=_REMOVED, rows=rows),)))
    return Document(title=line(article.headline or "No headline"), blocks=tuple(blocks))


def _standfirst(article: Article) -> str:
    """Return the standfirst, or nothing where it stands among the paragraphs too and is printed there."""
    said = article.standfirst or ""
    return "" if any(folded(block.text) == folded(said) for block in article.blocks) else said


def figures_as_they_stood(
    claims: Sequence[Claim],
    capture: Citation | None = None,
    *,
    version: tuple[int, int] | None = None,
    explain: bool = False,
    codebook: str | None = None,
) -> Document:
    """Return the casualty figures of one article: what, how many and who says so, then each sentence once.

    Args:
        claims: As `claims_in` gives them.
        capture: The capture that they were read from, where there is one.
        version: As for `article_as_it_stood`.
        explain: Whether to say by which rule each was read, and why.
        codebook: Name of a codebook, to show its minimum and maximum in a column of their own.
    """
    book = codebook_of(codebook) if codebook else None
    rows = tuple(
        (line(counted(one)), line(figure(one)), line(source(one)), line(PLACES[one.place]))
        + ((line(_coded(one, book)),) if book else ())
        for one in claims
    )
    blocks: list[Block] = [Paragraph(_capture(capture, version))] if capture else []
    if not claims:
        blocks.append(Paragraph(line("No casualty figure was read in it.")))
    else:
        blocks.append(Table(columns=(*_FIGURES, *((Column(title=book.title),) if book else ())), rows=rows))
        items = tuple(_sentences(claims, explain=explain))
        blocks.append(Section(line("The sentences"), (List(items=items, loose=explain),)))
    return Document(title=line(count(len(claims), "casualty figure")), blocks=tuple(blocks))


def _capture(capture: Citation, version: tuple[int, int] | None) -> Line:
    number = f"Version {version[0]} of {version[1]}, captured" if version else "Captured"
    address = (" ", Link(capture.link, capture.link)) if capture.link else ()
    return line(f"{number} {exactly(capture.at)}, from {archive_name(capture.archive)}.", *address)


def _coded(claim: Claim, codebook: Codebook) -> str:
    """Return the coded minimum and maximum, with a star where no published rule gives them."""
    each = coded(claim, codebook)
    if each.minimum is None and each.maximum is None:
        return f"– ({each.note})"
    low, high = (f"{bound:,}" if bound is not None else "?" for bound in (each.minimum, each.maximum))
    return (low if low == high else f"{low} to {high}") + ("" if each.published else " (as printed)")


def _sentences(claims: Sequence[Claim], *, explain: bool) -> Iterator[Item]:
    by_sentence: dict[str, list[Claim]] = {}
    for claim in claims:
        by_sentence.setdefault(claim.sentence, []).append(claim)
    for sentence, mine in by_sentence.items():
        yield Item(_marked(sentence, mine), tuple(_reasons(mine)) if explain else ())


def _marked(sentence: str, claims: Sequence[Claim]) -> Line:
    """Return a sentence with what was read as figures strong in it."""
    parts: list[str | Strong] = []
    done = 0
    for start, end in sorted({(one.start, one.end) for one in claims}):
        if start >= done and sentence[start:end].strip():
            parts += [sentence[done:start], Strong(sentence[start:end])]
            done = end
    return line(*parts, sentence[done:])


def _reasons(claims: Sequence[Claim]) -> Iterator[Block]:
    for claim in claims:
        explained = explanation_of(claim)
        why = joined([line(one) for one in explained.why], "; ")
        lead = line(f"{counted(claim)} {figure(claim)}: rule ", Code(claim.rule), f" ({explained.rule}); ")
        yield List(items=(Item(line(lead, why, ".")),))
