"""The report's first paragraph: three to six sentences of facts."""

from collections.abc import Collection, Sequence

from diffs.model import Change, ChangeKind, ClaimKind, History, Outcome, Transition, Weight
from diffs.reports.citations import Footnotes
from diffs.reports.findings import split_returns
from diffs.reports.languages import unread_languages
from diffs.reports.runs import correction_runs, headline_runs
from diffs.reports.safe import Markdown, markdown_text
from diffs.reports.series import Series, flapping, series_in, trusted
from diffs.reports.wording import COUNTED, READ, UNNAMED, amount, count, listed, times, when

_MOST_SERIES = 2


def summary_of(history: History, notes: Footnotes, dismissed: Collection[str] = ()) -> list[Markdown]:
    """Give the sentences, most telling first, each with its footnotes.

    Args:
        history: What to summarise.
        notes: Collects the footnotes.
        dismissed: Ids of findings that a reader dismissed, which the sentences leave out.
    """
    if not trusted(history):
        return [
            _seen(history),
            Markdown("No capture could be read as an article, so nothing is claimed here."),
        ]
    changes = [
        change
        for transition in history.transitions
        if not transition.flap
        for change in transition.changes
        if change.id not in dismissed
    ]
    sentences = [_seen(history), _headlines(history, notes, dismissed), _tolls(history, notes)]
    sentences += [_openness(history, changes)]
    sentences += [_returns(history.transitions, notes), _unread(history)]
    return [sentence for sentence in sentences if sentence]


def _seen(history: History) -> Markdown:
    seen = history.observations
    if not seen:
        return Markdown("No capture of this page is known.")
    read = sum(1 for observation in seen if observation.outcome in READ)
    span = f"between {when(seen[0].capture.at)} and {when(seen[-1].capture.at)}"
    if len(seen) == 1:
        return Markdown(
            f"One capture is known, of {when(seen[0].capture.at)}; there is nothing to compare it with."
        )
    if len(trusted(history)) == 1:
        return Markdown(f"No change was found in {count(read, 'capture')} {span}.")
    versions = _versions(history)
    if read == len(seen):
        return Markdown(f"All {count(read, 'capture')} {span} could be read; they show {versions}.")
    return Markdown(f"Of {count(len(seen), 'capture')} {span}, {read:,} could be read; they show {versions}.")


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


def _headlines(history: History, notes: Footnotes, dismissed: Collection[str]) -> Markdown:
    runs = headline_runs(history, without=flapping(history))
    last = runs[-1].text
    now = f"“{markdown_text(last)}”" if last else "missing"
    if len(runs) == 1:
        text = f"The headline, {now}, did not change{notes.cite(runs[0].first)}"
    else:
        marks = "".join(notes.cite(run.before.last, run.first) for run in runs[1:] if run.before)
        text = f"The headline changed {times(len(runs) - 1)} and last read {now}{marks}"
    return Markdown(f"{text}{_stale(history, notes, dismissed)}.")


def _stale(history: History, notes: Footnotes, dismissed: Collection[str]) -> str:
    stale = [one for one in history.contradictions if one.stale_headline and one.id not in dismissed]
    first = {revision.number: revision.first for revision in trusted(history)}
    if not stale or stale[-1].since not in first:
        return ""
    one, since = stale[-1], first[stale[-1].since]
    still = one.until == trusted(history)[-1].number
    since_when, verb = ("from", "has") if still else ("for a time from", "had")
    return (
        f"; {since_when} {when(since.at)} it {verb} {markdown_text(amount(one.one))} {COUNTED[one.one.kind]} "
        f"where the text {verb} {markdown_text(amount(one.other))}{notes.cite(since)}"
    )


def _tolls(history: History, notes: Footnotes) -> Markdown:
    series = series_in(history, without=flapping(history))
    if not series:
        foreign = unread_languages(history)
        return Markdown(
            f"Its figures were not read, since the article is in {markdown_text(listed(foreign))}."
            if foreign
            else "No casualty figure could be read in it."
        )
    moved = [one for one in series if len(one.steps) > 1]
    if not moved:
        told = [_standing(one, notes) for one in series[:_MOST_SERIES]]
        more = len(series) - len(told)
        return Markdown(f"No source's casualty figure moved: {listed(told)}{_others(more, 'stood')}.")
    killed = [one for one in moved if one.kind is ClaimKind.KILLED] or moved
    told = [_toll(one, notes) for one in killed[:_MOST_SERIES]]
    return Markdown(f"{'; '.join(told)}{_others(len(moved) - len(told), 'moved')}.".replace("the", "The", 1))


def _standing(series: Series, notes: Footnotes) -> str:
    first = series.points[0]
    return f"{markdown_text(amount(first.claim))} {COUNTED[series.kind]}{_per(series)}{notes.cite(first.revision.first)}"


def _others(number: int, verb: str) -> str:
    return f"; {count(number, 'other series', 'other series')} of figures {verb} too" if number else ""


def _per(series: Series) -> str:
    place = " in the headline" if series.in_front else ""
    return place + (
        " with no source named" if series.source == UNNAMED else f" per “{markdown_text(series.source)}”"
    )


def _toll(series: Series, notes: Footnotes) -> str:
    steps, marks = series.steps, ""
    way = [markdown_text(amount(step.claim)) for step in steps]
    path = f"from {way[0]} to {', then '.join(way[1:])}"
    orders = {point.order: point for point in series.points}
    for step in steps[1:]:
        earlier = orders.get(step.order - 1)
        marks += (
            notes.cite(earlier.revision.last, step.revision.first)
            if earlier
            else notes.cite(step.revision.first)
        )
    last = max(
        (point for point in series.points if point.order < steps[1].order), key=lambda point: point.order
    )
    start, end = when(last.revision.last.at), when(steps[-1].revision.first.at)
    return f"the number {COUNTED[series.kind]}{_per(series)} went {path} after {start} and not later than {end}{marks}"


def _openness(history: History, changes: Sequence[Change]) -> Markdown:
    figures = [one for one in split_returns(changes)[0] if one.kind is ChangeKind.CASUALTY]
    found = count(
        len(correction_runs(history)), "correction or editor's note", "correction or editor's notes"
    )
    noted = (
        f"{found} stood on the page"
        if not found.startswith("0")
        else "no correction or editor's note was found"
    )
    if not figures:
        return Markdown(f"{noted[0].upper()}{noted[1:]}.")
    silent = sum(1 for change in figures if change.declared is False)
    declared = sum(1 for change in figures if change.declared)
    untold = len(figures) - silent - declared
    number = len(figures)
    if untold == number:
        some = (
            "the one change of a casualty figure was"
            if number == 1
            else f"the {number:,} changes of casualty figures were"
        )
        return Markdown(f"Whether {some} declared cannot be told; {noted}.")
    if number in {silent, declared}:
        every = {1: "The one change", 2: "Both changes"}.get(number, f"All {number:,} changes")
        verb = "was" if number == 1 else "were"
        return Markdown(f"{every} of casualty figures {verb} {'silent' if silent else 'declared'}; {noted}.")
    kinds = [
        (declared, f"{declared:,} {'was' if declared == 1 else 'were'} declared"),
        (silent, f"{silent:,} {'was' if silent == 1 else 'were'} silent"),
        (untold, f"of {untold:,} it cannot be told"),
    ]
    told = listed([words for share, words in kinds if share])
    return Markdown(f"Of {number:,} changes of casualty figures, {told}; {noted}.")


def _returns(transitions: Sequence[Transition], notes: Footnotes) -> Markdown:
    back = [one for one in transitions if one.reverts_to is not None and not one.flap]
    flaps = [one for one in transitions if one.flap]
    parts = []
    if back:
        marks = "".join(notes.between(one.interval) for one in back)
        parts.append(f"An earlier text of the article came back {times(len(back))}{marks}")
    if flaps:
        marks = "".join(notes.between(one.interval) for one in flaps)
        parts.append(f"{count(len(flaps), 'step')} looked like a stale cache rather than an edit{marks}")
    text = "; ".join(parts)
    return Markdown(text[0].upper() + text[1:] + "." if text else "")


def _unread(history: History) -> Markdown:
    rejected = sum(
        1 for one in history.observations if one.outcome in {Outcome.NOT_ARTICLE, Outcome.REDIRECT}
    )
    kinds = [
        (sum(1 for one in history.observations if one.outcome is Outcome.FAILED), "could not be fetched"),
        (sum(1 for one in history.observations if one.outcome is Outcome.PENDING), "not asked for yet"),
        (rejected, "not the article"),
        (sum(revision.captures for revision in history.revisions if revision.suspect), "suspect"),
    ]
    told = [f"{number:,} {word}" for number, word in kinds if number]
    if not told:
        return Markdown("")
    return Markdown(f"Not used: {listed(told)}; a text that stood only in those captures is not seen here.")
