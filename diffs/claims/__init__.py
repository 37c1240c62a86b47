"""Casualty claims: every figure of a text with its kind, bounds, victims, source, certainty and scope."""

from diffs.claims.article import claims_in, claims_in_text, leading_claims
from diffs.claims.explain import Explanation, explained_claims, explanation_of
from diffs.claims.grammars import rules_of

GRAMMAR_VERSION = "14"

__all__ = [
    "GRAMMAR_VERSION",
    "Explanation",
    "claims_in",
    "claims_in_text",
    "explained_claims",
    "explanation_of",
    "leading_claims",
    "rules_of",
]
