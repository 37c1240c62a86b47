"""Casualty claims: every figure of a text with its kind, bounds, victims, source, certainty and scope."""

from diffs.claims.article import claims_in, claims_in_text, leading_claims
from diffs.claims.rules import RULES

GRAMMAR_VERSION = "1"

__all__ = ["GRAMMAR_VERSION", "RULES", "claims_in", "claims_in_text", "leading_claims"]
