"""Chooses the dated rules of a publisher, which are data: `publishers.toml` next to this file."""

import re
import tomllib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

_KEYS = frozenset(["host", "from", "until", "remove", "keep"])
_STEP = re.compile(r"([\w*-]+)?((?:[.#][\w-]+|\[[^\]]+\])*)")
_PART = re.compile(r"([.#])([\w-]+)|\[([\w:-]+)(?:([*^$~]?=)[\"']?([^\"'\]]*)[\"']?)?\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What held on one publisher's pages between two dates.

    Attributes:
        host: The site, subdomains included.
        since: First day the rule held (UTC), or None.
        until: Last day it held (UTC), or None.
        remove: Reason and XPath of each kind of furniture.
        keep: XPaths of what is text although it looks like furniture.
    """

    host: str
    since: datetime | None
    until: datetime | None
    remove: tuple[tuple[str, str], ...] = ()
    keep: tuple[str, ...] = ()


def rules_for(url: str, captured_at: datetime | None) -> tuple[Rule, ...]:
    """Return the rules for a page.

    Args:
        url: The page's original address.
        captured_at: When it was captured (aware UTC); without it no dated rule is chosen.
    """
    try:
        host = (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ()
    return tuple(
        rule
        for rule in all_rules()
        if (host == rule.host or host.endswith("." + rule.host)) and _holds(rule, captured_at)
    )


def furniture_by_rule(root: etree._Element, rules: tuple[Rule, ...]) -> dict[etree._Element, str]:
    """Return the elements that a publisher's rules name as furniture, each with its reason."""
    found: dict[etree._Element, str] = {}
    for rule in rules:
        kept = {node for path in rule.keep for node in _nodes(root, path)}
        for reason, path in rule.remove:
            for node in _nodes(root, path):
                if node not in kept:
                    found[node] = f"publisher: {reason}"
    return found


def _nodes(root: etree._Element, path: str) -> list[etree._Element]:
    found = root.xpath(path)
    return [node for node in found if etree.iselement(node)] if isinstance(found, list) else []


def xpath_of(selector: str) -> str:
    """Turn a CSS selector into XPath: tags, classes, ids, attributes, descendants and children.

    Raises:
        ValueError: The selector uses something else.
    """
    alternatives = []
    for one in selector.split(","):
        path, axis = "", "//"
        for step in one.replace(">", " > ").split():
            if step == ">":
                axis = "/"
                continue
            path += axis + _step(step)
            axis = "//"
        alternatives.append(path)
    return " | ".join(alternatives)


def _step(step: str) -> str:
    match = _STEP.fullmatch(step)
    if match is None:
        raise ValueError(
            f"cannot read the selector {step!r}: use tags, .class, #id, [attribute=value], > and ,"
        )
    conditions = []
    for mark, name, attribute, operator, value in _PART.findall(match[2]):
        if mark == ".":
            conditions.append(f"contains(concat(' ', normalize-space(@class), ' '), ' {name} ')")
        elif mark == "#":
            conditions.append(f"@id='{name}'")
        elif not operator:
            conditions.append(f"@{attribute}")
        elif operator == "=":
            conditions.append(f"@{attribute}='{value}'")
        else:
            function = "starts-with" if operator == "^=" else "contains"
            conditions.append(f"{function}(@{attribute}, '{value}')")
    return (match[1] or "*") + "".join(f"[{condition}]" for condition in conditions)


def _holds(rule: Rule, captured_at: datetime | None) -> bool:
    if captured_at is None:
        return rule.since is None and rule.until is None
    return (rule.since is None or rule.since <= captured_at) and (
        rule.until is None or captured_at <= rule.until
    )


@cache
def all_rules() -> tuple[Rule, ...]:
    """Return every rule of `publishers.toml`.

    Raises:
        ValueError: The file has a key that no rule knows.
    """
    return rules_in(files("crawler.parser").joinpath("publishers.toml").read_text(encoding="utf-8"))


def rules_in(text: str) -> tuple[Rule, ...]:
    """Read rules written as TOML.

    Raises:
        ValueError: A key is unknown, or a selector cannot be read; the message names the rule and the repair.
    """
    data = tomllib.loads(text)
    unknown = sorted(set(data) - {"rule"})
    if unknown:
        raise ValueError(f"publishers.toml: unknown table {unknown[0]!r}; every rule is a [[rule]]")
    return tuple(_rule_of(entry) for entry in data.get("rule", []))


def _rule_of(entry: dict[str, Any]) -> Rule:
    host = entry.get("host")
    if not isinstance(host, str) or not host:
        raise ValueError("publishers.toml: a rule names no host")
    unknown = sorted(set(entry) - _KEYS)
    if unknown:
        raise ValueError(
            f"publishers.toml: unknown key {unknown[0]!r} in the rule for {host}; known are {', '.join(sorted(_KEYS))}"
        )
    return Rule(
        host=host,
        since=_at(entry.get("from"), time.min),
        until=_at(entry.get("until"), time.max),
        remove=tuple((reason, xpath_of(selector)) for reason, selector in entry.get("remove", {}).items()),
        keep=tuple(xpath_of(selector) for selector in entry.get("keep", [])),
    )


def _at(day: date | None, moment: time) -> datetime | None:
    return None if day is None else datetime.combine(day, moment, tzinfo=UTC)
