"""Which archives show a change, and where two archives disagree about one time."""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import islice, pairwise, takewhile

from diffs.changes import changes_between
from diffs.history.revisions import in_order, shows_text
from diffs.model import (
    Article,
    Change,
    Disagreement,
    Observation,
    Outcome,
    Revision,
    Transition,
    digest_of,
)

# Captures of one page by two archives within a minute are of one time; an edit inside it is possible, so that only
# texts of the same second are kept out of the history (news articles, 2026-11-28: no measurement, an editor's pace).
WINDOW = timedelta(minutes=1)
# Versions looked at before and behind a step for archives that show it too: bounds the work.
_AHEAD = 25
_A_FILE = ""  # no operator is called so
Witness = Callable[[Observation], str]


def reconciled(
    observations: Iterable[Observation], articles: Mapping[str, Article]
) -> tuple[tuple[Observation, ...], tuple[Disagreement, ...]]:
    """Return the observations with those set aside that another archive contradicts, and the disagreements.

    Two archives disagree where they show different texts within a minute and neither text is borne out by the
    other's captures. Of two texts of the same second only one can have stood: that which another operator shows
    too, else that of the archive with more captures; the other becomes `Outcome.DISPUTED`, and no change is
    charged to the publisher for it. A part of the other text contradicts nothing: both stay.

    Args:
        observations: Every capture seen, in any order.
        articles: The articles they show, by fingerprint.
    """
    seen = in_order(observations)
    shown = [one for one in seen if shows_text(one) and _is_trusted(one, articles)]
    if len({one.capture.archive for one in shown}) < 2:
        return seen, ()
    shows: dict[str, set[str]] = defaultdict(set)
    witness = _witnesses(shown)
    for one in shown:
        shows[one.fingerprint or ""] |= {witness(one)} - {_A_FILE}
    counts = Counter(one.capture.archive for one in shown)

    def rank(one: Observation) -> tuple[bool, int, str]:
        alone = not shows[one.fingerprint or ""] - {witness(one)}
        return alone, -counts[one.capture.archive], one.capture.archive

    disputed: list[Observation] = []
    found: list[Disagreement] = []
    seconds: dict[datetime, list[Observation]] = defaultdict(list)
    for one in shown:
        seconds[one.capture.at].append(one)
    for group in seconds.values():
        if len({one.capture.archive for one in group}) < 2:
            continue
        stands, *others = sorted(group, key=rank)
        for other in others:
            if other.fingerprint == stands.fingerprint or other.capture.archive == stands.capture.archive:
                continue
            difference = _disagreement(stands, other, articles)
            if difference.changes or not _is_cut((stands, other), articles):
                disputed.append(other)
                found.append(difference)
    set_aside = {id(one) for one in disputed}
    left = [one for one in shown if id(one) not in set_aside]
    for one, other in pairwise(left):
        apart = other.capture.at - one.capture.at
        if (  # neither text is borne out by another operator
            timedelta(0) < apart <= WINDOW
            and one.capture.archive != other.capture.archive
            and one.fingerprint != other.fingerprint
            and rank(one)[0]
            and rank(other)[0]
        ):
            kept, against = sorted((one, other), key=rank)
            found.append(_disagreement(kept, against, articles))
    settled = tuple(replace(one, outcome=Outcome.DISPUTED) if id(one) in set_aside else one for one in seen)
    found = [one for one in found if one.changes]
    return settled, tuple(sorted(found, key=lambda one: (one.stands.at, one.id)))


def _is_trusted(one: Observation, articles: Mapping[str, Article]) -> bool:
    article = articles.get(one.fingerprint or "")
    return article is not None and article.suspect is None


def _is_cut(pair: Iterable[Observation], articles: Mapping[str, Article]) -> bool:
    return any(articles[one.fingerprint or ""].partial for one in pair)


def _disagreement(stands: Observation, other: Observation, articles: Mapping[str, Article]) -> Disagreement:
    texts = [articles[one.fingerprint or ""] for one in (stands, other)]
    captures = [one.capture for one in (stands, other)]
    name = digest_of(
        "disagreement",
        *sorted(f"{one.capture.at.isoformat()} {one.fingerprint}" for one in (stands, other)),
    )
    return Disagreement(
        id=name[:16],
        stands=captures[0],
        other=captures[1],
        seconds=round(abs((captures[1].at - captures[0].at).total_seconds())),
        changes=changes_between(*texts),
    )


@dataclass(frozen=True, slots=True)
class _Seen:
    """Which archives show a version, and whose word each is."""

    archives: frozenset[str]
    witnesses: frozenset[str]


def witnessed(
    transitions: Sequence[Transition], trusted: Sequence[Revision], seen: Sequence[Observation]
) -> tuple[Transition, ...]:
    """Return the steps with the archives that show each change, where more than one archive was read.

    An archive shows a change where a capture from the step on has the new words, up to the first version without
    them; a removal where it had the words before and lacks them then. Captures of one digest and one second are
    one witness, and so are those of one operator.

    Args:
        transitions: The steps.
        trusted: The trusted revisions, in order of time.
        seen: Every capture, in order of time.
    """
    shown = [one for one in seen if shows_text(one)]
    if len({one.capture.archive for one in shown}) < 2:
        return tuple(transitions)
    witness = _witnesses(shown)
    times = [one.capture.at for one in shown]
    where = {revision.number: index for index, revision in enumerate(trusted)}
    held = [_seen_of(revision, shown, times, witness) for revision in trusted]
    whole = lru_cache(maxsize=4 * _AHEAD)(lambda index: _words(trusted[index].article))
    result = []
    for step in transitions:
        before, after = where[step.before.number], where[step.after.number]
        changes = tuple(_witnessed(change, before, after, held, whole) for change in step.changes)
        result.append(replace(step, changes=changes))
    return tuple(result)


def _seen_of(
    revision: Revision, shown: Sequence[Observation], times: Sequence[datetime], witness: Witness
) -> _Seen:
    start, end = bisect_left(times, revision.first.at), bisect_right(times, revision.last.at)
    mine = [one for one in shown[start:end] if one.fingerprint == revision.article.fingerprint]
    return _Seen(
        archives=frozenset(one.capture.archive for one in mine),
        witnesses=frozenset(witness(one) for one in mine) - {_A_FILE},
    )


def _witnesses(shown: Sequence[Observation]) -> Witness:
    """Return what tells whose word a capture is: its operator's, one for all captures of one digest and second.

    Where an archive was asked, what was imported bears nothing out, whichever archives its file names; a history that was
    imported whole is read as its file has it.
    """
    asked = not all(one.capture.imported for one in shown)

    def word_of(one: Observation) -> str:
        return _A_FILE if asked and one.capture.imported else one.capture.witness

    operators: dict[tuple[datetime, str], set[str]] = defaultdict(set)
    for one in shown:
        for key in _keys(one):
            operators[key].add(word_of(one))

    def witness(one: Observation) -> str:
        shared = set().union(*(operators[key] for key in _keys(one)))
        return min(shared, default=word_of(one))

    return witness


def _keys(one: Observation) -> list[tuple[datetime, str]]:
    capture = one.capture
    digest = (capture.digest or "").removeprefix("sha1:").upper()
    return [(capture.at, name) for name in (digest, capture.sha256) if name]


def _witnessed(
    change: Change, before: int, after: int, held: Sequence[_Seen], whole: Callable[[int], str]
) -> Change:
    new = change.after.text if change.after else ""
    old = change.before.text if change.before else ""
    come = _run(range(after, len(held)), lambda index: index == after or (new != "" and new in whole(index)))
    showing = _joined(held[index] for index in come)
    if not new and old:
        gone = _run(range(after, len(held)), lambda index: index == after or old not in whole(index))
        had = _run(range(before, -1, -1), lambda index: index == before or old in whole(index))
        behind, ahead = _joined(held[index] for index in gone), _joined(held[index] for index in had)
        both = behind.archives & ahead.archives
        showing = _Seen(both, behind.witnesses & ahead.witnesses) if both else behind
    return replace(change, archives=tuple(sorted(showing.archives)), independent=len(showing.witnesses) or 1)


def _run(indices: Iterable[int], fits: Callable[[int], bool]) -> list[int]:
    return list(takewhile(fits, islice(indices, _AHEAD)))


def _joined(parts: Iterable[_Seen]) -> _Seen:
    known = list(parts)
    return _Seen(
        frozenset().union(*(one.archives for one in known)),
        frozenset().union(*(one.witnesses for one in known)),
    )


def _words(article: Article) -> str:
    """Return every text of an article in which the evidence of a change may stand."""
    names = article.headlines
    parts = (
        article.headline,
        names.h1,
        names.og,
        names.json_ld,
        names.title,
        article.standfirst,
        article.byline,
    )
    return "\n".join(part for part in (*parts, *(block.text for block in article.blocks)) if part)
