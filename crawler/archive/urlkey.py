"""The sort-friendly key under which web archives file an address, so that variants of one page meet."""

import re
from urllib.parse import quote, unquote_to_bytes, urlsplit

_SESSION = re.compile(
    r"(?i)^(?:jsessionid=[0-9a-z]{32}|phpsessid=[0-9a-z]{32}|sid=[0-9a-z]{32}|aspsessionid[a-z]{8}=[a-z]{24})$"
)

# Archives hold addresses escaped two or three times over; a longer text, or more rounds, would only cost time.
ROUNDS = 8
LONGEST = 1 << 16


def urlkey_of(url: str) -> str:
    """Return the SURT key of an address, as CDX servers compute it.

    Folds scheme, `www`, port, letter case, a trailing slash, the order of query fields and session numbers
    (Internet Archive's canonicaliser, as the Python library `surt` documents it). An address that cannot be
    read is its own key.
    """
    text = re.sub(r"[\t\r\n]", "", url.strip())
    if not re.match(r"(?i)^[a-z][a-z0-9+.-]*:", text):
        text = f"http://{text}"
    try:
        parts = urlsplit(text)
        host = (parts.hostname or "").strip(".")
    except ValueError:
        return url.lower()
    if not host:
        return url.lower()
    host = re.sub(r"^www\d*\.", "", _ascii(host.lower()))
    reversed_host = host if ":" in host else ",".join(reversed(host.split(".")))
    port = _port(parts.scheme.lower(), parts.netloc)
    path = _path(parts.path)
    query = "&".join(sorted(f for f in _once(parts.query).lower().split("&") if not _SESSION.match(f)))
    return f"{reversed_host}{port}){path}" + (f"?{query}" if query else "")


def site_of(urlkey: str) -> str:
    """Return the part of a SURT key that names the site: `com,example` of `com,example,news)/x`."""
    labels = urlkey.partition(")")[0].partition(":")[0].split(",")
    # Second-level registries: uk,co and au,com are no sites. The full list is the Public Suffix List's.
    deep = len(labels) > 2 and len(labels[0]) == 2 and len(labels[1]) <= 3
    return ",".join(labels[: 3 if deep else 2])


def _ascii(host: str) -> str:
    """Return an international name as the ASCII that is asked for; one that has none stays as it is."""
    try:
        return host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError:
        return host


def _port(scheme: str, netloc: str) -> str:
    found = re.search(r":(\d+)$", netloc)
    return "" if found is None or found[1] == {"http": "80", "https": "443"}.get(scheme) else f":{found[1]}"


def _path(path: str) -> str:
    path = re.sub(r"/{2,}", "/", _once(path).lower())
    steps: list[str] = []
    for step in path.split("/")[1:]:
        if step == "..":
            steps[-1:] = []
        elif step != ".":
            steps.append(step)
    return "/" + "/".join(steps).rstrip("/")


def _once(text: str) -> str:
    """Escape each character once, however often the address did, within reason."""
    data = text.encode("utf-8", "surrogatepass")
    for _ in range(ROUNDS if len(data) <= LONGEST else 0):
        plain = unquote_to_bytes(data)
        if plain == data:
            break
        data = plain
    return quote(data, safe="!\"$&'()*+,-./:;<=>?@[\\]^_`{|}~")
