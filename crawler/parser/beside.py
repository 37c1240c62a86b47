"""Reads the date and the byline printed near a headline."""

import re
from datetime import datetime

from crawler.parser.boxes import STOPS, Line, Page, in_figure
from crawler.parser.printed import is_stamp_line, names_other_weekday
from crawler.parser.printed import printed_date as date_in
from crawler.parser.stamps import stamp_in

_SIDE = 80
_BYLINE = re.compile(r"^(?:[Bb]y|BY|[Vv]on|[Pp]ar|[Pp]or|Di)\s+([^\W\d_a-z][^\d:|]{3,80})$")
_CHANGED = re.compile(
    r"\W*(?:last )?(?:updated|modified|aktualisiert|mis à jour|actualizado|aggiornato|oppdatert)\b",
    re.IGNORECASE,
)
_PUBLISHED = re.compile(
    r"\b(?:(?:first )?published(?: on)?|veröffentlicht(?: am)?|erschienen(?: am)?|publié(?:e)?(?: le)?|publicado(?: el| em)?|pubblicato(?: il)?|publisert|publicerad|gepubliceerd(?: op)?|opublikowano|опубликован\w*|опубліковано|дата публикации|yayın(?:lanma)? tarihi|dipublikasikan|発行日|公開日|入力|입력|게시|发布(?:日期|时间|于)?|發布(?:日期|時間)?|发表(?:时间|于))\b\s*[:：]?\s*",
    re.IGNORECASE,
)
_OPENING = re.compile(r"\d{1,2}\.\d{1,2}\.(?:19|20)\d\d,? \d{1,2}[:.]\d\d\b")
# A date with a time of day that opens a line, whatever follows it ("2019-04-02 10:05 Source: ..."), or a day alone with a sign or two behind it.
_TIMED = re.compile(
    r"(?:(?:19|20)\d\d(?:[-/.]\d{1,2}[-/.]|\s?[年년]\s?\d{1,2}\s?[月월]\s?)\d{1,2}\s?[日일]?|\d{1,2}\.\d{1,2}\.(?:19|20)\d\d),?\s{0,3}(?:\d{1,2}:\d\d(?::\d\d)?|[|(/·-]{1,2}[^\d]{1,8}$)"
)
# What a page's list of facts about itself calls the day ("Date 10.06.2013"), on a line that says nothing else.
_DIGIT = re.compile(r"\d")
_LETTERED = re.compile(r"[^\W\d_]")
_DAY = re.compile(
    r"(?:date|datum|fecha|data|дата|tarih|日期|时间|時間|日時)\s{0,2}[:：]?\s{1,3}(?=\d|[^\W\d_]{3,9} \d)",
    re.IGNORECASE,
)
_EDIT = re.compile(
    r"\b(?:edited|updated|modified|aktualisiert|mis à jour|actualizado|aggiornato|oppdatert)\b|更新|©",
    re.IGNORECASE,
)
_EDITED = re.compile(
    r"(?<=\d)\s*\W{0,3}(?=(?:last )?(?:edited|updated|modified|aktualisiert|mis à jour|actualizado|aggiornato|oppdatert)\b)",
    re.IGNORECASE,
)
# Dates printed in a line of their own, read where no tag gives one: five more right and none wrong on the 343 news pages of 2026-11-28.
_ABOVE = 3
_BELOW = 11
_NEAR = 4
_CLOCK = re.compile(r"\b\d{1,2}[:.h]\d\d\b")


def printed_date(page: Page, place: int | None, headline: str | None = None) -> datetime | None:
    """Return the date printed in a line of its own near the headline (aware UTC), or behind it in its own line, or None.

    A line that gives only when the page was changed is none.
    """
    if place is None:
        return _date_labelled(page, None)
    top = page.lines[place].text
    if headline and top.startswith(headline) and 0 < len(top) - len(headline) <= _SIDE:
        rest = top[len(headline) :]
        if _EDIT.search(rest) is None and (at := date_in(rest)) is not None:
            return at
    over = _over_text(page, place)
    for line in page.lines[max(0, place - _ABOVE) : place + _BELOW]:
        own = line.links < len(line.text) or _is_next_to(line, page.lines[place])
        text = _EDITED.split(line.text[:240], maxsplit=1)[0] if own else ""
        if (
            line.index == place
            or len(text) > 120
            or not is_stamp_line(text)
            or _CHANGED.match(text) is not None
        ):
            continue
        if line.index in over or _DAY.match(text) is None:
            at = stamp_in(text)
            if at is not None:
                return (_timed_beside(page, place) if line.index > place + _NEAR else None) or at
    beside = (_date_beside(line, place) for line in page.lines[max(0, place - 1) : place + 4])
    opened = (_date_opening(line) for line in page.lines[max(0, place - _ABOVE) : place + _BELOW])
    return (
        next((at for at in beside if at), None)
        or next((at for at in opened if at), None)
        or _date_labelled(page, place)
    )


def date_of_another_weekday(page: Page, place: int | None) -> str | None:
    """Return the line near the headline whose date is left out for its weekday, or None."""
    lines = () if place is None else page.lines[max(0, place - _ABOVE) : place + _BELOW]
    return next(
        (
            line.text
            for line in lines
            if len(line.text) <= 120 and is_stamp_line(line.text) and names_other_weekday(line.text)
        ),
        None,
    )


def _timed_beside(page: Page, place: int) -> datetime | None:
    """Return the date with a time of day that a line right under the headline gives with a name: a stamp further down may be a reader's."""
    lines = (line for line in page.lines[place + 1 : place + 1 + _NEAR] if _CLOCK.search(line.text))
    return next((at for line in lines if (at := _date_beside(line, place))), None)


def _is_next_to(line: Line, top: Line) -> bool:
    """Return whether a line stands right over or under the headline in its own box: there a date may be the link to the text."""
    return abs(line.index - top.index) == 1 and line.box.parent is top.box.parent and line.box is not top.box


def _date_opening(line: Line) -> datetime | None:
    """Return the date and time that open a line near the headline, whatever source or size of type it names behind them, or None."""
    found = _TIMED.match(line.text)
    if (
        found is None
        or (line.prose and line.text[-1] in STOPS - {")"})
        or line.links >= 0.9 * len(line.text)
        or line.box.tag == "figcaption"
    ):
        return None
    return None if _EDIT.search(line.text[: found.end()]) is not None else date_in(found[0])


def _date_labelled(page: Page, place: int | None) -> datetime | None:
    """Return the one date that short lines of the page, wherever they stand, call the day of publication, or None.

    What is only called a date counts between headline and text: elsewhere it may be that of a meeting.
    """
    near = range(0) if place is None else _over_text(page, place)
    found = {
        at
        for line in page.lines
        if len(line.text) <= _SIDE
        and not line.prose
        and _DIGIT.search(line.text) is not None
        and (label := _PUBLISHED.search(line.text) or (_day_of(line.text) if line.index in near else None))
        is not None
        and (at := date_in(line.text[label.end() :])) is not None
    }
    return found.pop() if len(found) == 1 else None


def _over_text(page: Page, place: int) -> range:
    """Return the lines from shortly above the headline to the first sentence under it; none where no sentence is near."""
    below = page.lines[place + 1 : place + _BELOW]
    return range(place - _ABOVE, next((line.index for line in below if line.prose), 0))


def _day_of(text: str) -> re.Match[str] | None:
    """Return the label of a line that gives a day and nothing else, or None."""
    return _DAY.match(text) if is_stamp_line(text) or not _LETTERED.search(text[8:]) else None


def _date_beside(line: Line, place: int) -> datetime | None:
    """Return the date in a short line next to the headline that gives it with a name or the like ("by Mara Ellin / 19 January 2017")."""
    text = line.text
    if line.index == place or len(text) > _SIDE or in_figure(line.box):
        return None
    if (line.prose or text[-1] in ".!?") and _OPENING.match(text) is None:
        return None
    if line.links >= 0.9 * len(text) or _EDIT.search(text) is not None:
        return None
    return date_in(text)


def printed_byline(page: Page, place: int | None) -> str | None:
    """Return the authors printed near the headline ("By Mara Ellin" gives "Mara Ellin"), or None."""
    if place is None:
        return None
    for line in page.lines[max(0, place - 3) : place + 9]:
        match = _BYLINE.match(line.text)
        if match:
            return match[1]
    return None
