"""Text from outside as a message may hold it: in one line, read by no service as markup, as a mention or as a link."""

import re

from diffs.reports.safe import visible, web_address

_LONGEST = 400
# Services (Slack, Discord, Matrix, Telegram, mail programs; seen 2026-11-28) turn these into mentions, markup and links.
_INERT = {ord(sign): chr(ord(sign) + 0xFEE0) for sign in "@<>`*_~[]|#&\\"}
# A name of a host without a scheme, which the same services link as well: a letter or digit before a point and two letters behind it.
_HOST = re.compile(r"(?<=[^\W_])\.(?=[^\W\d_]{2})")
# The same signs in an address, where they may stand as they are.
_ENCODED = {ord(sign): f"%{ord(sign):02X}" for sign in "@*~"}


def inert(text: str, most: int = _LONGEST) -> str:
    """Return text in one line that no service interprets: signs of markup as full-width letters, no address."""
    plain = " ".join(visible(text).split()).translate(_INERT)
    plain = _HOST.sub(".\u200b", plain.replace("://", ":\u200b//"))
    return plain if len(plain) <= most else f"{plain[: most - 1]}…"


def inert_address(url: str) -> str:
    """Return a web address with signs of markup encoded, so that it stays a link; another kind as inert text."""
    address = web_address(url)
    return inert(url) if address is None else address.translate(_ENCODED)
