"""Which cue each count of a sentence belongs to, by where the languages of the packs put the counted people."""

from dataclasses import dataclass

from diffs.claims.packs.agreement import agrees, may_be_people
from diffs.claims.packs.chunks import Chunk, Count
from diffs.claims.packs.words import Pack, PackCue, longest
from diffs.model import ClaimKind, Qualifier

_NEAR = 3  # chunks between a verb or noun of an act and its victims: "a los", "de al menos"
_TAKEN = frozenset({ClaimKind.MISSING, ClaimKind.CAPTURED})
_HARM = frozenset({ClaimKind.KILLED, ClaimKind.WOUNDED})
_PLACE = 6  # chunks of the place where the missing were last seen
_UNDONE = 12  # chunks between a count and the verb that says the people are safe
_SUBJECT = (
    11  # chunks between a verb and the subject behind it: a place, a time and a source stand between them
)
_FAR = 24  # chunks from a count to its verb: a place and a time stand between them
_INSIDE = frozenset("WBDP")
CLOSERS = frozenset({",", ";", ":", "S", "-", "(", ")", '"', "."})


@dataclass(slots=True)
class PackMention:
    """A count read with a cue; `chunk` and `cue` index the row, `who` is a span of tokens."""

    chunk: int
    cue: int
    meant: PackCue
    count: Count
    rule: str
    who: tuple[int, int]
    whole: int | None = None  # the chunk of the count that this one is a part of
    more: bool = False  # an increment: "tres cuerpos más"


Found = dict[int, PackMention]


def read_counts(row: list[Chunk], found: Found, pack: Pack) -> None:
    """Read each count with the cue that stands nearest to it in its clause."""
    for k, chunk in enumerate(row):
        if chunk.mark == "N" and chunk.count is not None:
            read = _read(row, k, chunk.count, pack)
            if (
                read is not None
                and agrees(row, read.cue, k, chunk.count, pack)
                and may_be_people(row, read.who, read.meant, pack)
            ):
                found[k] = read


def _read(row: list[Chunk], k: int, count: Count, pack: Pack) -> PackMention | None:
    who, head = phrase_at(row, k, pack)
    if head is not None and k and row[k - 1].form == "happen" and row[head].form == "state":
        return _made(row, (k, k - 1), "intransitive", who)
    state = row[head].cue if head is not None else None
    if head is not None and state is not None:
        fate = _fate(row, head) or _found_dead(row, k, head)
        if fate is not None:
            return _made(row, (k, fate), "intransitive", (row[head].i, row[head].j))
        predicate = pack.noun_capitals and not row[head].capital and state.kind is not ClaimKind.MISSING
        if predicate and _placed(row, k) and row[k - 1].word not in pack.of:
            return None  # "ist in 3 tot", "mit 17 Stichen getötet", "Bus mit 20 Kindern verunglückt"
        nominal = "attributive" if who[1] > who[0] else "counted"
        return _made(row, (k, head), "none" if count.qualifier is Qualifier.ZERO else nominal, who)
    if who[1] <= who[0] and any(chunk.word in pack.animals for chunk in row[:k]):
        return None  # "de sus 14 crías viven tres; dos murieron"
    left, right = _left(row, k, pack), _right(row, k, pack)
    # "14 murieron y otras 60 resultaron heridas": behind a joint, a cue of its own is nearer than the one before.
    joined = left is not None and any(c.word in pack.joins or c.mark == "," for c in row[left + 1 : k])
    if left is not None and (right is None or (k - left <= _NEAR and not joined)):
        return _made(row, (k, left), _RULES[row[left].form], who)
    if right is not None:
        return _made(row, (k, right), "passive" if row[right].form != "happen" else "intransitive", who)
    return None


def _fate(row: list[Chunk], head: int) -> int | None:
    """Return the verb that says what became of the state at `head` ("dos heridos fallecieron"), or None."""
    m = head + 1
    own = row[head].cue
    if own is not None and own.kind in _TAKEN and m < len(row) and row[m].mark in "WP":
        m += 1  # "die fünf vermissten Alpinisten wurden tot aufgefunden"
        while m < min(len(row), head + _PLACE) and row[m].mark in "WPD":
            m += 1  # "tres menores desaparecidos en Tepic fueron hallados muertos"
    while m < len(row) and row[m].mark in "AB":
        m += 1
    cue, own = row[m].cue if m < len(row) else None, row[head].cue
    if cue is None or own is None or cue.kind is own.kind:
        return None
    held = own.kind is ClaimKind.CAPTURED and cue.kind in _HARM  # "zwei Geiseln getötet"
    return m if cue.form == "happen" or (cue.form == "state" and (m > head + 1 or held)) else None


def _found_dead(row: list[Chunk], k: int, head: int) -> int | None:
    """Return the state of the dead before the missing ("hallan sin vida a los cinco alpinistas desaparecidos"), or None."""
    own = row[head].cue
    m = k - 1
    while m >= 0 and row[m].mark in "PD":
        m -= 1
    cue = row[m].cue if m > 0 else None
    if own is None or cue is None or own.kind is not ClaimKind.MISSING:
        return None
    return m if cue.kind is ClaimKind.KILLED and cue.form == "state" and row[m - 1].mark in "WA" else None


_RULES = {"state": "state", "happen": "intransitive", "do": "active", "act": "act", "toll": "toll"}


def _made(row: list[Chunk], at: tuple[int, int], rule: str, who: tuple[int, int]) -> PackMention:
    k, c = at
    cue, count = row[c].cue, row[k].count
    assert cue is not None
    assert count is not None
    more = any(row[m].more for m in (k, k + 1, k + 2) if m < len(row))
    who = (count.j, count.j) if cue.form == "toll" else who
    return PackMention(k, c, cue, count, rule, who, more=more)


def is_undone(row: list[Chunk], k: int, pack: Pack) -> bool:
    """Return whether the people counted at `k` were saved or set free."""
    start = stop = k
    while start > 0 and k - start < _UNDONE and not _parts_clauses(row[start - 1], pack):
        start -= 1
    while stop + 1 < len(row) and stop - k < _UNDONE and not _parts_clauses(row[stop + 1], pack):
        stop += 1
    return pack.undone.within([chunk.word for chunk in row[start : stop + 1]])


def _parts_clauses(chunk: Chunk, pack: Pack) -> bool:
    return chunk.mark in CLOSERS or chunk.word in pack.joins


def phrase_at(row: list[Chunk], k: int, pack: Pack) -> tuple[tuple[int, int], int | None]:
    """Return the tokens of the noun phrase of the count at `k`, and the state that stands inside it or is its head."""
    m = k + 1
    while m < len(row) and (row[m].word in pack.of or row[m].mark in "BD" or row[m].word in pack.more):
        if row[m].word in pack.of and row[k].none:
            return (row[k].j, row[k].j), None
        m += 1
    first = m
    wound = row[m].form == "act" and row[m].kind is ClaimKind.WOUNDED if m < len(row) else False
    if m < len(row) and row[m].mark == "C" and row[m].form in {"state", "act"} and not wound:
        behind = row[m + 1] if m + 1 < len(row) else row[m]
        named = pack.noun_capitals and not row[m].capital and behind.mark == "W" and behind.capital
        return ((row[m + 1].i, row[m + 1].j) if named else (row[k].j, row[k].j)), m
    while m < len(row) and m < first + 4 and row[m].mark == "W" and row[m].word not in pack.joins:
        m += 1
    if m == first:
        return (row[k].j, row[k].j), None
    who = row[first].i, row[m - 1].j
    if row[m - 1].word in pack.of and m - 1 > first:
        who = row[first].i, row[m - 2].j
    after = m
    while after < len(row) and row[after].mark == "B":
        after += 1
    if after < len(row) and row[after].form == "state":
        return who, after
    return who, None


def _left(row: list[Chunk], k: int, pack: Pack) -> int | None:
    """Return the cue before the count at `k` whose object, subject or amount it is, or None."""
    linked = row[k].opener in pack.toll_links
    risen = (
        linked and pack.classes.get(row[k].opener) != "P"
    )  # behind a verb of amounts; a preposition alone links no state to a number
    for m in range(k - 1, max(-1, k - _SUBJECT - 1), -1):
        chunk = row[m]
        if chunk.cue is not None:
            form = chunk.form
            if form == "do":
                return m if _is_object(row, m, k, pack) else None
            if form == "happen":
                apart = any(c.mark == ":" for c in row[m + 1 : k])
                return m if not apart and not _placed(row, k) else None
            of = row[m + 1].word in pack.of if m + 1 < k else row[k].opener in pack.of
            if form == "state" and chunk.word in pack.acts and of:
                return m
            if form == "act" and chunk.j - chunk.i > 1:
                return m
            owners = [n for n in range(m + 1, k) if row[n].word in pack.of]
            if (
                form == "act"
                and len(owners) > 1
                and any(c.mark == "W" and not c.capital for c in row[owners[0] : owners[-1]])
            ):
                return None  # "mit dem Tod des letzten von 12 Brüdern"
            if form == "act":
                return (
                    m
                    if row[k].opener in pack.of
                    or any(row[n].word in pack.of or row[n].word in pack.toll_links for n in range(m + 1, k))
                    else None
                )
            if form == "toll":
                return m
            passive = m > 0 and (
                row[m - 1].mark in "AC"
                or (row[m - 1].mark == "B" and m == k - 1)
                or (row[m - 1].mark == "B" and m > 1 and row[m - 2].mark == "A")
            )
            if form == "state" and m and row[m - 1].form == "happen" and m == k - 1:
                return m - 1  # "Fallecen intoxicados cinco obreros"
            if form == "state" and chunk.word in pack.preterites and _is_preterite(row, m, k, pack):
                return m
            if form == "state" and m == k - 1 and chunk.word in pack.participles:
                return m
            if form == "state" and m == k - 2 and row[m + 1].word in pack.objects:
                return m  # "mantienen cautivos a 29 soldados"
            if (
                form == "state"
                and any(c.mark == ":" for c in row[m + 1 : k])
                and not _is_tallied(row, k, pack)
            ):
                return None
            if form == "state" and (
                risen
                or (row[k].none and row[m + 1].mark == "A")
                or (k - m <= 3 and (passive or _opens(row, m, pack)) and not _own(row, m))
            ):
                return m
            return None
        linked = linked or chunk.word in pack.toll_links or chunk.mark == ":"
        risen = risen or (
            linked and (chunk.mark == ":" or (chunk.word in pack.toll_links and chunk.mark != "P"))
        )
        if chunk.word in pack.joins and not linked:
            return _of_both(row, m, pack) if m == k - 1 else None
        if chunk.mark in {"N", ";", "S"} or (chunk.mark == "," and not linked):
            return None
    return None


def _of_both(row: list[Chunk], join: int, pack: Pack) -> int | None:
    """Return the verb or state that "a woman and" at `join` is the first subject of ("Muere una mujer y dos niños"), or None."""
    n = join - 1
    while n > 0 and row[n].mark == "W" and join - n < _NEAR + 1:
        n -= 1
    if n < 1 or row[n].word not in pack.ones or n == join - 1:
        return None
    if row[n - 1].form == "happen":
        return n - 1
    state = row[n - 1].form == "state" and (_opens(row, n - 1, pack) or row[n - 2].mark == "A")
    return n - 1 if state else None


def _is_tallied(row: list[Chunk], k: int, pack: Pack) -> bool:
    """Return whether the count at `k` behind a colon is a bare number or one of people ("Vermisste: drei Männer")."""
    who, _ = phrase_at(row, k, pack)
    return (who[1] <= who[0] and not _placed(row, k)) or _names_people(row, who, pack)


def _is_preterite(row: list[Chunk], m: int, k: int, pack: Pack) -> bool:
    """Return whether the word at `m` is a verb with the object at `k`: "Soldaten erschossen in Jenin zwei Jugendliche"."""
    start = max((n + 1 for n in range(m) if row[n].mark in CLOSERS), default=0)
    subject = any(chunk.mark == "W" for chunk in row[start:m]) and row[m - 1].mark != "D"
    auxiliary = any(chunk.mark == "A" for chunk in (*row[start:m], *row[m + 1 : k]))
    return subject and not auxiliary and phrase_at(row, k, pack)[0] != (row[k].j, row[k].j)


def _is_object(row: list[Chunk], m: int, k: int, pack: Pack) -> bool:
    """Return whether the count at `k` is the object of the verb at `m`.

    A colon ends the verb's clause. Where people are marked as objects ("mató ayer en Gaza a 12"), a count that neither stands right
    behind the verb nor has the mark is none; elsewhere one behind a place or a time needs a noun.
    """
    between = row[m + 1 : k]
    if any(chunk.mark == ":" for chunk in between):
        return False
    near = all(chunk.mark in "BD" for chunk in between)
    who, head = phrase_at(row, k, pack)
    named = who[1] > who[0] or head is not None
    if pack.objects:
        marked = row[k].opener in pack.objects or (bool(between) and between[-1].word in pack.objects)
        return (
            near or (marked and (named or len(between) < _NEAR)) or (named and _names_people(row, who, pack))
        )
    if between and between[-1].mark == "P" and between[-1].word not in pack.of:
        return False  # "tue le temps en 12 leçons"
    return near or named or not any(chunk.mark == "P" for chunk in between)


def _names_people(row: list[Chunk], who: tuple[int, int], pack: Pack) -> bool:
    return any(who[0] <= chunk.i < who[1] and chunk.word in pack.people for chunk in row)


def _placed(row: list[Chunk], k: int) -> bool:
    """Return whether the count at `k` stands in a phrase of place or time ("murieron a los 84", "starben in 12 Orten")."""
    m = k - 1
    while m > 0 and row[m].mark == "D":
        m -= 1
    return m >= 0 and row[m].mark == "P"


def _opens(row: list[Chunk], m: int, pack: Pack) -> bool:
    """Return whether a clause opens with the state at `m` ("Heridos doce pasajeros", "et blessé 140 autres")."""
    return m == 0 or row[m - 1].mark in CLOSERS or row[m - 1].word in pack.joins


def _own(row: list[Chunk], m: int) -> bool:
    """Return whether the state at `m` has a count of its own directly before it."""
    return m > 0 and row[m - 1].mark == "N"


def _right(row: list[Chunk], k: int, pack: Pack) -> int | None:
    """Return the cue behind the count at `k` whose subject it is, or None."""
    count = row[k].count
    partitive = count is not None and k + 1 < len(row) and row[k + 1].word in pack.of
    m, active = k, False
    while (m := m + 1) < min(len(row), k + _FAR):
        chunk = row[m]
        active = (active or chunk.word in pack.have) and chunk.word not in pack.been
        if chunk.cue is not None:
            if _joins_state(row, m, pack):
                return m + 2
            if chunk.form == "do" and not (pack.verb_final and _ends_clause(row, m)):
                return m if row[m - 1].mark == "A" and not active and not pack.verb_final else None
            if chunk.form == "act":
                continue
            if chunk.form == "state" and active and not chunk.capital:
                return None
            if chunk.form == "happen" and m + 1 < len(row) and row[m + 1].mark == "N":
                return None
            infinitive = chunk.form == "happen" and row[m - 1].mark == "P" and not pack.verb_final
            if infinitive and chunk.cue.kind is ClaimKind.KILLED:
                return None  # "ils sont 15 à mourir d'envie"
            if chunk.form == "state" and m > k + 3 and _describes_another(row, m, pack):
                return None
            if chunk.form == "state" and m > k + 1 and row[m - 1].mark == "P" and not pack.verb_final:
                return None  # "ont assisté à l'hommage aux victimes"
            if chunk.form == "state" and m > k + 1 and (row[m - 1].mark == "D" or row[m - 1].word in pack.of):
                return m if row[m - 2].word in pack.among else None
            return m
        if chunk.mark == "N" and not partitive:
            return None
        partitive = partitive and chunk.mark != "N"
        if chunk.mark == "," and row[m - 1].mark == "#" and m + 1 < len(row) and row[m + 1].mark == "#":
            continue  # "trois jeunes de 17, 19 et 22 ans sont morts"
        if chunk.mark == "," and m + 1 < len(row) and row[m + 1].word in pack.relatives:
            return _relative(row, k, m + 2, pack)
        if chunk.mark == "," and _is_headed_by_state(row, k, m):
            return m + 1
        if chunk.mark in CLOSERS:
            end = _aside_end(row, m, pack) if chunk.mark in ",(" else None
            if end is None:
                return None
            m = end
    return None


def _joins_state(row: list[Chunk], m: int, pack: Pack) -> bool:
    """Return whether the participle at `m` is joined to one that says more ("von Lkw erfasst und getötet")."""
    if not pack.verb_final or row[m].form != "do" or m + 2 >= len(row) or row[m + 1].word not in pack.joins:
        return False
    return row[m + 2].form == "state" and not row[m + 2].capital


def _is_headed_by_state(row: list[Chunk], k: int, comma: int) -> bool:
    """Return whether a headline leaves the verb out behind its comma ("Un guarda y tres vecinos, heridos en una explosión")."""
    after = row[comma + 1] if comma + 1 < len(row) else row[comma]
    ends = comma + 2 >= len(row) or row[comma + 2].mark == "P"
    if after.form != "state" or not ends or not all(c.mark in "WDPN" for c in row[k + 1 : comma]):
        return False
    return all(chunk.mark in "WDNPB," or chunk.mark == "S" for chunk in row[:k])


def _relative(row: list[Chunk], k: int, m: int, pack: Pack) -> int | None:
    """Return the verb that ends the relative clause from chunk `m` on ("vier Kollegen, die im Einsatz gestorben sind"), or None."""
    if k + 1 >= len(row) or row[k + 1].mark != "W":
        return None
    for n in range(m, min(len(row), m + _SUBJECT)):
        if row[n].mark in CLOSERS or row[n].mark in "NS":
            return None
        cue = row[n].cue
        if (
            cue is not None
            and cue.kind is ClaimKind.KILLED
            and cue.form in {"happen", "state"}
            and not row[n].capital
        ):
            ends = n + 1 >= len(row) or row[n + 1].mark in CLOSERS
            been = (
                n + 1 < len(row)
                and row[n + 1].word in pack.died
                and (n + 2 >= len(row) or row[n + 2].mark in CLOSERS)
            )
            return n if (cue.form == "happen" and ends) or been else None
    return None


def _describes_another(row: list[Chunk], m: int, pack: Pack) -> bool:
    """Return whether the state at `m` is said of a person named right before it ("trabajan en la búsqueda del niño desaparecido")."""
    named, before = row[m - 1], row[m - 2]
    return named.word in pack.people and (before.mark == "D" or before.word in pack.of)


def _ends_clause(row: list[Chunk], m: int) -> bool:
    """Return whether the verb at `m` ends its clause ("der 22 Menschen tötete,"), so that its object stands before it."""
    return m + 1 >= len(row) or row[m + 1].mark in CLOSERS or row[m + 1].mark == "A"


def _aside_end(row: list[Chunk], m: int, pack: Pack) -> int | None:
    """Return the sign that closes an aside before the verb ("40 fieles, según X, murieron"), or None."""
    behind = [chunk.word for chunk in row[m + 1 : m + 5]]
    parts = behind[:1] != [] and behind[0] in pack.subset_openers
    parts = parts or any(longest(behind, n, pack.subset_after) for n in (1, 2))
    for n in range(m + 1, min(len(row), m + 10)):
        opener = parts and row[n].word in pack.subset_openers
        if (row[n].mark in ";:S" and not opener) or (row[n].mark in "NC" and not parts):
            return None
        if row[n].mark == "," and row[n - 1].mark == "#" and n + 1 < len(row) and row[n + 1].mark == "#":
            continue
        if row[n].mark in ",)":
            after = row[n + 1] if n + 1 < len(row) else row[n]
            goes_on = after.mark in "ABC" or (parts and after.mark == "W" and after.word not in pack.joins)
            return n if goes_on else None
    return None
