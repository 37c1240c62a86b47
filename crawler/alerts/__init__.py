"""Announces changes as they are found: which to whom, in what words, and by which service."""
