"""What a body is, recognised by its bytes where its Content-Type is missing or says nothing."""

import re

from crawler.archive.encoding import is_text

# Types that servers, crawlers and indexes write where they do not know (seen in public WARCs and CDX files, 2026-11-28).
VAGUE = frozenset(
    {
        "", "-", "*/*", "none", "null", "unk", "unknown", "unknown/unknown", "content/unknown", "application/unknown",
        "application/x-unknown", "application/x-unknown-content-type", "application/octet-stream", "binary/octet-stream",
        "application/force-download", "application/x-download", "application/http", "no-type",
    }
)  # fmt: skip
# As the WHATWG's MIME Sniffing Standard, 7.1, tells HTML; it allows white space before.
_HTML = re.compile(
    rb"(?:\xef\xbb\xbf)?[\t\n\x0c\r ]*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--|<(?:!doctype html|html|head|script|iframe|h1|div|font"
    rb"|table|a|style|title|b|body|br|p|meta|article|main)[\s/>])",
    re.IGNORECASE,
)
_WIDE = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_LOOKED_AT = 1024


def media_type(declared: str | None) -> str:
    """Return a Content-Type without its parameters, in lower case, empty where there is none."""
    return (declared or "").partition(";")[0].strip().lower()


def is_vague(declared: str | None) -> bool:
    """Whether a Content-Type says nothing."""
    return media_type(declared) in VAGUE


def known_type(declared: str | None, body: bytes) -> str | None:
    """Return a body's Content-Type: as declared, unless that says nothing and the bytes say more.

    Args:
        declared: The Content-Type as the site sent it, or None.
        body: The body, its encodings undone; its beginning is enough.

    Returns:
        None where neither says anything.
    """
    if not is_vague(declared):
        return declared
    start = body[:_LOOKED_AT]
    if start[:2] in _WIDE:
        start = (
            start[: len(start) & ~1]
            .decode(_WIDE[start[:2]], "replace")
            .lstrip("\ufeff")
            .encode("utf-8", "replace")
        )
    if _HTML.match(start):
        return "text/html"
    if not media_type(declared) and body and is_text(body):
        return "text/plain"
    return declared
