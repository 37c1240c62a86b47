"""The one form in which a tracked address is kept."""

from urllib.parse import urlsplit, urlunsplit

from crawler.errors import InputError

_PORTS = {"http": 80, "https": 443}


def normal_address(url: str) -> str:
    """Give the address with scheme and host in lower case, without fragment and default port.

    Raises:
        InputError: It is no web address, or one that two programs would read differently.
    """
    text = url.strip()
    # Seen 2026-05 in a change tracker: a backslash or user name makes one parser see another host.
    if any(char.isspace() or char in '\\<>"' or ord(char) < 0x20 or ord(char) == 0x7F for char in text):
        raise InputError(
            f"{url!r} is not a web address: white space, quotes and backslashes must be %-encoded"
        )
    try:
        parts = urlsplit(text)
        name, port = parts.hostname, parts.port
    except ValueError as error:
        raise InputError(f"{url!r} is not a web address: {error}") from error
    if parts.scheme not in _PORTS or not name:
        raise InputError(f"{url!r} is not a web address: write it like https://example.com/article")
    if "@" in parts.netloc:
        raise InputError(f"{url!r} carries a user name: write the address without it")
    place = _host(url, name) if port in {None, _PORTS[parts.scheme]} else f"{_host(url, name)}:{port}"
    return urlunsplit((parts.scheme, place, parts.path or "/", parts.query, ""))


def _host(url: str, name: str) -> str:
    """Give the host in lower case, in the ASCII form that archives index."""
    if ":" in name:
        return f"[{name}]"
    if name.isascii():
        return name.lower()
    try:
        return name.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise InputError(f"{url!r} is not a web address: its host cannot be a domain name") from error
