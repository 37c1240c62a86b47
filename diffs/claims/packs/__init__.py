"""Claims in languages other than English: one reader over the words and hooks of a pack."""

from collections.abc import Sequence

from diffs.claims.grammars import Grammar
from diffs.claims.packs.claims import pack_claims
from diffs.claims.packs.rules import TABLE
from diffs.claims.packs.sport import without_players
from diffs.model import Claim, Place

__all__ = ["grammar_of", "pack_claims"]


def grammar_of(tag: str) -> Grammar:
    """Return the grammar of a language by the two-letter tag of its pack."""

    def claims(text: str, place: Place) -> tuple[Claim, ...]:
        return pack_claims(text, place, None, tag)

    def article(found: Sequence[Claim], text: str) -> tuple[Claim, ...]:
        return without_players(found, text, tag)

    return Grammar(
        claims=claims, article=article, rules={rule.name: f"{rule.reads}: {rule.example}" for rule in TABLE}
    )
