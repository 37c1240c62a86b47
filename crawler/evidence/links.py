"""The store's own chain: binds the pages' logs of custody on a clock, and has an authority stamp the newest link."""

import base64
import binascii
from collections.abc import Callable, Iterator
from datetime import datetime

from crawler.config import Settings
from crawler.errors import ConfigError, VariorumError
from crawler.evidence.timestamps import read_stamp, stamp_of
from crawler.maintenance.jobs import DAY, Job
from crawler.store import Problem, Store

# What an authority may take for an answer, in seconds; the next day asks it again.
_SECONDS = 30.0


def link_jobs(settings: Settings, *, clock: Callable[[], datetime]) -> dict[str, tuple[float, Job]]:
    """Return the daemon's job that binds the logs once a day, and has the link stamped where an authority is set."""

    def bind(store: Store, stop: Callable[[], bool]) -> str | None:
        del stop
        return bind_and_stamp(store, settings.evidence.timestamp_url, now=clock())

    return {"custody": (DAY, bind)}


def bind_and_stamp(store: Store, url: str | None, *, now: datetime, seconds: float = _SECONDS) -> str | None:
    """Bind the pages' logs into the store's chain, and ask an authority to stamp the newest link if it has no stamp.

    The link is kept whatever the authority does; where it refuses, fails or answers with what does not hold, nothing
    is kept of its answer, and the next call asks again. A stamp of a link stands for all links before it.

    Args:
        store: Whose logs.
        url: The authority's address (RFC 3161), or None to ask nobody.
        now: The time (aware UTC).
        seconds: How long the authority may take.

    Returns:
        What was done, in words, or None where there was nothing to do.
    """
    made = store.custody.bind(now)
    said = [f"bound the log of custody as link {made.position}"] if made is not None else []
    newest = store.custody.heads()[-1:]
    if url is not None and newest and newest[0].token is None:
        link = newest[0]
        message = link.hash.encode("ascii")
        try:
            stamp = stamp_of(message, url, seconds=seconds)
            at = read_stamp(stamp, message).at
        except (VariorumError, ValueError) as error:
            said.append(f"link {link.position} has no time stamp yet: {error}")
        else:
            store.custody.keep_token(link, base64.b64decode(stamp))
            said.append(f"link {link.position} stamped at {at:%Y-%m-%d %H:%M:%S} UTC")
    return "; ".join(said) or None


def stamp_problems(store: Store) -> Iterator[Problem]:
    """Yield links whose stamp is of something else or does not hold; none where the extra `evidence` is missing."""
    for link in store.custody.heads():
        if link.token is None:
            continue
        stamp = base64.b64encode(link.token).decode("ascii")
        try:
            read_stamp(stamp, link.hash.encode("utf-8", "replace"))
        except ConfigError:
            return
        except (ValueError, binascii.Error) as error:
            detail = f"does not fit its time stamp ({error}): restore a backup"
            yield Problem(what="custody", name=f"link {link.position}", detail=detail)
