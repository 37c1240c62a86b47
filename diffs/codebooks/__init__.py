"""How casualty recorders code what was said: a minimum and a maximum next to a claim, never instead of it."""

from diffs.codebooks.coding import CODEBOOKS, Codebook, Coded, codebook_of, coded

__all__ = ["CODEBOOKS", "Codebook", "Coded", "codebook_of", "coded"]
