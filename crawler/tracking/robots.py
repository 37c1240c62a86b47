"""What an outlet's robots.txt said of an archive's crawlers over time, read from archived captures of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from crawler.errors import ArchiveError, NoCaptureError
from crawler.model import Archive, Capture
from crawler.tracking.robots_rules import EVERYBODY, may_read
from diffs.model import Citation

# The crawlers of the Internet Archive; other archives are held by what is said to everybody.
AGENTS = {"Internet Archive": ("archive.org_bot", "ia_archiver")}
# RFC 9309, 2.5 asks crawlers to read at least 500 KiB.
_LONGEST = 512 * 1024
# Bodies asked for in one look; a change of rules between two captures is found by halving.
MOST_BODIES = 16
_SPREAD = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """One capture of robots.txt, and whom it keeps out.

    Attributes:
        capture: The capture.
        kept_out: The user agent that may not read the page asked about, or None where the archive's may.
    """

    capture: Citation
    kept_out: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """A time in which robots.txt keeps an archive's crawler out.

    Attributes:
        first: The first capture read that says so.
        last: The last capture in a row that says so.
        until: When a later capture allows it again (aware UTC), or None.
        allowed: The last capture before that allowed it, or None where none was read.
        agent: Whom it keeps out.
    """

    first: Citation
    last: Citation
    until: datetime | None
    allowed: Citation | None
    agent: str


def rules_over_time(archive: Archive, host: str, page: str, *, operator: str | None) -> list[Rules]:
    """Read an outlet's archived robots.txt: the first and last, and by halving where the rules changed.

    Args:
        archive: Which archive to ask.
        host: The outlet's host.
        page: The page, or an article of the host, that a crawler would read.
        operator: Who runs the archive.

    Returns:
        What was read, in order of time; nothing where no robots.txt was captured.

    Raises:
        ArchiveError: The archive could not be asked.
    """
    try:
        listed = list(archive.captures(f"https://{host}/robots.txt"))
    except NoCaptureError:
        return []
    captures = _distinct([one for one in listed if one.status is None or not 300 <= one.status < 400])
    known: dict[int, Rules | None] = {}
    wanted = _spread(len(captures))
    while wanted and len(known) < MOST_BODIES:
        number = wanted.pop(0)
        known[number] = _rules(archive, captures[number], page, operator)
        wanted = wanted or _between(known)
    return [rules for _, rules in sorted(known.items()) if rules is not None]


def closures_in(rules: Sequence[Rules]) -> list[Closure]:
    """Return the times in which rules keep the crawler out, in order."""
    found: list[Closure] = []
    allowed: Citation | None = None
    run: list[Rules] = []
    for one in (*rules, None):
        if one is not None and one.kept_out is not None:
            run.append(one)
            continue
        if run:
            until = None if one is None else one.capture.at
            first, last = run[0], run[-1]
            agent = first.kept_out or EVERYBODY
            found.append(
                Closure(first=first.capture, last=last.capture, until=until, allowed=allowed, agent=agent)
            )
            run = []
        allowed = None if one is None else one.capture
    return found


def kept_out(text: str, page: str, *, operator: str | None) -> str | None:
    """Return which user agent a robots.txt keeps from a page: one of the archive's, or `*`; None where it may read.

    Args:
        text: The file.
        page: The page's address.
        operator: Who runs the archive whose crawlers are meant.
    """
    agents = AGENTS.get(operator or "", ())
    barred = [agent for agent in agents if not may_read(text, agent, page)]
    if may_read(text, EVERYBODY, page):
        return next(iter(barred), None)
    return EVERYBODY if len(barred) == len(agents) else next(iter(barred), None)


def _rules(archive: Archive, capture: Capture, page: str, operator: str | None) -> Rules | None:
    """Read one capture; None where it could not be had or is an error page."""
    try:
        snapshot = archive.fetch(capture)
    except ArchiveError as error:
        if error.transient:
            raise
        return None
    cited = Citation(
        at=snapshot.served_at,
        url=capture.url,
        archive=capture.archive,
        operator=operator,
        link=archive.link(capture),
        digest=capture.digest,
    )
    if 400 <= snapshot.status < 500:
        # RFC 9309, 2.3.1.3: a robots.txt that is not available allows everything.
        return Rules(capture=cited, kept_out=None)
    text = snapshot.body[:_LONGEST].decode("utf-8", "replace").removeprefix("\ufeff")
    if snapshot.status != 200 or snapshot.redirects or "<html" in text[:2000].lower():
        return None
    return Rules(capture=cited, kept_out=kept_out(text, page, operator=operator))


def _distinct(captures: Sequence[Capture]) -> list[Capture]:
    """Return the captures without those whose digest is that of the one before, the last one always."""
    found: list[Capture] = []
    for number, one in enumerate(captures):
        if not found or one.digest is None or one.digest != found[-1].digest or number == len(captures) - 1:
            found.append(one)
    return found


def _spread(number: int) -> list[int]:
    """Return the last, the first, and a few between."""
    if number == 0:
        return []
    steps = [round(part * (number - 1) / (_SPREAD + 1)) for part in range(_SPREAD + 2)]
    return list(dict.fromkeys([number - 1, *steps]))


def _between(known: dict[int, Rules | None]) -> list[int]:
    """Return the middles of the stretches in which the rules changed, the newest leading."""
    read = sorted((number, rules.kept_out is None) for number, rules in known.items() if rules is not None)
    found = []
    for (before, allowed), (after, then) in pairwise(read):
        untried = [number for number in range(before + 1, after) if number not in known]
        if allowed != then and untried:
            found.append(untried[len(untried) // 2])
    return found[::-1]
