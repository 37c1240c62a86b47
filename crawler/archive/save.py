"""Asking an archive to capture a page now, and saying truthfully what came of it."""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

from crawler.address import page_address
from crawler.archive.cdx import LONGEST_ADDRESS
from crawler.archive.dialects import SaveMethod
from crawler.archive.fields import json_object
from crawler.archive.limits import is_loopback
from crawler.archive.replay import replayed_capture
from crawler.archive.session import LostReplyError, PoliteSession, Reply
from crawler.archive.sources import ArchiveSource, RemoteArchive
from crawler.archive.timestamps import check_credible, time_of
from crawler.errors import ArchiveError, InputError, NoCaptureError
from crawler.model import RequestKind

# Save Page Now's documents as fetched 2026-09-13: a capture takes 2 minutes at most; 33 s were measured 2026-08-27.
POLL_SECONDS = 5.0
POLLS = 30
# A page captured more recently is not captured again; the service's own clients use 30 and 45 minutes.
FRESH = timedelta(minutes=30)
# Two clocks are compared when a capture is called older than the request.
SKEW = timedelta(seconds=60)
# No capture is younger than its request by more than the service may take, and a day for the two clocks.
LONGEST_SAVE = timedelta(minutes=5)
_KEY = re.compile(r"[!-9;-~]{1,200}")
# Jobs are called spn2- and forty hex digits as of 2026; whatever else it is, it goes into an address and a message.
_JOB = re.compile(r"[\w.-]{1,200}", re.ASCII)
_LONGEST_MESSAGE = 500


class SaveState(StrEnum):
    """What became of a request to save."""

    SAVED = "saved"  # captured because we asked
    EXISTING = "existing"  # the archive points to a capture older than the request
    UNKNOWN = "unknown"  # no answer in time: the capture may turn up in the index later
    REFUSED = "refused"  # the archive said no, in the words of `message`


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveResult:
    """What came of a request to save.

    Attributes:
        state: What became of it.
        message: One line for the user; on refusal the service's own words.
        captured_at: The capture's time (aware UTC), or None where unknown.
        url: The address captured, or None where unknown.
        job: The service's name for the request, by which `Saver.follow` asks again, or None where it gave none.
    """

    state: SaveState
    message: str
    captured_at: datetime | None = None
    url: str | None = None
    job: str | None = None


class Saver:
    """Saves pages in one archive.

    Args:
        source: Which.
        session: How to ask.
        keys: Access and secret key of an archive.org account (https://archive.org/account/s3.php); without
            them the Wayback Machine's anonymous form is tried, which it often refuses.
        fresh: A page captured within so long is not captured again, where the service can be asked so.
    """

    def __init__(
        self,
        source: ArchiveSource,
        *,
        session: PoliteSession,
        keys: tuple[str, str] | None = None,
        fresh: timedelta = FRESH,
    ) -> None:
        self._source = source
        self._base = source.url.rstrip("/")
        self._session = session
        self._keys = None if keys is None else (keys[0].strip(), keys[1].strip())
        self._fresh = fresh

    def __repr__(self) -> str:
        return f"Saver({self._source.name!r}, keys={'***' if self._keys else None})"

    def save(self, url: str, *, now: datetime) -> SaveResult:
        """Ask for a capture and wait until it is made, refused, or three minutes have passed.

        Args:
            url: The page.
            now: The time of the request (aware UTC).

        Raises:
            RateLimitError: The archive asked us to slow down.
            PenaltyError: The archive refuses connections.
            UnreachableError: The archive could not be asked.
        """
        method = self._source.dialect.save
        if method is None:
            return _refused(
                f"an archive of the dialect {self._source.dialect.name} is read, not saved to; "
                "name a Wayback Machine or a pywb as archive.url"
            )
        if method is SaveMethod.RECORDER:
            return self._record(url, now)
        try:
            return self._with_keys(url, now) if self._keys else self._anonymously(url, now)
        except LostReplyError as error:
            return _unknown(str(error))

    def follow(self, job: str, url: str, *, now: datetime) -> SaveResult:
        """Ask once what became of an earlier request.

        Args:
            job: As `SaveResult.job` named it.
            url: The page.
            now: The time of that request (aware UTC).

        Raises:
            ArchiveError: The archive could not be asked.
        """
        return self._state_of(job, url, now) or _unknown(f"the archive still works on it (job {job})", job)

    # ------------------------------------------------------------------ Save Page Now 2

    def _with_keys(self, url: str, now: datetime) -> SaveResult:
        unsafe = self._unsafe()
        if unsafe is not None:
            return _refused(unsafe)
        headers = self._headers()
        full = self._no_room(headers)
        if full is not None:
            return full
        form = {
            "url": url,
            "if_not_archived_within": str(int(self._fresh.total_seconds())),
            "skip_first_archive": "1",
        }
        reply = self._session.post(f"{self._base}/save", kind=RequestKind.SAVE, form=form, headers=headers)
        answer = json_object(reply.text)
        job = answer.get("job_id")
        if isinstance(job, str) and _JOB.fullmatch(job):
            return self._followed(job, url, now)
        message = _message(answer, reply)
        if reply.status == 200 and answer.get("status") != "error" and "job_id" in answer:
            # With job_id null the message says how old the capture is: "... had been made 3 minutes ago".
            return SaveResult(state=SaveState.EXISTING, message=message, url=url)
        return _refused(message)

    def _headers(self) -> dict[str, str]:
        keys = self._keys or ("", "")
        return {"Accept": "application/json", "Authorization": f"LOW {keys[0]}:{keys[1]}"}

    def _unsafe(self) -> str | None:
        """Return why the keys must not be sent, or None where they may be."""
        if not all(_KEY.fullmatch(key) for key in self._keys or ()):
            return "a key for saving holds a character that no key has; copy save.access_key and save.secret_key again"
        parts = urlsplit(self._base)
        if parts.scheme.lower() != "https" and not is_loopback(parts.hostname or ""):
            return "keys are not sent over plain http; write archive.url with https, or leave the keys out"
        return None

    def _no_room(self, headers: dict[str, str]) -> SaveResult | None:
        """Ask how many captures the account may still make; the numbers change too often to be written here."""
        reply = self._session.get(
            f"{self._base}/save/status/user", kind=RequestKind.PLAYBACK, headers=headers
        )
        answer = json_object(reply.text)
        if reply.status in (401, 403):
            return _refused(_message(answer, reply))
        made, allowed = answer.get("daily_captures"), answer.get("daily_captures_limit")
        if isinstance(made, int) and isinstance(allowed, int) and made >= allowed:
            return _refused(f"{made} of {allowed} captures of the day are used; try again tomorrow")
        if answer.get("available") == 0:
            return _refused(
                f"{answer.get('processing')} captures are being made; none more may be asked for now"
            )
        return None

    def _followed(self, job: str, url: str, now: datetime) -> SaveResult:
        """Ask after a job until it is done; where it cannot be asked after, what became of it is unknown."""
        for _ in range(POLLS):
            self._session.rest(POLL_SECONDS)
            try:
                found = self._state_of(job, url, now)
            except ArchiveError as error:
                return _unknown(f"its state could not be asked ({error}) (job {job})", job)
            if found is not None:
                return found
        return _unknown(f"the archive still works on it (job {job})", job)

    def _state_of(self, job: str, url: str, now: datetime) -> SaveResult | None:
        """Return what became of a job, or None while the archive works on it.

        Only the service's own word counts as a refusal: an error page says nothing of the job.
        """
        headers = self._headers() if self._keys and self._unsafe() is None else {}
        address = f"{self._base}/save/status/{quote(job, safe='')}"
        reply = self._session.get(address, kind=RequestKind.PLAYBACK, headers=headers)
        answer = json_object(reply.text)
        if answer.get("status") == "success":
            return _captured(answer, url, now, job)
        if answer.get("status") == "error":
            return _refused(_message(answer, reply))
        if reply.status >= 400:
            return _unknown(f"its state could not be asked (status {reply.status}) (job {job})", job)
        return None

    # ------------------------------------------------------------------ without keys

    def _anonymously(self, url: str, now: datetime) -> SaveResult:
        """Use the form's address, as of 2026 undependable: refused with 429, 404 and 401, done with 302."""
        reply = self._session.get(f"{self._base}/save/{url}", kind=RequestKind.SAVE)
        place = reply.header("content-location") or reply.header("location")
        found = replayed_capture(urljoin(reply.url, place)) if place else None
        if found is None or reply.status >= 400:
            hint = "; set save.access_key and save.secret_key, which saves dependably"
            return _refused(_message(json_object(reply.text), reply) + hint)
        return _captured_at(time_of(found[0]), url, now)

    # ------------------------------------------------------------------ pywb

    def _record(self, url: str, now: datetime) -> SaveResult:
        """Let pywb fetch the page while recording; only its index proves that it did."""
        said = ""
        try:
            reply = self._session.get(f"{self._base}/record/id_/{url}", kind=RequestKind.SAVE)
        except LostReplyError as error:
            said = str(error)
        else:
            if "Can Not Record" in reply.text[:500] or reply.status == 404:
                said = " ".join(reply.text.split())[:120] if reply.status == 200 else f"status {reply.status}"
        since = now.replace(microsecond=0) - timedelta(seconds=1)
        for _ in range(4 if not said else 1):
            try:
                newest = max(
                    RemoteArchive(self._source, session=self._session).captures(url, since=since), key=_at
                )
            except NoCaptureError:
                self._session.rest(1.0)
            else:
                return _captured_at(newest.at, url, now)
        return (
            _refused(f"the collection does not record: {said}") if said else _unknown("it is not listed yet")
        )


def _at(capture: Any) -> datetime:
    when: datetime = capture.at
    return when


def _captured(answer: dict[str, Any], url: str, now: datetime, job: str) -> SaveResult:
    try:
        at = time_of(str(answer.get("timestamp"))[:20])
        check_credible(at, now=now + LONGEST_SAVE)
    except ValueError:
        stamp = _line(str(answer.get("timestamp")))
        return _unknown(f"the archive names no readable capture time: {stamp!r} (job {job})", job)
    saved = answer.get("original_url")
    page = saved if isinstance(saved, str) and _is_page(saved) else url
    return replace(_captured_at(at, page, now), job=job)


def _is_page(url: str) -> bool:
    try:
        page_address(url)
    except InputError:
        return False
    return len(url) < LONGEST_ADDRESS


def _captured_at(at: datetime, url: str, now: datetime) -> SaveResult:
    """Call a capture older than the request what it is."""
    old = at < now - SKEW
    said = (
        f"the archive points to its capture of {at:%Y-%m-%d %H:%M:%S} UTC"
        if old
        else f"captured {at:%Y-%m-%d %H:%M:%S} UTC"
    )
    return SaveResult(
        state=SaveState.EXISTING if old else SaveState.SAVED, message=said, captured_at=at, url=url
    )


def _refused(words: str) -> SaveResult:
    return SaveResult(state=SaveState.REFUSED, message=_line(words))


def _unknown(words: str, job: str | None = None) -> SaveResult:
    message = f"{_line(words)}; whether it was captured shows in the index within a day"
    return SaveResult(state=SaveState.UNKNOWN, message=message, job=job)


def _message(answer: dict[str, Any], reply: Reply) -> str:
    """Return the service's own words, on one line."""
    words = answer.get("message") or answer.get("status_ext")
    return _line(str(words)) if words else f"the archive answered {reply.status} without a word"


def _line(words: str) -> str:
    """Return an outsider's words as one line that a terminal can show."""
    plain = "".join(char if char.isprintable() else " " for char in words[:_LONGEST_MESSAGE])
    return " ".join(plain.split())
