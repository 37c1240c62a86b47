"""Reads one robots.txt as RFC 9309 does: the longest rule decides, a crawler is known by its whole name."""

import re
from urllib.parse import quote, urlsplit

EVERYBODY = "*"
# What a path keeps as it is; all else is compared percent-encoded (RFC 9309, 2.2.2).
_KEPT = "/*$?=&;:@!',()+~%"
_TOKEN = re.compile(r"[A-Za-z0-9_.-]+")
_CODED = re.compile(r"%([0-9A-Fa-f]{2})")
_Rule = tuple[bool, str]


def may_read(text: str, agent: str, page: str) -> bool:
    """Return whether a robots.txt lets a crawler read a page.

    The standard library's reader lets the first rule of a group decide, knows no `*` inside a path, and takes `bot`
    for the name of every crawler whose name holds it (Python 3.13).

    Args:
        text: The file.
        agent: The crawler's product token, or `*` for one that is not named.
        page: The page's address.
    """
    parts = urlsplit(page)
    path = _spelt(parts.path or "/") + (f"?{_spelt(parts.query)}" if parts.query else "")
    fitting = [(len(rule), allows) for allows, rule in _rules_for(text, agent.lower()) if _fits(rule, path)]
    return max(fitting, default=(0, True))[1]


def _rules_for(text: str, agent: str) -> list[_Rule]:
    """Return the rules of the groups that name a crawler, or of those for everybody where none does."""
    groups: dict[str, list[_Rule]] = {}
    names: list[str] = []
    opened = False
    for line in text.splitlines():
        field, colon, value = line.partition("#")[0].partition(":")
        field, value = field.strip().lower(), value.strip()
        if not colon:
            continue
        if field == "user-agent":
            if not opened:
                names = []
            opened = True
            token = _TOKEN.match(value)
            names.append(EVERYBODY if value.startswith(EVERYBODY) else token.group().lower() if token else "")
            groups.setdefault(names[-1], [])
        elif field in ("allow", "disallow"):
            opened = False
            if value:
                for name in dict.fromkeys(names):
                    groups[name].append((field == "allow", _spelt(value)))
    return groups.get(agent, groups.get(EVERYBODY, []))


def _spelt(path: str) -> str:
    """Return a path with one spelling for each of its characters."""
    return _CODED.sub(_plain, quote(path, safe=_KEPT, errors="replace"))


def _plain(coded: re.Match[str]) -> str:
    letter = chr(int(coded[1], 16))
    return letter if _TOKEN.fullmatch(letter) or letter == "~" else coded[0].upper()


def _fits(rule: str, path: str) -> bool:
    """Return whether a rule fits the beginning of a path, or all of it where it ends with `$`; linear, whatever it holds."""
    whole = rule.endswith("$")
    first, *others = rule.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    if not others:
        return not whole or path == first
    last = others.pop()
    at = len(first)
    for part in others:
        found = path.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    if whole:
        return len(path) - len(last) >= at and path.endswith(last)
    return path.find(last, at) >= 0
