"""Packs the response headers of captures over a text of what such headers mostly say."""

import json
import re

import zstandard

from crawler.errors import StoreError

# Servers refuse more themselves: 8 KB a field and 32 KB in all are more than Apache and nginx pass on by default.
LARGEST_HEADERS = 32_768
# RFC 9110, 5.1: what else stands before a colon is no name of a field.
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_LONGEST_FIELD = 8_192
_LEVEL = 12
# Headers are too short to be packed alone: twelve of a site behind a cache, 640 bytes, take 450 alone and 180 over this
# (2026-11-29). Stores hold what was packed over it, so that it is never changed; what was packed alone, as schemas before
# 0027 did, is read over it all the same.
_USUAL = (
    b'["X-Cache-Hits","0, 1"],["X-Served-By","cache-"],["X-Timer","S1",VS0,VE"],["Via","1.1 varnish, 1.1 varnish"],'
    b'["CF-Cache-Status","DYNAMIC"],["CF-RAY","-LHR"],["Server","cloudflare"],["Alt-Svc","h3=\\":443\\"; ma=86400"],'
    b'["Report-To","{\\"endpoints\\":[{\\"url\\":\\"https:"],["NEL","{\\"success_fraction\\":0,\\"max_age\\":604800}"],'
    b'["X-Powered-By","PHP/"],["X-AspNet-Version","4.0.30319"],["P3P","CP="],["Pragma","no-cache"],'
    b'["Access-Control-Allow-Origin","*"],["X-UA-Compatible","IE=edge"],["Link","<https://www.>; rel="],'
    b'["X-Frame-Options","SAMEORIGIN"],["X-Content-Type-Options","nosniff"],["X-XSS-Protection","1; mode=block"],'
    b'["Referrer-Policy","strict-origin-when-cross-origin"],["Permissions-Policy","geolocation=()"],'
    b"[\"Content-Security-Policy\",\"upgrade-insecure-requests; default-src 'self' https: data: 'unsafe-inline' "
    b"'unsafe-eval'; frame-ancestors 'self'\"],[\"Strict-Transport-Security\",\"max-age=31536000; includeSubDomains; "
    b'preload"],["Set-Cookie","=; expires=Thu, 01-Jan-2026 00:00:00 GMT; Max-Age=31536000; domain=.; Path=/; HttpOnly; '
    b'Secure; SameSite=Lax"],["Vary","Accept-Encoding, User-Agent, Cookie"],["Age","0"],["X-Cache","HIT, MISS"],'
    b'["Transfer-Encoding","chunked"],["Keep-Alive","timeout=5, max=100"],["Connection","keep-alive"],["Accept-Ranges",'
    b'"bytes"],["ETag","W/\\""],["Last-Modified","Tue, 01 Jul 2025 10:00:00 GMT"],["Expires","Wed, 31 Dec 2024 11:00:00 '
    b'GMT"],["Cache-Control","no-store, must-revalidate, public, max-age=60, s-maxage=300, stale-while-revalidate=120, '
    b'stale-if-error=86400"],["Content-Encoding","gzip"],["Content-Length","1"],["Content-Type","text/html; '
    b'charset=UTF-8"],["Date","Mon, 01 Sep 2025 12:00:00 GMT"],["Server","nginx"],["Server","Apache"],["Content-Type",'
    b'"text/html; charset=utf-8"],["Date","Fri, 01 Nov 2024 '
)
_OVER = zstandard.ZstdCompressionDict(_USUAL, dict_type=zstandard.DICT_TYPE_RAWCONTENT)


def packed_headers(headers: tuple[tuple[str, str], ...]) -> bytes | None:
    """Return headers as they are stored, or None where there are none; what is longer than any honest one is cut.

    Values are kept as Latin-1, in which every byte that came is a character.
    """
    kept: list[tuple[str, str]] = []
    size = 0
    for name, value in headers:
        if not _NAME.fullmatch(name):
            continue
        pair = (name[:_LONGEST_FIELD], value[:_LONGEST_FIELD])
        size += len(pair[0]) + len(pair[1])
        if size > LARGEST_HEADERS:
            break
        kept.append(pair)
    if not kept:
        return None
    text = json.dumps(kept, separators=(",", ":")).encode("ascii")
    return zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True, dict_data=_OVER).compress(text)


def read_headers(z: bytes) -> tuple[tuple[str, str], ...]:
    """Return headers as they were stored.

    Raises:
        StoreError: They are damaged.
    """
    try:
        if not 0 < zstandard.frame_content_size(z) <= 12 * LARGEST_HEADERS:
            raise StoreError("headers of a capture are damaged; restore a backup")
        found = json.loads(zstandard.ZstdDecompressor(dict_data=_OVER).decompress(z))
        return tuple((str(name), str(value)) for name, value in found)
    except (zstandard.ZstdError, ValueError, TypeError) as error:
        raise StoreError(f"headers of a capture are damaged ({error}); restore a backup") from error
