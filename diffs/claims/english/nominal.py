"""The rules for nouns: acts with their victims after "of", and deaths that are counted themselves."""

from diffs.claims.english.chunks import Parsed
from diffs.claims.english.clauses import objects_right, subjects_left
from diffs.claims.english.counts import Quantity
from diffs.claims.english.mentions import Mention, Mentions, kind_of
from diffs.claims.english.things import names_things
from diffs.claims.english.tolls import is_number_of, read_toll, rises
from diffs.language.en import ENGLISH
from diffs.language.en import single as en
from diffs.model import ClaimKind, Scope

_ILL = ENGLISH.pattern("scope.outbreak")
_NO_VICTIMS = ENGLISH.words("outcomes.no_victims")
_RELATED = ENGLISH.sequence("outcomes.related")
_WRONGS = ENGLISH.words("outcomes.wrongs")
_TAKING = ENGLISH.words("verbs.taking")
_COSTING = ENGLISH.words("verbs.costing")
_SUFFERING = ENGLISH.words("verbs.suffering")
_HAVING = ENGLISH.words("verbs.having")
_NAMED = ENGLISH.words("people.named_by_cue")
_DEGREES = ENGLISH.words("hurts.degrees")
_DONE_TO = ENGLISH.words("hurts.done_to")
_NO_LOSSES = ENGLISH.words("people.customers")
_HOSTAGES = ENGLISH.words("people.hostages")
_RECOVERING = ENGLISH.words("outcomes.recovering")
_FOUND = ENGLISH.words("outcomes.found_bodies")
_LIVES = ENGLISH.words("outcomes.lives")
_NEVER_NONE = ENGLISH.words("outcomes.never_none")
_AMONG = ENGLISH.words("small.among")
_ON = ENGLISH.words("small.on_or_among")
_INFLICTING = ENGLISH.words("causing.inflicting")
_ALONE = ENGLISH.words("outcomes.alone")
_NO = ENGLISH.words("small.no")


def read_tolls(p: Parsed, c: int, mentions: Mentions) -> bool:
    """Read a toll, a number of victims and what it rose from; True where the cue at `c` is one."""
    if not (p.chunks[c].cue("toll") or is_number_of(p, c) or rises(p, c)):
        return False
    read_toll(p, c, mentions)
    return True


# -------------------------------------------------------------------- none


def read_none(p: Parsed, c: int, mentions: Mentions) -> bool:
    """Read "no casualties", "no immediate reports of injuries", "no reported deaths or injuries"."""
    chunk = p.chunks[c]
    if not chunk.cue("counted", "act") or chunk.word in _NEVER_NONE:
        return False
    for k in range(c - 1, max(-1, c - 7), -1):
        if p.mark(k) == "N":
            q = p.chunks[k].quantity
            if q is None or q.value != 0 or p.words[q.number_i] not in _NO:
                return False
            who = q.who if q.head == "people" else _sufferers(p, c, k)
            mentions.add(Mention(kind_of(chunk), q, k, c, "none", who=who or (0, 0)))
            return True
        if (
            p.mark(k) not in {"W", "B", "P", "&", "C", "T"}
            or p.word(k) == en.BUT
            or (p.mark(k) == "P" and p.word(k) != en.OF)
        ):
            return False
    return False


# -------------------------------------------------------------------- suffered


def read_suffered(p: Parsed, c: int, mentions: Mentions) -> bool:
    """Read "twelve Poles suffered minor injuries"."""
    if kind_of(p.chunks[c]) is not ClaimKind.WOUNDED or not p.chunks[c].cue("act", "counted"):
        return False
    for k in range(c - 1, max(-1, c - 7), -1):
        if p.word(k) in _SUFFERING or (p.word(k) in _HAVING and not p.chunks[c].cue("past", "participle")):
            start = k
            while p.mark(start - 1) in {"H", "B", "A"}:
                start -= 1
            for item in subjects_left(p, start):
                q = p.chunks[item].quantity
                mentions.add(
                    Mention(ClaimKind.WOUNDED, q, item, c, "zero" if q and q.value == 0 else "suffered")
                )
            return True
        if p.word(k) == en.WITH and p.mark(k - 1) == "N":
            return mentions.add(Mention(ClaimKind.WOUNDED, p.chunks[k - 1].quantity, k - 1, c, "suffered"))
        if p.mark(k) not in {"W", "D", "B", "C"} and not (p.mark(k) == "P" and p.word(k - 1) in _DEGREES):
            return False
    return False


# -------------------------------------------------------------------- among


def read_among(p: Parsed, c: int, mentions: Mentions) -> bool:
    """Read "two paramedics are among the dead" and "among the dead were two nurses"."""
    k = c - 1
    counted = False
    while (
        (p.mark(k) in {"D", "W", "N", "B"} or p.words[p.chunks[k].i :][:1] == [en.WHO])
        and k >= 0
        and k > c - 4
    ):
        counted = counted or p.mark(k) == "N"
        k -= 1
    if p.mark(k) != "P" or p.word(k) not in _AMONG:
        return False
    kind = kind_of(p.chunks[c])
    before = k - 1
    while p.mark(before) in {"A", "H", "B"}:
        before -= 1
    if counted:
        if p.mark(before) == "N":
            mentions.add(Mention(kind, p.chunks[before].quantity, before, c, "among", Scope.SUBSET))
        _read_listed_after(p, c, kind, mentions)
        return False
    if p.mark(before) == "N" and (before < k - 1 or before == 0):
        mentions.add(Mention(kind, p.chunks[before].quantity, before, c, "among", Scope.SUBSET))
        return True
    if before < k - 1:
        for item in subjects_left(p, before + 1):
            mentions.add(Mention(kind, p.chunks[item].quantity, item, c, "among", Scope.SUBSET))
        return True
    return _read_listed_after(p, c, kind, mentions)


def _read_listed_after(p: Parsed, c: int, kind: ClaimKind, mentions: Mentions) -> bool:
    """Read the parts in "among the (17) dead in the north were two nurses"."""
    after = c + 1
    while p.mark(after) in {"W", "P", "D"} and after < c + 8:
        after += 1
    if p.mark(after) != "A":
        return False
    for item in objects_right(p, after):
        mentions.add(Mention(kind, p.chunks[item].quantity, item, c, "among", Scope.SUBSET))
    return True


# -------------------------------------------------------------------- acts and counted nouns


def read_act(p: Parsed, c: int, mentions: Mentions) -> bool:
    """Read "the murder of two missionaries", "the deaths of at least 100 people"."""
    if not p.chunks[c].cue("act"):
        return False
    if p.mark(c - 1) == "'" and p.mark(c - 2) == "N":
        return mentions.add(Mention(kind_of(p.chunks[c]), p.chunks[c - 2].quantity, c - 2, c, "act"))
    k = _of(p, c)
    if k is None or _count_of_nouns(p, c):
        return False
    items = objects_right(p, k)
    kind = kind_of(p.chunks[c])
    for item in items:
        q = p.chunks[item].quantity
        if q is None or q.value == 0:
            continue
        if names_things(p, q, kind):
            continue
        if p.chunks[c].word == en.LOSS and _NO_LOSSES & set(p.words[q.who[0] : q.who[1]]):
            continue
        if (
            p.mark(item + 1) == "C"
            and p.chunks[item + 1].cue("counted")
            and kind_of(p.chunks[item + 1]) is not ClaimKind.CAPTURED
            and p.chunks[c].word not in _ALONE
        ):
            continue
        mentions.add(Mention(kind, q, item, c, "act"))
    return bool(items)


def _of(p: Parsed, c: int) -> int | None:
    """Return the "of" that brings the victims, a bracket or a date between it and the act allowed."""
    k = c + 1
    if p.mark(k) == "(":
        k += 1
    if p.mark(k) == "P" and (p.word(k) == en.OF or (p.word(k) == en.TO and p.chunks[c].word in _DONE_TO)):
        return k
    if p.mark(k) not in {"P", "B"} and p.word(k) not in p.lex.weekdays:
        return None
    for m in range(k + 1, min(k + 9, len(p.chunks) - 1)):
        q = p.chunks[m + 1].quantity
        if p.mark(m) == "P" and p.word(m) == en.OF and q is not None and q.head == "people":
            return m
        if p.mark(m) not in {"W", "D", "P", "B"}:
            return None
    return None


def _count_of_nouns(p: Parsed, c: int) -> bool:
    return p.mark(c - 1) == "N" and p.chunks[c].cue("counted") is not None and p.mark(c + 2) != "N"


def read_counted(p: Parsed, c: int, mentions: Mentions) -> bool:
    """Read "28 deaths", "more than 120 reported fatalities", "two more hostages' bodies", "took 12 hostages"."""
    chunk = p.chunks[c]
    if not chunk.cue("counted"):
        return False
    k = c - 1
    while (
        p.mark(k) in {"B", "'"}
        or (p.mark(k) in {"W", "T"} and k > c - 3)
        or (p.mark(k) == "C" and p.mark(k + 1) == "'")
        or (k == c - 1 and p.mark(k) == "C" and p.chunks[k].cue("participle", "past") is not None)
    ):
        k -= 1
    q = p.chunks[k].quantity if p.mark(k) == "N" else None
    kind = kind_of(chunk)
    if q is None:
        return _joined_count(p, c, mentions)
    if chunk.cue("adjective", "past") or not _fits(p, c, k, q):
        return chunk.cue("adjective", "past") is None
    if (
        p.mark(c + 1) == "&"
        and p.mark(c + 2) == "C"
        and p.chunks[c + 2].cue("counted")
        and p.mark(c + 3) != "N"
    ):
        kind = ClaimKind.CASUALTIES
    if chunk.word == en.VICTIMS and p.word(k - 1).startswith(en.CLAIM):
        kind = ClaimKind.KILLED
    if chunk.word == en.VICTIMS and p.mark(c - 1) == "C" and c - 1 > k:
        kind = kind_of(p.chunks[c - 1])  # "27 kidnapped victims"
    named_by = " ".join(p.words[slice(*q.who)])
    if q.head == "other" and (
        named_by in _NO_VICTIMS or named_by.endswith(_RELATED) or _ILL.fullmatch(named_by)
    ):
        return mentions.add(Mention(kind, q, k, c, "counted", who=(0, 0)))  # "39 dengue deaths"
    named = chunk.word in _NAMED and q.head == "none"
    who = (chunk.i, chunk.j) if named else _sufferers(p, c, k)
    mentions.add(Mention(kind, q, k, c, "counted", who=who))
    part = (
        p.chunks[k - 3].quantity
        if chunk.word in _FOUND and p.marks_before(k, "NPD") and p.word(k - 4) in _RECOVERING
        else None
    )
    if part is not None and part.whole is not None:
        mentions.add(Mention(kind, part, k - 3, c, "counted", who=who))  # "recovered 17 of the 21 bodies"
    return True


def _sufferers(p: Parsed, c: int, k: int) -> tuple[int, int] | None:
    """Return the victims of "Iraqi troops suffered 3,000 casualties", "inflicted 55 casualties on the enemy"."""
    if kind_of(p.chunks[c]) is not ClaimKind.CASUALTIES:
        return None
    if p.word(c + 1) in _ON and p.word(k - 1) in _INFLICTING:
        end = c + 2
        while p.mark(end) in {"D", "W", "'"} and end < c + 9:
            end += 1
        return (p.chunks[c + 2].i, p.chunks[end - 1].j) if end > c + 2 else None
    if p.word(k - 1) not in _SUFFERING:
        return None
    m = k - 1
    while m > 0 and p.mark(m - 1) in {"W", "D", "H", "B", "'"} and k - m < 8:
        m -= 1
    return (p.chunks[m].i, p.chunks[k - 1].i) if m < k - 1 else None


def _taken_before(p: Parsed, c: int) -> bool:
    """Return whether an aside parts the hostages from how they came to be ones ("27 hostages, including 10 nurses, kidnapped in May")."""
    if p.mark(c + 1) != "," or p.mark(c + 2) != "I":
        return False
    for k in range(c + 3, min(c + 11, len(p.chunks))):
        if p.mark(k) == "," and p.mark(k + 1) == "C":
            return kind_of(p.chunks[k + 1]) is ClaimKind.CAPTURED
        if p.mark(k) in {"A", "H", "M", "T", ";", "S"}:
            return False
    return False


def _describes_noun(p: Parsed, k: int) -> bool:
    """Return whether a participle only describes the counted noun behind it ("107 disfigured bodies")."""
    return p.mark(k) == "C" and p.chunks[k].cue("past", "participle") is not None and p.mark(k + 1) == "C"


def _joined_count(p: Parsed, c: int, mentions: Mentions) -> bool:
    """Read the second noun of "30 deaths and injuries": already one count of both."""
    _ = mentions
    return p.mark(c - 1) == "&" and p.mark(c - 2) == "C" and p.chunks[c].cue("adjective", "past") is None


def _fits(p: Parsed, c: int, k: int, q: Quantity) -> bool:
    word, before = p.chunks[c].word, p.words[max(0, q.i - 3) : q.i]
    if q.year or q.head == "thing" or p.is_miscounted(p.chunks[c].j):
        return False
    if word in _HOSTAGES:
        held = _TAKING & set(p.words[p.chunks[c].j : p.chunks[c].j + 2])
        return bool(_TAKING & set(before) or held or _taken_before(p, c))
    if word in _LIVES:
        after = p.words[p.chunks[c].j : p.chunks[c].j + 3]
        return bool(_COSTING & set(before)) or en.LOST in after or en.CLAIMED in after
    if (
        word == en.VICTIMS
        and p.word(c + 1) == en.OF
        and _WRONGS & {p.word(c + 2), p.word(c + 3), p.word(c + 4)}
    ):
        # "12 victims of identity theft" are no casualties, "12 victims of abuse were killed" are.
        return any(p.mark(m) == "C" and p.chunks[m].cue("past", "adjective") for m in range(c + 3, c + 8))
    if p.chunks[c].cue("counted").kind is ClaimKind.CASUALTIES and p.mark(k) == "N":  # type: ignore[union-attr]
        return p.mark(c + 1) != "W" or p.word(c + 1) not in p.lex.people
    return True
