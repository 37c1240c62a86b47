"""Reads the times a page prints, as aware UTC."""

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

_ISO = re.compile(
    r"^\s*(\d{4})-?(\d\d)-?(\d\d)(?:[T ]+(\d\d):?(\d\d)(?::?(\d\d)(?:[.,]\d+)?)?)?\s*+(Z|UTC|GMT|[+-]\d\d:?\d\d|[+-]\d\d)?\s*$",
    re.IGNORECASE,
)
_ZONES = {"est": -5, "edt": -4, "et": -5, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7, "bst": 1, "cet": 1, "cest": 2, "gmt": 0, "utc": 0}  # fmt: skip
# Months, weekdays and the words around a printed time, in the languages of the news pages read 2026-11-28.
_NAMES = frozenset(
    [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sep",
        "sept",
        "oct",
        "nov",
        "dec",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "mon",
        "tue",
        "tues",
        "wed",
        "weds",
        "thu",
        "thur",
        "thurs",
        "fri",
        "sat",
        "sun",
        "januar",
        "februar",
        "märz",
        "april",
        "mai",
        "juni",
        "juli",
        "august",
        "september",
        "oktober",
        "november",
        "dezember",
        "montag",
        "dienstag",
        "mittwoch",
        "donnerstag",
        "freitag",
        "samstag",
        "sonntag",
        "janvier",
        "février",
        "mars",
        "avril",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
        "lundi",
        "mardi",
        "mercredi",
        "jeudi",
        "vendredi",
        "samedi",
        "dimanche",
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
        "lunes",
        "martes",
        "miércoles",
        "jueves",
        "viernes",
        "sábado",
        "domingo",
        "gennaio",
        "febbraio",
        "aprile",
        "maggio",
        "giugno",
        "luglio",
        "settembre",
        "ottobre",
        "dicembre",
        "lunedì",
        "martedì",
        "mercoledì",
        "giovedì",
        "venerdì",
        "sabato",
        "domenica",
        "janeiro",
        "fevereiro",
        "março",
        "maio",
        "junho",
        "julho",
        "setembro",
        "outubro",
        "novembro",
        "dezembro",
        "januari",
        "februari",
        "maart",
        "mei",
        "augustus",
        "maandag",
        "dinsdag",
        "woensdag",
        "donderdag",
        "vrijdag",
        "zaterdag",
        "zondag",
        "mandag",
        "tirsdag",
        "onsdag",
        "torsdag",
        "fredag",
        "lørdag",
        "søndag",
        "måndag",
        "tisdag",
        "torsdag",
        "lördag",
        "söndag",
        "desember",
    ]
)
_AROUND = frozenset(
    [
        "published",
        "updated",
        "posted",
        "modified",
        "created",
        "first",
        "last",
        "on",
        "at",
        "by",
        "the",
        "of",
        "in",
        "am",
        "pm",
        "a",
        "p",
        "m",
        "est",
        "edt",
        "et",
        "cst",
        "cdt",
        "ct",
        "mst",
        "mdt",
        "pst",
        "pdt",
        "pt",
        "bst",
        "gmt",
        "utc",
        "ist",
        "cet",
        "cest",
        "msk",
        "aest",
        "jst",
        "uhr",
        "um",
        "vom",
        "von",
        "stand",
        "am",
        "aktualisiert",
        "veröffentlicht",
        "zuletzt",
        "erstellt",
        "publié",
        "mis",
        "à",
        "jour",
        "le",
        "la",
        "les",
        "et",
        "du",
        "de",
        "publicado",
        "actualizado",
        "el",
        "las",
        "a",
        "hora",
        "horas",
        "h",
        "pubblicato",
        "aggiornato",
        "il",
        "alle",
        "ore",
        "publicado",
        "atualizado",
        "em",
        "às",
        "dia",
        "sist",
        "oppdatert",
        "publisert",
        "opdateret",
        "publiceret",
        "publicerad",
        "uppdaterad",
        "gepubliceerd",
        "bijgewerkt",
        "op",
        "om",
        "update",
        "date",
        "time",
        "z",
        "th",
        "st",
        "nd",
        "rd",
    ]
)
_TOKENS = re.compile(r"[^\W_]+")
_TIME_LIKE = re.compile(r"\d{1,2}[:.h]\d\d|(?:19|20)\d\d|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}")
_EPOCH = re.compile(r"^\s*(\d{10}|\d{13})\s*$")


def stamp_in(text: str | None) -> datetime | None:
    """Read an ISO 8601, RFC 2822 or epoch stamp.

    Returns:
        The time as aware UTC (a stamp without a zone is read as UTC), or None where the text is no
        stamp or names a time outside 1990 to 2100.
    """
    if not text:
        return None
    at = _iso(text) or _epoch(text) or _mail(text)
    return at if at is not None and 1990 <= at.year < 2100 else None


def has_zone(text: str) -> bool:
    """Return whether an ISO stamp names its zone."""
    match = _ISO.match(text)
    return match is None or match[7] is not None


def is_stamp_line(text: str) -> bool:
    """Return whether a line prints when the page was published or changed and says nothing else."""
    if len(text) > 240 or _TIME_LIKE.search(text) is None:
        return False
    tokens = _TOKENS.findall(text.lower())
    named = 0
    for token in tokens:
        if token in _NAMES:
            named += 1
        elif not (token in _AROUND or (len(token) <= 4 and token.rstrip("stndrhamp").isdigit())):
            return False
    return named > 0 or len(tokens) >= 3


def _iso(text: str) -> datetime | None:
    match = _ISO.match(text)
    if match is None:
        return None
    year, month, day, hour, minute, second, zone = match.groups()
    try:
        at = datetime(
            int(year),
            int(month),
            int(day),
            int(hour or 0),
            int(minute or 0),
            min(59, int(second or 0)),
            tzinfo=_zone(zone),
        )
        return at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _zone(zone: str | None) -> timezone:
    if not zone or zone.upper() in ("Z", "UTC", "GMT"):
        return UTC
    digits = zone[1:].replace(":", "").ljust(4, "0")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if zone[0] == "-" else offset)


def _epoch(text: str) -> datetime | None:
    match = _EPOCH.match(text)
    if match is None:
        return None
    seconds = int(match[1]) / (1000 if len(match[1]) == 13 else 1)
    return datetime.fromtimestamp(int(seconds), UTC)


def _mail(text: str) -> datetime | None:
    head, _, last = text.strip().rpartition(" ")
    if last.lower() in _ZONES and head:
        text = f"{head} {_ZONES[last.lower()]:+03d}00"
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    try:
        return (at if at.tzinfo is not None else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
