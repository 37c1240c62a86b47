"""What an alert says, in plain text that no service reads as markup, as a mention or as a link of the page's own."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from crawler.store.alerts import About, AlertFacts, AlertRecord
from diffs.reports.safe import visible, web_address
from diffs.reports.wording import when

_LONGEST = 400
# Services (Slack, Discord, Matrix, Telegram, mail programs; seen 2026-11-28) turn these into mentions, markup and links.
_INERT = {ord(sign): chr(ord(sign) + 0xFEE0) for sign in "@<>`*_~[]|#&\\"}
# A name of a host without a scheme, which the same services link as well: two letters on either side of a point.
_HOST = re.compile(r"(?<=[^\W\d_]{2})\.(?=[^\W\d_]{2})")
# The same in an address, where they may stand as they are.
_ENCODED = {ord(sign): f"%{ord(sign):02X}" for sign in "@*~"}


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
    """Return one message for alerts of one channel: a finding, or a digest of several."""
    if len(these) == 1:
        return Message(title=_title(these[0]), body="\n".join(_lines(these[0])))
    shown = ["\n".join((_title(each), *_lines(each))) for each in these]
    return Message(title=f"Variorum: {len(these)} findings", body="\n\n".join(shown))


def trial_of(channel: str) -> Message:
    """Return the message that `notify --test` sends."""
    return Message(
        title="Variorum: a test", body=f"The channel {channel} works. No page has changed with this message."
    )


def inert(text: str, most: int = _LONGEST) -> str:
    """Return page text in one line that no service interprets: signs of markup as full-width letters, no address."""
    plain = " ".join(visible(text).split()).translate(_INERT)
    plain = _HOST.sub(".\u200b", plain.replace("://", ":\u200b//"))
    return plain if len(plain) <= most else f"{plain[: most - 1]}…"


def _title(of: AlertRecord) -> str:
    facts = of.facts
    headline = inert(facts.headline, 120) or "a page without a headline"
    if of.about is About.WITHDRAWN:
        return f"Withdrawn: {headline}"
    return f"{facts.kind} {facts.type}: {headline}"


def _lines(of: AlertRecord) -> list[str]:
    facts = of.facts
    lines = []
    if of.about is About.WITHDRAWN:
        lines.append(f"This finding ({facts.kind} {facts.type}) does not stand any more; it was sent before.")
    lines.append(f"{_side(facts.before)} → {_side(facts.after)}")
    since, until = (when(datetime.fromisoformat(at)) for at in (facts.since, facts.until))
    lines += [
        f"{facts.disclosure}; between {since} and {until}; source: {inert(facts.archive)}",
        f"page: {_address(facts.url)}",
    ]
    lines += _links(facts)
    return [*lines, f"report: {facts.report}", f"finding: {of.change}"]


def _side(text: str | None) -> str:
    return "(nothing)" if text is None else f"“{inert(text)}”"


def _address(url: str) -> str:
    address = web_address(url)
    return inert(url) if address is None else address.translate(_ENCODED)


def _links(facts: AlertFacts) -> list[str]:
    pairs = (("before", facts.link_before), ("after", facts.link_after))
    return [f"{name}: {_address(link)}" for name, link in pairs if link]
