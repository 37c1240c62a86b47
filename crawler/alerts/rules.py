"""Which changes of a page are sent to which channel."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from crawler.address import page_key
from crawler.alerts.settings import ChannelSettings, Topic
from crawler.config import Settings
from crawler.model import StoredCapture, Target
from crawler.store.alert_records import NOTHING, AlertFacts, Alerting, Announced, Wanted
from crawler.store.troubles import TroubleFacts
from diffs.model import Change, Claim, Evidence, History, Revision, Transition, Weight
from diffs.reports.figures import what_of
from diffs.reports.formats import target_stem
from diffs.reports.wording import figure, openness, title

_WEIGHTS = (Weight.COSMETIC, Weight.MINOR, Weight.SUBSTANTIVE)
# Captures with the new text that a channel with `second_capture` waits for.
_ENOUGH = 2


def alerting_of(settings: Settings) -> Alerting | None:
    """Return what chooses the alerts of a page's history, or None where no channel is set."""
    channels, folder = settings.alerts.channels, settings.reports
    if not channels:
        return None

    def choose(
        target: Target,
        history: History,
        rows: Sequence[StoredCapture],
        announced: Announced,
        now: datetime,
    ) -> Mapping[str, tuple[Wanted, ...]]:
        since = target.tracked_since or target.added
        is_new = newness(rows, announced)
        return chosen(channels, target, history, since=since, is_new=is_new, now=now, folder=folder)

    return choose


def chosen(
    channels: Sequence[ChannelSettings],
    target: Target,
    history: History,
    *,
    since: datetime,
    is_new: Callable[[Transition], bool],
    now: datetime,
    folder: Path,
) -> Mapping[str, tuple[Wanted, ...]]:
    """Return which channels want which changes, by the changes' ids.

    Args:
        channels: The channels.
        target: The page.
        history: All that is known of it.
        since: Only changes whose new text was first captured after this (aware UTC).
        is_new: Whether a step could not be known when what announces last looked.
        now: The time (aware UTC).
        folder: Where its report lies.
    """
    mine = [channel for channel in channels if _of_page(channel, target)]
    late = [step for step in history.transitions if step.interval.until.at > since] if mine else []
    if not late:
        return NOTHING
    report = str(folder.expanduser().absolute() / f"{target_stem(history)}.md")
    found: dict[str, tuple[Wanted, ...]] = {}
    for step in late:
        headline = step.after.article.headline or history.revisions[-1].article.headline or ""
        fresh = is_new(step)
        for change in step.changes:
            facts = _facts(history.url, headline, step, change, report)
            wanted = tuple(
                Wanted(
                    channel=channel.name,
                    facts=facts,
                    due=due_of(channel, now),
                    held=channel.second_capture and step.after.captures < _ENOUGH,
                    fresh=fresh,
                )
                for channel in mine
                if wants(channel, change)
            )
            if wanted:
                found[change.id] = wanted
    return found


def newness(rows: Sequence[StoredCapture], announced: Announced) -> Callable[[Transition], bool]:
    """Return what tells whether a step of a page's history could not be known when what announces last looked.

    A step is new where no capture of its old text, or none of its new text, was known then. Imports count as never known
    and never new: they neither announce a change nor hide one that an archive shows as well.

    Args:
        rows: The page's captures.
        announced: Up to where what announces has looked at it.
    """
    own = {row.fingerprint for row in rows if row.fetched is not None and row.imported_at is None}
    shown = sorted((row for row in rows if row.imported_at is None and row.fingerprint in own), key=_time_of)
    prints = {(row.capture.archive, _time_of(row)): row.fingerprint for row in rows}

    def is_new(of: Revision) -> bool:
        mine = {prints.get((end.archive, end.at)) for end in (of.first, of.last)}
        start = bisect_left(shown, of.first.at, key=_time_of)
        end = bisect_right(shown, of.last.at, key=_time_of)
        run = [row for row in shown[start:end] if row.fingerprint in mine]
        return bool(run) and not any(announced.knew(row) for row in run)

    return lambda step: is_new(step.before) or is_new(step.after)


def _time_of(row: StoredCapture) -> datetime:
    return row.served_at or row.capture.at


def wants(channel: ChannelSettings, change: Change) -> bool:
    """Return whether a channel wants a change, of whatever page; what finer changes tell all of is left to them."""
    if (
        Topic.FINDINGS not in channel.topics
        or change.told_by
        or (channel.kinds and change.kind not in channel.kinds)
    ):
        return False
    if _WEIGHTS.index(change.weight) < _WEIGHTS.index(channel.weight):
        return False
    if channel.disclosure != "any" and change.declared is not (channel.disclosure == "declared"):
        return False
    moved = _moved(change.claim_before, change.claim_after)
    return channel.threshold is None or moved is None or moved >= channel.threshold


def unknown_stories(
    channels: Sequence[ChannelSettings], known: Collection[str]
) -> tuple[tuple[str, str], ...]:
    """Return by channel each story that it is set for and that no page belongs to: the channel's name, and the story's."""
    return tuple(
        (channel.name, story) for channel in channels for story in channel.stories if story not in known
    )


def names_for(channels: Sequence[ChannelSettings]) -> Callable[[TroubleFacts], tuple[str, ...]]:
    """Return what names the channels that want a trouble; one about an outlet goes to those that want that outlet."""

    def names(facts: TroubleFacts) -> tuple[str, ...]:
        return tuple(
            channel.name
            for channel in channels
            if Topic.TROUBLES in channel.topics
            and (facts.host is None or not channel.outlets or _is_below(facts.host, channel.outlets))
        )

    return names


def due_of(channel: ChannelSettings, now: datetime) -> datetime:
    """Return when a channel is sent what was found now: at once, or at the end of the hour or day (UTC)."""
    if channel.digest == "none":
        return now
    hour = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    return (
        hour + timedelta(hours=1) if channel.digest == "hourly" else hour.replace(hour=0) + timedelta(days=1)
    )


def _of_page(channel: ChannelSettings, target: Target) -> bool:
    host = urlsplit(target.url).hostname or ""
    if channel.targets and page_key(target.url) not in {page_key(url) for url in channel.targets}:
        return False
    if channel.stories and not set(channel.stories) & set(target.stories):
        return False
    return not channel.outlets or _is_below(host, channel.outlets)


def _is_below(host: str, outlets: Sequence[str]) -> bool:
    """Return whether a host is one of the outlets', or below one."""
    mine = host.lower().removeprefix("www.")
    names = [name.lower().removeprefix("www.") for name in outlets]
    return any(mine == name or mine.endswith(f".{name}") for name in names)


def _moved(before: Claim | None, after: Claim | None) -> float | None:
    """Return by how many per cent a figure moved, or None where either side prints no single number."""
    if before is None or after is None or before.value is None or after.value is None:
        return None
    if before.value == after.value:
        return None
    return abs(after.value - before.value) * 100 / before.value if before.value else float("inf")


def _facts(url: str, headline: str, step: Transition, change: Change, report: str) -> AlertFacts:
    since, until = step.interval.after, step.interval.until
    return AlertFacts(
        url=url,
        headline=headline,
        kind=change.kind.value,
        type=change.type.value,
        before=_shown(change.claim_before, change.before),
        after=_shown(change.claim_after, change.after),
        disclosure=openness(change),
        archive=", ".join(change.archives) or until.archive,
        since=since.at.isoformat(),
        until=until.at.isoformat(),
        link_before=since.link,
        link_after=until.link,
        report=report,
        what=title(change),
        step=_step(change),
        counted=what_of(change) if change.claim_after or change.claim_before else None,
    )


def _step(change: Change) -> str | None:
    old, new = (figure(claim) if claim else None for claim in (change.claim_before, change.claim_after))
    if old is None and new is None:
        return None
    return f"{old or 'not given'} → {new or 'no longer given'}"


def _shown(claim: Claim | None, side: Evidence | None) -> str | None:
    """Return the sentence that prints a figure, or the text that changed, or None."""
    if claim is not None:
        return claim.sentence.strip()
    return side.text if side is not None else None
