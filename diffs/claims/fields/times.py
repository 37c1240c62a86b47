"""When a count stood, and over which period it was counted, as a sentence prints it."""

from diffs.claims.fields.words import FieldWords
from diffs.model import Claim, Scope


def as_of_in(text: str, words: FieldWords) -> tuple[int, int] | None:
    """Return where a sentence prints the time at which its counts stood ("as of 6 a.m."), or None."""
    match = words.as_of.search(text)
    return match.span("time") if match else None


def period_of(text: str, claim: Claim, words: FieldWords) -> str | None:
    """Return the period of a cumulative count as printed, the one nearest to it, or None."""
    if claim.scope is not Scope.CUMULATIVE:
        return None
    spans = [match.span() for match in words.period.finditer(text)]
    span = min(
        spans, key=lambda each: min(abs(each[0] - claim.end), abs(claim.start - each[1])), default=None
    )
    return claim.sentence[slice(*span)].rstrip(" ,") if span else None
