"""What depends on a language: which one a text is in, and in which of them casualty figures are read."""

from diffs.language.choice import language_between_kin, pack_for
from diffs.language.evidence import language_shown
from diffs.language.pages import common_words, language_between, language_of, share_of_common
from diffs.language.registry import PACKS

__all__ = [
    "PACKS",
    "common_words",
    "language_between",
    "language_between_kin",
    "language_of",
    "language_shown",
    "pack_for",
    "share_of_common",
]
