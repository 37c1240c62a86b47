"""Injured players of a sports page, whom nobody counts as victims."""

from collections.abc import Sequence

from diffs.claims.packs.words import pack_of
from diffs.language.tokens import tokens_in
from diffs.model import Claim, ClaimKind

# What a club reports of its players: those hurt, those away, those lost.
UNFIT = frozenset({ClaimKind.WOUNDED, ClaimKind.MISSING, ClaimKind.CASUALTIES, ClaimKind.TRAPPED})
# Different words of sport that make a page one of sport: five articles a language of crime, disaster, business and history had at most
# two, the sports reports of each six or more (2026-11-29).
_FEWEST = 4
_READ = 4000


def without_players(claims: Sequence[Claim], text: str, tag: str) -> tuple[Claim, ...]:
    """Return an article's claims without the injured of its teams, where it is a sports report without a death.

    Args:
        claims: The claims of the article.
        text: Its text; the first 4,000 characters tell what kind of page it is.
        tag: Two-letter tag of the pack that reads it.
    """
    doubtful = any(claim.kind in UNFIT for claim in claims)
    if not doubtful or any(claim.kind is ClaimKind.KILLED for claim in claims) or not is_sport(text, tag):
        return tuple(claims)
    return tuple(claim for claim in claims if claim.kind not in UNFIT or _is_of_the_public(claim, tag))


def is_sport(text: str, tag: str) -> bool:
    """Return whether a text is a sports report by its words."""
    words = {token.low for token in tokens_in(text[:_READ], tag)}
    return len(words & pack_of(tag).sports) >= _FEWEST


def _is_of_the_public(claim: Claim, tag: str) -> bool:
    """Return whether the sentence names spectators, officers or others who do not play."""
    words = [token.low for token in tokens_in(claim.sentence, tag)]
    return pack_of(tag).public.within(words)
