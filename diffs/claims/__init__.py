"""Casualty claims: every figure of a text with its kind, bounds, victims, source, certainty and scope."""

from diffs.claims.article import MOST_CLAIMS, claims_in, claims_in_text
from diffs.claims.explain import Explanation, explained_claims, explanation_of
from diffs.claims.grammars import rules_of
from diffs.claims.leading import leading_claims
from diffs.versions import GRAMMAR_VERSION

__all__ = [
    "GRAMMAR_VERSION",
    "MOST_CLAIMS",
    "Explanation",
    "claims_in",
    "claims_in_text",
    "explained_claims",
    "explanation_of",
    "leading_claims",
    "rules_of",
]
