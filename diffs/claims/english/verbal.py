"""The rules that read a count with a verb or an adjective."""

from diffs.claims.english.chunks import Parsed
from diffs.claims.english.clauses import (
    REFLEXIVE,
    chained,
    count_beside,
    joined_to,
    objects_right,
    opens_clause,
    subjects_left,
    verb_start,
)
from diffs.claims.english.counts import is_plural
from diffs.claims.english.fates import fate_after, fate_behind, of_bodies
from diffs.claims.english.mentions import Mention, Mentions, kind_of
from diffs.claims.english.things import describes_things, names_things
from diffs.language.en import ENGLISH
from diffs.language.en import single as en
from diffs.model import ClaimKind, Scope

_BOTH = {ClaimKind.KILLED, ClaimKind.WOUNDED}
_SURVIVORS = ENGLISH.words("people.survivors")
_OF_OBJECTS = ENGLISH.words("outcomes.counted_only")
_SAFE = ENGLISH.words("outcomes.safe")
_SHOT = ENGLISH.words("verbs.shot")
_MAY_TAKE_OBJECTS = ENGLISH.sequence("verbs.drowning_stems")
_LISTS = ENGLISH.words("outcomes.lists")
_SOME = ENGLISH.words("small.some")
_EITHER = {ClaimKind.KILLED, ClaimKind.MISSING}
_SAID_OF_PARTS = {"passive", "intransitive", "copula"}
_CROSSING = ENGLISH.words("causing.crossing")
_FORCED = ENGLISH.words("causing.forced")
_ONE = ENGLISH.words("small.one")
_REMAINING = ENGLISH.words("verbs.remaining")
_HURTING = ENGLISH.words("verbs.hurting")


_VERBS = ("past", "participle", "base", "third", "ing")


def read_adjective(p: Parsed, c: int, mentions: Mentions) -> bool:
    """Read "62 dead", "44 miners are missing" and "19 missing miners"; True where the cue at `c` is an adjective."""
    if p.chunks[c].cue("adjective") is None:
        return False
    _read_state(p, c, mentions)
    return True


def read_made_to(p: Parsed, c: int, mentions: Mentions) -> bool:
    """Read "forcing 160,000 people to flee", "200 families had to leave"; True where a count was read."""
    verb = p.chunks[c].cue(*_VERBS)
    if verb is None or verb.form != "base" or p.mark(c - 1) != "P" or p.word(c - 1) != en.TO:
        return False
    return _read_made_to(p, c, mentions)


def read_intransitive(p: Parsed, c: int, mentions: Mentions) -> bool:
    """Read "62 soldiers died"; True where the verb at `c` takes no object."""
    verb = p.chunks[c].cue(*_VERBS)
    if verb is None or verb.transitive:
        return False
    if p.word(c).startswith(_MAY_TAKE_OBJECTS) and p.mark(c + 1) == "N":
        return False
    fate = fate_after(p, c) if verb.form == "ing" else None
    if fate is None:
        _read_subject(p, c, "intransitive", mentions)
    elif p.mark(c - 1) == "N":
        mentions.add(Mention(kind_of(p.chunks[fate]), p.chunks[c - 1].quantity, c - 1, fate, "passive"))
    return True


def read_participle(p: Parsed, c: int, mentions: Mentions) -> bool:
    """Read "62 soldiers were killed" and "62 killed"; True where the cue at `c` may be a participle."""
    verb = p.chunks[c].cue(*_VERBS)
    if verb is None or not verb.transitive or p.chunks[c].cue("past", "participle") is None:
        return False
    _read_participle(p, c, mentions)
    return True


def read_objects(p: Parsed, c: int, mentions: Mentions) -> bool:
    """Read "the blast killed 62 soldiers"; True where the cue at `c` is a verb."""
    if p.chunks[c].cue(*_VERBS) is None:
        return False
    _read_objects(p, c, "active", mentions)
    return True


def _kinds(p: Parsed, c: int, partner: int | None) -> tuple[ClaimKind, ...]:
    """Return the kind of a cue, or the one kind of two cues said of one count ("killed or wounded")."""
    kind = kind_of(p.chunks[c])
    if partner is None:
        return (kind,)
    other = kind_of(p.chunks[partner])
    joint = {p.word(m) for m in range(min(c, partner), max(c, partner)) if p.mark(m) == "&"}
    adjoining = abs(c - partner) == 2 and joint == {en.AND}
    if {kind, other} == _BOTH or ({kind, other} == _EITHER and (en.OR in joint or adjoining)):
        return (ClaimKind.CASUALTIES,)
    return (kind,)


def _read_participle(p: Parsed, c: int, mentions: Mentions) -> None:
    _, passive = verb_start(p, c)
    if p.word(c - 1) in _SOME and p.mark(c - 2) == ",":
        return
    if p.mark(c - 1) == "D" and p.word(c - 2) == en.OF and p.mark(c - 3) == "N":
        return
    if (
        p.mark(c - 1) == "D"
        and p.mark(c - 2) == "P"
        and p.mark(c + 1) in {"", ".", ",", ";", "P", "&", "A", "H"}
    ):
        return
    if (
        not passive
        and p.mark(c + 1) == "C"
        and p.chunks[c + 1].cue("counted")
        and not p.chunks[c + 1].cue("adjective")
    ):
        return
    partner = chained(p, c)
    if not passive and partner is not None and _is_passive(p, partner) and not _object_follows(p, c):
        passive = True
    if passive and p.mark(c - 1) == "&" and p.mark(c + 1) == "N" and _has_object(p, c + 1):
        passive = False  # "were called and treated seven residents"
    if passive:
        _read_subject(p, c, "passive", mentions)
        return
    beside = count_beside(p, c)
    if beside is not None and _alone(p, beside) and p.mark(c + 1) == "W" and p.word(c + 1) in p.lex.people:
        _read_attributive(p, c, beside, mentions)
        return
    if beside is not None and _alone(p, beside) and describes_things(p, c):
        return  # "12 captured flags"
    if _object_follows(p, c) and not (_count_before(p, c) and not _count_after(p, c)):
        _read_objects(p, c, "active", mentions)
        return
    if p.marks_before(c, "N&DW") and p.word(c - 1) in p.lex.people:
        mentions.add(Mention(kind_of(p.chunks[c]), p.chunks[c - 4].quantity, c - 4, c, "reduced"))
        return
    if p.word(c) in _OF_OBJECTS:
        _read_objects(p, c, "active", mentions)  # "one survivor lost his wife and four children"
    elif _count_before(p, c) or partner is not None or _count_near(p, c):
        _read_subject(p, c, "reduced", mentions)


def _has_object(p: Parsed, k: int) -> bool:
    q = p.chunks[k].quantity
    return q is not None and q.head == "people" and not opens_clause(p, k)


def _alone(p: Parsed, k: int) -> bool:
    q = p.chunks[k].quantity
    return q is not None and q.head == "none"


def _is_passive(p: Parsed, c: int) -> bool:
    return verb_start(p, c)[1] or p.chunks[c].cue("adjective") is not None


def _object_follows(p: Parsed, c: int) -> bool:
    k = c + 1
    if (
        p.mark(k) == "&"
        and p.mark(k + 1) == "C"
        and p.chunks[k + 1].cue("past", "participle", "base", "ing", "third")
    ):
        return _object_follows(p, k + 1)
    while p.mark(k) == "B":
        if p.word(k) in REFLEXIVE:
            return True
        k += 1
    return p.mark(k) in {"N", "D"} or (p.mark(k) == "W" and p.word(k)[0].isalpha()) or p.mark(k) == "O"


def _count_after(p: Parsed, c: int) -> bool:
    k = c + 1
    while p.mark(k) in {"B", "D"}:
        k += 1
    return p.mark(k) == "N" or (p.mark(k) == "&" and p.mark(k + 1) == "C")


def _count_before(p: Parsed, c: int) -> bool:
    k = c - 1
    while p.mark(k) in {"B", "L"}:
        k -= 1
    return p.mark(k) == "N"


def _count_near(p: Parsed, c: int) -> bool:
    """Return whether a count stands shortly before, parted by its own place or apposition only."""
    for k in range(c - 1, max(-1, c - 9), -1):
        if p.mark(k) == "N":
            q = p.chunks[k].quantity
            inside = any(p.mark(m) == "I" for m in range(k + 1, c))
            return q is not None and (inside or q.head in {"people", "other"}) and not q.year
        if p.mark(k) not in {"P", "W", "D", "B", "'", ",", "I"} and not _and_one(p, k):
            return False
    return False


def _and_one(p: Parsed, k: int) -> bool:
    """Return whether one more victim is joined at chunk `k` ("16 children and a teacher killed")."""
    return p.mark(k) == "&" and p.word(k + 1) in _ONE and p.word(k + 2) in p.lex.people


def _read_objects(p: Parsed, c: int, rule: str, mentions: Mentions) -> None:
    last = c
    if (
        p.mark(c + 1) == "&"
        and p.mark(c + 2) == "C"
        and p.chunks[c + 2].cue("past", "participle", "base", "third", "ing")
    ):
        last = c + 2
    kinds = _kinds(p, c, last if last != c else None)
    for k in objects_right(p, last):
        for kind in kinds:
            _add(p, mentions, kind, (k, c), rule)
    if last != c:
        for k in objects_right(p, last):
            if kinds == (ClaimKind.CASUALTIES,):
                mentions.taken.add((k, kind_of(p.chunks[last])))


def _read_subject(p: Parsed, c: int, rule: str, mentions: Mentions) -> None:
    start, _ = verb_start(p, c)
    partner = chained(p, c)
    if partner is not None:
        shared = mentions.by_cue.get(partner, [])
        if shared and not _count_before(p, c):
            _share(p, c, partner, shared, mentions)
            return
    ahead = _partner_ahead(p, c)
    for kind in _kinds(p, c, ahead):
        for k in _subjects(p, c, start, rule, mentions):
            part = k - 3 if rule in _SAID_OF_PARTS and _is_whole(p, k, start) else k
            _add(p, mentions, kind, (part, c), rule)


def _subject_of_main(p: Parsed, c: int) -> list[int]:
    """Return the count that is the main clause's subject in "five people received treatment after being hurt"."""
    for k in range(c - 1, max(-1, c - 9), -1):
        q = p.chunks[k].quantity
        if q is not None:
            return [k] if q.head == "people" and q.value != 0 else []
        if p.mark(k) in {"C", "T", ";", "S", "R"}:
            return []
    return []


def _is_whole(p: Parsed, k: int, start: int) -> bool:
    """Return whether the count at `k` is the whole in "two of the three militants were killed"."""
    part = p.chunks[k - 3].quantity if k > 2 else None
    whole = p.mark(k - 1) == "D" and p.word(k - 2) == en.OF and p.mark(start - 1) != "R"
    return whole and part is not None and part.whole is not None


def _subjects(p: Parsed, c: int, start: int, rule: str, mentions: Mentions) -> list[int]:
    beside = count_beside(p, c) if rule in {"reduced", "state"} else None
    if beside is not None and p.mark(beside - 1) == "I" and p.mark(beside - 2) == "N" and rule == "state":
        return [beside - 2]  # "left 27 people including nine children dead"
    if beside is None and p.word(c - 1) == en.BEING and p.mark(c - 2) == "S":
        return _subject_of_main(p, c - 2)
    if beside is None:
        return subjects_left(p, start)
    return [k for k in joined_to(p, beside) if k == beside or mentions.of(k) is None]


def _partner_ahead(p: Parsed, c: int) -> int | None:
    """Return the cue joined to `c` by and, or ("killed or injured"), where it has no subject of its own."""
    k = c + 1
    if p.mark(k) != "&":
        return None
    k += 1
    while p.mark(k) == "B":
        k += 1
    if (
        p.mark(k) == "C"
        and p.chunks[k].cue("past", "participle", "adjective")
        and p.mark(k + 1) not in {"N", "D"}
    ):
        return k
    return None


def _share(p: Parsed, c: int, partner: int, shared: list[Mention], mentions: Mentions) -> None:
    kinds = _kinds(p, c, partner)
    if kinds == (ClaimKind.CASUALTIES,):
        for mention in shared:
            mention.kind = ClaimKind.CASUALTIES
            mentions.taken.add((mention.chunk, kind_of(p.chunks[c])))
        return
    for mention in shared:
        mentions.add(
            Mention(
                kinds[0],
                mention.quantity,
                mention.chunk,
                c,
                "shared_subject",
                mention.scope,
                mention.parent,
                mention.who,
            )
        )


def _read_state(p: Parsed, c: int, mentions: Mentions) -> None:
    """Read an adjective: "62 dead", "19 more missing miners", "are still missing", "left 11 dead"."""
    if (
        p.word(c) == en.MISSING
        and p.word(c + 1) == en.FROM
        and _LISTS & {p.word(c + 2), p.word(c + 3), p.word(c + 4)}
    ):
        return  # "14 pupils missing from the list"
    if p.ends_well(p.chunks[c].j):
        return  # "five people listed as dead had been found alive"
    start, has_be = verb_start(p, c)
    fate = None if has_be or kind_of(p.chunks[c]) is not ClaimKind.MISSING else fate_behind(p, c)
    if fate is not None and p.mark(c - 1) == "N":
        mentions.add(Mention(kind_of(p.chunks[fate]), p.chunks[c - 1].quantity, c - 1, fate, "passive"))
        return
    if _count_before(p, c):
        k = c - 1
        while p.mark(k) in {"B", "L"}:
            k -= 1
        if p.mark(c + 1) == "W" and p.word(c + 1) in p.lex.people:
            _read_attributive(p, c, k, mentions)
            return
        if describes_things(p, c):
            return
        _read_subject(p, c, "state", mentions)
        return
    if has_be or chained(p, c) is not None or p.word(c - 1) in _REMAINING or start < c:
        _read_subject(p, c, "copula", mentions)
    elif p.mark(c - 1) != "D" and (p.chunks[c].j - p.chunks[c].i > 1 or _count_near(p, c)):
        _read_subject(p, c, "state", mentions)


def _read_attributive(p: Parsed, c: int, k: int, mentions: Mentions) -> None:
    end = c + 1
    while p.mark(end) == "W" and end < c + 4:
        end += 1
        if is_plural(p.word(end - 1)) and p.word(end - 1) in p.lex.people and p.word(end) not in p.lex.people:
            break
    kind = ClaimKind.KILLED if of_bodies(p, k) else kind_of(p.chunks[c])
    safe = p.ends_well(p.chunks[end - 1].j)
    if (safe and kind is not ClaimKind.CAPTURED) or p.word(end - 1) == en.PLAYERS:
        return
    who = (p.chunks[c + 1].i, p.chunks[end - 1].j)
    scope = Scope.BACKGROUND if safe else None  # "35 of the 48 abducted girls have escaped"
    mentions.add(Mention(kind, p.chunks[k].quantity, k, c, "attributive", scope, who=who))


def _read_made_to(p: Parsed, c: int, mentions: Mentions) -> bool:
    """Read "forcing 160,000 people to flee", "200 families had to leave"; True where a count was read."""
    kind = kind_of(p.chunks[c])
    if kind is not ClaimKind.DISPLACED:
        return False
    before = p.words[max(0, p.chunks[c].i - 14) : p.chunks[c].i]
    if not (_FORCED | _CROSSING) & set(before):
        return False
    if p.mark(c - 2) == "N":
        _add(p, mentions, kind, (c - 2, c), "made_to")
        return True
    for k in range(c - 2, max(-1, c - 8), -1):
        if p.mark(k) == "N":
            _add(p, mentions, kind, (k, c), "made_to")
            return True
        if p.mark(k) in {"T", ";", "R"}:
            break
    return False


def _add(p: Parsed, mentions: Mentions, kind: ClaimKind, at: tuple[int, int], rule: str) -> None:
    """Add a mention of the count and the cue at two chunks, unless the count cannot be meant."""
    k, c = at
    q = p.chunks[k].quantity
    if q is None:
        return
    if q.value == 0 and q.head == "none" and p.words[q.number_i] == en.NO and q.number_j == q.number_i + 1:
        return
    if kind is ClaimKind.MISSING and of_bodies(p, k):
        kind = ClaimKind.KILLED
    if q.of_them and p.mark(k - 1) == "," and p.word(k - 2) in p.lex.things:
        return  # "800 beds, 22 of them in intensive care"
    if rule == "active" and p.mark(k + 1) == "'" and p.mark(k + 2) == "W":
        return  # "killing one resident's dog"
    if names_things(p, q, kind):
        return
    who = set(p.words[q.who[0] : q.who[1]])
    idle = (
        who & p.lex.idle_objects and p.words[q.who[1] - 1] not in p.lex.people
    )  # "50 market traders" are people
    if idle or (q.value == 1 and q.partitive and who and not who & p.lex.people):
        return
    if (
        q.value == 1
        and q.partitive
        and p.mark(k - 1) == ","
        and p.mark(k - 2) == "W"
        and p.mark(c - 1) == ","
    ):
        return  # "the boy, one of three siblings hit by the truck, died"
    if rule == "state" and who & _SURVIVORS:
        return  # "22 survivors and 10 dead"
    if (p.mark(k - 1) == "P" and p.word(k - 1) == en.THAN) or set(p.words[q.who[0] : q.who[1]]) & _SAFE:
        return
    if p.word(c) in _HURTING and q.head == "other" and p.tokens[q.who[0]].text.islower():
        return
    hurt = p.word(c) in _SHOT and kind is ClaimKind.WOUNDED
    if hurt and rule == "active" and (q.head != "people" or p.word(k + 1) == en.DEAD):
        return
    own = mentions.of(k)
    if own is not None and p.word(c) in _SHOT and own.kind is ClaimKind.KILLED and own.rule == "act":
        return
    mentions.add(Mention(kind, q, k, c, "zero" if q.value == 0 else rule))
