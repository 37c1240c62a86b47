"""The grammar of English: rules over chunks of a sentence, run from one table."""

from diffs.claims.english.assembly import claims_of
from diffs.claims.english.lexicon import lexicon_of
from diffs.claims.english.rules import TABLE
from diffs.claims.grammars import Grammar
from diffs.model import Claim, Place


def grammar_of(tag: str) -> Grammar:
    """Return the grammar of a language that has words in the order of English; English is the only one."""
    lex = lexicon_of(tag)

    def claims(text: str, place: Place) -> tuple[Claim, ...]:
        return claims_of(text, place, None, lex)

    return Grammar(claims=claims, rules={rule.name: f"{rule.reads}: {rule.example}" for rule in TABLE})
