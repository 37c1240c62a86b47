"""Claims in languages other than English: one reader over the words and hooks of a pack."""

from diffs.claims.packs.claims import pack_claims

__all__ = ["pack_claims"]
