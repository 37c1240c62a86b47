"""The rules for parts of a count and for clauses that leave the cue out."""

from diffs.claims.chunks import Parsed
from diffs.claims.clauses import objects_right
from diffs.claims.readings import Reading, Readings, kind_of
from diffs.language.en import ENGLISH
from diffs.language.en import single as en
from diffs.model import ClaimKind, Qualifier, Scope

_GRAVELY = ENGLISH.words("hurts.gravely")
_STATES = ENGLISH.words("outcomes.states")
_SEVERE = ENGLISH.words("hurts.severe")
_GENERAL = ENGLISH.words("people.general")
_LETTING_GO = ENGLISH.words("outcomes.freeing")
_HELD = ENGLISH.words("outcomes.held")
_AMONG = ENGLISH.words("small.among")
_AT_RISK = ENGLISH.words("hurts.at_risk")
_SERIOUS = ENGLISH.words("hurts.serious")
_PLACES = ENGLISH.words("small.places")
_THOSE = ENGLISH.words("pronouns.those")
_UP_OR_DOWN = ENGLISH.words("small.up_or_down")
_ABOARD = ENGLISH.sequence("small.aboard")
_OF_THEM = ENGLISH.words("pronouns.of_them")
_UNHARMED = ENGLISH.words("outcomes.unharmed")
_ALONG = ENGLISH.words("small.along")
_REACH = 25


def read_parts(p: Parsed, readings: Readings) -> None:
    """Add the parts of counts already read, and the gapped clauses."""
    for c, chunk in enumerate(p.chunks):
        if chunk.mark == "I":
            _read_including(p, c, readings)
        elif chunk.mark in {"(", "-", ":"}:
            _read_breakdown(p, c, readings)
        elif (
            chunk.word == en.OF
            and (p.mark(c - 1) in {"", ",", ";", "."} or p.word(c - 1) == en.OUT)
            and p.mark(c + 1) == "D"
        ):
            _read_out_of(p, c, readings)
        elif chunk.word in _ALONG and p.word(c + 1) == en.WITH:
            _read_along(p, c, readings)
        elif chunk.mark == "C" and p.mark(c - 1) == "D":
            _read_listed(p, c, readings)
        elif chunk.mark == "C" and kind_of(chunk) is ClaimKind.MISSING:
            _read_aboard(p, c, readings)
        elif chunk.mark == "N" and chunk.quantity is not None:
            _read_count(p, c, readings)
    _read_increments(readings)
    _split_sums(p, readings)
    _split_gapped(readings)
    _read_among_them(p, readings)
    _share_victims(p, readings)


def _read_increments(readings: Readings) -> None:
    """Make "three more" a part of the toll that they raise, where the toll is this event's."""
    toll = next((r for r in readings.found if r.rule == "toll"), None)
    if toll is None:
        return
    for reading in readings.found:
        q = reading.quantity
        if (
            q is not None
            and q.more
            and reading.kind is toll.kind
            and reading.scope is None
            and reading is not toll
        ):
            reading.parent = toll


def _split_sums(p: Parsed, readings: Readings) -> None:
    """Make parts of counts that add up to the one before them ("three reporters, two locals and a visitor")."""
    for found in readings.by_cue.values():
        whole, rest = found[0].quantity, [reading for reading in found[1:] if reading.kind is found[0].kind]
        if whole is None or whole.value is None or not rest or p.mark(found[0].chunk + 1) != ",":
            continue
        amount = sum((reading.quantity.value or 0) if reading.quantity else 0 for reading in rest)
        last = rest[-1].quantity
        one_more = last is not None and p.words[last.j : last.j + 2] in ([en.AND, "a"], [en.AND, en.AN])
        nationals = all(p.text(*(r.quantity.who if r.quantity else (0, 0)))[:1].isupper() for r in rest)
        general = bool(_GENERAL & set(p.words[whole.who[0] : whole.who[1]]))
        parts = general or (nationals and not p.text(*whole.who)[:1].isupper())
        if (
            parts
            and amount + one_more == whole.value
            and all(reading.chunk > found[0].chunk for reading in rest)
        ):
            for reading in rest:
                reading.scope, reading.parent = Scope.SUBSET, found[0]


def _split_gapped(readings: Readings) -> None:
    """Make parts of clauses without a verb that add up to the count before them ("90 were killed, 55 in the north ...")."""
    gapped = [reading for reading in readings.found if reading.rule == "gapped"]
    if len(gapped) < 2:
        return
    amount = sum((reading.quantity.value or 0) if reading.quantity else 0 for reading in gapped)
    for whole in readings.found:
        same = whole.rule != "gapped" and whole.kind is gapped[0].kind and whole.chunk < gapped[0].chunk
        if same and whole.quantity is not None and whole.quantity.value == amount:
            for reading in gapped:
                reading.scope, reading.parent = Scope.SUBSET, whole
            return


def _read_among_them(p: Parsed, readings: Readings) -> None:
    """Make a part of the count in "17 people, two constables among them, were killed"."""
    for reading in readings.found:
        k = reading.chunk
        if p.mark(k - 1) == "," and p.mark(k + 1) == "I" and p.word(k + 1) in _AMONG and p.mark(k + 2) == "B":
            whole = next(
                (each for each in readings.found if each.chunk < k and each.kind is reading.kind), None
            )
            reading.scope, reading.parent = (
                (Scope.SUBSET, whole) if whole else (reading.scope, reading.parent)
            )


def _share_victims(p: Parsed, readings: Readings) -> None:
    """Let "killed 16 and injured two Cuban migrants" name the victims of both."""
    for reading in readings.found:
        q = reading.quantity
        if q is None or q.head != "none" or reading.rule != "active" or reading.who is not None:
            continue
        c = reading.chunk
        if p.mark(c + 1) == "&" and p.mark(c + 2) == "C" and p.mark(c + 3) == "N":
            second = p.chunks[c + 3].quantity
            if second is not None and second.who[1] - second.who[0] > 1 and second.head == "people":
                reading.who = second.who


def _nearest(c: int, readings: Readings) -> Reading | None:
    """Return the reading whose count stands nearest before chunk `c`, within reach."""
    for k in range(c - 1, max(-1, c - _REACH), -1):
        if k in readings.read:
            return readings.read[k][-1]
    return None


def _read_including(p: Parsed, c: int, readings: Readings) -> None:
    parent = _nearest(c, readings)
    kind, cue = (parent.kind, parent.cue) if parent else _cue_before(p, c)
    if kind is None:
        return
    first = c
    while p.mark(first + 1) in {"B", "A"}:
        first += 1
    if p.word(first + 1) in _THOSE and p.word(first + 2) == en.OF:
        first += 2
    for k in objects_right(p, first):
        q = p.chunks[k].quantity
        if q is None or q.value == 0 or (q.qualifier is Qualifier.VAGUE and q.head == "other"):
            continue
        own = readings.of(k)
        if own is not None:
            own.scope, own.parent = Scope.SUBSET, parent
            continue
        rule = "including"
        readings.add(Reading(_worse(p, k, kind), q, k, cue, rule, Scope.SUBSET, parent))


def _read_breakdown(p: Parsed, c: int, readings: Readings) -> None:
    """Read "eight people (three soldiers and five civilians) were wounded"."""
    parent = readings.of(c - 1)
    behind_cue = parent is None and p.mark(c - 1) == "C"
    if behind_cue:
        parent = next(iter(readings.by_cue.get(c - 1, ())), None)
    if parent is None or p.mark(c + 1) != "N":
        return
    items = objects_right(p, c)
    if behind_cue and not _adds_up(p, parent, items):
        return
    for k in items:
        q = p.chunks[k].quantity
        if q is not None and q.value != 0 and q.head == "people":
            readings.add(Reading(parent.kind, q, k, parent.cue, "breakdown", Scope.SUBSET, parent))


def _adds_up(p: Parsed, whole: Reading, items: list[int]) -> bool:
    """Return whether several counts are the parts of one before them ("54 died: 31 men, 18 women and five children")."""
    counts = [p.chunks[k].quantity for k in items]
    amount = sum(count.value or 0 for count in counts if count is not None)
    return len(items) > 1 and whole.quantity is not None and whole.quantity.value == amount


def _read_out_of(p: Parsed, c: int, readings: Readings) -> None:
    """Read "of the 44 dead, 12 were children", "out of the 127 rescued, 41 are in hospital"."""
    comma = next((m for m in range(c + 2, min(c + 8, len(p.chunks))) if p.mark(m) == ","), None)
    if comma is not None and any(p.mark(m) == "N" for m in range(c + 1, comma)):
        part_read = readings.of(comma + 1)
        if part_read is not None and _is_most_of_a_whole(p, (c, comma), part_read):
            return
        if part_read is not None:
            part_read.scope = part_read.scope or Scope.SUBSET
            return
    k = c + 1
    while p.mark(k) in {"D", "N", "B"}:
        k += 1
    part = k + 2
    own = readings.of(part)
    if p.mark(k) == "C" and p.mark(k + 1) == "," and own is not None and own.kind is kind_of(p.chunks[k]):
        own.scope = Scope.SUBSET
        return
    if p.mark(k) != "C" or p.mark(k + 1) != "," or p.mark(part) != "N" or p.mark(part + 1) != "A":
        return
    told = any(p.mark(m) == "C" for m in range(part + 2, min(part + 6, len(p.chunks))))
    if p.chunks[k].cue("adjective", "counted", "past") and not told and not p.ends_well(p.chunks[part].j + 1):
        whole = readings.of(k - 1)
        q = p.chunks[part].quantity
        readings.add(Reading(kind_of(p.chunks[k]), q, part, k, "part_of", Scope.SUBSET, whole))


def _is_most_of_a_whole(p: Parsed, between: tuple[int, int], part: Reading) -> bool:
    """Return whether "of the 44 on board, 29 were killed" counts most of people of whom nothing else befell."""
    inside = range(*between)
    whole = next((p.chunks[k].quantity for k in inside if p.mark(k) == "N"), None)
    if whole is None or not whole.value or part.quantity is None or any(p.mark(k) == "C" for k in inside):
        return False
    return 2 * (part.quantity.value or 0) > whole.value


def _read_along(p: Parsed, c: int, readings: Readings) -> None:
    """Read "was shot dead along with two of his bodyguards"."""
    for k in range(c - 1, max(-1, c - 12), -1):
        if p.mark(k) == "C" and p.chunks[k].cue("past", "participle"):
            for item in objects_right(p, c + 1):
                q = p.chunks[item].quantity
                if q is not None and q.value != 0 and readings.of(item) is None:
                    readings.add(Reading(kind_of(p.chunks[k]), q, item, k, "along_with"))
            return
        if p.mark(k) in {";", "S", "T"}:
            return


def _read_listed(p: Parsed, c: int, readings: Readings) -> None:
    """Read "the injured were a driver and two passengers"."""
    if p.mark(c + 1) != "A" or not p.chunks[c].cue("counted", "adjective"):
        return
    for k in objects_right(p, c + 1):
        q = p.chunks[k].quantity
        if q is not None and q.value != 0 and q.head in {"people", "other"} and readings.of(k) is None:
            readings.add(Reading(kind_of(p.chunks[c]), q, k, c, "listed"))


def _read_aboard(p: Parsed, c: int, readings: Readings) -> None:
    """Read "a plane with 19 people on board goes missing", "a boat carrying 60 migrants vanished"."""
    if c in readings.by_cue:
        return
    for k in range(max(1, c - 14), min(len(p.chunks), c + 22)):
        q = p.chunks[k].quantity
        if (
            q is None
            or q.year
            or q.head not in {"people", "none"}
            or q.value == 0
            or readings.of(k) is not None
        ):
            continue
        behind = " ".join(p.words[q.j : q.j + 2])
        aboard = p.word(k - 1) == en.WITH and behind.startswith(_ABOARD)
        if aboard or p.word(k - 1) == en.CARRYING:
            readings.add(Reading(ClaimKind.MISSING, q, k, c, "aboard"))
            return


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


def _read_count(p: Parsed, c: int, readings: Readings) -> None:
    q = p.chunks[c].quantity
    assert q is not None
    own = readings.of(c)
    of_them = q.of_them or (p.word(c - 1) in _OF_THEM and p.word(c - 2) == en.OF)
    if own is not None:
        if _severe(p, own) and p.mark(c - 1) in {",", "P", "&"}:
            own.parent = next(
                (r for r in readings.found if r is not own and r.chunk < c and r.kind is own.kind), None
            )
            own.scope = Scope.SUBSET if own.parent else own.scope
        if q.of_them or (q.partitive and _of_a_cue(p, c) is not None):
            own.scope = own.scope or Scope.SUBSET
            own.parent = own.parent or _nearest(c, readings)
        return
    if q.year or q.value == 0:
        return
    if p.word(c - 1) == en.FROM and p.word(c - 2) in _UP_OR_DOWN and _nearest(c, readings):
        parent = _nearest(c, readings)
        assert parent is not None
        readings.add(Reading(parent.kind, q, c, parent.cue, "prior_toll", Scope.BACKGROUND))
    elif of_them and p.word(c - 1) not in _LETTING_GO:
        parent = _nearest(c, readings)
        grave = parent is not None and parent.kind is ClaimKind.WOUNDED and _is_grave(p, c)
        if parent is not None and (grave or _describes(p, c)):
            who = _named_after(p, c)
            readings.add(Reading(parent.kind, q, c, parent.cue, "of_them", Scope.SUBSET, parent, who))
    elif q.partitive:
        _read_partitive(p, c, readings)
    elif q.head == "none" or p.words[slice(*q.who)] == [en.OTHERS] or _is_contrast(p, c, readings):
        _read_gapped(p, c, readings)


def _is_contrast(p: Parsed, c: int, readings: Readings) -> bool:
    """Return whether people stand against others elsewhere ("two were killed in the north and four men in the east")."""
    parent, q = _nearest(c, readings), p.chunks[c].quantity
    if parent is None or q is None or q.head != "people" or p.mark(c - 1) != "&" or parent.cue > c:
        return False
    placed = any(p.mark(k) == "P" and p.word(k) in _PLACES for k in range(parent.cue + 1, c))
    told = any(p.mark(k) in {"C", "A", "H", "M", "T"} for k in range(c + 1, min(c + 9, len(p.chunks))))
    return placed and not told


def _severe(p: Parsed, r: Reading) -> bool:
    cue = p.chunks[r.cue]
    words = set(p.words[cue.i : cue.j])
    return (p.word(r.cue) == en.IN and bool(_SEVERE & words)) or words >= _AT_RISK


def _of_a_cue(p: Parsed, c: int) -> int | None:
    """Return the cue of "two of the dead", "nine of the 30 wounded"."""
    k = c + 2
    while p.mark(k) in {"D", "W", "N"} and k < c + 5:
        k += 1
    found = p.mark(k) == "C" and p.chunks[k].cue("adjective", "counted", "past") is not None
    ends = p.mark(k + 1) != "P" or (p.word(c - 1) == en.WITH and _last_cue(p, k))
    return k if found and p.mark(c + 1) == "P" and ends else None


def _last_cue(p: Parsed, k: int) -> bool:
    return not any(p.mark(m) in {"C", "A", "H"} for m in range(k + 1, min(k + 12, len(p.chunks))))


def _described(p: Parsed, k: int) -> bool:
    """Return whether "six of the 20 killed" is told what they were ("were foreigners") and not what befell them."""
    return p.mark(k + 1) == "A" and not any(p.mark(m) == "C" for m in range(k + 2, k + 6))


def _read_partitive(p: Parsed, c: int, readings: Readings) -> None:
    k = _of_a_cue(p, c)
    if k is None or p.ends_well(p.chunks[k].j) or (p.mark(k - 1) == "N" and not _described(p, k)):
        return
    q = p.chunks[c].quantity
    if q is not None and q.value == 1 and kind_of(p.chunks[k]) is not ClaimKind.CAPTURED:
        return
    if any(p.mark(m) == "C" and p.mark(m - 1) in {"A", "H", "B"} for m in range(k + 1, k + 4)):
        return
    readings.add(Reading(kind_of(p.chunks[k]), q, c, k, "part_of", Scope.SUBSET, _nearest(c, readings)))


def _named_after(p: Parsed, c: int) -> tuple[int, int] | None:
    """Return the noun of "13 of them Israelis", "two of them children"."""
    end = c + 1
    while p.mark(end) == "W" and p.word(end)[0].isalpha() and end < c + 5:
        end += 1
    return (p.chunks[c + 1].i, p.chunks[end - 1].j) if end > c + 1 else None


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


def _read_gapped(p: Parsed, c: int, readings: Readings) -> None:
    q = p.chunks[c].quantity
    assert q is not None
    parent = _nearest(c, readings)
    before = p.mark(c - 1)
    if parent is None or before not in {",", "&", "I", "P"}:
        return
    after = p.word(c + 1)
    if after == en.FATALLY:
        if parent.kind is ClaimKind.WOUNDED:
            parent.kind = ClaimKind.CASUALTIES
        readings.add(Reading(ClaimKind.KILLED, q, c, parent.cue, "severity", Scope.SUBSET, parent))
    elif after in _GRAVELY and parent.kind in {ClaimKind.WOUNDED, ClaimKind.CASUALTIES}:
        readings.add(Reading(ClaimKind.WOUNDED, q, c, parent.cue, "severity", Scope.SUBSET, parent))
    elif (
        p.mark(c + 1) == "P"
        and after in _PLACES
        and p.word(c + 2) not in _HELD
        and before in {",", "&"}
        and parent.chunk < c
        and parent.rule not in {"toll", "prior_toll"}
    ):
        readings.add(Reading(parent.kind, q, c, parent.cue, "gapped", parent.scope, parent.parent))
