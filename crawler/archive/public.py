"""Public web archives, each with its operator, address, pace and trust: data in `public.toml`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from crawler.archive.limits import Limits


class Raw(StrEnum):
    """Whether an archive replays bytes as they were captured."""

    YES = "yes"
    UNVERIFIED = "unverified"
    NO = "no"


class Trust(StrEnum):
    """What a capture of an archive is worth as a witness."""

    WITNESS = "witness"
    ALTERS = "alters"  # it was found changing what it captured


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicArchive:
    """A public archive, as others describe it.

    Attributes:
        name: As `archives.also` names it.
        title: As its readers call it.
        operator: Who runs it; two archives of one operator are one witness.
        raw: Whether it replays bytes as they were captured.
        trust: What its captures are worth as witnesses.
        dialect: How it is spoken to, or None where no dialect speaks to it.
        url: Its base address, or None.
        index: Path of its index below the address, where it is not that of the dialect.
        replay: Path of its replay below the address, where it is not that of the dialect.
        cdx_per_minute: Index queries a minute that are kept to, or None where it is never asked.
        playback_per_minute: Bodies a minute that are kept to, or None where it is never asked.
        pace: Where the pace is from.
        quirks: What differs from its dialect, a sentence each.
        sources: Where each fact was read, with its date.
    """

    name: str
    title: str
    operator: str
    raw: Raw
    trust: Trust
    dialect: str | None = None
    url: str | None = None
    index: str | None = None
    replay: str | None = None
    cdx_per_minute: float | None = None
    playback_per_minute: float | None = None
    pace: str = ""
    quirks: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()

    @property
    def is_readable(self) -> bool:
        """Whether it can be asked for captures as they were."""
        return self.dialect is not None and self.raw is not Raw.NO

    def limits(self, general: Limits) -> Limits:
        """Return how hard it may be asked: its own pace, never harder than it says, the rest as everywhere."""
        return Limits(
            cdx_per_minute=self.cdx_per_minute or general.cdx_per_minute,
            playback_per_minute=self.playback_per_minute or general.playback_per_minute,
            save_per_minute=general.save_per_minute,
            deadline=general.deadline,
            body_bytes=general.body_bytes,
        )


@cache
def public_archives() -> Mapping[str, PublicArchive]:
    """Return the public archives by name, in the order of the list."""
    text = files("crawler.archive").joinpath("public.toml").read_text(encoding="utf-8")
    return {name: _archive(name, entry) for name, entry in tomllib.loads(text).items()}


def _archive(name: str, entry: dict[str, Any]) -> PublicArchive:
    fields: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()
    }
    fields |= {"raw": Raw(entry["raw"]), "trust": Trust(entry["trust"])}
    return PublicArchive(name=name, **fields)


def operator_of(url: str) -> str | None:
    """Return who runs the archive at an address, or None where it is none of the list."""
    host = _host(url)
    return next(
        (one.operator for one in public_archives().values() if one.url and _host(one.url) == host), None
    )


def _host(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None
