"""Changes as an Atom feed: stable ids, categories to subscribe by, times from captures."""

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from diffs.model import (
    Change,
    ChangeKind,
    ChangeType,
    Edit,
    EditOp,
    History,
    Interval,
    Note,
    Transition,
    Weight,
    digest_of,
)
from diffs.reports.findings import dismissed_ids, figure_key
from diffs.reports.names import file_stem, headline, outlet
from diffs.reports.safe import web_address, xml_text
from diffs.reports.wording import (
    KIND_WORDS,
    TYPE_WORDS,
    UNNAMED,
    amount,
    counted,
    openness,
    sources,
    stamp,
    when,
)
from diffs.reports.wording import title as title_of

_NEVER = "1970-01-01T00:00:00Z"
_MOST_ENTRIES = 500
_OPENNESS = {True: "declared", False: "silent", None: "not-known"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    history: History
    transition: Transition
    change: Change
    context: tuple[Edit, ...]
    also: tuple[ChangeType, ...]


def render_atom(
    histories: Iterable[History],
    *,
    title: str,
    base_url: str | None = None,
    feed_id: str | None = None,
    notes: Sequence[Note] = (),
) -> str:
    """Return the substantive and minor changes of some targets as an Atom feed, newest first.

    An entry's id comes from `Change.id` and its times from the first capture that shows the change, so
    the same history gives the same feed on any day; where the same words changed in the same way again, the
    later entry's id also carries its capture time. Each entry carries its kind, type, weight and
    openness as categories. The newest 500 entries are kept.

    Args:
        histories: The targets' histories.
        title: Title of the feed.
        base_url: Address of the folder in which the reports are published, or None.
        feed_id: The feed's own id (an IRI); made from title and addresses when None.
        notes: Findings that these dismiss are left out.
    """
    known = list(histories)
    dismissed = dismissed_ids(notes)
    entries = [entry for history in known for entry in _entries(history, dismissed)]
    entries.sort(
        key=lambda one: (one.transition.interval.until.at, one.history.url, one.change.id), reverse=True
    )
    kept = entries[:_MOST_ENTRIES]
    seen = [stamp(history.observations[-1].capture.at) for history in known if history.observations]
    updated = stamp(kept[0].transition.interval.until.at) if kept else max(seen, default=_NEVER)
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
    uses = Counter(entry.change.id for entry in entries)
    for entry in kept:
        uses[entry.change.id] -= 1
        lines += _rendered(entry, base, repeated=uses[entry.change.id] > 0)
    return "\n".join([*lines, "</feed>", ""])


def _entries(history: History, dismissed: Collection[str]) -> Iterator[_Entry]:
    for transition in history.transitions:
        if transition.flap:
            continue
        ids = {change.id for change in transition.changes}
        contexts = {finer: change.edits for change in transition.changes for finer in change.told_by}
        shown = [change for change in transition.changes if change.id not in dismissed]
        for leading, also in _together(shown):
            if leading.weight is not Weight.COSMETIC and not ids.intersection(leading.told_by):
                context = contexts.get(leading.id) or leading.edits
                yield _Entry(
                    history=history, transition=transition, change=leading, context=context, also=also
                )


def _together(changes: Sequence[Change]) -> Iterator[tuple[Change, tuple[ChangeType, ...]]]:
    """Yield the changes, those of one casualty figure once, with the types of what else changed about it."""
    figures: dict[Hashable, list[Change]] = defaultdict(list)
    for change in changes:
        if change.kind is ChangeKind.CASUALTY:
            figures[figure_key(change)].append(change)
    for change in changes:
        if change.kind is not ChangeKind.CASUALTY:
            yield change, ()
        elif figures[figure_key(change)][0] is change:
            others = figures[figure_key(change)][1:]
            yield change, tuple(dict.fromkeys(one.type for one in others))


def _rendered(entry: _Entry, base: str | None, *, repeated: bool) -> list[str]:
    change, interval = entry.change, entry.transition.interval
    moment = stamp(interval.until.at)
    suffix = f":{interval.until.at:%Y%m%d%H%M%S}" if repeated else ""
    report = f"{base.rstrip('/')}/{file_stem(entry.history.url)}.md" if base else None
    links = [
        ("alternate", report or web_address(interval.until.link)),
        ("related", web_address(interval.after.link)),
        ("related", web_address(interval.until.link) if report else None),
    ]
    return [
        "  <entry>",
        f"    <id>urn:variorum:change:{xml_text(change.id)}{suffix}</id>",
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
        *_content(entry),
        "    </div></content>",
        "  </entry>",
    ]


def _categories(entry: _Entry) -> list[tuple[str, str, str]]:
    change = entry.change
    return [
        ("kind", change.kind.value, KIND_WORDS[change.kind]),
        ("type", change.type.value, title_of(change)),
        *(("type", other.value, TYPE_WORDS[other]) for other in entry.also if other is not change.type),
        ("weight", change.weight.value, change.weight.value),
        ("openness", _OPENNESS[change.declared], openness(change)),
    ]


def _title(entry: _Entry) -> str:
    change = entry.change
    text = f"{outlet(entry.history)}: {title_of(change).lower()}"
    old, new = change.claim_before, change.claim_after
    claim = new or old
    if claim is None:
        return text
    named = ", then".join(f" {name if name == UNNAMED else f'per {name}'}" for name in sources(change))
    named = "" if named.strip() == UNNAMED else f",{named}"
    step = f"{amount(old) if old else 'not given'} → {amount(new) if new else 'no longer given'}"
    return f"{text}: {counted(claim)}{named}: {step}"


def _content(entry: _Entry) -> list[str]:
    interval = entry.transition.interval
    return [
        f"      <p>{_comparison(entry)}</p>",
        f"      <p>{xml_text(headline(entry.history))}. {xml_text(_interval(interval))}.</p>",
    ]


def _interval(interval: Interval) -> str:
    return f"After {when(interval.after.at)}, not later than {when(interval.until.at)}"


def _comparison(entry: _Entry) -> str:
    change = entry.change
    edits = entry.context or (
        Edit(op=EditOp.DELETE, text=change.before.text if change.before else ""),
        Edit(op=EditOp.INSERT, text=change.after.text if change.after else ""),
    )
    tags = {EditOp.EQUAL: "{}", EditOp.DELETE: "<del>{}</del>", EditOp.INSERT: "<ins>{}</ins>"}
    return " ".join("".join(tags[edit.op].format(xml_text(edit.text)) for edit in edits if edit.text).split())
