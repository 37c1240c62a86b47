"""Where an exported capture is from: the archive's own row of it, in a field of its record, so that an import restores it."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from crawler.archive.fields import json_object
from crawler.archive.timestamps import check_credible
from crawler.model import Capture, Snapshot

# Fields of our own in a record's header; other readers pass over them (WARC 1.1, 4).
FIELD = "Variorum-Capture"
MADE = "Variorum-Made"
_LONGEST = 1 << 16
_ROW = ("archive", "url", "urlkey", "mimetype", "digest", "status", "length")


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where the bytes of a record are from.

    Attributes:
        page: The address of the target that it was exported for.
        capture: The archive's row.
        served_at: The capture time served (aware UTC).
        final_url: The address served, after historical redirects.
        redirects: Addresses passed through on the way, in order.
        status: HTTP status served, or None for a revisit, whose own is the row's.
        has_raw: Whether the record holds the bytes as the archive does; else their coding was undone before they were kept.
        digest_fits: Whether the archive's digest was that of the bytes when they were fetched, or None where nobody looked.
        retrieved_at: When the archive gave them (aware UTC), or None.
        archive_src: The archive's file in which the capture lies, or None.
    """

    page: str
    capture: Capture
    served_at: datetime
    final_url: str
    redirects: tuple[str, ...] = ()
    status: int | None = None
    has_raw: bool = False
    digest_fits: bool | None = None
    retrieved_at: datetime | None = None
    archive_src: str | None = None

    @classmethod
    def of(cls, snapshot: Snapshot, page: str) -> "Origin":
        """Return the origin of a snapshot of the target at `page`."""
        return cls(
            page=page,
            capture=snapshot.capture,
            served_at=snapshot.served_at,
            final_url=snapshot.url,
            redirects=snapshot.redirects,
            status=snapshot.status,
            has_raw=snapshot.raw is not None,
            digest_fits=snapshot.digest_fits,
            retrieved_at=snapshot.retrieved_at,
            archive_src=snapshot.archive_src,
        )

    def text(self) -> str:
        """Return it as one line of ASCII."""
        row = self.capture
        values = {
            "page": self.page,
            **{name: getattr(row, name) for name in _ROW},
            "at": _stamp(row.at),
            "served_at": _stamp(self.served_at),
            "served_status": self.status,
            "final_url": self.final_url,
            "redirects": list(self.redirects),
            "raw": self.has_raw,
            "digest_fits": self.digest_fits,
            "retrieved_at": _stamp(self.retrieved_at),
            "archive_src": self.archive_src,
        }
        kept = {name: value for name, value in values.items() if value not in (None, [])}
        return json.dumps(kept, separators=(",", ":"))


def read_origin(text: str | None, *, now: datetime | None) -> Origin | None:
    """Return the origin that a record names, or None where it names none.

    Args:
        text: The field as the record has it.
        now: The time (aware UTC) after which nothing can have been captured, or None where nobody knows.

    Raises:
        ValueError: It cannot be read, or names a time that cannot be.
    """
    if text is None:
        return None
    values = json_object(text) if len(text) <= _LONGEST else {}
    try:
        at, served = _time(values["at"]), _time(values["served_at"])
        for time in (at, served):
            check_credible(time, now=now)
        retrieved = values.get("retrieved_at")
        return Origin(
            page=_text(values["page"]),
            capture=Capture(
                archive=_text(values["archive"]),
                url=_text(values["url"]),
                urlkey=_text(values["urlkey"]),
                at=at,
                mimetype=_text_or_none(values.get("mimetype")),
                status=_number(values.get("status")),
                digest=_text_or_none(values.get("digest")),
                length=_number(values.get("length")),
            ),
            served_at=served,
            final_url=_text(values["final_url"]),
            redirects=tuple(_text(each) for each in values.get("redirects", [])),
            status=_number(values.get("served_status")),
            has_raw=values.get("raw") is True,
            digest_fits=_flag(values.get("digest_fits")),
            retrieved_at=None if retrieved is None else _time(retrieved),
            archive_src=_text_or_none(values.get("archive_src")),
        )
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise ValueError(f"what it says of its origin cannot be read ({str(error)[:80]})") from error


def _stamp(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def _time(value: Any) -> datetime:
    when = datetime.fromisoformat(_text(value))
    if when.tzinfo is None:
        raise ValueError("a time without its zone")
    return when.astimezone(UTC)


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError("a text is missing")
    return value


def _text_or_none(value: Any) -> str | None:
    return None if value is None else _text(value)


def _number(value: Any) -> int | None:
    if value is not None and (
        not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 1 << 63
    ):
        raise ValueError("a number is none")
    return value


def _flag(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None
