"""What listings and feeds print of a history: a card, and an entry for each step that a reader may want to see."""

from collections.abc import Sequence

from diffs.model import Change, ChangeKind, ChangeType, Disclosure, History, Note, Transition, Weight
from diffs.reports.document import Text, plain
from diffs.reports.figures import FigureMove, Known, what_of
from diffs.reports.findings import context_of, dismissed_ids, in_a_title
from diffs.reports.headlines import finding_of
from diffs.reports.html import html_line
from diffs.reports.names import headline, outlet
from diffs.reports.safe import visible, web_address
from diffs.reports.series import trusted
from diffs.reports.steps import rows_known
from diffs.reports.wording import count
from diffs.site.paging import shortened_line
from diffs.site.places import place_of_finding, place_of_step, place_of_target
from diffs.site.records import Card, Entry, Tag

_MOST_NAMED = 2
_MOST_ROWS = 4
_MOST_PASSAGES = 2
_LONGEST_TITLE = 200
_LONGEST_ROW = 300
_LONGEST_PASSAGE = 900
_NO_ANSWER = "–"


def card_of(
    history: History, *, stories: Sequence[str] = (), notes: Sequence[Note] = (), known: Known | None = None
) -> Card:
    """Return what listings print of a target that has a capture.

    Args:
        history: What is known of it.
        stories: The stories it belongs to.
        notes: Findings that these dismiss are left out.
        known: What is known of the history's figures without them, where the caller has it.
    """
    facts = known or Known(history, dismissed_ids(notes))
    shown = [entry for step in history.transitions for entry in _entries(facts, step)]
    return Card(
        url=history.url,
        page=place_of_target(history.url),
        outlet=outlet_shown(history),
        headline=_cut(headline(history)),
        title=_cut(facts.once(("title", 0), lambda: finding_of(facts))),
        stories=tuple(stories),
        captures=len(history.observations),
        versions=len(trusted(history)),
        last=history.observations[-1].capture.at,
        entries=tuple(shown),
    )


def _entries(known: Known, step: Transition) -> list[Entry]:
    """Return the entry of a step, or nothing where a reader need not see it."""
    changes = [one for one in step.changes if one.id not in known.dismissed and _counts(one)]
    if not changes or step.flap:
        return []
    moves = known.moves_in(step)
    leading = moves[0].change if moves else changes[0]
    rows = rows_known(known, step)
    said = (plain(row.answer) for row in rows)
    answers = list(dict.fromkeys(one for one in said if one and one != _NO_ANSWER))
    rest = rows[min(len(moves), _MOST_NAMED) :]
    shown = [
        html_line(shortened_line((*row.what, *_colon(row.path), *row.path), _LONGEST_ROW))
        for row in rest[:_MOST_ROWS]
    ]
    if len(rest) > _MOST_ROWS:
        shown.append(f"and {count(len(rest) - _MOST_ROWS, 'more change')}")
    passages = [context_of(one, full=False) for one in [move.change for move in moves] or [leading]]
    entry = Entry(
        id=leading.id,
        at=step.interval.until.at,
        after=step.interval.after.at,
        title=_title(changes, moves),
        answer="; ".join(answers),
        rows=tuple(shown),
        tags=_tags(changes, moves),
        terms=tuple(sorted({term for one in changes for term in _terms(one)})),
        links=tuple(
            link
            for end in (step.interval.after, step.interval.until)
            if (link := web_address(end.link)) is not None
        ),
        passages=tuple(
            html_line(shortened_line(words, _LONGEST_PASSAGE)) for words in passages[:_MOST_PASSAGES] if words
        ),
        step=place_of_step(known.history.url, step),
        finding=place_of_finding(leading.id),
    )
    return [entry]


def _colon(path: Sequence[object]) -> tuple[Text, ...]:
    return (Text(": "),) if path else ()


def _counts(change: Change) -> bool:
    whole_return = change.type is ChangeType.REVERTED and change.before is change.after is None
    return change.weight is not Weight.COSMETIC and change.kind is not ChangeKind.STAMP and not whole_return


def _title(changes: Sequence[Change], moves: Sequence[FigureMove]) -> str:
    """Return what changed, figures first, old and new."""
    if moves:
        named = [f"{what_of(move.change, extras=False)}: {move.path}" for move in moves]
    else:
        named = list(dict.fromkeys(in_a_title(change) for change in changes))
    rest = len(named) - _MOST_NAMED
    more = f", and {count(rest, 'more change')}" if rest > 0 else ""
    words = "; ".join(map(_cut, named[:_MOST_NAMED])) + more
    return words[:1].upper() + words[1:]


def _tags(changes: Sequence[Change], moves: Sequence[FigureMove]) -> tuple[Tag, ...]:
    weighty = [one for one in changes if one.weight is Weight.SUBSTANTIVE]
    facts = {
        Tag.SUBSTANTIVE: bool(weighty),
        Tag.CASUALTY: bool(moves),
        Tag.HEADLINE: any(one.kind is ChangeKind.HEADLINE for one in changes),
        Tag.SILENT: any(one.disclosure is Disclosure.SILENT for one in weighty),
        Tag.CORRECTED: any(one.disclosure is Disclosure.CORRECTION and not one.told_by for one in weighty),
    }
    return tuple(tag for tag, holds in facts.items() if holds)


def _terms(change: Change) -> list[tuple[str, str]]:
    terms = [("kind", change.kind.value), ("type", change.type.value), ("weight", change.weight.value)]
    return [*terms, ("openness", change.disclosure.value)]


def outlet_shown(history: History) -> str:
    """Return the publisher's name as the lists of the site print it, and as its own page is named by."""
    return _cut(outlet(history))


def _cut(text: str) -> str:
    shown = visible(text)
    return shown if len(shown) <= _LONGEST_TITLE else shown[:_LONGEST_TITLE] + "…"
