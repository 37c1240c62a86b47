"""The closed lists that settings and store know captures and changes by, apart from the records that few commands need."""

from enum import StrEnum


class Outcome(StrEnum):
    """What became of a capture that an archive listed."""

    PENDING = "pending"  # listed, bytes not asked for yet
    FETCHED = "fetched"  # bytes kept and read as an article
    UNCHANGED = "unchanged"  # the archive's digest equals that of a fetched neighbour: nothing to fetch
    REVISIT = "revisit"  # a revisit record: the archive saw the same bytes again
    REDIRECT = "redirect"  # the page redirected when it was captured
    NOT_ARTICLE = "not_article"  # an archived error, another file type, a block page, a soft 404
    FAILED = "failed"  # the archive could not serve it; `reason` says why
    CONFLICT = "conflict"  # the archive shows another text for the same second: a fact about the archive
    DISPUTED = "disputed"  # another archive shows another text for the same second: a fact about the archives


class ChangeKind(StrEnum):
    """Which part of the article changed."""

    HEADLINE = "headline"
    STANDFIRST = "standfirst"
    BYLINE = "byline"
    CASUALTY = "casualty"
    FIGURE = "figure"
    QUOTE = "quote"
    ATTRIBUTION = "attribution"
    CORRECTION = "correction"
    TEXT = "text"
    STAMP = "stamp"


class Weight(StrEnum):
    """How much a change matters to what a reader would believe happened."""

    SUBSTANTIVE = "substantive"
    MINOR = "minor"
    COSMETIC = "cosmetic"
