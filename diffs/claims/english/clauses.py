"""Where the victims of a verb stand: its subjects to the left, its objects to the right."""

from diffs.claims.english.chunks import Parsed
from diffs.language.en import ENGLISH
from diffs.language.en import single as en
from diffs.model import ClaimKind

REACH = 40  # chunks; a clause longer than this is no clause, and the bound keeps time linear
REFLEXIVE = ENGLISH.words("pronouns.reflexive")
_NOUN_OPENERS = ENGLISH.words("small.before_nouns")
_STRONG = frozenset(";:SRT")
_PARTICLES = ENGLISH.words("verbs.particles")
_ADJACENT = ENGLISH.words("small.adjacent")
_PARTICIPLES = ENGLISH.words("verbs.irregular_participles")
_CONTRAST = ENGLISH.words("small.contrast")
_ALONG = ENGLISH.words("small.along")
_REST = ENGLISH.words("figures.rest")
_SUBJECT_PRONOUNS = ENGLISH.words("pronouns.relative_subjects")


def verb_start(p: Parsed, c: int) -> tuple[int, bool]:
    """Return the first chunk of the verb group that ends in the cue `c`, and whether it has a form of be."""
    k = c - 1
    passive = False
    while p.mark(k) == "B":
        k -= 1
    if p.mark(k) == "&":
        first = k - 2 if p.word(k - 1) in _PARTICLES else k - 1
        if _participle(p.word(first)) and p.mark(first) == "W" and p.mark(first - 1) in {"A", "B"}:
            k = first - 1
        else:
            k = _passive_before(p, k)
    while k >= 0 and (p.mark(k) in {"A", "H", "M", "B", "L"} or _confirmed_to(p, k)):
        passive = passive or p.mark(k) == "A"
        k -= 1
    return k + 1, passive


def _confirmed_to(p: Parsed, k: int) -> bool:
    """Return whether "to" stands at `k` in "the remaining seven confirmed to have died"."""
    return p.word(k) == en.TO and p.mark(k + 1) == "H" and p.mark(k - 1) == "B" and p.mark(k - 2) == "N"


def _passive_before(p: Parsed, k: int) -> int:
    """Return the form of be of "were hit by a car and seriously hurt" for its "and" at `k`, or `k`."""
    for m in range(k - 1, max(0, k - 7), -1):
        if p.mark(m) == "W" and _participle(p.word(m)) and p.mark(m - 1) in {"A", "B"}:
            return m - 1
        if p.mark(m) not in {"W", "D", "P"}:
            break
    return k


def _participle(word: str) -> bool:
    return word.endswith(en.ED) or word in _PARTICIPLES


def chained(p: Parsed, c: int) -> int | None:
    """Return the cue that shares its subject with the cue `c` ("trapped and feared dead"), or None."""
    k = c - 1
    while k >= 0 and p.mark(k) in {"B", "L", "A", "H"}:
        k -= 1
    if k >= 1 and p.mark(k) in {"&", ","}:
        k -= 1
        if p.mark(k) == ",":
            k -= 1
        while k >= 0 and (p.mark(k) == "B" or p.word(k) == en.UNDERGROUND):
            k -= 1
        if p.mark(k) == "C":
            return k
    return None


def objects_right(p: Parsed, c: int) -> list[int]:
    """Return the counts that are objects of the cue `c`, in order."""
    items: list[int] = []
    k = c + 1
    while p.mark(k) in {"B", "D"}:
        k += 1
    if p.mark(k) == "&" and p.word(k - 1) in REFLEXIVE:
        k += 1
    first = True
    while k < min(len(p.chunks), c + REACH):
        if p.mark(k) == "D" and p.mark(k + 1) == "N":
            k += 1
        if p.mark(k) == "N":
            q = p.chunks[k].quantity
            assert q is not None
            if not first and (q.of_them or opens_clause(p, k)):
                break
            if not q.year:
                items.append(k)
            k = _after_item(p, k + 1)
        else:
            end = _words(p, k)
            if end == k:
                break
            if not first and p.mark(end) in {"A", "H", "M"}:
                break
            k = _after_item(p, end)
        first = False
        following = _joint(p, k)
        if following == k:
            break
        k = following
    return items


def _words(p: Parsed, k: int) -> int:
    """Return the chunk after a noun phrase without a number begun at `k`, `k` itself where none begins."""
    start = k
    while k < start + 8 and (
        p.mark(k) in {"D", "W", "O", "'"} or (p.mark(k) == "P" and p.word(k) == en.OF and k > start)
    ):
        k += 1
    return k


def _after_item(p: Parsed, k: int) -> int:
    """Skip a bracket behind a list item."""
    if p.mark(k) == "(":
        for m in range(k + 1, min(k + 12, len(p.chunks))):
            if p.mark(m) == ")":
                return m + 1
    if p.mark(k) == "-":
        for m in range(k + 2, min(k + 12, len(p.chunks))):
            if p.mark(m) == "-" and p.mark(m + 1) == "&":
                return m + 1
    return k


def _joint(p: Parsed, k: int) -> int:
    """Return the chunk after ", " or " and " at `k`, or `k` where the list ends."""
    start = k
    if p.mark(k) == ",":
        k += 1
    if p.mark(k) == "&" and p.word(k) not in _CONTRAST:
        k += 1
    if k > start and p.word(k) == en.OF and p.mark(k + 1) in {"N", "D"}:
        return k + 1
    if k > start and p.mark(k) in {"N", "D"}:
        return k
    if k == start and p.word(k) == en.AS and p.word(k + 1) == en.WELL and p.word(k + 2) == en.AS:
        return k + 3
    if k == start and p.word(k) in _ALONG and p.word(k + 1) == en.WITH:
        return k + 2
    return k if k > start and p.mark(k) == "W" else start


def opens_clause(p: Parsed, k: int) -> bool:
    """Return whether the count at `k` is the subject of a verb of its own."""
    m = k + 1
    while p.mark(m) == "B":
        m += 1
    if p.mark(m) in {"A", "H", "M", "T", "L"}:
        return True
    if p.mark(m) == "W" and p.word(m).endswith(en.ED) and p.mark(k - 1) == "&" and p.mark(k - 2) == ",":
        return True  # ", and 300 fans booed"
    return (
        p.mark(m) == "C" and p.chunks[m].cue("past", "participle", "adjective", "base", "third") is not None
    )


def count_beside(p: Parsed, c: int) -> int | None:
    """Return the count that stands directly before the cue `c` ("five more injured"), or None."""
    k = c - 1
    while p.mark(k) in {"B", "L"}:
        k -= 1
    return k if p.mark(k) == "N" and not _year(p, k) else None


def joined_to(p: Parsed, k: int) -> list[int]:
    """Return the counts that a list joins to the one at `k` from the left, and that one last."""
    items = [k]
    while items[0] > 1:
        m = items[0] - 1
        while p.mark(m) in {",", "&"}:
            m -= 1
        if p.mark(m) != "N" or m == items[0] - 1 or _year(p, m) or p.mark(m - 1) == "I":
            break
        items.insert(0, m)
    return items


def segment_start(p: Parsed, v: int) -> int:
    """Return the first chunk of the clause whose verb group begins at `v`."""
    chunks = p.chunks
    for k in range(v, max(0, v - REACH), -1):
        before = chunks[k - 1]
        if before.mark == "&" and before.word == en.BUT and chunks[k].mark == "N":
            return k
        if before.mark in _STRONG:
            return k - 1 if before.mark == "S" and before.word in _NOUN_OPENERS else k
    return max(0, v - REACH)


def subjects_left(p: Parsed, v: int) -> list[int]:
    """Return the counts that are subjects of the verb group begun at `v`, in order."""
    start = segment_start(p, v)
    if p.word(v - 1) in _REST and p.mark(v - 2) == "D":
        return []
    if start == v and p.mark(v - 1) == "R":
        return _antecedent(p, v - 1)
    if _tells_of_a_thing(p, start, v):
        return []
    head = _before_relative(p, start, v)
    if head:
        return head
    last_cue = max((k for k in range(start, v) if p.mark(k) == "C" and not _attributive(p, k)), default=None)
    if last_cue is not None:
        near = _apart(p, last_cue, _heads(p, last_cue + 1, v))
        if (
            near
            and near[-1] < v - 1
            and p.mark(v - 1) == "N"
            and p.mark(v - 2) == "&"
            and not _year(p, v - 1)
        ):
            return [v - 1]  # "lost 11 of our people and 40 are in hospital"
        if near or p.mark(v - 1) != ",":
            return near
    found = _heads(p, start, v)
    if (
        not found
        and p.word(start - 1) == en.SINCE
        and p.word(start - 2) == en.MISSING
        and p.mark(start - 3) == "N"
    ):
        return [start - 3]
    return found if found or p.mark(start - 1) != "R" else _antecedent(p, start - 1)


def _apart(p: Parsed, cue: int, items: list[int]) -> list[int]:
    """Return the subject without the object of the verb before it ("killed 12 people and 30 were injured")."""
    verb = p.chunks[cue].cue("past", "third", "base", "ing") is not None and not verb_start(p, cue)[1]
    if len(items) > 1 and verb and items[0] == cue + 1 and p.mark(items[-1] - 1) == "&":
        return items[-1:]
    return items


def _before_relative(p: Parsed, start: int, v: int) -> list[int]:
    """Return the subject whose relative clause, already finished, stands before the verb group at `v`.

    "Three men who were involved in the raid are killed"; "ten people, including three who were sailing, are killed".
    """
    r = start - 1
    if p.mark(r) != "R" or p.word(r) not in _SUBJECT_PRONOUNS or not _has_verb(p, start, v):
        return []
    if p.mark(v - 1) != "," and p.chunks[v].mark not in {"A", "H"}:
        return []
    if _free_counts(p, start, v) and p.mark(v - 1) != ",":
        return []
    k = r - 1
    if p.mark(k) == ",":
        k -= 1
    opening = segment_start(p, max(r - 1, 0))
    enclosed = next((m for m in range(k, opening, -1) if p.mark(m) == "I"), None)
    if enclosed is not None and p.mark(enclosed - 1) == ",":
        return _heads(p, opening, enclosed - 1)
    found = _antecedent(p, r)
    whole = found[0] if found else 0
    part = whole - 3 if p.mark(whole - 1) == "D" else whole - 2
    if p.word(part + 1) == en.OF and p.mark(part) == "N":
        return [part]
    return found


def _tells_of_a_thing(p: Parsed, start: int, v: int) -> bool:
    """Return whether a relative clause that a comma ends tells what a thing carries ("the train, which seats 300 people, was evacuated")."""
    if p.mark(start - 1) != "R" or p.mark(start - 2) != "," or p.mark(v - 1) != "," or p.mark(start) != "W":
        return False
    if p.word(start - 3) not in p.lex.things or p.mark(start + 1) != "N":
        return False
    cue = next((chunk for chunk in p.chunks[v : v + 4] if chunk.mark == "C"), None)
    return cue is None or all(meant.kind is not ClaimKind.MISSING for meant in cue.cues)


def _has_verb(p: Parsed, start: int, v: int) -> bool:
    """Return whether the relative clause from `start` has its verb before the verb group at `v` ("who went missing have been found")."""
    past = start < v and p.mark(start) == "C" and p.chunks[start].cue("past") is not None
    return past or any(p.mark(m) in {"A", "H", "M"} for m in range(start, v - 1))


def _attributive(p: Parsed, k: int) -> bool:
    """Return whether a cue only names or describes those of whom the verb tells ("wounded soldiers", "two of the wounded")."""
    first = k - 1 if p.mark(k - 1) == "N" else k  # "two of the eight wounded died"
    if p.mark(first - 1) == "D" and p.word(first - 2) == en.OF and p.mark(first - 3) == "N":
        return True
    return p.mark(k + 1) == "W" and p.word(k + 1) in p.lex.people


def _antecedent(p: Parsed, r: int) -> list[int]:
    """Return the count that a relative pronoun at `r` stands for."""
    k = r - 1
    if p.mark(k) == ",":
        k -= 1
    for m in range(k, max(-1, k - 6), -1):
        if p.mark(m) == "N":
            return [] if _year(p, m) else [m]
        if p.mark(m) in {"C", "T", "S", "A", ",", ";"}:
            break
    return []


def _heads(p: Parsed, start: int, v: int) -> list[int]:
    """Return the first free count in chunks `start` to `v` with those joined to it."""
    k = v - 1
    while p.mark(k) == "B":
        k -= 1
    before = k - 2 if p.mark(k - 1) == "D" else k - 1
    if p.mark(k) == "N" and p.word(before) == en.WITH and k >= start and not _year(p, k):
        return [k]
    counts = _free_counts(p, start, v)
    if counts and _head_is_zero(p, counts[-1]) and counts[-1] == k:
        return counts[-1:]  # "led 40 residents to safety and nobody was hurt"
    counts = [k for k in counts if not _is_object_before_another(p, k)]
    idle = [k for k in counts if k + 1 == v or p.mark(k + 1) not in {"W", "A", "H", "T", "M"}]
    counts = idle or counts
    if not counts:
        k = v - 1
        while p.mark(k) == "B":
            k -= 1
        near = p.mark(k) == "N" and k >= start and p.word(k - 1) in _ADJACENT and not _is_owned(p, k)
        return [k] if near and not _year(p, k) else []
    if _of_them(p, counts[-1], v):
        return counts[-1:]
    people = [k for k in counts if _head(p, k) == "people"]
    first = people[0] if people else counts[0]
    items = [first]
    for k in counts[counts.index(first) + 1 :]:
        between = [p.mark(m) for m in range(items[-1] + 1, k)]
        if not set(between) <= {",", "&", "D"} or not between:
            break
        items.append(k)
    if counts[0] != first and _joined(p, counts[0], first):
        items.insert(0, counts[0])
    return items


def _is_owned(p: Parsed, k: int) -> bool:
    """Return whether the count at `k` is that of a group of which another is told ("the last survivor of the crew of 40 dies")."""
    group = k - 3 if p.mark(k - 3) != "D" else k - 4
    return p.word(k - 1) == en.OF and p.mark(k - 2) == "W" and p.word(group) == en.OF


def _is_object_before_another(p: Parsed, k: int) -> bool:
    """Return whether a bare number ends a clause and another subject follows ("sold 3 million, and the second died")."""
    apart = p.mark(k + 1) == "," and p.mark(k + 2) == "&" and p.mark(k + 3) == "D"
    return apart and _head(p, k) == "none"


def _of_them(p: Parsed, k: int, v: int) -> bool:
    """Return whether "four of whom" stands directly before the verb group at `v`."""
    q = p.chunks[k].quantity
    return q is not None and q.of_them and all(p.mark(m) == "B" for m in range(k + 1, v))


def _joined(p: Parsed, a: int, b: int) -> bool:
    return b > a and {p.mark(m) for m in range(a + 1, b)} <= {",", "&", "D"} and b > a + 1


def _free_counts(p: Parsed, start: int, v: int) -> list[int]:
    """Return the counts in a stretch that no preposition governs and no "including" encloses."""
    free: list[int] = []
    inside = False
    for k in range(start, v):
        mark = p.mark(k)
        if mark == "I":
            inside = True
        elif mark == "," and inside and p.mark(k + 1) not in {"N", "&", "D"}:
            inside = False
        elif mark == "N" and (not inside or _closes(p, k, v)) and not _year(p, k):
            before = k - 1
            while p.mark(before) in {"D", "B"} and before >= start:
                before -= 1
            if p.mark(before) != "P" or before < start:
                free.append(k)
    return free


def _closes(p: Parsed, k: int, v: int) -> bool:
    """Return whether the count at `k` is the subject although an "including" stands open before it."""
    m = k + 1
    while m < v and p.mark(m) == "B":
        m += 1
    return m == v and (p.mark(k - 1) == "," or (p.mark(k - 1) == "&" and p.mark(k - 2) == ","))


def _year(p: Parsed, k: int) -> bool:
    q = p.chunks[k].quantity
    return q is None or q.year


def _head_is_zero(p: Parsed, k: int) -> bool:
    q = p.chunks[k].quantity
    return q is not None and q.value == 0


def _head(p: Parsed, k: int) -> str:
    q = p.chunks[k].quantity
    return q.head if q else ""
