"""What an alert says, in plain text: a finding, several, or troubles of the watch."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from crawler.alerts.inert import inert, inert_address
from crawler.alerts.trouble_words import trouble_headline, trouble_lines
from crawler.store.alert_records import AlertFacts, AlertRecord
from crawler.store.outbox import About, Withdrawal
from crawler.store.troubles import TroubleFacts
from diffs.reports.wording import when

_WHY = {
    Withdrawal.SUSPECT: "A page that proved it is no longer read as an article.",
    Withdrawal.REREAD: "Its pages were read again, another way, and do not show it.",
    Withdrawal.CAPTURES: "Captures that came later show something else.",
    Withdrawal.DISMISSED: "A reader dismissed it.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message to a channel.

    Attributes:
        title: Its subject, one line.
        body: Its text, in lines.
    """

    title: str
    body: str


def message_of(these: Sequence[AlertRecord]) -> Message:
    """Return one message for alerts of one channel: one, or several of a kind."""
    parts = [(_title(each), _lines(each)) for each in these]
    if len(parts) == 1:
        title, lines = parts[0]
        return Message(title=title, body="\n".join(lines))
    body = "\n\n".join("\n".join((title, *lines)) for title, lines in parts)
    if isinstance(these[0].facts, AlertFacts):
        return Message(title=f"Variorum: {len(these)} findings", body=body)
    over = sum(each.about is About.OVER for each in these)
    began = [f"{len(these) - over} troubles"] if over < len(these) else []
    return Message(title=f"Variorum: {', '.join([*began, *([f'{over} over'] if over else [])])}", body=body)


def direct_message(facts: TroubleFacts, *, over: bool = False) -> Message:
    """Return the message of a trouble that no outbox holds."""
    title = f"{'Over' if over else 'Trouble'}: {trouble_headline(facts)}"
    return Message(
        title=title, body="\n".join(["It is over." if over else "", *trouble_lines(facts)]).strip()
    )


def trial_of(channel: str) -> Message:
    """Return the message that `notify --test` sends."""
    return Message(
        title="Variorum: a test", body=f"The channel {channel} works. No page has changed with this message."
    )


def shortened(message: Message, room: int, *, most_lines: int | None = None) -> Message:
    """Return a message of so many characters and lines at most: those that lead it, and the last, which names the finding."""
    *lines, last = message.body.split("\n")
    if most_lines is not None:
        lines = lines[: max(0, most_lines - 1)]
    kept: list[str] = []
    left = room - len(last)
    for text in lines:
        left -= len(text) + 1
        if left < 0:
            break
        kept.append(text)
    if not kept and lines and room > len(last) + 1:
        kept = [lines[0][: room - len(last) - 1]]
    return Message(title=message.title, body="\n".join((*kept, last))[: max(0, room)])


def _title(of: AlertRecord) -> str:
    facts = of.facts
    if isinstance(facts, TroubleFacts):
        return f"{'Over' if of.about is About.OVER else 'Trouble'}: {trouble_headline(facts)}"
    headline = inert(facts.headline, 120) or "a page without a headline"
    if of.about is About.WITHDRAWN:
        return f"Withdrawn: {headline}"
    what = facts.what or f"{facts.kind} {facts.type}"
    step = f", {inert(facts.step, 120)}" if facts.step else ""
    return f"{what}{step}: {headline}"


def _lines(of: AlertRecord) -> list[str]:
    facts = of.facts
    if isinstance(facts, TroubleFacts):
        if of.about is About.OVER:
            return [f"It was over when looked at on {when(of.made)}."]
        return trouble_lines(facts)
    lines = []
    if of.about is About.WITHDRAWN:
        what = facts.what or f"{facts.kind} {facts.type}"
        lines.append(f"A finding does not stand any more, and was sent before: {what}.")
        if facts.withdrawn is not None:
            lines.append(_WHY[facts.withdrawn])
        if facts.remark:
            lines.append(f"the reader wrote: “{inert(facts.remark)}”")
    if facts.step:
        lines.append(f"{inert(facts.step)} ({inert(facts.counted or '')})")
    lines.append(f"{_side(facts.before)} → {_side(facts.after)}")
    since, until = (when(datetime.fromisoformat(at)) for at in (facts.since, facts.until))
    lines += [
        f"{facts.disclosure}; between {since} and {until}; archive: {inert(facts.archive)}",
        f"page: {inert_address(facts.url)}",
    ]
    lines += _links(facts)
    return [*lines, f"report: {facts.report}", f"finding: {of.change}"]


def _side(text: str | None) -> str:
    return "(nothing)" if text is None else f"“{inert(text)}”"


def _links(facts: AlertFacts) -> list[str]:
    pairs = (("before", facts.link_before), ("after", facts.link_after))
    return [f"{name}: {inert_address(link)}" for name, link in pairs if link]
