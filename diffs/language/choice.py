"""Chooses the language in which the casualty figures of a text are read."""

from functools import cache

from diffs.language.evidence import language_shown
from diffs.language.profiles import profiles
from diffs.language.registry import PACKS

_DEFAULT = "en"


@cache
def _families() -> tuple[frozenset[str], ...]:
    """Return the near kin: a sentence of one may look like another, so that a declared one decides among them."""
    known = profiles()
    return tuple(frozenset({tag, *known[tag].kin}) for tag in sorted(PACKS) if known[tag].kin)


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
    language = language_between_kin(language_shown(text), declared) or _DEFAULT
    return language if language in PACKS else None


def language_between_kin(shown: str | None, declared: str | None) -> str | None:
    """Return the language that a text's words show, unless it declares near kin of it, which a sentence may be taken for.

    Args:
        shown: Tag of the language that its words are evidence of, or None.
        declared: Its language tag (BCP 47), or None.

    Returns:
        The two-letter (or three-letter) tag, None where neither tells.
    """
    declared = declared.casefold().replace("_", "-").partition("-")[0] if declared else None
    if declared and any({shown, declared} <= kin for kin in _families()):
        return declared
    return shown or declared
