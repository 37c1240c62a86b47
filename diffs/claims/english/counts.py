"""A count of people as a sentence prints it: value, bounds, and the noun phrase that names the counted."""

from dataclasses import dataclass

from diffs.language.en import ENGLISH
from diffs.model import Qualifier

_ALWAYS_MANY = ENGLISH.words("people.always_many")
_PEOPLE = ENGLISH.words("people.irregular_plurals")


@dataclass(slots=True)
class Quantity:
    """A count in a sentence; `i` to `j` are its tokens with bounds and noun phrase.

    Attributes:
        i: First token, bounds included.
        j: After the last token of the noun phrase.
        number_i: First token of the numeral.
        number_j: After the numeral.
        value: As in `Claim.value`.
        low: As in `Claim.low`.
        high: As in `Claim.high`.
        qualifier: As in `Claim.qualifier`.
        head: `people`, `thing`, `other` or `none` (no noun stands with the number).
        who: Tokens of the noun phrase (first, after the last), equal where there is none.
        more: True for an increment ("two more").
        partitive: True where "of" and the whole follow ("nine of the ten").
        whole: The count of that whole (0 for a vague one), or None where it is no count.
        of_them: True for "13 of them", "two of whom".
        year: True where the digits may be a year.
    """

    i: int
    j: int
    number_i: int
    number_j: int
    value: int | None
    low: int | None
    high: int | None
    qualifier: Qualifier
    head: str = "none"
    who: tuple[int, int] = (0, 0)
    more: bool = False
    partitive: bool = False
    whole: int | None = None
    of_them: bool = False
    year: bool = False


def is_lesser_part(q: Quantity) -> bool:
    """Return whether a count is half or less of a counted whole; "nine of the ten" is as good as the whole."""
    return q.whole is not None and (q.whole == 0 or q.value is None or 2 * q.value <= q.whole)


def set_bounds(q: Quantity, qualifier: Qualifier) -> None:
    """Return low and high as the qualifier bounds the value."""
    q.qualifier = Qualifier.ZERO if q.value == 0 else qualifier
    exact = q.qualifier in {Qualifier.EXACT, Qualifier.ZERO}
    q.low = q.value if exact or q.qualifier in {Qualifier.AT_LEAST, Qualifier.MORE_THAN} else None
    q.high = q.value if exact or q.qualifier is Qualifier.UP_TO else None


def is_plural(word: str) -> bool:
    """Return whether a noun of people is in the plural."""
    return (word.endswith("s") and word not in _ALWAYS_MANY) or word in _PEOPLE
