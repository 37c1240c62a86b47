"""Addresses and moments as people type them, checked at the border."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, urlsplit, urlunsplit

from crawler.errors import InputError

EXAMPLE = "https://www.example.org/news/story"
REPLAY = re.compile(r"^https?://web\.archive\.org/web/(\d{4,14})[a-z_]*/(.+)$", re.IGNORECASE)
# The web is younger, and a year added to the last must still be a year.
FIRST, LAST = 1900, 9000
FORMS = (
    "%Y",
    "%Y-%m",
    "%Y-%m-%d",
    "%Y-%m-%dT%H:%M",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d %H:%M:%S",
)
_PRECISIONS = (
    (1, re.compile(r"\d{4}")),
    (2, re.compile(r"\d{4}-\d\d")),
    (3, re.compile(r"\d{4}-\d\d-\d\d")),
)


def page_address(text: str) -> str:
    """Return a page's address in one spelling: scheme and host in lower case, no fragment, no default port.

    A Wayback replay address is taken for the page it replays; an address without a scheme for https.

    Raises:
        InputError: It is no http(s) address of a page.
    """
    raw = text.strip()
    replayed = REPLAY.match(raw)
    if replayed:
        raw = replayed.group(2)
    if not re.match(r"^[a-z][a-z0-9+.-]*:", raw, re.IGNORECASE) or re.match(r"^[\w.-]+\.\w+:\d+(/|$)", raw):
        raw = f"https://{raw}"
    # CVE-2026-27696's lesson, 2026: two parsers that read one address differently are a hole; refuse what they dispute.
    if "\\" in raw or any(ord(char) <= 32 or 0xD7FF < ord(char) < 0xE000 or ord(char) == 127 for char in raw):
        raise InputError(
            f"{text!r} holds a space, a backslash or a control character; an address looks like {EXAMPLE}"
        )
    try:
        parts = urlsplit(raw)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise InputError(f"{text!r} is no web address ({error}); one looks like {EXAMPLE}") from error
    if parts.scheme.lower() not in ("http", "https"):
        raise InputError(f"{text!r}: only http and https pages are archived; an address looks like {EXAMPLE}")
    if parts.username is not None or parts.password is not None:
        raise InputError(f"{text!r} holds a user name or password; give the address without it")
    if not host or "." not in host.strip(".") or not re.fullmatch(r"[^\s/?#@<>\"'|{}^`%]+", host):
        raise InputError(f"{text!r} names no public host; an address looks like {EXAMPLE}")
    try:
        host = host.encode("idna").decode("ascii") if not host.isascii() else host
    except UnicodeError as error:
        raise InputError(f"{text!r}: the host name cannot be encoded ({error})") from error
    default = {"http": 80, "https": 443}[parts.scheme.lower()]
    netloc = host if port in (None, default) else f"{host}:{port}"
    keep = "%/:=&?~#+!$,;'@()*[]"
    return urlunsplit(
        (parts.scheme.lower(), netloc, quote(parts.path or "/", safe=keep), quote(parts.query, safe=keep), "")
    )


def spellings_of(address: str) -> tuple[str, ...]:
    """Return the spellings of an address that archives file as one page, the one given first.

    They differ in scheme, `www.` and a trailing slash.
    """
    scheme, _, rest = address.partition("://")
    host, slash, path = rest.partition("/")
    bare = host.removeprefix("www.")
    paths = [slash + path]
    if path and "?" not in path:
        paths.append(slash + (path.removesuffix("/") if path.endswith("/") else f"{path}/"))
    found = [
        f"{each}://{name}{end}"
        for each in ("https", "http")
        for name in (bare, f"www.{bare}")
        for end in paths
    ]
    return tuple(dict.fromkeys([f"{scheme}://{host}{slash}{path}", *found]))


_FIELD = re.compile(r"([?&][^=&?\s]*+=)[^&\s]*")
_SECRET = ("pass", "key", "token", "secret")


def masked(text: str) -> str:
    """Return an address without the secrets it may hold, also where it is broken.

    These are what stands between a colon and an @, and the query's fields that are named like a password or a key.
    """
    words = re.split(r"(\s+)", text)
    return _FIELD.sub(_starred, "".join(map(_without_password, words)))


def _without_password(word: str) -> str:
    """Hide what stands between the first colon that opens no `//` and the last @."""
    last = word.rfind("@")
    first = next(
        (
            place
            for place, char in enumerate(word[: max(last, 0)])
            if char == ":" and word[place + 1 : place + 3] != "//"
        ),
        None,
    )
    return word if first is None else f"{word[:first]}:***{word[last:]}"


def _starred(field: re.Match[str]) -> str:
    return f"{field[1]}***" if any(name in field[1].lower() for name in _SECRET) else field[0]


def moment(text: str, *, end: bool = False) -> datetime:
    """Read a date or time: `2016`, `2016-09-18`, `2016-09-18 02:26`, RFC 3339, or 4 to 14 digits as archives use.

    Args:
        text: As typed; without a zone it is UTC.
        end: Give the last second of the period named instead of its first.

    Returns:
        Aware UTC.

    Raises:
        InputError: It is none of these.
    """
    raw = text.strip()
    if re.fullmatch(r"\d{4,14}", raw) and len(raw) % 2 == 0:
        pairs = [raw[:4], *(raw[i : i + 2] for i in range(4, len(raw), 2))]
        raw = "-".join(pairs[:3]) + (
            "T" + ":".join([*pairs[3:], *["00"] * (5 - len(pairs))]) if len(pairs) > 3 else ""
        )
        precision = len(pairs)
    else:
        precision = next((n for n, form in _PRECISIONS if form.fullmatch(raw)), 6)
        precision = 5 if re.fullmatch(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d", raw) else precision
    found = _read(raw)
    if found is None or not FIRST <= found.year <= LAST:
        raise InputError(f"{text!r} is no date; write 2016-09-18, 2016-09-18T02:26 or 20160918022640 (UTC)")
    return _end_of(found, precision) if end else found


def _read(raw: str) -> datetime | None:
    for form in FORMS:
        try:
            return datetime.strptime(raw, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    if "-" not in raw:
        return None
    try:
        found = datetime.fromisoformat(raw)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _end_of(start: datetime, precision: int) -> datetime:
    second = timedelta(seconds=1)
    if precision == 1:
        return start.replace(year=start.year + 1) - second
    if precision == 2:
        return (start + timedelta(days=32)).replace(day=1) - second
    steps = {3: timedelta(days=1), 4: timedelta(hours=1), 5: timedelta(minutes=1)}
    return start + steps.get(precision, second) - second
