"""Which count a number belongs to: this event's, a part, a period's, an older event's."""

import re

from diffs.claims.chunks import Parsed
from diffs.claims.readings import Reading
from diffs.model import ClaimKind, Scope

_PERIOD = re.compile(
    r"\bsince\b|\bso far this (?:year|month|week)|\bthis (?:year|month)\b|\bover the (?:last|past)\b|\bin the (?:last|past) (?!24|48|few hours|hour)"
    r"|\bduring (?:the )?(?:last|past|month)|\bin recent (?:weeks|months|years|days)\b|\bcalendar year\b|\bduring \d+ years|\bbetween \d{4} and \d{4}\b"
    r"|\bin (?:\d+|two|three|four|five|six|ten) years of\b|\bover the years\b|\bto date\b|\bwar\b.{0,40}\bsince\b|\bfrom \d{4} to \d{4}\b|\bin all of \d{4}\b"
    r"|\b(?:first|last|past) (?:\w+ )?(?:months|weeks|quarter|half) of\b|\bwithin (?:a|the last|the past) (?:year|month)\b|\beach year\b|\bevery year\b|\ba year\b|\bannually\b"
    r"|\bin \d{4} alone\b|\bby the end of\b|\bduring (?:the )?\S+-year\b"
)
_WHOLE = re.compile(r"\btotal (?:number|death toll|toll)\b|\boverall (?:toll|death toll)\b")
_OUTBREAK = re.compile(
    r"\b(?:war|outbreak|epidemic|pandemic|insurgency|rebellion|flu|cholera|ebola|virus|sars|famine|genocide|conflict|uprising|measles|bird flu)\b"
)
_TRIAL = re.compile(
    r"\b(?:sentenced?s?|trial|tried|convict\w*|acquit\w*|indict\w*|charged|charges|pleaded|plead|guilty|jailed|court|prosecut\w*|suspects?|verdict|appeal\w*|extradit\w*|inquest|inquiry"
    r"|anniversary|commemorat\w*|memorial|remember\w*|marks?|marked|mourn\w*|funeral|buried|condemn\w*|questioned|questioning|investigat\w*|accused|responsib\w+|executes?|executed|survivor of)\b"
)
_PAST = re.compile(
    r"\b(?:last (?:year|month|week|summer|winter|spring|autumn|fall|christmas|january|february|march|april|may|june|july|august|september|october|november|december|\w+day)"
    r"|\w+ (?:years?|months?|weeks|decades?) (?:ago|earlier|before)|a (?:year|month|week|day) (?:ago|earlier|before|after)|previous(?:ly)?|earlier (?:attack|storm|blast|this)|in the past|decades? ago|days after)\b"
)
_YEAR = re.compile(
    r"\b(?:in|of|the|on|since|\w+ \d{1,2},|(?:january|february|march|april|may|june|july|august|september|october|november|december),?) (1[5-9]\d\d|20\d\d)\b"
)
_RESULT = re.compile(r"\b(?:bringing|brings|brought|taking|raising|pushing|raises|raised)\b")
_RELATIVE = {"that", "which", "who", "whom", "where"}


def scope_of(p: Parsed, r: Reading, low: str) -> Scope:
    """Give the scope of a reading in its sentence (`low` is the sentence, folded and level)."""
    if r.scope is not None:
        return r.scope
    cue = p.chunks[r.cue]
    if _is_period(p, r, low):
        return Scope.CUMULATIVE
    if _is_background(p, r, low, cue.i):
        return Scope.BACKGROUND
    return Scope.EVENT


def _is_period(p: Parsed, r: Reading, low: str) -> bool:
    q = r.quantity
    if q is not None and q.more:
        return False
    for match in _PERIOD.finditer(low):
        if match.group() == "since" and re.match(r"since (?:then|\w+day|morning|dawn)", low[match.start() :]):
            continue
        if _same_clause(p, r, match.start()):
            return True
    if r.rule == "toll":
        return bool(_WHOLE.search(low) or (_OUTBREAK.search(low)))
    return r.rule in {"act", "attributive"} and "total number of" in low


def _same_clause(p: Parsed, r: Reading, at: int) -> bool:
    """Say whether no other clause parts the words at offset `at` from the reading."""
    first = min(p.tokens[p.chunks[r.chunk].i].start, p.tokens[p.chunks[r.cue].i].start)
    last = max(p.tokens[p.chunks[r.chunk].j - 1].end, p.tokens[p.chunks[r.cue].j - 1].end)
    between = p.sentence[last:at] if at >= last else p.sentence[at:first]
    return ";" not in between and len(between) < 160 and not _RESULT.search(between.lower())


def in_relative(p: Parsed, r: Reading) -> bool:
    """Say whether the reading stands in a relative clause with the cause for its subject ("an attack that killed")."""
    k = r.cue - 1
    while k >= 0 and p.mark(k) in {"A", "H", "B", "M", "C", "&", "N"} and r.cue - k < 8:
        k -= 1
    return k >= 0 and p.word(k) in _RELATIVE and p.mark(k - 1) not in {"T", "B"}


def _is_background(p: Parsed, r: Reading, low: str, at: int) -> bool:
    relative = in_relative(p, r)
    start = p.tokens[at].start
    head = low[:start]
    if relative and r.rule == "active":
        definite = p.word(0) not in {"a", "an"} or _TRIAL.search(head) is not None
        main_before = (
            any(p.mark(k) in {"A", "T", "H"} for k in range(r.cue - 2)) or _TRIAL.search(low) is not None
        )
        if (
            _PAST.search(low)
            or _YEAR.search(low)
            or (definite and main_before)
            or head.startswith(("after ", "following "))
        ):
            return True
    if _TRIAL.search(head) and r.kind is not ClaimKind.MISSING and (relative or r.rule in {"act", "active"}):
        return True
    year = _YEAR.search(low)
    if year and not re.search(r"\bdecember 20\d\d\b", low) and _same_clause(p, r, year.start()):
        return True
    past = _PAST.search(low)
    return (
        past is not None
        and _same_clause(p, r, past.start())
        and "," not in low[min(start, past.start()) : max(start, past.start())]
    )
