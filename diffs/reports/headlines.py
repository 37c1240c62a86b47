"""What a report says first: its title, which is the finding, and one line of counts."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from diffs.changes.matching import same_number
from diffs.model import (
    Change,
    ChangeKind,
    ChangeType,
    Claim,
    ClaimKind,
    Disclosure,
    History,
    Place,
    Qualifier,
    Weight,
)
from diffs.reports.chains import Chain, chains_in
from diffs.reports.counts import level, levels_in, source_key
from diffs.reports.figures import PROMINENT, FigureMove, Known, is_prominent, of_a_part
from diffs.reports.runs import headline_runs
from diffs.reports.series import Series, flapping, trusted
from diffs.reports.times import clock
from diffs.reports.wording import (
    COUNTED,
    COUNTED_TYPES,
    amount,
    count,
    headline_name,
    listed,
    number_word,
    times,
)

_NOUNS = {
    ClaimKind.KILLED: "death toll",
    ClaimKind.WOUNDED: "number of wounded",
    ClaimKind.MISSING: "number of missing",
    ClaimKind.CAPTURED: "number of captured",
    ClaimKind.DISPLACED: "number of displaced",
    ClaimKind.TRAPPED: "number of trapped",
    ClaimKind.CASUALTIES: "number of casualties",
}
_MOST_PARTS = 4
_SHARES = (
    (Disclosure.CORRECTION, "with a correction"),
    (Disclosure.EXPLAINED, "explained in the text"),
    (Disclosure.NEW_DATE, "under a new date alone"),
    (Disclosure.SILENT, "silently"),
    (Disclosure.UNKNOWN, "with no sign of whether the page said so"),
)


def finding_of(facts: Known) -> str:
    """Return in a phrase the gravest thing that is known of a target: the title of its report."""
    history, dismissed = facts.history, facts.dismissed
    good = trusted(history)
    if not good:
        return (
            "No version of this page could be read"
            if history.observations
            else "Nothing is known of this page"
        )
    moves = facts.moves
    moved = [
        one
        for one in facts.series
        if len(one.steps) > 1 and _stands(one, moves) and not _counts_a_part(one, facts)
    ]
    if not moved or moved[0].kind is not ClaimKind.KILLED:
        deaths = _first_deaths(facts)
        if deaths:
            return deaths
    steady = [step for step in history.transitions if not step.flap]
    if moved:
        graver = [one for one in moved if one.kind is moved[0].kind]
        leading = min(graver, key=lambda one: (not _moved_in_number(one), one.in_front + one.in_standfirst))
        return _relayed(leading, chains_in(steady, dismissed)) or _way(leading, moves)
    chains = sorted(chains_in(steady, dismissed), key=lambda one: list(ClaimKind).index(one.kind))
    chains = [one for one in chains if not _leads_to_a_part(one, facts)]
    if chains:
        claims = [chains[0].links[0].old, *(link.new for link in chains[0].links)]
        return f"The {_NOUNS[chains[0].kind]} in this article {_course(claims)}"
    changes = [change for step in steady for change in step.changes if change.id not in dismissed]
    return _appeared(moves) or _reworded(facts, changes)


def _relayed(leading: Series, chains: Sequence[Chain]) -> str | None:
    """Return how a figure moved that one source took over from another, where that is more than the leading source's."""
    text = [one for one in chains if one.kind is leading.kind and not one.links[0].headline]
    longest = max(text, key=lambda one: len(one.links), default=None)
    if leading.in_front or longest is None or len(longest.links) < len(leading.steps):
        return None
    claims = [longest.links[0].old, *(link.new for link in longest.links)]
    names = {source_key(claim) for claim in claims}
    if len(names) < 2:
        return None
    noun = f"The {_NOUNS[leading.kind]} in this article"
    return f"{noun} {_course(claims)}, given by {number_word(len(names))} sources in turn"


def _course(claims: Sequence[Claim], *, silent: bool = False) -> str:
    """Return how a figure moved: `rose from 7 to at least 15, falling once on the way`."""
    figures = [amount(claim) for claim in claims]
    first, last = figures[0], figures[-1]
    how = " silently" if silent else ""
    levels = [number for claim in claims if (number := level(claim)) is not None]
    if first == last:
        middle = dict.fromkeys(one for one in figures if one != first)
        return f"went{how} from {first} to {', '.join(middle)} and back to {last}"
    if len(levels) < len(claims) or levels[0] == levels[-1]:
        return f"went{how} from {first} to {last}"
    rose = levels[0] < levels[-1]
    against = sum((old > new) if rose else (old < new) for old, new in pairwise(levels_in(claims)))
    rest = f", {'falling' if rose else 'rising'} {times(against)} on the way" if against else ""
    return f"{'rose' if rose else 'fell'}{how} from {first} to {last}{rest}"


def _first_deaths(facts: Known) -> str | None:
    """Return which death toll came into an article that had none, or None.

    Deaths that only the body tells of, such as those of other winters, are no toll of the article where its headline
    or first paragraph has one.
    """
    every = [one for one in facts.series if one.kind is ClaimKind.KILLED]
    killed = [one for one in every if is_prominent(one)] or every
    if not killed or any(one.points[0].order == 0 for one in killed):
        return None
    came = [
        claim
        for move in facts.moves
        if move.change.type is ChangeType.ADDED and not move.change.other_event
        if (claim := move.change.claim_after) is not None and claim.kind is ClaimKind.KILLED
    ]
    came.sort(
        key=lambda claim: (
            claim.qualifier is Qualifier.VAGUE,
            claim.place not in PROMINENT,
            claim.place is Place.HEADLINE,
        )
    )
    return f"A death toll of {amount(came[0])} came into this article" if came else None


def _counts_a_part(series: Series, facts: Known) -> bool:
    """Return whether headlines alone fell, while the text went on giving as many."""
    first, last = series.points[0], series.points[-1]
    return series.in_front and of_a_part(facts, first.claim, last.claim, last.revision.number)


def _moved_in_number(series: Series) -> bool:
    """Return whether more changed than a bound: `at least 62` to `62` says less than 83 to 90."""
    return len({level(point.claim) for point in series.steps}) > 1


def _leads_to_a_part(chain: Chain, facts: Known) -> bool:
    last = chain.links[-1]
    return of_a_part(facts, chain.links[0].old, last.new, last.step.after.number)


def _stands(series: Series, moves: Sequence[FigureMove]) -> bool:
    """Return whether a change that is not dismissed made a step of a series."""
    numbers = {point.revision.number: point.claim for point in series.steps[1:]}
    return any(
        move.step.after.number in numbers
        and move.change.claim_after is not None
        and same_number(move.change.claim_after, numbers[move.step.after.number])
        for move in moves
    )


def _way(series: Series, moves: Sequence[FigureMove]) -> str:
    noun = f"The {_NOUNS[series.kind]} in this {'headline' if series.in_front and not series.in_standfirst else 'article'}"
    steps = {point.revision.number for point in series.steps[1:]}
    mine = [
        move.change
        for move in moves
        if move.step.after.number in steps
        and move.change.claim_after is not None
        and move.change.claim_after.kind is series.kind
    ]
    silent = bool(mine) and all(change.disclosure is Disclosure.SILENT for change in mine)
    return f"{noun} {_course([point.claim for point in series.steps], silent=silent)}"


def _appeared(moves: Sequence[FigureMove]) -> str | None:
    """Return which figure came into the article or left it, where none moved.

    One person deep in the text is no finding to open with, and a figure that left with its headline is told by that.
    """
    for type_, verb in ((ChangeType.ADDED, "came into"), (ChangeType.REMOVED, "left")):
        for move in moves:
            claim = move.change.claim_after or move.change.claim_before
            if move.change.type is not type_ or claim is None:
                continue
            heads = type_ is ChangeType.REMOVED and claim.place is Place.HEADLINE
            if not heads and (claim.place in PROMINENT or (level(claim) or 0) > 1):
                alone = claim.place is Place.HEADLINE and not move.change.also_in
                where = "headline" if alone else "article"
                return f"A figure of {amount(claim)} {COUNTED[claim.kind]} {verb} this {where}"
    return None


def _reworded(facts: Known, changes: Sequence[Change]) -> str:
    history = facts.history
    runs = headline_runs(history, without=flapping(history))
    heads = [
        one for one in changes if one.kind is ChangeKind.HEADLINE and one.type is not ChangeType.REVERTED
    ]
    if heads and len(runs) > 1:
        silent = all(change.disclosure is Disclosure.SILENT for change in heads)
        return f"The headline of this article changed {times(len(runs) - 1)}{', silently' if silent else ''}"
    heavy = [change for change in changes if change.weight is Weight.SUBSTANTIVE]
    if heads and all(change in heads for change in heavy) and heavy:
        return f"The {headline_name(heavy[0])} of this article changed"
    if heavy:
        rest = ", its casualty figures did not" if facts.series and not facts.moves else ""
        return f"The text of this article changed{rest}{passages_in(changes)}"
    if any(change.weight is Weight.MINOR for change in changes):
        return "Nothing of substance changed in this article, only wording or dates"
    if changes:
        return "Nothing changed in this article but typography and layout"
    if len(history.observations) == 1:
        return "One capture of this article is known, and nothing to compare it with"
    return "No change was found in this article"


def passages_in(changes: Sequence[Change]) -> str:
    """Return how many passages and quotations came, went or were reworded: `: two passages added`."""
    shown = [one for one in changes if one.weight is not Weight.COSMETIC and not one.told_by]
    parts: list[str] = []
    for kind, noun in ((ChangeKind.TEXT, "passage"), (ChangeKind.QUOTE, "quotation")):
        tally = Counter(one.type for one in shown if one.kind is kind)
        named = False
        for type_, verb in COUNTED_TYPES.items():
            if tally[type_]:
                what = "" if named else f" {noun}" if tally[type_] == 1 else f" {noun}s"
                parts.append(f"{number_word(tally[type_])}{what} {verb}")
                named = True
    if len(parts) > _MOST_PARTS:
        parts = [*parts[: _MOST_PARTS - 1], "more"]
    return f": {listed(parts)}" if parts else ""


def counts_of(facts: Known) -> tuple[str, str]:
    """Return what was seen, as the leading sentence, and how its figures changed, as the next."""
    history = facts.history
    seen = history.observations
    if not seen:
        return "No capture of this page is known.", ""
    good = trusted(history)
    first, last = seen[0].capture.at, seen[-1].capture.at
    ends = clock(first) if first == last else f"{clock(first)} to {clock(last, first)}"
    leading = f"{count(len(good), 'version')} in {count(len(seen), 'capture')}, {ends}."
    return leading, " ".join(part for part in (_figures(facts), _headline(history)) if part)


def _figures(facts: Known) -> str:
    moves, history = facts.moves, facts.history
    if not moves:
        if not facts.series:
            return "" if not trusted(history) else "No casualty figure was read in it."
        return "No casualty figure changed." if len(trusted(history)) > 1 else ""
    tally = Counter(move.change.disclosure for move in moves)
    shares = [(tally[kind], words) for kind, words in _SHARES if tally[kind]]
    number = len(moves)
    noun = "change of a figure" if number == 1 else "changes of figures"
    start = f"{number_word(number)} {noun}".capitalize()
    if len(shares) == 1:
        every = "" if number == 1 else "both " if number == 2 else "all "
        return f"{start}, {every}{shares[0][1]}."
    return f"{start}: {listed([f'{number_word(share)} {words}' for share, words in shares])}."


def _headline(history: History) -> str:
    runs = headline_runs(history, without=flapping(history))
    return f"The headline changed {times(len(runs) - 1)}." if len(runs) > 1 else ""
