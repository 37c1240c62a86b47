"""The ids that reports print: of findings, of those about captures, and of figures or archives that contradict each other."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import CompoundSelect, Connection, bindparam, insert, select, union, update

from crawler.errors import InputError
from crawler.store.custody_schema import evidence_finding
from crawler.store.schema import contradiction, finding, target

_FEWEST = 4  # characters: shorter ones are the numbers of a report's rows, or fit too many ids
_MOST_NAMED = 8
_NAMES = (finding.c.change_id, contradiction.c.change_id, evidence_finding.c.id)
_ID = re.compile(r"[0-9A-Za-z_.:-]{1,128}")


def ids_of(of: int) -> CompoundSelect[Any]:
    """Return the query for all ids that reports on a target print or printed."""
    return union(*(select(name).where(name.table.c.target_id == of) for name in _NAMES))


def targets_with(change: str) -> CompoundSelect[Any]:
    """Return the query for the targets on whose reports an id stands or stood."""
    return union(*(select(name.table.c.target_id).where(name == change) for name in _NAMES))


def keep_contradictions(connection: Connection, of: int, ids: Iterable[str], now: datetime) -> list[str]:
    """Remember the ids of a target's contradictions and disagreements; returns those that were not known.

    None is ever forgotten, as notes may hang on it; one that is no longer found vanished.
    """
    mine = contradiction.c.target_id == of
    query = select(contradiction.c.change_id, contradiction.c.vanished).where(mine)
    known = {row.change_id: row.vanished for row in connection.execute(query)}
    found = dict.fromkeys(ids)
    new = [one for one in found if one not in known]
    if new:
        connection.execute(insert(contradiction), [{"target_id": of, "change_id": one} for one in new])
    gone = [one for one, vanished in known.items() if vanished is None and one not in found]
    back = [one for one in found if known.get(one) is not None]
    for ids_of_one, vanished in ((gone, now), (back, None)):
        if ids_of_one:
            values = [{"of_change": one} for one in ids_of_one]
            named = mine & (contradiction.c.change_id == bindparam("of_change"))
            connection.execute(update(contradiction).where(named).values(vanished=vanished), values)
    return new


def whole_id(connection: Connection, typed: str) -> str:
    """Return the id that begins with what was typed.

    Raises:
        InputError: No id or more than one begins so, or it is too short to tell.
    """
    text = typed.strip()
    if len(text) < _FEWEST and text.isdecimal():
        raise InputError(
            f"{text} is the number of a finding in a report, which the next version of the page may change. Write its id: "
            "the column Findings in the last table of the report has it behind the number."
        )
    if len(text) < _FEWEST:
        raise InputError(
            f"{text!r} is too short for the id of a finding: write at least {_FEWEST} of its characters. The column "
            "Findings in the last table of its report has the ids."
        )
    if not _ID.fullmatch(text):
        raise InputError(unknown_id(text))
    exact = select(targets_with(text).subquery()).limit(1)
    if connection.execute(exact).first() is not None:
        return text
    pages: dict[str, str] = {}
    for name in _NAMES:
        begins = name.startswith(text, autoescape=True)
        query = select(name, target.c.url).join(target, name.table.c.target_id == target.c.id)
        rows = connection.execute(query.where(begins).order_by(name, target.c.url).limit(100))
        for whole, url in rows:
            pages.setdefault(whole, url)
    if not pages:
        raise InputError(unknown_id(text))
    if len(pages) > 1:
        named = [f"{name} ({pages[name]})" for name in sorted(pages)[:_MOST_NAMED]]
        more = f" and {len(pages) - _MOST_NAMED:,} more" if len(pages) > _MOST_NAMED else ""
        raise InputError(
            f"Several findings begin with {text}: {', '.join(named)}{more}. Write more of the id."
        )
    return next(iter(pages))


def unknown_id(change: str) -> str:
    """Return that no finding has an id, and where the ids stand."""
    return f"No finding has the id {change}. The last table of its report and `variorum report --format csv` list the ids."
