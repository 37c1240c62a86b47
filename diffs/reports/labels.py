"""What series of figures are called next to each other, and which headline follows which text."""

from collections import Counter
from collections.abc import Sequence

from diffs.changes.matching import same_number
from diffs.changes.readings import claims_of
from diffs.model import Change, Place, Transition
from diffs.reports.series import Series
from diffs.reports.wording import amount, counted_as, source


def echoes_in(series: Sequence[Series]) -> dict[int, Series]:
    """Return, by the index of a text's series, the series of a headline's own source that moves along with it."""
    found: dict[int, Series] = {}
    for index, one in enumerate(series):
        for other in series:
            if not one.in_front and other.in_front and one.kind is other.kind and _path(one) == _path(other):
                found.setdefault(index, other)
    return found


def _path(series: Series) -> list[tuple[int, str]]:
    return [(point.order, amount(point.claim)) for point in series.steps]


def names_of(series: Sequence[Series]) -> list[str]:
    """Return what each series is called next to the others: its source, with its people where one has several."""
    shared = Counter((one.kind, one.label) for one in series)
    return [
        f"{one.label}: {one.who}" if shared[one.kind, one.label] > 1 and one.who else one.label
        for one in series
    ]


def headline_source(change: Change, transition: Transition) -> str | None:
    """Return the source to which the new headline gives a changed figure that the text states as its own."""
    claim = change.claim_after
    if claim is None or claim.attribution is not None or not change.also_in:
        return None
    named = (
        source(other)
        for other in claims_of(transition.after.article)
        if other.place is Place.HEADLINE and other.attribution is not None
        if other.kind is claim.kind and same_number(other, claim)
    )
    return next(named, None)


def counted_in(series: Series) -> str:
    """Return what a series counts: `killed: soldiers`, or only the kind where nobody is named."""
    return counted_as(series.kind, series.who)
