"""English: its words by role."""

from diffs.language.words import words_of

ENGLISH = words_of("en")
