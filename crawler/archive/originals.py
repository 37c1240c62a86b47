"""What the site sent, told apart from what the archive added on the way: headers, and bytes in their own coding."""

from dataclasses import dataclass

from crawler.archive.digests import fits
from crawler.archive.encoding import CutOffError, TooLargeError, UnknownEncodingError, decoded
from crawler.archive.session import Reply

_PREFIX = "x-archive-orig-"
# What RFC 7089 has an archive write, and what belongs to the way from there to here (RFC 9110, 7.6.1).
_ARCHIVES_OWN = {
    "memento-datetime", "link", "content-location", "preference-applied", "connection", "keep-alive", "proxy-connection",
    "transfer-encoding", "te", "trailer", "upgrade",
}  # fmt: skip
_OPAQUE = "application/octet-stream"


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """An answer as the site gave it.

    Attributes:
        headers: Its response headers as far as the archive replays them, in order.
        raw: Its bytes in the coding in which it sent them, or None where the archive no longer gives those.
        coding: That coding as it was named, or None where the bytes are in none.
        digest_fits: Whether the archive's digest is that of the bytes, raw or decoded; None where nothing can be said.
    """

    headers: tuple[tuple[str, str], ...]
    raw: bytes | None
    coding: str | None
    digest_fits: bool | None


def original_in(reply: Reply, *, digest: str | None, prefixed: bool) -> Original:
    """Return what an archive's answer tells of the site's.

    The archive may pack what the site sent plain, and unpack what it sent packed: web.archive.org sends most pages in
    gzip whose own length it names in `x-archive-orig-content-length` (the recorded answers of edgi-govdata-archiving,
    read 2026-11-28). Its digest decides where it is given; else the coding that the site is said to have named.

    Args:
        reply: The answer.
        digest: The digest that the archive's index names of this very capture, or None.
        prefixed: Whether the archive writes each header of the site as `X-Archive-Orig-*`, so that any other is its own.
    """
    headers = _headers(reply, prefixed=prefixed)
    named = next((value.strip() for name, value in headers if name.lower() == "content-encoding"), "") or None
    forms = _forms(reply)
    fitting = next((form for form in forms if fits(digest, (form,))), None)
    raw = fitting if fitting is not None else _by_coding(reply, forms, named, prefixed=prefixed)
    coding = None
    if raw is not None and raw != reply.body:
        # Of two layers the site's is the inner one: the outer was the way's.
        coding = named or (reply.header("content-encoding") if raw is reply.raw else None)
    known = fits(digest, ()) is not None
    return Original(
        headers=headers, raw=raw, coding=coding, digest_fits=fitting is not None if known else None
    )


def _forms(reply: Reply) -> tuple[bytes, ...]:
    """Return the bytes as they came, without the coding that the answer names, and decoded through and through."""
    encoding = reply.header("content-encoding")
    forms = [reply.raw] if reply.raw or not reply.body else []
    if encoding and reply.raw:
        try:
            most = max(len(reply.raw), len(reply.body))
            forms.append(decoded(reply.raw, encoding=encoding, content_type=_OPAQUE, limit=most))
        except (CutOffError, TooLargeError, UnknownEncodingError):
            pass
    return (*forms, reply.body)


def _by_coding(reply: Reply, forms: tuple[bytes, ...], named: str | None, *, prefixed: bool) -> bytes | None:
    """Return which form the site sent, by the coding that it named; None where the archive undid that one."""
    if not prefixed or len(forms) == 1:
        return forms[0]
    came = (reply.header("content-encoding") or "").strip().lower()
    if named is None:
        return forms[1] if came else forms[0]
    if came and came == named.lower():
        return forms[0]
    inner = forms[1] if came else forms[0]
    return inner if inner != reply.body else None


def _headers(reply: Reply, *, prefixed: bool) -> tuple[tuple[str, str], ...]:
    fields = reply.fields or tuple(reply.headers.items())
    theirs = [(name[len(_PREFIX) :], value) for name, value in fields if name.lower().startswith(_PREFIX)]
    have = {name.lower() for name, _ in theirs}
    if prefixed:
        kind = reply.own_header("content-type")
        return (*theirs, *((("content-type", kind),) if kind and "content-type" not in have else ()))
    own = [
        (name, value)
        for name, value in fields
        if not name.lower().startswith(_PREFIX) and name.lower() not in _ARCHIVES_OWN
    ]
    named = {name.lower() for name, _ in own}
    return (*own, *((name, value) for name, value in theirs if name.lower() not in named))
