"""Troubles of the watch as English words, for a message."""

from collections.abc import Mapping
from datetime import datetime

from crawler.alerts.inert import inert, inert_address
from crawler.store.troubles import Cause, TroubleFacts
from diffs.reports.wording import when

_HEADLINES: Mapping[Cause, str] = {
    Cause.OUTLET_DARK: "{host} is no longer captured by {archive}",
    Cause.SOURCE_SILENT: "a source that is followed has gone silent",
    Cause.SITE_MISREAD: "{host}: {part} of the last {whole} pages are not read as articles",
    Cause.PENALTY: "{subject} refuses us",
    Cause.ARCHIVE_SILENT: "{archive} does not answer",
    Cause.CAPTURE_GONE: "{archive} no longer serves captures of {host} that findings cite",
    Cause.CAPTURE_ALTERED: "{archive} serves something else for a capture that findings cite",
    Cause.DISK_LOW: "hardly any room is left at {subject}",
    Cause.STORE_FAILS: "the store takes nothing, and the watch pauses",
    Cause.DAEMON_AWAY: "nobody watched between {since} and {until}",
}
_ADVICE: Mapping[Cause, str] = {
    Cause.OUTLET_DARK: "Changes on its pages are not seen. Another archive (`archives.also`) or `track --save on-gap` may help.",
    Cause.SOURCE_SILENT: "Articles that it names are not found. Follow another address, or unfollow it.",
    Cause.SITE_MISREAD: "The site may have a new layout; changes on its pages are missed. `variorum parse` shows what is read.",
    Cause.PENALTY: "Nothing is asked of it until it answers again. Set lower limits below `[limits]`.",
    Cause.ARCHIVE_SILENT: "The other archives are asked meanwhile.",
    Cause.CAPTURE_GONE: "The bytes that are kept still prove it; `variorum verify` reads them again.",
    Cause.CAPTURE_ALTERED: "The bytes that are kept still prove what was served; `variorum verify` reads them again.",
    Cause.DISK_LOW: "Make room: a full disk stops the watch.",
    Cause.STORE_FAILS: "`variorum doctor` says more.",
    Cause.DAEMON_AWAY: "Captures of that time are fetched now; a change that no archive captured stays unseen.",
}


def trouble_headline(of: TroubleFacts) -> str:
    """Return what the trouble is, in one line."""
    since, until = (when(datetime.fromisoformat(at)) if at else "?" for at in (of.since, of.until))
    return _HEADLINES[of.cause].format(
        host=inert(of.host or of.subject),
        archive=inert(of.archive or of.subject),
        subject=inert(of.subject),
        part=of.part,
        whole=of.whole,
        since=since,
        until=until,
    )


def trouble_lines(of: TroubleFacts) -> list[str]:
    """Return since when, about what, and what can be done, in lines."""
    lines = []
    if of.since is not None and of.until is None:
        lines.append(f"since {when(datetime.fromisoformat(of.since))}")
    if of.link is not None:
        lines.append(f"about: {inert_address(of.link)}")
    if of.detail:
        lines.append(f"it was said: {inert(of.detail)}")
    return [*lines, _ADVICE[of.cause]]
