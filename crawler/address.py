"""Addresses and moments as people type them, checked at the border."""

import ipaddress
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, urlsplit, urlunsplit

from crawler.errors import InputError

EXAMPLE = "https://www.example.org/news/story"
# What people copy along with an address: zero-width and directional marks, soft hyphens, byte order marks.
_INVISIBLE = re.compile(
    r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]|%E2%80%8[B-F]$|%EF%BB%BF$", re.IGNORECASE
)
# The pages of web.archive.org that show one page's captures: replay, calendar, comparison, list of changes, saving.
_WAYBACK = re.compile(
    r"(?:https?:/{1,2})?(?:www\.)?web\.archive\.org/(?:save|web/(?:changes|(?:timemap/\w+)|diff/\d{4,14}/\d{4,14}"
    r"|(?P<at>\d{1,14})(?:[a-z]{2}_)?|\d{0,14}\*(?:[a-z]{2}_)?))/+(?P<page>[^/].*)",
    re.IGNORECASE,
)
# Replay of other archives and of one's own pywb: whatever stands before a time and an address with its scheme.
_REPLAY = re.compile(
    r"(?:https?:/{1,2})?[^/?#\s]+/(?:[^?#\s]*?/)?(?:(?P<at>\d{14})(?:[a-z]{2}_)?|\d{0,14}\*)/(?P<page>https?:/{1,2}[^/].*)",
    re.IGNORECASE,
)
# Most addresses stand in the one spelling already: letters, digits and marks that no rule below changes, and no query.
_PLAIN = re.compile(r"https?://(?:[a-z0-9_-]+\.)+[a-z0-9_-]+(?:/(?!\.)[A-Za-z0-9._~-]*)+")
# Control characters, spaces, backslashes and halves of characters.
_REFUSED = re.compile("[\\x00-\\x20\\x7f\\\\\\ud800-\\udfff]")
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


Time = datetime | str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedAddress:
    """What a typed or pasted address names.

    Attributes:
        page: The page's address in one spelling.
        at: The time that a pasted replay address names (aware UTC), or None.
        dropped: Tracking fields that were left out, without their values.
    """

    page: str
    at: datetime | None = None
    dropped: tuple[str, ...] = ()


def page_address(text: str) -> str:
    """Return a page's address in one spelling: scheme and host in lower case, no fragment, no default port.

    Escapes are normalised (RFC 3986, 6.2.2), fields by which readers are counted left out. An address at which an
    archive replays, lists or saves a page is taken for the page's; one without a scheme for https.

    Raises:
        InputError: It is no http(s) address of a page.
    """
    return typed_address(text).page


def typed_address(text: str) -> TypedAddress:
    """Return the page that a typed or pasted address names, and what else it says.

    Raises:
        InputError: It is no http(s) address of a page.
    """
    if _PLAIN.fullmatch(text) and "web.archive.org/" not in text:
        return TypedAddress(page=text)
    raw, at = _replayed(_bare(text))
    if not re.match(r"^[a-z][a-z0-9+.-]*:", raw, re.IGNORECASE) or re.match(r"^[\w.-]+\.\w+:\d+(/|$)", raw):
        raw = f"https://{raw}"
    # CVE-2026-27696's lesson, 2026: two parsers that read one address differently are a hole; refuse what they dispute.
    if _REFUSED.search(raw):
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
    netloc = host if port in (None, _DEFAULT_PORTS[parts.scheme.lower()]) else f"{host}:{port}"
    path = _without_dots(_escaped(parts.path)) or "/"
    query = without_tracking(parts.query)
    dropped = [field.partition("=")[0] for field in parts.query.split("&") if TRACKING.match(field)]
    page = urlunsplit((parts.scheme.lower(), netloc, path, _escaped(query), ""))
    return TypedAddress(page=page, at=at, dropped=tuple(dropped))


def _bare(text: str) -> str:
    """Return what was typed without what is copied along: brackets, quotation marks, invisible characters."""
    raw = _INVISIBLE.sub("", text.strip()).strip()
    for first, last in ("<>", '""', "\u201c\u201d", "()", "[]"):
        if len(raw) > 1 and raw.startswith(first) and raw.endswith(last):
            raw = raw[1:-1].strip()
    return raw


def _replayed(raw: str) -> tuple[str, datetime | None]:
    """Return the page that an archive's address is about, and the time it names."""
    at = None
    for _ in range(_NESTED):
        found = _WAYBACK.fullmatch(raw) or _REPLAY.fullmatch(raw)
        if found is None:
            break
        raw = re.sub(r"^(https?):/(?=[^/])", r"\1://", found["page"], flags=re.IGNORECASE)
        at = at or _time_in(found["at"])
    return raw, at


def _time_in(digits: str | None) -> datetime | None:
    if digits is None or len(digits) < len("2016"):
        return None
    try:
        return moment(digits)
    except InputError:
        return None


_DEFAULT_PORTS = {"http": 80, "https": 443}
# A capture of a capture is met; deeper nesting is made.
_NESTED = 3

# Fields by which newsletters, advertisements and social networks count their readers; the page is the same without.
TRACKING = re.compile(
    r"(?:utm_[a-z_]+|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|mc_[ce]id|igshid|igsh|twclid|yclid|ysclid|ttclid|srsltid"
    r"|li_fat_id|mkt_tok|_hsenc|_hsmi|vero_id|oly_(?:anon|enc)_id|__twitter_impression)(?:=|$)",
    re.IGNORECASE,
)
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")


def page_key(url: str) -> str:
    """Return a text that is equal for two addresses exactly if they are one page's.

    Addresses are one page's if they are equal after RFC 3986 6.2.2 and 6.2.3 (case of scheme and host, default port, escapes
    of unreserved characters, dot segments), without scheme, fragment, `www.`, one trailing slash and tracking fields.
    Case of path and query, `%2F`, `%25`, `www1.`, the order of fields and session numbers tell pages apart, also where
    an archive's index files them under one key. What cannot be read as an address is its own key.
    """
    text = re.sub(r"[\t\r\n]", "", url.strip()).partition("#")[0]
    try:
        parts = urlsplit(text if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", text) else f"http://{text}")
        host, port = (parts.hostname or "").rstrip("."), parts.port
        host = host if host.isascii() else host.encode("idna").decode("ascii")
    except ValueError:
        return text
    if not host:
        return text
    default = _DEFAULT_PORTS.get(parts.scheme.lower())
    place = host.removeprefix("www.") + ("" if port in (None, default) else f":{port}")
    query = _escaped(without_tracking(parts.query))
    return f"{place}{_without_dots(_escaped(parts.path)).removesuffix('/')}" + (f"?{query}" if query else "")


def without_tracking(query: str) -> str:
    """Return a query without the fields by which readers are counted."""
    return "&".join(field for field in query.split("&") if not TRACKING.match(field))


def _escaped(text: str) -> str:
    """Return a path or query with escapes in one form: none for unreserved characters, the others in upper case."""
    whole = quote(text.encode("utf-8", "surrogatepass"), safe="%/:=&?~#+!$,;'@()*[]")

    def one(escape: re.Match[str]) -> str:
        char = chr(int(escape[1], 16))
        return char if char in _UNRESERVED else escape[0].upper()

    return _ESCAPE.sub(one, whole)


def _without_dots(path: str) -> str:
    """Return a path without `.` and `..` (RFC 3986, 5.2.4)."""
    if "/." not in path:
        return path
    steps: list[str] = []
    last = ""
    for last in path.split("/")[1:]:
        if last == "..":
            steps[-1:] = []
        elif last != ".":
            steps.append(last)
    return "/" + "/".join(steps) + ("/" if last in (".", "..") and steps else "")


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


def time_of(given: Time, *, end: bool = False) -> datetime | None:
    """Return a time given as text or as an aware datetime, None as it is; takes and raises what `moment` does."""
    return moment(given, end=end) if isinstance(given, str) else given


def is_local(host: str) -> bool:
    """Whether a host is this machine or one on a private network, where our own manners are not needed."""
    # A name without a dot is one of a private network, such as a container's (RFC 6762 and 8375 name the endings).
    if ("." not in host and ":" not in host) or host.endswith(
        (".localhost", ".local", ".internal", ".home.arpa")
    ):
        return bool(host)
    try:
        address = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return address.is_loopback or address.is_private


def host_of_page(url: str) -> str:
    """Return the host of a page, with its port, without `www.`."""
    return url.partition("://")[2].partition("/")[0].removeprefix("www.")
