"""Chooses which of the articles that a source names are tracked, and says why."""

from datetime import datetime, timedelta
from urllib.parse import unquote, urlsplit

from crawler.discovery.entries import Entry
from crawler.store.sources import SourceRules
from diffs.claims import claims_in_text


def reason_for(entry: Entry, rules: SourceRules, *, now: datetime) -> str | None:
    """Return which rules an article meets, in words; None where it fails one.

    Args:
        entry: The article as the source names it.
        rules: What is wanted.
        now: The time (aware UTC).
    """
    said = f"{entry.headline}. {entry.summary}".strip(". ")
    reasons = []
    if rules.section is not None:
        if not _in_section(entry, rules.section):
            return None
        reasons.append(f"section {rules.section}")
    if rules.max_age_hours is not None and entry.published is not None:
        if now - entry.published > timedelta(hours=rules.max_age_hours):
            return None
        reasons.append(f"published {entry.published:%Y-%m-%d %H:%M} UTC")
    if rules.words:
        word = next((word for word in rules.words if _holds(said, word)), None)
        if word is None:
            return None
        reasons.append(f"the word {word!r}")
    if rules.casualty:
        claim = next(iter(claims_in_text(said)), None)
        if claim is None:
            return None
        reasons.append(f"a casualty figure: {claim.kind} {claim.number_text or claim.cue}")
    return ", ".join(reasons) or "every article"


def _holds(text: str, word: str) -> bool:
    """Return whether a text holds a word or phrase, whole and in whatever letter case."""
    folded, wanted = text.casefold(), word.casefold()
    start = folded.find(wanted)
    while start >= 0:
        around = folded[max(0, start - 1) : start], folded[start + len(wanted) : start + len(wanted) + 1]
        if not any(each.isalnum() or each == "_" for each in around):
            return True
        start = folded.find(wanted, start + 1)
    return False


def _in_section(entry: Entry, section: str) -> bool:
    """Return whether an article is of a section, by what the source says or by a folder of its address."""
    wanted = section.strip("/").casefold()
    steps = [unquote(step).casefold() for step in urlsplit(entry.url).path.split("/") if step]
    inside = f"/{'/'.join(steps[:-1])}/"
    return f"/{wanted}/" in inside or wanted in (each.casefold() for each in entry.sections)
