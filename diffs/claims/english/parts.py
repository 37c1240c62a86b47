"""The rules for parts of a count and for clauses that leave the cue out."""

from diffs.claims.english.chunks import Parsed
from diffs.claims.english.clauses import objects_right
from diffs.claims.english.counts import Quantity
from diffs.claims.english.fates import is_freed_part
from diffs.claims.english.mentions import Mention, Mentions, kind_of
from diffs.language.en import ENGLISH
from diffs.language.en import single as en
from diffs.model import ClaimKind, Qualifier, Scope

_CRITICAL = [[word] for word in ENGLISH.sequence("hurts.critical")]
_GRAVELY = ENGLISH.words("hurts.gravely")
_STATES = ENGLISH.words("outcomes.states")
_SEVERE = ENGLISH.words("hurts.severe")
_LETTING_GO = ENGLISH.words("outcomes.freeing")
_ALIVE = ENGLISH.words("outcomes.alive")
_HELD = ENGLISH.words("outcomes.held")
_AT_RISK = ENGLISH.words("hurts.at_risk")
_SERIOUS = ENGLISH.words("hurts.serious")
_PLACES = ENGLISH.words("small.places")
_THOSE = ENGLISH.words("pronouns.those")
_AGAINST = ENGLISH.words("small.against")
_WITH = ENGLISH.words("small.with_or_to")
_COMPARING = ENGLISH.words("figures.comparing")
_THEN = ENGLISH.words("time.then")
_FIGURES = ENGLISH.words("figures.counts")
_FORMER = ENGLISH.words("figures.former")
_PUTTING = ENGLISH.words("figures.putting")
_COUNT_NAMES = ENGLISH.words("figures.count_names")
_RESTATING = ENGLISH.words("figures.restating")
_UP_OR_DOWN = ENGLISH.words("small.up_or_down")
_OF_THEM = ENGLISH.words("pronouns.of_them")
_UNHARMED = ENGLISH.words("outcomes.unharmed")
_ALONG = ENGLISH.words("small.along")
_REACH = 25


def _nearest(c: int, mentions: Mentions) -> Mention | None:
    """Return the mention whose count stands nearest before chunk `c`, within reach."""
    for k in range(c - 1, max(-1, c - _REACH), -1):
        if k in mentions.read:
            return mentions.read[k][-1]
    return None


def read_including(p: Parsed, c: int, mentions: Mentions) -> bool:
    """Read "12 people, including three children"."""
    parent = _nearest(c, mentions)
    kind, cue = (parent.kind, parent.cue) if parent else _cue_before(p, c)
    if kind is None or (parent is not None and _is_of_unread(p, c, mentions)):
        return True
    first = c
    while p.mark(first + 1) in {"B", "A"}:
        first += 1
    if p.word(first + 1) in _THOSE and p.word(first + 2) == en.OF:
        first += 2
    for k in objects_right(p, first):
        q = p.chunks[k].quantity
        if q is None or q.value == 0 or (q.qualifier is Qualifier.VAGUE and q.head == "other"):
            continue
        own = mentions.of(k)
        if own is not None:
            own.scope, own.parent = Scope.SUBSET, parent
            continue
        rule = "including"
        mentions.add(Mention(_worse(p, k, kind), q, k, cue, rule, Scope.SUBSET, parent))
    return True


def _is_of_unread(p: Parsed, c: int, mentions: Mentions) -> bool:
    """Return whether people of whom nothing is claimed have the parts ("nine are missing and 16 others, including three girls, are safe")."""
    k = c - 2 if p.mark(c - 1) == "," else c - 1
    q = p.chunks[k].quantity if p.mark(k) == "N" else None
    return q is not None and q.head == "people" and not q.year and mentions.of(k) is None


def read_breakdown(p: Parsed, c: int, mentions: Mentions) -> bool:
    """Read "eight people (three soldiers and five civilians) were wounded"."""
    parent = mentions.of(c - 1)
    behind_cue = parent is None and p.mark(c - 1) == "C"
    if behind_cue:
        parent = next(iter(mentions.by_cue.get(c - 1, ())), None)
    if parent is None or p.mark(c + 1) != "N":
        return True
    items = objects_right(p, c)
    if behind_cue and not _adds_up(p, parent, items):
        return True
    for k in items:
        q = p.chunks[k].quantity
        if q is not None and q.value != 0 and q.head == "people":
            mentions.add(Mention(parent.kind, q, k, parent.cue, "breakdown", Scope.SUBSET, parent))
    return True


def _adds_up(p: Parsed, whole: Mention, items: list[int]) -> bool:
    """Return whether several counts are the parts of one before them ("54 died: 31 men, 18 women and five children")."""
    counts = [p.chunks[k].quantity for k in items]
    amount = sum(count.value or 0 for count in counts if count is not None)
    return len(items) > 1 and whole.quantity is not None and whole.quantity.value == amount


def read_out_of(p: Parsed, c: int, mentions: Mentions) -> bool:
    """Read "of the 44 dead, 12 were children", "out of the 127 rescued, 41 are in hospital"."""
    if (
        p.word(c) != en.OF
        or p.mark(c + 1) != "D"
        or (p.mark(c - 1) not in {"", ",", ";", "."} and p.word(c - 1) != en.OUT)
    ):
        return False
    comma = next((m for m in range(c + 2, min(c + 8, len(p.chunks))) if p.mark(m) == ","), None)
    if comma is not None and any(p.mark(m) == "N" for m in range(c + 1, comma)):
        part_read = mentions.of(comma + 1)
        if part_read is not None and _is_most_of_a_whole(p, (c, comma), part_read):
            return True
        if part_read is not None:
            part_read.scope = part_read.scope or Scope.SUBSET
            return True
    k = c + 1
    while p.mark(k) in {"D", "N", "B"}:
        k += 1
    part = k + 2
    own = mentions.of(part)
    if p.mark(k) == "C" and p.mark(k + 1) == "," and own is not None and own.kind is kind_of(p.chunks[k]):
        own.scope = Scope.SUBSET
        return True
    if p.mark(k) != "C" or p.mark(k + 1) != "," or p.mark(part) != "N" or p.mark(part + 1) not in {"A", "H"}:
        return True
    cued = any(p.mark(m) == "C" for m in range(part + 2, min(part + 6, len(p.chunks))))
    if p.chunks[k].cue("adjective", "counted", "past") and not cued and not p.ends_well(p.chunks[part].j + 1):
        whole = mentions.of(k - 1)
        q = p.chunks[part].quantity
        who = _named_after(p, part)
        mentions.add(Mention(kind_of(p.chunks[k]), q, part, k, "part_of", Scope.SUBSET, whole, who))
    return True


def _is_most_of_a_whole(p: Parsed, between: tuple[int, int], part: Mention) -> bool:
    """Return whether "of the 44 on board, 29 were killed" counts most of people of whom nothing else befell."""
    inside = range(*between)
    whole = next((p.chunks[k].quantity for k in inside if p.mark(k) == "N"), None)
    if whole is None or not whole.value or part.quantity is None or any(p.mark(k) == "C" for k in inside):
        return False
    return 2 * (part.quantity.value or 0) > whole.value


def read_along(p: Parsed, c: int, mentions: Mentions) -> bool:
    """Read "was shot dead along with two of his bodyguards"."""
    if p.word(c) not in _ALONG or p.word(c + 1) != en.WITH:
        return False
    for k in range(c - 1, max(-1, c - 12), -1):
        if p.mark(k) == "C" and p.chunks[k].cue("past", "participle"):
            for item in objects_right(p, c + 1):
                q = p.chunks[item].quantity
                if q is not None and q.value != 0 and mentions.of(item) is None:
                    mentions.add(Mention(kind_of(p.chunks[k]), q, item, k, "along_with"))
            return True
        if p.mark(k) in {";", "S", "T"}:
            return True
    return True


def read_listed(p: Parsed, c: int, mentions: Mentions) -> bool:
    """Read "the injured were a driver and two passengers"."""
    if p.mark(c - 1) != "D":
        return False
    if p.mark(c + 1) != "A" or not p.chunks[c].cue("counted", "adjective"):
        return True
    for k in objects_right(p, c + 1):
        q = p.chunks[k].quantity
        if q is not None and q.value != 0 and q.head in {"people", "other"} and mentions.of(k) is None:
            mentions.add(Mention(kind_of(p.chunks[c]), q, k, c, "listed"))
    return True


def _cue_before(p: Parsed, c: int) -> tuple[ClaimKind | None, int]:
    """Return the cue of "the dead include", "the people killed included"."""
    k = c - 1
    while p.mark(k) in {"M", "B", "H"}:
        k -= 1
    if p.mark(k) == "C":
        return kind_of(p.chunks[k]), k
    return None, c


def _worse(p: Parsed, k: int, kind: ClaimKind) -> ClaimKind:
    """Return the kind of a part: "two critically" among the killed and wounded is wounded."""
    return ClaimKind.WOUNDED if kind is ClaimKind.CASUALTIES and p.word(k + 1) in _GRAVELY else kind


def read_count(p: Parsed, c: int, mentions: Mentions) -> bool:
    """Read a count that a cue read before says something of: "13 of them", "two critically", "and two on the islands"."""
    q = p.chunks[c].quantity
    assert q is not None
    own = mentions.of(c)
    of_them = q.of_them or (p.word(c - 1) in _OF_THEM and p.word(c - 2) == en.OF)
    if own is not None:
        if own.rule == "counted" and p.word(c - 1) in _AGAINST and _is_compared(p, c):
            own.scope = Scope.BACKGROUND
        if _severe(p, own) and p.mark(c - 1) in {",", "P", "&"}:
            own.parent = next(
                (r for r in mentions.found if r is not own and r.chunk < c and r.kind is own.kind), None
            )
            own.scope = Scope.SUBSET if own.parent else own.scope
        if q.of_them or (q.partitive and _of_a_cue(p, c) is not None):
            shot = (
                own.rule == "state" and q.of_them and p.mark(c - 1) == "C" and _nearest(c, mentions) is None
            )
            own.scope = own.scope or (None if shot else Scope.SUBSET)
            own.parent = own.parent or _nearest(c, mentions)
        return True
    if q.year or q.value == 0:
        return True
    if (
        p.word(c - 1) in _AGAINST
        and (p.mark(c - 2) in {",", "W"} or p.mark(c - 2) == "")
        and _is_compared(p, c)
    ):
        parent = _nearest(c, mentions)
        if parent is not None and q.head in {"none", "people"}:
            mentions.add(Mention(parent.kind, q, c, parent.cue, "compared", Scope.BACKGROUND))
    elif _is_earlier_figure(p, c) and _nearest(c, mentions):
        parent = _nearest(c, mentions)
        assert parent is not None
        mentions.add(Mention(parent.kind, q, c, parent.cue, "prior_toll", Scope.BACKGROUND))
    elif _is_restated(p, c, mentions):
        parent = _nearest(c, mentions)
        assert parent is not None
        mentions.add(Mention(parent.kind, q, c, parent.cue, "restated"))
    elif (parent := _nearest(c, mentions)) is not None and is_freed_part(p, c, parent):
        mentions.add(Mention(parent.kind, q, c, parent.cue, "of_them", Scope.SUBSET, parent, who=q.who))
    elif of_them and p.word(c - 1) not in _LETTING_GO and p.word(c + 1) not in _ALIVE:
        parent = _nearest(c, mentions)
        bare = c - 2 if p.mark(c - 1) == "," and p.mark(c - 2) == "C" else None
        if parent is None and bare is not None and p.mark(bare - 1) == "D" and _describes(p, c):
            # "the injured, 14 of whom are women"
            kind = kind_of(p.chunks[bare])
            mentions.add(Mention(kind, q, c, bare, "of_them", Scope.SUBSET, who=_named_after(p, c)))
        if parent is not None and p.word(c + 1) == en.FATALLY:
            _read_fatally(q, c, parent, mentions)
            return True
        grave = parent is not None and parent.kind is ClaimKind.WOUNDED and _is_grave(p, c)
        if parent is not None and (grave or _describes(p, c)):
            who = _named_after(p, c)
            mentions.add(Mention(parent.kind, q, c, parent.cue, "of_them", Scope.SUBSET, parent, who))
    elif q.partitive:
        _read_partitive(p, c, mentions)
    elif (
        q.head == "none"
        or p.words[slice(*q.who)] in ([en.OTHERS], *_CRITICAL)
        or _is_contrast(p, c, mentions)
    ):
        _read_gapped(p, c, mentions)
    return True


def _is_earlier_figure(p: Parsed, c: int) -> bool:
    """Return whether the count at `c` is what a toll came from: "up from 9", "revising an earlier figure of 83"."""
    k = c - 1
    if p.word(k) == en.OF and p.word(k - 1) in _FIGURES:
        k -= 2
        while p.mark(k) in {"D", "B", "W"} and k > c - 7:
            if p.word(k) in _FORMER:
                return True
            k -= 1
    return p.word(k) == en.FROM and p.word(k - 1) in _UP_OR_DOWN


def _is_compared(p: Parsed, c: int) -> bool:
    """Return whether an earlier time follows the count at `c` ("against 187 in the same period", "compared with 4 a year earlier")."""
    after = p.words[p.chunks[c].j : p.chunks[c].j + 8]
    compared = p.word(c - 2) in _COMPARING or p.word(c - 1) not in _WITH
    return compared and bool(_THEN & set(after))


def _is_restated(p: Parsed, c: int, mentions: Mentions) -> bool:
    """Return whether a second source gives its own count of those counted ("but the government has confirmed only 34")."""
    parent, q = _nearest(c, mentions), p.chunks[c].quantity
    if parent is None or q is None or q.head != "none":
        return False
    put = p.word(c - 1) == en.AT and p.word(c - 3) in _PUTTING and p.word(c - 2) in _COUNT_NAMES
    if p.word(c - 1) not in _RESTATING and not put:
        return False
    between = range(max(parent.chunk, parent.cue) + 1, c - 1)
    apart = any(p.mark(k) in {"&", "S", ";", ","} for k in between)
    return apart and p.mark(c + 1) in {"", ".", ",", ";", "-"}


def _is_contrast(p: Parsed, c: int, mentions: Mentions) -> bool:
    """Return whether people stand against others elsewhere ("two were killed in the north and four men in the east")."""
    parent, q = _nearest(c, mentions), p.chunks[c].quantity
    if parent is None or q is None or q.head != "people" or p.mark(c - 1) != "&" or parent.cue > c:
        return False
    placed = any(p.mark(k) == "P" and p.word(k) in _PLACES for k in range(parent.cue + 1, c))
    has_verb = any(p.mark(k) in {"C", "A", "H", "M", "T"} for k in range(c + 1, min(c + 9, len(p.chunks))))
    return placed and not has_verb


def _severe(p: Parsed, r: Mention) -> bool:
    cue = p.chunks[r.cue]
    words = set(p.words[cue.i : cue.j])
    return (p.word(r.cue) == en.IN and bool(_SEVERE & words)) or words >= _AT_RISK


def _of_a_cue(p: Parsed, c: int) -> int | None:
    """Return the cue of "two of the dead", "nine of the 30 wounded"."""
    k = c + 2
    while p.mark(k) in {"D", "W", "N"} and k < c + 5:
        k += 1
    cue = p.chunks[k].cue("adjective", "counted", "past") if p.mark(k) == "C" else None
    died = (
        cue is not None and not cue.transitive and p.mark(k - 1) == "W"
    )  # "three of her grandchildren died"
    named = (
        p.mark(k - 1) == "W" and p.word(k - 1) in p.lex.people and p.mark(k + 1) not in {"A", "H", "W", "P"}
    )
    found = cue is not None and not died and not named  # "three of their colleagues wounded when ..."
    ends = p.mark(k + 1) != "P" or (p.word(c - 1) == en.WITH and _last_cue(p, k))
    return k if found and p.mark(c + 1) == "P" and ends else None


def _last_cue(p: Parsed, k: int) -> bool:
    return not any(p.mark(m) in {"C", "A", "H"} for m in range(k + 1, min(k + 12, len(p.chunks))))


def _described(p: Parsed, k: int) -> bool:
    """Return whether "six of the 20 killed" is told what they were ("were foreigners") and not what befell them."""
    return p.mark(k + 1) == "A" and not any(p.mark(m) == "C" for m in range(k + 2, k + 6))


def _read_partitive(p: Parsed, c: int, mentions: Mentions) -> None:
    k = _of_a_cue(p, c)
    if k is None or p.ends_well(p.chunks[k].j) or (p.mark(k - 1) == "N" and not _described(p, k)):
        return
    q = p.chunks[c].quantity
    if q is not None and q.value == 1 and kind_of(p.chunks[k]) is not ClaimKind.CAPTURED:
        return
    if any(p.mark(m) == "C" and p.mark(m - 1) in {"A", "H", "B"} for m in range(k + 1, k + 4)):
        return
    named = p.mark(k + 1) == "W" and p.word(k + 1) in p.lex.people
    who = (p.chunks[k + 1].i, p.chunks[k + 1].j) if named else None
    whole = _nearest(c, mentions)
    mentions.add(Mention(kind_of(p.chunks[k]), q, c, k, "part_of", Scope.SUBSET, whole, who))


def _named_after(p: Parsed, c: int) -> tuple[int, int] | None:
    """Return the noun of "13 of them Israelis", "two of them children"."""
    first = c + 1
    if (
        p.mark(first) == "A"
        and p.word(first + 1) in p.lex.people
        and p.mark(first + 2) in {",", ".", "", "&", ")"}
    ):
        first += 1  # "three of whom were minors"
    if p.word(first) == en.OF and p.word(first + 1) in p.lex.people:
        first += 1  # "nine bodies, four of them of children"
    end = first
    while p.mark(end) == "W" and p.word(end)[0].isalpha() and end < first + 4:
        end += 1
    if end > first and p.mark(end) == "&" and p.mark(end + 1) == "W" and p.word(end + 1) in p.lex.people:
        end += 2  # "18 of them women and children"
    return (p.chunks[first].i, p.chunks[end - 1].j) if end > first else None


def _is_grave(p: Parsed, c: int) -> bool:
    """Return whether "of whom five are said to be serious" tells how badly hurt a part of the wounded is."""
    ahead = p.words[p.chunks[c].j : p.chunks[c].j + 6]
    return p.mark(c + 1) == "A" and bool(_SERIOUS & set(ahead))


def _describes(p: Parsed, c: int) -> bool:
    """Return whether what follows "13 of them" describes the counted and tells nothing else of them."""
    k = c + 1
    mark = p.mark(k)
    if mark in {"W", "B", ",", "", ";", ")", "D", "-"}:
        return mark != "W" or p.word(k) not in _UNHARMED
    if mark in {"A", "H"}:
        while p.mark(k) in {"A", "H", "B", "D"}:
            k += 1
        return p.word(k) in p.lex.people or p.word(k) in _STATES
    return mark == "P"


def _read_fatally(q: Quantity, c: int, parent: Mention, mentions: Mentions) -> None:
    """Read "21 people were shot, four fatally": all are casualties, the four dead."""
    if parent.kind is ClaimKind.WOUNDED:
        parent.kind = ClaimKind.CASUALTIES
    mentions.add(Mention(ClaimKind.KILLED, q, c, parent.cue, "severity", Scope.SUBSET, parent))


def _read_gapped(p: Parsed, c: int, mentions: Mentions) -> None:
    q = p.chunks[c].quantity
    assert q is not None
    parent = _nearest(c, mentions)
    before = p.mark(c - 1)
    if parent is None or before not in {",", "&", "I", "P", ":"}:
        return
    after = p.word(c + 1)
    if after == en.FATALLY:
        _read_fatally(q, c, parent, mentions)
    elif parent.kind is ClaimKind.KILLED and before == "," and p.words[slice(*q.who)][:1] in _CRITICAL:
        mentions.add(
            Mention(ClaimKind.WOUNDED, q, c, parent.cue, "severity", who=(0, 0))
        )  # "two dead, five critical"
    elif after in _GRAVELY and parent.kind in {ClaimKind.WOUNDED, ClaimKind.CASUALTIES}:
        mentions.add(Mention(ClaimKind.WOUNDED, q, c, parent.cue, "severity", Scope.SUBSET, parent))
    elif (
        p.mark(c + 1) == "P"
        and after in _PLACES
        and p.word(c + 2) not in _HELD
        and before in {",", "&", ":"}
        and parent.chunk < c
        and parent.rule not in {"toll", "prior_toll"}
    ):
        mentions.add(Mention(parent.kind, q, c, parent.cue, "gapped", parent.scope, parent.parent))
