"""Observations of one address folded into revisions: uninterrupted runs of one text."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, TypeVar

from diffs.align import least_likeness, likeness
from diffs.changes.readings import claims_of
from diffs.model import Article, Observation, Outcome, Revision
from diffs.text import folded, sentences_in

_MISREAD = "the page's own description or densest text is not what was read, and the other versions are"
_READ = (Outcome.FETCHED, Outcome.UNCHANGED, Outcome.REVISIT)
_COLLAPSED = 0.35  # share of the neighbours' words below which a text that comes back counts as broken
_LAST_COLLAPSED = 0.2  # the same for the newest revision, of which nobody knows whether it comes back
_SAME_ARTICLE = 0.4  # likeness from which two texts are versions of one article
_OTHER_ARTICLE = 0.12  # likeness below which they are not
_AHEAD = (
    25  # versions looked ahead for the text that comes back: bounds the work (benchmarks/bench_growth.py)
)
_OPENING = 0.7  # share of the words before below which the opening of a text that is sold is a stub
_CUT = 30  # characters at the end of a stub that its fading may have changed
_Part = TypeVar("_Part")
_TELLING = 40  # words that a text must have for its length to tell anything


def in_order(observations: Iterable[Observation]) -> tuple[Observation, ...]:
    """Return the observations in order of time, those of one second in a stable order."""
    return tuple(
        sorted(observations, key=lambda seen: (seen.capture.at, seen.capture.url, seen.capture.archive))
    )


def shows_text(observation: Observation) -> bool:
    """Return whether it is known which text a capture shows."""
    return observation.outcome in _READ and observation.fingerprint is not None


def revisions_in(
    observations: Iterable[Observation], articles: Mapping[str, Article]
) -> tuple[Revision, ...]:
    """Fold observations into revisions.

    Args:
        observations: Every capture seen, in any order.
        articles: The articles they show, by fingerprint. Captures whose article is not here are left out.

    Returns:
        One revision for each uninterrupted run of one text, in order of time, so that A, B, A gives
        three. A revision is suspect where its article is, where the text collapsed and came back, where
        another article stood at the address between two versions of this one, where the page's own views doubt
        a text that shares hardly a sentence with the version next to it, or where only the opening of a text that is sold was shown.
    """
    runs: list[list[Observation]] = []
    for seen in in_order(observations):
        if not shows_text(seen) or seen.fingerprint not in articles:
            continue
        if runs and runs[-1][0].fingerprint == seen.fingerprint:
            runs[-1].append(seen)
        else:
            runs.append([seen])
    shared = _Shared()
    revisions = [
        _revision(number, run, shared.article(articles[run[0].fingerprint or ""]))
        for number, run in enumerate(runs, start=1)
    ]
    return tuple(_judged(revisions))


class _Shared:
    """The parts of articles, each held once: a version shares most of its blocks, and of what was stripped, with the one before."""

    def __init__(self) -> None:
        self._known: dict[Any, Any] = {}
        self._articles: dict[int, Article] = {}

    def article(self, article: Article) -> Article:
        """Return an equal article of parts that others of them have."""
        if id(article) not in self._articles:
            self._articles[id(article)] = replace(
                article,
                blocks=self._parts(article.blocks),
                removed=self._parts(article.removed),
                page_text=self._parts(article.page_text),
            )
        return self._articles[id(article)]

    def _parts(self, parts: tuple[_Part, ...]) -> tuple[_Part, ...]:
        single = tuple(self._known.setdefault(part, part) for part in parts)
        held: tuple[_Part, ...] = self._known.setdefault(single, single)
        return held


def _revision(number: int, run: Sequence[Observation], article: Article) -> Revision:
    return Revision(
        number=number,
        article=article,
        first=run[0].capture,
        last=run[-1].capture,
        captures=len(run),
        suspect=article.suspect,
    )


def _judged(revisions: Sequence[Revision]) -> list[Revision]:
    """Mark the revisions that their neighbours give away as broken."""
    result: list[Revision] = []
    trusted = [revision for revision in revisions if revision.suspect is None]
    before: Revision | None = None
    rank = 0
    for revision in revisions:
        if revision.suspect is not None:
            result.append(revision)
            continue
        rank += 1
        later = trusted[rank : rank + _AHEAD]
        reason = None if before is None else _fault(revision, before, later)
        if reason is None and before is not None and _is_misread(before.article, revision.article):
            result[result.index(before)] = replace(before, suspect=_MISREAD)
        result.append(replace(revision, suspect=reason))
        before = result[-1] if reason is None else before
    return result


def _is_misread(doubtful: Article, sure: Article) -> bool:
    """Return whether a version that its page's own views doubt shares hardly a sentence with one that they confirm.

    Then another part of the page was read, and nobody rewrote the article; a version that states a casualty figure of its
    own is told all the same.
    """
    if not doubtful.doubts or sure.doubts or doubtful.partial or sure.partial:
        return False
    if folded(doubtful.headline or "") != folded(sure.headline or ""):
        return False
    if likeness(doubtful.text, sure.text) >= _SAME_ARTICLE:
        return False
    stated, known = (
        {(claim.kind, claim.value, claim.low) for claim in claims_of(one)} for one in (doubtful, sure)
    )
    return stated <= known


def _fault(revision: Revision, before: Revision, later: Sequence[Revision]) -> str | None:
    """Return what is wrong with a revision that stands after a trusted one, or None.

    Args:
        revision: The revision.
        before: The last trusted one before it.
        later: The next ones after it that are not suspect by themselves.
    """
    if revision.article.partial:
        return None
    if _is_misread(revision.article, before.article):
        return _MISREAD
    size, full = _size(revision.article), _size(before.article)
    if full < _TELLING:
        return None
    if revision.article.sold and size < _OPENING * full and _is_opening(revision.article, before.article):
        return f"only the first {size} of {full} words of a text that is sold"
    same_headline = folded(revision.article.headline or "") == folded(before.article.headline or "")
    other = not same_headline and not _share_words(revision.article, before.article, _OTHER_ARTICLE)
    if size >= _COLLAPSED * full and not other:
        return None
    text, old = revision.article.text, before.article.text
    back = next((r for r in later if likeness(r.article.text, old) >= _SAME_ARTICLE), None)
    if back is not None:
        if size < _COLLAPSED * min(full, _size(back.article)):
            return f"the text shrank from {full} words to {size} and came back"
        if other:
            return "another article stood at this address between two versions of this one"
    elif not later and size < _LAST_COLLAPSED * full and _is_torso(text, old):
        return f"the text shrank from {full} words to {size}, all of them from the text before"
    return None


def _share_words(one: Article, other: Article, least: float) -> bool:
    """Return whether two texts are alike to a degree: the paragraphs that both have may tell without the rest."""
    return least_likeness(one.texts, other.texts) >= least or likeness(one.text, other.text) >= least


def _is_opening(one: Article, whole: Article) -> bool:
    """Return whether a text, its end apart, is how another one begins."""
    return folded(whole.text).startswith(folded(one.text)[:-_CUT])


def _size(article: Article) -> int:
    """Return how many words the text of an article has."""
    return sum(map(_words, article.texts))


# Each version is held against its neighbours, which print most of its paragraphs too.
@lru_cache(maxsize=1024)
def _words(text: str) -> int:
    return len(text.split())


def _is_torso(text: str, whole: str) -> bool:
    """Return whether a text holds nothing but sentences of a longer one."""
    plain = folded(whole)
    return all(folded(sentence.text) in plain for sentence in sentences_in(text))
