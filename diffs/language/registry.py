"""In which languages casualty figures are read, and which of them a text is read in."""

from diffs.language.evidence import language_shown

# A language is switched on once its blind figures reach .75 (docs/claims.md).
PACKS = frozenset({"en", "es", "fr", "de"})
_DEFAULT = "en"
# Near kin: a sentence of one may look like another, so that a declared one decides among them.
_KIN = (frozenset({"es", "gl", "pt", "ca"}), frozenset({"de", "nl"}), frozenset({"fr", "ca"}))


def pack_for(text: str, declared: str | None = None) -> str | None:
    """Return the language in which a text's casualty figures are read, or None where they are not read.

    A declared language that the words do not contradict decides. Text that declares none is refused only on
    evidence of another language; what is too short to tell is English.

    Args:
        text: The text.
        declared: Its language tag (BCP 47), or None.

    Returns:
        The two-letter tag of a pack in `PACKS`, or None.
    """
    shown = language_shown(text)
    declared = declared.casefold().replace("_", "-").partition("-")[0] if declared else None
    if declared and any({shown, declared} <= kin for kin in _KIN):
        shown = declared
    language = shown or declared or _DEFAULT
    return language if language in PACKS else None
