"""Steps as an Atom feed: stable ids, categories to subscribe by, times from captures."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from diffs.model import (
    Change,
    ChangeKind,
    ChangeType,
    EvidenceFinding,
    History,
    Interval,
    Note,
    Transition,
    Verdict,
    Weight,
    digest_of,
)
from diffs.reports.citations import archive_name
from diffs.reports.document import joined, line, plain
from diffs.reports.figures import FigureMove, moves_of, what_of
from diffs.reports.findings import context_of, dismissed_ids, in_a_title
from diffs.reports.html import html_line
from diffs.reports.names import file_stem, headline, outlet
from diffs.reports.safe import web_address, xml_text
from diffs.reports.steps import rows_of
from diffs.reports.wording import KIND_WORDS, OPENNESS, TYPE_WORDS, count, exactly, sentence, stamp, when

_NEVER = "1970-01-01T00:00:00Z"
_MOST_ENTRIES = 500
_MOST_NAMED = 2
_OWN = (ChangeKind.STAMP, ChangeKind.CORRECTION)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """One step: the changes that it is about, and the one that names it."""

    history: History
    step: Transition
    changes: tuple[Change, ...]
    moves: tuple[FigureMove, ...]

    @property
    def leading(self) -> Change:
        """The change whose id the entry has."""
        return self.moves[0].change if self.moves else self.changes[0]

    @property
    def at(self) -> datetime:
        """The time of the entry: that of the first capture that shows it."""
        return self.step.interval.until.at

    @property
    def name(self) -> str:
        """The id that makes the entry's own."""
        return self.leading.id


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lost:
    """A capture that its archive no longer serves as kept."""

    history: History
    finding: EvidenceFinding

    @property
    def at(self) -> datetime:
        """The time of the entry: when it was found."""
        return self.finding.appeared

    @property
    def name(self) -> str:
        """The id that makes the entry's own."""
        return self.finding.id


def render_atom(
    histories: Iterable[History],
    *,
    title: str,
    base_url: str | None = None,
    feed_id: str | None = None,
    notes: Sequence[Note] = (),
) -> str:
    """Return the steps of some targets as an Atom feed, newest first.

    A step in which something of substance or wording changed has one entry, however much changed in it; its
    title gives the figures, old and new. Its id is that of its leading change and its times are those of the
    first capture that shows it, so the same history gives the same feed on any day; where the same words
    changed in the same way again, the later entry's id also carries its capture time. Kinds, types, weights and
    openness of its changes are categories. A capture that its archive no longer serves as kept has an entry of kind
    `evidence`, dated by when that was found. The newest 500 entries are kept.

    Args:
        histories: The targets' histories.
        title: Title of the feed.
        base_url: Address of the folder in which the reports are published, or None.
        feed_id: The feed's own id (an IRI); made from title and addresses when None.
        notes: Findings that these dismiss are left out.
    """
    known = list(histories)
    dismissed = dismissed_ids(notes)
    entries: list[_Entry | _Lost] = [entry for history in known for entry in _entries(history, dismissed)]
    entries += [_Lost(history=history, finding=one) for history in known for one in history.evidence]
    entries.sort(key=lambda one: (one.at, one.history.url, one.name), reverse=True)
    kept = entries[:_MOST_ENTRIES]
    seen = [stamp(history.observations[-1].capture.at) for history in known if history.observations]
    updated = stamp(kept[0].at) if kept else max(seen, default=_NEVER)
    name = feed_id or f"urn:sha256:{digest_of(title, *sorted(history.url for history in known))}"
    base = web_address(base_url)
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom">',
        f"  <id>{xml_text(name)}</id>",
        f"  <title>{xml_text(title)}</title>",
        f"  <updated>{updated}</updated>",
        "  <author><name>Variorum</name></author>",
    ]
    if base:
        lines.append(f'  <link rel="alternate" href="{xml_text(base)}"/>')
    uses = Counter(entry.name for entry in entries)
    for entry in kept:
        uses[entry.name] -= 1
        if isinstance(entry, _Lost):
            lines += _lost(entry, base)
        else:
            lines += _rendered(entry, base, dismissed, repeated=uses[entry.name] > 0)
    return "\n".join([*lines, "</feed>", ""])


def _entries(history: History, dismissed: Collection[str]) -> Iterator[_Entry]:
    for step in history.transitions:
        shown = tuple(
            change
            for change in step.changes
            if change.weight is not Weight.COSMETIC
            and change.id not in dismissed
            and change.kind is not ChangeKind.STAMP
            and not (change.type is ChangeType.REVERTED and change.before is change.after is None)
        )
        if shown and not step.flap:
            moves = tuple(moves_of(step, dismissed))
            yield _Entry(history=history, step=step, changes=shown, moves=moves)


def _lost(entry: _Lost, base: str | None) -> list[str]:
    one, moment = entry.finding, stamp(entry.at)
    kept = f"the capture of {exactly(one.capture.at)} in {archive_name(one.capture.archive)}"
    became = "is no longer served" if one.type is Verdict.GONE else "is served altered"
    again = f" It was found otherwise on {exactly(one.resolved)}." if one.resolved else ""
    rests = f" {count(len(one.changes), 'change')} of the report rest{'s' if len(one.changes) == 1 else ''} on it."
    said = f"{sentence(f'{kept} {became}')}{again}{rests} This is about the archive, not about the page."
    address = (
        f"{base.rstrip('/')}/{file_stem(entry.history.url)}.md" if base else web_address(one.capture.link)
    )
    return [
        "  <entry>",
        f"    <id>urn:variorum:{xml_text(one.id)}</id>",
        f"    <title>{xml_text(f'{outlet(entry.history)}: {kept} {became}')}</title>",
        f"    <updated>{stamp(one.resolved or one.appeared)}</updated>",
        f"    <published>{moment}</published>",
        f"    <author><name>{xml_text(outlet(entry.history))}</name></author>",
        '    <category term="evidence" scheme="urn:variorum:kind" label="evidence"/>',
        f'    <category term="{one.type.value}" scheme="urn:variorum:type" label="{one.type.words}"/>',
        *([f'    <link rel="alternate" href="{xml_text(address)}"/>'] if address else []),
        '    <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">',
        f"      <p>{xml_text(headline(entry.history))}. {xml_text(said)}</p>",
        "    </div></content>",
        "  </entry>",
    ]


def _rendered(entry: _Entry, base: str | None, dismissed: Collection[str], *, repeated: bool) -> list[str]:
    interval = entry.step.interval
    moment = stamp(interval.until.at)
    suffix = f":{interval.until.at:%Y%m%d%H%M%S}" if repeated else ""
    report = f"{base.rstrip('/')}/{file_stem(entry.history.url)}.md" if base else None
    shown = web_address(interval.until.link)
    links = [
        ("alternate", report or shown or web_address(entry.history.url)),
        ("related", web_address(interval.after.link)),
        ("related", shown if report else None),
    ]
    return [
        "  <entry>",
        f"    <id>urn:variorum:change:{xml_text(entry.leading.id)}{suffix}</id>",
        f"    <title>{xml_text(_title(entry))}</title>",
        f"    <updated>{moment}</updated>",
        f"    <published>{moment}</published>",
        f"    <author><name>{xml_text(outlet(entry.history))}</name></author>",
        *(
            f'    <category term="{xml_text(term)}" scheme="urn:variorum:{scheme}" label="{xml_text(label)}"/>'
            for scheme, term, label in _categories(entry)
        ),
        *(
            f'    <link rel="{relation}" href="{xml_text(address)}"/>'
            for relation, address in links
            if address
        ),
        '    <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">',
        *_content(entry, dismissed),
        "    </div></content>",
        "  </entry>",
    ]


def _categories(entry: _Entry) -> Iterator[tuple[str, str, str]]:
    """Yield scheme, term and label of each category once."""
    facts: list[tuple[str, str, str]] = []
    for change in entry.changes:
        facts += [
            ("kind", change.kind.value, KIND_WORDS[change.kind]),
            ("type", change.type.value, TYPE_WORDS[change.type]),
            ("weight", change.weight.value, change.weight.value),
        ]
        if change.kind not in _OWN:
            facts.append(("openness", change.disclosure.value, OPENNESS[change.disclosure]))
    yield from sorted(dict.fromkeys(facts))


def _title(entry: _Entry) -> str:
    """Return the outlet and what changed, figures first, old and new."""
    if entry.moves:
        named = [f"{what_of(move.change, extras=False)}: {move.path}" for move in entry.moves]
    else:
        named = list(dict.fromkeys(in_a_title(change) for change in entry.changes))
    rest = len(named) - _MOST_NAMED
    more = f", and {count(rest, 'more change')}" if rest > 0 else ""
    return f"{outlet(entry.history)}: {'; '.join(named[:_MOST_NAMED])}{more}"


def _content(entry: _Entry, dismissed: Collection[str]) -> Iterator[str]:
    yield f"      <p>{xml_text(headline(entry.history))}. {xml_text(_interval(entry.step.interval))}.</p>"
    yield "      <ul>"
    for row in rows_of(entry.step, dismissed):
        end = line(" (", row.answer, ")") if plain(row.answer) not in ("", "–") else ()
        yield f"        <li>{html_line(line(joined([row.what, row.path], ': '), end))}</li>"
    yield "      </ul>"
    shown = [move.change for move in entry.moves] or [entry.leading]
    for change in shown[:_MOST_NAMED]:
        if words := context_of(change, full=False):
            yield f"      <blockquote><p>{html_line(words)}</p></blockquote>"


def _interval(interval: Interval) -> str:
    return f"After {when(interval.after.at)}, not later than {when(interval.until.at)}"
