"""The history of one address: steps between trusted revisions, intervals, reversions, flaps, stretches."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

from diffs.changes import changes_between, changes_beyond
from diffs.changes.identity import renumbered
from diffs.history.contradictions import contradictions_in, contradictions_over
from diffs.history.reversions import Past, reversions_in
from diffs.history.revisions import in_order, revisions_in, shows_text
from diffs.history.witnesses import witnessed
from diffs.model import (
    Alternation,
    Certainty,
    Disagreement,
    History,
    Interval,
    Observation,
    Outcome,
    Revision,
    Stretch,
    Transition,
)
from diffs.text import folded

__all__ = ["contradictions_in", "history_of", "revisions_in"]

_FLAP = timedelta(minutes=30)  # a text that came and went between equal ones within this time
_UNREAD = (Outcome.PENDING, Outcome.FAILED, Outcome.CONFLICT, Outcome.DISPUTED)
_TURNS = 4  # headlines in a row that take turns before it is called that; A, B, A is a mere return


def history_of(
    revisions: Sequence[Revision],
    observations: Iterable[Observation],
    *,
    url: str,
    aliases: Iterable[str] = (),
    disagreements: Iterable[Disagreement] = (),
) -> History:
    """Return the history of one address.

    Args:
        revisions: As `revisions_in` gives them.
        observations: Every capture seen, the unusable ones too: they widen intervals and weaken stretches.
        url: The tracked address.
        aliases: Other addresses of the same article.
        disagreements: As `reconciled` gives them, with the observations.
    """
    seen = in_order(observations)
    trusted, prints = _joined([revision for revision in revisions if revision.suspect is None])
    return History(
        url=url,
        revisions=tuple(revisions),
        transitions=witnessed(_transitions(trusted, prints, seen), trusted, seen),
        stretches=tuple(
            _stretch(revision, shown, seen) for revision, shown in zip(trusted, prints, strict=True)
        ),
        observations=seen,
        aliases=tuple(aliases),
        contradictions=contradictions_over(trusted),
        alternations=_alternations(trusted),
        disagreements=tuple(disagreements),
    )


def _joined(revisions: Sequence[Revision]) -> tuple[list[Revision], list[str]]:
    """Join neighbours that show one text once what stood between them is not trusted; return their fingerprints too."""
    result: list[Revision] = []
    prints: list[str] = []
    for revision in revisions:
        shown = revision.article.fingerprint
        if result and prints[-1] == shown:
            captures = result[-1].captures + revision.captures
            result[-1] = replace(result[-1], last=revision.last, captures=captures)
        else:
            result.append(revision)
            prints.append(shown)
    return result, prints


def _transitions(
    trusted: Sequence[Revision], prints: Sequence[str], seen: Sequence[Observation]
) -> tuple[Transition, ...]:
    steps: list[Transition] = []
    used: Counter[str] = Counter()
    numbers: dict[str, int] = {}
    flapping = _flapping(trusted, prints)
    whole: Revision | None = None
    past = Past()
    for index, (before, after) in enumerate(pairwise(trusted)):
        back = numbers.get(prints[index + 1])
        numbers[prints[index]] = before.number
        if before.article.partial is None:
            whole = before
        elif whole is not None and after.article.partial is None:
            for step in _behind(whole, before, after, seen, used):
                steps.append(step)
                past.add(step)
        changes = changes_between(before.article, after.article)
        changes += tuple(reversions_in(before, after, changes, past, text=back))
        steps.append(
            Transition(
                before=before,
                after=after,
                interval=_interval(before, after, seen),
                changes=renumbered(changes, used),
                reverts_to=back,
                flap=bool({index, index + 1} & flapping),
            )
        )
        past.add(steps[-1])
    return tuple(steps)


def _behind(
    whole: Revision, partial: Revision, after: Revision, seen: Sequence[Observation], used: Counter[str]
) -> Iterator[Transition]:
    """Yield the step over a partial version, with what changed behind its end: nobody saw that text in between."""
    changes = changes_beyond(whole.article, partial.article, after.article)
    if changes:
        yield Transition(
            before=whole,
            after=after,
            interval=_interval(whole, after, seen),
            changes=renumbered(changes, used),
        )


def _flapping(trusted: Sequence[Revision], prints: Sequence[str]) -> frozenset[int]:
    """Return the indices of texts that stood for minutes between two equal ones."""
    return frozenset(
        index
        for index in range(1, len(trusted) - 1)
        if prints[index - 1] == prints[index + 1]
        and trusted[index + 1].first.at - trusted[index - 1].last.at <= _FLAP
    )


def _time(observation: Observation) -> datetime:
    return observation.capture.at


def _interval(before: Revision, after: Revision, seen: Sequence[Observation]) -> Interval:
    """Return the time in which a step happened and the captures in it that were not read as the article."""
    start = bisect_right(seen, before.last.at, key=_time)
    between = tuple(seen[start : bisect_left(seen, after.first.at, key=_time)])
    return Interval(after=before.last, until=after.first, widened=between)


def _stretch(revision: Revision, shown: str, seen: Sequence[Observation]) -> Stretch:
    """Return how surely a text, given by its fingerprint too, stood from its first capture to its last."""
    start = bisect_left(seen, revision.first.at, key=_time)
    inside = seen[start : bisect_right(seen, revision.last.at, key=_time)]
    unread = sum(_hides(one, shown) for one in inside)
    return Stretch(
        revision=revision.number,
        since=revision.first,
        until=revision.last,
        certainty=Certainty.BRACKETED if unread else Certainty.PROVEN,
        unread=unread,
    )


def _hides(observation: Observation, shown: str) -> bool:
    """Return whether a capture inside a stretch may hide another text: unread, or read and not trusted."""
    if shows_text(observation):
        return observation.fingerprint != shown
    return observation.outcome in _UNREAD or observation.outcome is Outcome.FETCHED


def _alternations(trusted: Sequence[Revision]) -> tuple[Alternation, ...]:
    """Find pairs of displayed headlines that took turns at least three times."""
    turns: list[tuple[str, Revision]] = []
    for revision in trusted:
        headline = folded(revision.article.headline or "")
        if headline and (not turns or turns[-1][0] != headline):
            turns.append((headline, revision))
    found = []
    start = 0
    while start < len(turns) - 1:
        end = start + 2
        while end < len(turns) and turns[end][0] == turns[end - 2][0]:
            end += 1
        if end - start >= _TURNS:
            first, second = (turns[start + k][1].article.headline or "" for k in (0, 1))
            numbers = tuple(revision.number for _, revision in turns[start:end])
            found.append(Alternation(headlines=(first, second), revisions=numbers))
        start = end - 1
    return tuple(found)
