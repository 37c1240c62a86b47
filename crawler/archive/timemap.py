"""The captures of a page as any Memento archive lists them: a TimeMap in link format (RFC 7089, 5; RFC 6690)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit

from crawler.address import page_key
from crawler.archive.cdx import BLOCKS, LONGEST_ADDRESS, MOST_PAGES, CaptureQuery, Quarantine
from crawler.archive.fields import ODD_VALUE
from crawler.archive.replay import replayed_capture
from crawler.archive.session import PoliteSession, Reply
from crawler.archive.timestamps import check_credible, time_of
from crawler.archive.urlkey import urlkey_of
from crawler.errors import BlockedError, NoCaptureError, UnexpectedReplyError
from crawler.model import Capture, RequestKind

_LINK = re.compile(r'<([^<>]*)>((?:\s*;\s*[A-Za-z*]{1,30}\s*=\s*(?:"[^"]*"|[^\s,;"<>]*))*)')
_ATTRIBUTE = re.compile(r';\s*([A-Za-z*]{1,30})\s*=\s*(?:"([^"]*)"|([^\s,;"<>]*))')


@dataclass(frozen=True, slots=True)
class _Link:
    """One link of a TimeMap: where it leads, and what is said of it."""

    target: str
    relations: frozenset[str]
    datetime: str | None


def mementos_in(
    query: CaptureQuery,
    *,
    archive: str,
    endpoint: str,
    session: PoliteSession,
    quarantine: Quarantine,
) -> Iterator[Capture]:
    """Yield the captures that a TimeMap lists, and those of the TimeMaps it names, oldest first in each.

    A TimeMap gives neither status nor digest. Links that cannot be read are set aside; New Zealand's omits the
    relation `memento`, so that whatever has a time and a replay address counts (GLAM-Workbench/web-archives, 2026).

    Args:
        query: What to ask; one page, never a prefix.
        archive: Name of the source.
        endpoint: Address of the TimeMap, before the page's.
        session: How to ask.
        quarantine: Where bad links and other pages' captures are counted.

    Raises:
        NoCaptureError: The archive said that it holds none.
        BlockedError: The site is excluded.
        UnexpectedReplyError: The answer is no TimeMap, or a prefix was asked for.
        ArchiveError: Otherwise as `PoliteSession.get`.
    """
    if query.prefix:
        raise UnexpectedReplyError(f"{archive} lists one page at a time; {query.url} is asked for alone.")
    belongs = quarantine.spellings_of(query.url)
    bad, found, given = quarantine.count, 0, 0
    seen: set[tuple[datetime, str]] = set()
    for reply in _pages(query.url, endpoint, session):
        captures = []
        for link in _links(reply.text):
            if link.datetime is None or link.relations & {"timemap", "self", "timegate", "original"}:
                continue
            try:
                capture = _capture(link, archive, session.now())
                mine = belongs(capture.url)
            except ODD_VALUE as error:
                quarantine.add(link.target, str(error))
                continue
            found += 1
            if mine and (capture.at, capture.url) not in seen:
                seen.add((capture.at, capture.url))
                captures.append(capture)
        for capture in sorted(captures, key=lambda each: each.at):
            after = query.since is None or capture.at >= query.since
            if after and (query.until is None or capture.at <= query.until):
                given += 1
                yield capture
    if quarantine.count > bad and not found:
        raise UnexpectedReplyError(
            f"The TimeMap of {query.url} holds {quarantine.count - bad} links, none of which can be read: "
            f"{quarantine.rows[-1][1]}."
        )
    if not given:
        others, example = quarantine.others.get(query.url, (0, ""))
        also = f"; {others} are of other spellings, such as {example[:200]}" if others else ""
        raise NoCaptureError(f"{archive} holds no capture of {query.url} in that time{also}.")


def _pages(url: str, endpoint: str, session: PoliteSession) -> Iterator[Reply]:
    """Yield a page's TimeMap, and those that it names on the same host."""
    start = f"{endpoint}{url}"
    waiting, asked = [start], {start}
    while waiting:
        if len(asked) > MOST_PAGES:
            raise UnexpectedReplyError(f"The TimeMap of {url} names more than {MOST_PAGES} others.")
        address = waiting.pop(0)
        reply = session.get(address, kind=RequestKind.CDX)
        _check(reply, url, first=address == start)
        yield reply
        for link in _links(reply.text):
            if "timemap" in link.relations and "self" not in link.relations:
                other = urljoin(address, link.target)
                if other not in asked and _is_its_own(other, start, url):
                    asked.add(other)
                    waiting.append(other)


def _is_its_own(address: str, start: str, url: str) -> bool:
    """Whether a TimeMap is one of the same archive in the same form, about the same page."""
    try:
        there, here = urlsplit(address), urlsplit(start)
    except ValueError:
        return False
    same = (there.scheme, there.netloc) == (here.scheme, here.netloc) and "/link/" in f"{here.path}/"
    found = re.search(r"https?:/{1,2}[^\s]+$", address[len(f"{here.scheme}://") :])
    return same and "/link/" in there.path and found is not None and page_key(found[0]) == page_key(url)


def _check(reply: Reply, url: str, *, first: bool) -> None:
    error = reply.text[:2000] + (reply.header("x-archive-wayback-runtime-error") or "")
    if reply.status == 451 or any(block in error for block in BLOCKS):
        raise BlockedError(f"{url} is kept out of the archive by its owner or robots.txt.")
    if reply.status == 404 and first:
        raise NoCaptureError(f"The archive has no TimeMap of {url}.")
    if reply.status != 200:
        raise UnexpectedReplyError(
            f"The archive answered {reply.status} to {reply.url}; check archive.url and dialect."
        )
    if not reply.text.lstrip().startswith("<") or next(_links(reply.text), None) is None:
        opening = " ".join(reply.text[:400].split())[:120]
        raise UnexpectedReplyError(
            f"The archive answered {reply.url} with something that is no TimeMap: {opening!r}."
        )


def _links(text: str) -> Iterator[_Link]:
    """Yield the links of a text in link format; HTML has none, for its brackets hold no relation."""
    for found in _LINK.finditer(text):
        said = {name.lower(): quoted or bare for name, quoted, bare in _ATTRIBUTE.findall(found[2])}
        if "rel" in said or "datetime" in said:
            relations = frozenset(said.get("rel", "").lower().split())
            yield _Link(found[1].strip().replace("&amp;", "&"), relations, said.get("datetime"))


def _capture(link: _Link, archive: str, now: datetime) -> Capture:
    """Read a link to a memento.

    Raises:
        ValueError: It is none; says why.
    """
    found = replayed_capture(link.target)
    if found is None or len(link.target) > LONGEST_ADDRESS:
        raise ValueError(
            "its address names no time and page, so that its bytes cannot be asked for as they were"
        )
    at = time_of(found[0])
    when = parsedate_to_datetime(link.datetime or "")
    when = when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    if when != at:
        raise ValueError(f"its address names another time than its date ({found[0]}, {link.datetime!r})")
    check_credible(at, now=now)
    url = re.sub(r"^(https?):/(?=[^/])", r"\1://", found[1])
    url = url if re.match(r"https?://", url, re.IGNORECASE) else f"http://{url}"
    if not urlsplit(url).hostname or urlsplit(url).username is not None:
        raise ValueError("its address is no web page")
    return Capture(archive=archive, url=url, urlkey=urlkey_of(url), at=at)
