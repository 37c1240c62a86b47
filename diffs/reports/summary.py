"""The report's first paragraph: three to six sentences of facts."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from diffs.model import (
    BlockKind,
    Change,
    ChangeKind,
    ChangeType,
    ClaimKind,
    DeclaredBy,
    History,
    Outcome,
    Transition,
    Weight,
)
from diffs.reports.chains import Chain, chain_clause, chains_in
from diffs.reports.citations import Cited
from diffs.reports.document import Line, Text, joined, line, listed_lines
from diffs.reports.examined import unread_figures, unread_languages
from diffs.reports.findings import figures_moved, split_returns
from diffs.reports.runs import correction_runs, headline_runs
from diffs.reports.series import Series, echoes_in, flapping, series_in, trusted
from diffs.reports.wording import (
    COUNTED,
    READ,
    UNNAMED,
    amount,
    count,
    in_headline,
    listed,
    times,
    when,
)

_MOST_SERIES = 2
_MOST_NAMED = 3


def summary_of(history: History, cited: Cited, dismissed: Collection[str] = ()) -> list[Line]:
    """Return the sentences, most telling first, each with its footnotes.

    Args:
        history: What to summarise.
        cited: Collects the footnotes.
        dismissed: Ids of findings that a reader dismissed, which the sentences leave out.
    """
    if not trusted(history):
        return [
            _seen(history),
            line("No capture could be read as an article, so nothing is claimed here."),
        ]
    steady = [step for step in history.transitions if not step.flap]
    kept = [[change for change in step.changes if change.id not in dismissed] for step in steady]
    changes = [change for step in kept for change in step]
    sentences = [_seen(history), _headlines(history, cited, dismissed)]
    sentences += [_tolls(history, chains_in(steady, dismissed), changes, cited), _openness(history, kept)]
    sentences += [_wording(changes, history.transitions, cited), _unread(history)]
    return [sentence for sentence in sentences if sentence]


def _seen(history: History) -> Line:
    seen = history.observations
    if not seen:
        return line("No capture of this page is known.")
    read = sum(1 for observation in seen if observation.outcome in READ)
    span = f"between {when(seen[0].capture.at)} and {when(seen[-1].capture.at)}"
    if len(seen) == 1:
        return line(
            f"One capture is known, of {when(seen[0].capture.at)}; there is nothing to compare it with."
        )
    if len(trusted(history)) == 1:
        return line(f"No change was found in {count(read, 'capture')} {span}.")
    versions = _versions(history)
    if read == len(seen):
        return line(f"All {count(read, 'capture')} {span} could be read; they show {versions}.")
    return line(f"Of {count(len(seen), 'capture')} {span}, {read:,} could be read; they show {versions}.")


def _versions(history: History) -> str:
    good = trusted(history)
    texts = len({revision.article.fingerprint for revision in good})
    text = f"{count(len(good), 'version')} of the article"
    if texts != len(good):
        text += f" ({count(texts, 'different text')})"
    changes = [change for transition in history.transitions for change in transition.changes]
    if changes and all(change.weight is Weight.COSMETIC for change in changes):
        text += ", which differ in typography, layout or spelling only"
    return text


def _headlines(history: History, cited: Cited, dismissed: Collection[str]) -> Line:
    runs = headline_runs(history, without=flapping(history))
    last = runs[-1].text
    now = f"“{last}”" if last else "missing"
    if len(runs) == 1:
        text = line(f"The headline, {now}, did not change", cited.cite(runs[0].first))
    else:
        marks = [cited.cite(run.before.last, run.first) for run in runs[1:] if run.before]
        text = line(f"The headline changed {times(len(runs) - 1)} and last read {now}", marks)
    return line(text, _stale(history, cited, dismissed), ".")


def _stale(history: History, cited: Cited, dismissed: Collection[str]) -> Line:
    stale = [one for one in history.contradictions if one.stale_headline and one.id not in dismissed]
    first = {revision.number: revision.first for revision in trusted(history)}
    if not stale or stale[-1].since not in first:
        return ()
    one, since = stale[-1], first[stale[-1].since]
    still = one.until == trusted(history)[-1].number
    since_when, verb = ("from", "has") if still else ("for a time from", "had")
    return line(
        f"; {since_when} {when(since.at)} it {verb} {amount(one.one)} {COUNTED[one.one.kind]} "
        f"where the text {verb} {amount(one.other)}",
        cited.cite(since),
    )


def _tolls(history: History, chains: Sequence[Chain], changes: Sequence[Change], cited: Cited) -> Line:
    series = series_in(history, without=flapping(history))
    if not series and not chains:
        foreign = unread_languages(history)
        return line(unread_figures(foreign) if foreign else "No casualty figure could be read in it.")
    moved = [one for one in series if len(one.steps) > 1]
    if moved:
        echoes = {id(moved[index]): echo for index, echo in echoes_in(moved).items()}
        moved = [one for one in moved if not any(one is echo for echo in echoes.values())]
        killed = [one for one in moved if one.kind is ClaimKind.KILLED] or moved
        clauses = [_toll(one, cited, echoes.get(id(one))) for one in killed[:_MOST_SERIES]]
        rest = _others(len(moved) - len(clauses), "moved")
        return _sentence(line(joined(clauses, "; "), _remark(killed[0], changes), rest))
    if chains:
        killed_first = sorted(chains, key=lambda chain: list(ClaimKind).index(chain.kind))
        clauses = [chain_clause(one, cited) for one in killed_first[:_MOST_SERIES]]
        more = len(chains) - len(clauses)
        return _sentence(line(joined(clauses, "; "), _others(more, "moved", one="other figure")))
    standing = listed_lines(_standing(one, cited) for one in series[:_MOST_SERIES])
    more = len(series) - len(series[:_MOST_SERIES])
    if len(trusted(history)) == 1:
        rest = f"; beside these, {count(more, 'other figure')}" if more else ""
        return line("It gives ", standing, f"{rest}.")
    rest = f"{_others(more, 'stood')}{_came_and_went(changes)}."
    return line("No source's casualty figure moved: ", standing, rest)


def _remark(series: Series, changes: Sequence[Change]) -> str:
    """Return where a headline's number may be one of another event."""
    turned = any(change.other_event and in_headline(change) for change in changes)
    return ", though the headline may have turned to another event" if series.in_front and turned else ""


def _sentence(clause: Line) -> Line:
    """Return a clause as a sentence."""
    first = clause[0]
    if isinstance(first, Text):
        clause = (Text(f"{first.text[0].upper()}{first.text[1:]}"), *clause[1:])
    return line(clause, ".")


def _came_and_went(changes: Sequence[Change]) -> str:
    plain = split_returns(changes)[0]
    words = ((ChangeType.ADDED, "came in"), (ChangeType.REMOVED, "went out"))
    parts = [
        f"{_named([one for one in plain if one.type is kind and one.kind is ChangeKind.CASUALTY])} {word}"
        for kind, word in words
        if any(one.type is kind and one.kind is ChangeKind.CASUALTY for one in plain)
    ]
    return f"; of the figures given, {listed(parts)}" if parts else ""


def _named(changes: Sequence[Change]) -> str:
    """Name the first figures that came or went and where, and count the rest."""
    figures = []
    for change in changes:
        claim = change.claim_after or change.claim_before
        if claim is not None:
            place = " in the headline" if in_headline(change) else ""
            who = f" ({claim.who})" if claim.who else ""
            figures.append(f"{amount(claim)} {COUNTED[claim.kind]}{who}{place}")
    figures = list(dict.fromkeys(figures))
    rest = len(figures) - _MOST_NAMED
    return listed([*figures[:_MOST_NAMED], f"{rest:,} more"] if rest > 0 else figures)


def _standing(series: Series, cited: Cited) -> Line:
    first = series.points[0]
    return line(
        f"{amount(first.claim)} {COUNTED[series.kind]}{_per(series)}", cited.cite(first.revision.first)
    )


def _others(number: int, verb: str, one: str = "other source's figure") -> str:
    many = f"{one}s".replace("source's figures", "sources' figures")
    return f"; {count(number, one, many)} {verb} too" if number else ""


def _per(series: Series) -> str:
    place = " in the headline" if series.in_front else ""
    if series.source == UNNAMED:
        return place or " with no source named"
    return f"{place} per “{series.source}”"


def _toll(series: Series, cited: Cited, echo: Series | None) -> Line:
    steps = series.steps
    way = [amount(step.claim) for step in steps]
    path = f"from {way[0]} to {', then '.join(way[1:])}"
    orders = {point.order: point for point in series.points}
    marks = []
    for step in steps[1:]:
        earlier = orders.get(step.order - 1)
        pair = (earlier.revision.last, step.revision.first) if earlier else (step.revision.first,)
        marks.append(cited.cite(*pair))
    last = max(
        (point for point in series.points if point.order < steps[1].order), key=lambda point: point.order
    )
    start, end = when(last.revision.last.at), when(steps[-1].revision.first.at)
    per = _per(series) + (f" (and{_per(echo)})" if echo else "")
    span = f"went {path} after {start} and not later than {end}"
    return line(f"the number {COUNTED[series.kind]}{per} {span}", marks)


def _noted(history: History) -> str:
    """Return which notes stood on the page, and where none is left of them."""
    runs = correction_runs(history)
    if not runs:
        return "no correction or editor's note was found"
    found = count(len(runs), "correction or editor's note", "correction or editor's notes")
    last = trusted(history)[-1].article
    left = any(block.kind is BlockKind.CORRECTION for block in last.blocks)
    return f"{found} stood on the page" + ("" if left else ", and none stands in the last version read")


def _openness(history: History, steps: Sequence[Sequence[Change]]) -> Line:
    figures = [one for step in steps for one in figures_moved(split_returns(step)[0])]
    noted = _noted(history)
    if not figures:
        return line(f"{noted[0].upper()}{noted[1:]}.")
    number = len(figures)
    shares = [
        (sum(change.declared_by is DeclaredBy.NOTE for change in figures), "named in a note"),
        (
            sum(change.declared_by is DeclaredBy.STAMP for change in figures),
            "accompanied by nothing but a new modification date",
        ),
        (sum(change.declared is False for change in figures), "silent"),
    ]
    unknown = number - sum(share for share, _ in shares)
    if unknown == number:
        some = (
            "the one change of a casualty figure was"
            if number == 1
            else f"the {number:,} changes of casualty figures were"
        )
        return line(f"Whether {some} declared cannot be told; {noted}.")
    every = {1: "The one change", 2: "Both changes"}.get(number, f"All {number:,} changes")
    for share, words in shares:
        if share == number:
            return line(f"{every} of casualty figures {'was' if number == 1 else 'were'} {words}; {noted}.")
    parts = [f"{share:,} {'was' if share == 1 else 'were'} {words}" for share, words in shares if share]
    parts += [f"of {unknown:,} it cannot be told"] if unknown else []
    return line(f"Of {number:,} changes of casualty figures, {listed(parts)}; {noted}.")


def _wording(changes: Sequence[Change], transitions: Sequence[Transition], cited: Cited) -> Line:
    """Return what became of the text besides headline and figures, and which older text came back."""
    parts = [part for part in (line(_passages(changes)), *_returns(transitions, cited)) if part]
    return _sentence(joined(parts, "; ")) if parts else ()


def _passages(changes: Sequence[Change]) -> str:
    if not changes or all(change.weight is Weight.COSMETIC for change in changes):
        return ""
    heavy = [change for change in changes if change.weight is Weight.SUBSTANTIVE]
    if not heavy:
        return "nothing of substance changed, only minor wording or dates"
    types = Counter(change.type for change in heavy if change.kind is ChangeKind.TEXT and not change.told_by)
    words = ((ChangeType.ADDED, "added"), (ChangeType.REMOVED, "removed"), (ChangeType.EDITED, "reworded"))
    parts = [
        f"{count(types[kind], 'passage')} {'was' if types[kind] == 1 else 'were'} {word}"
        for kind, word in words
        if types[kind]
    ]
    quotes = sum(change.kind is ChangeKind.QUOTE for change in heavy)
    parts += [f"{count(quotes, 'quotation')} changed, came or went"] if quotes else []
    return f"in the text, {listed(parts)}" if parts else ""


def _returns(transitions: Sequence[Transition], cited: Cited) -> Iterator[Line]:
    back = [one for one in transitions if one.reverts_to is not None and not one.flap]
    flaps = [one for one in transitions if one.flap]
    if back:
        marks = [cited.between(one.interval) for one in back]
        yield line(f"an earlier text of the article came back {times(len(back))}", marks)
    if flaps:
        marks = [cited.between(one.interval) for one in flaps]
        yield line(f"{count(len(flaps), 'step')} looked like a stale cache rather than an edit", marks)


def _unread(history: History) -> Line:
    tally = Counter(one.outcome for one in history.observations)
    again = sum(one.may_pass for one in history.observations)
    kinds = [
        (tally[Outcome.FAILED] - again, "could not be fetched"),
        (again, "could not be fetched yet and will be asked for again"),
        (tally[Outcome.PENDING], "not asked for yet"),
        (tally[Outcome.NOT_ARTICLE], "not the article"),
        (tally[Outcome.REDIRECT], "redirected to another page"),
        (sum(revision.captures for revision in history.revisions if revision.suspect), "suspect"),
    ]
    parts = [f"{number:,} {word}" for number, word in kinds if number]
    if not parts:
        return ()
    return line(f"Not used: {listed(parts)}; a text that stood only in those captures is not seen here.")
