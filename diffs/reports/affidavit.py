"""The list of captures that an archive is asked to certify: exact addresses, times, digests, and who captured each."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC
from functools import lru_cache
from urllib.parse import urlsplit

from diffs.model import Citation
from diffs.reports.citations import archive_name
from diffs.reports.safe import visible, web_address

# The Internet Archive's standard affidavit (archive.org/legal, read 2026-11-28) attaches a printout for each address of
# the form https://web.archive.org/web/<14 digits>/<address>, and explains how the time of capture reads from the digits.
_CERTIFIES = "web.archive.org"


def render_affidavit(captures: Sequence[Citation]) -> str:
    """Return the list as plain text: the captures that the Internet Archive can certify, then those of other archives.

    Args:
        captures: In any order; each is listed once.
    """
    return _rendered(tuple(sorted(set(captures), key=lambda one: (one.at, one.archive, one.url))))


# All findings of a step are proved by the same two captures.
@lru_cache(maxsize=64)
def _rendered(known: tuple[Citation, ...]) -> str:
    own = [one for one in known if _is_certified(one)]
    others = [one for one in known if not _is_certified(one)]
    lines = ["Captures for a request to the Internet Archive for its standard affidavit", ""]
    lines += _listed(own) if own else ["None of the captures is one of web.archive.org.", ""]
    if others:
        lines += [
            "Captures of other archives, which the Internet Archive does not certify",
            "",
            *_listed(others),
        ]
    lines += [
        "Times are UTC, as the 14 digits in each address have them. An archive digest is the one that the archive's",
        "index gives, over the bytes as it stores them. SHA-256 is over the body as kept here, its content coding undone.",
    ]
    return "\n".join(lines) + "\n"


def _is_certified(capture: Citation) -> bool:
    return urlsplit(capture.link or "").hostname == _CERTIFIES


def _listed(captures: Iterable[Citation]) -> Iterator[str]:
    for number, one in enumerate(captures, start=1):
        fields = (
            ("page", one.url),
            ("captured", one.at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")),
            ("archive", archive_name(one.archive)),
            ("captured by", one.source or "not named by the archive"),
            ("archive digest", one.digest or "none"),
            ("SHA-256", one.sha256 or "no bytes of its own"),
        )
        yield f"{number}. {visible(web_address(one.link) or 'no replay address')}"
        yield from (f"   {name}: {' '.join(visible(value).split())}" for name, value in fields)
        yield ""
