"""Which count a number belongs to: this event's, a part, a period's, an older event's."""

from diffs.claims.english.attribution import Source
from diffs.claims.english.chunks import Parsed
from diffs.claims.english.clauses import segment_start
from diffs.claims.english.clues import Clues
from diffs.claims.english.counts import is_lesser_part
from diffs.claims.english.courts import (
    dated_this_week,
    is_blamed_on_a_thing,
    is_heard_in_court,
    is_mere_result,
    is_of_the_killed,
    is_sentenced,
)
from diffs.claims.english.mentions import Mention
from diffs.claims.english.relatives import cause_of, goes_on_of_whom, in_relative, relative_of, takes_lives
from diffs.claims.english.spans import COUNTING_RULES, has_until_now, is_rate, opens_sentence
from diffs.language.en import ENGLISH
from diffs.language.en import single as en
from diffs.model import ClaimKind, Scope

_FREEING = ENGLISH.words("outcomes.freeing")
_HELD = frozenset({ClaimKind.CAPTURED, ClaimKind.MISSING})
_RESULT = ENGLISH.pattern("scope.result")
_SEVERAL = ENGLISH.pattern("scope.several")
_OTHER_CLAUSE = ENGLISH.pattern("scope.other_clause")
_NEAR = 70  # characters between what a war did and its name
_CLOSE = 30  # characters from a verb to the end of its war: "died in the drug war"
_FAR = 160  # characters; further away, words of time belong to another clause
_MONTH = 60  # characters between a count and the month that dates it
_OPENING = 12  # characters; "last month, 22 people died" opens with its time
_TIMES = ENGLISH.words("time.units", "time.hours")
# "Missing since Monday" tells when a state began, "killed since Monday" over what time was counted.
_LASTING = frozenset({ClaimKind.MISSING, ClaimKind.TRAPPED, ClaimKind.CAPTURED})
_STATES = frozenset({"copula", "state", "reduced", "attributive"})
_RECALLING = ENGLISH.words("time.recalling")
_MANY_DEATHS = ENGLISH.words("outcomes.counted")
_SUPERLATIVES = ENGLISH.words("figures.superlatives", "time.extremes")
_WARS = ENGLISH.words("small.wars")
_WHO = ENGLISH.words("pronouns.who_or_which")
_LAST = ENGLISH.words("time.last")
_AGAIN = ENGLISH.words("time.again")
_RELEASING = _FREEING | ENGLISH.words("outcomes.release")
_DESCRIBING = frozenset({"attributive", "counted"})
_NAMED_BY_FATE = frozenset({"state", "counted"})
_NEW_CASES = ENGLISH.words("figures.new_cases")
_RELATIVE = ENGLISH.words("pronouns.relative")
_BACKWARD = ENGLISH.words("small.backward")
_IN_COURT = ENGLISH.words("courts.words")
_ACCUSING = ENGLISH.words("courts.accusing")
_GUILT = ENGLISH.words("courts.guilt")
_EARLIER = ENGLISH.words("time.earlier")
_BUILT = ENGLISH.words("time.built")
_CRIMES = ENGLISH.words("courts.crimes")
_BODIES = ENGLISH.words("outcomes.bodies")
_KNOWN = ENGLISH.words("small.known")
_SINCE = ENGLISH.words("time.after_since")


def scope_of(p: Parsed, r: Mention, clues: Clues) -> Scope:
    """Return the scope of a mention in its sentence."""
    if r.scope is not None:
        return r.scope
    if r.rule == "counted" and p.word(r.chunk - 1) == en.THE and _is_superlative(p, r):
        return Scope.SUBSET
    if r.quantity is not None and r.rule != "toll" and (is_lesser_part(r.quantity) or _is_of_those(p, r)):
        return Scope.SUBSET
    if r.quantity is not None and r.rule != "toll" and r.parent is None and goes_on_of_whom(p, r):
        return Scope.SUBSET
    if clues.worst and r.rule != "toll":
        return Scope.SUBSET
    if clues.joined and _in_older_clause(p, r, clues):
        return Scope.BACKGROUND
    if _is_period(p, r, clues):
        return Scope.CUMULATIVE
    if r.parent is not None and r.parent.rule == "toll":
        return Scope.SUBSET if scope_of(p, r.parent, clues) is Scope.EVENT else Scope.EVENT
    return Scope.BACKGROUND if _is_background(p, r, clues) else Scope.EVENT


def _is_superlative(p: Parsed, r: Mention) -> bool:
    """Return whether the counted are the youngest, the latest of the victims."""
    q = r.quantity
    return (
        q is not None and p.words[q.number_j : q.number_j + 1] != [] and p.words[q.number_j] in _SUPERLATIVES
    )


def _is_of_those(p: Parsed, r: Mention) -> bool:
    """Return whether the counted are some of those of whom it is said ("six of those who died")."""
    q = r.quantity
    return q is not None and q.partitive and p.words[q.number_j : q.number_j + 2] == [en.OF, en.THOSE]


def is_presupposed(p: Parsed, r: Mention, scope: Scope, source: Source, clues: Clues) -> bool:
    """Return whether the sentence takes the mention for granted, so that its source did not state it."""
    after = p.words[source.start : source.start + 2]
    if in_relative(p, r) and (scope is Scope.BACKGROUND or after[:1] == [en.RESPONSIBILITY]):
        return True
    rel = relative_of(p, r)
    if rel is not None and p.word(rel - 1) == en.IN and scope is Scope.BACKGROUND:
        return True
    if scope is Scope.BACKGROUND and (r.rule == "act" or p.chunks[r.cue].cue("ing")):
        return True
    if scope is Scope.BACKGROUND and r.rule in {"reduced", *_DESCRIBING} and r.kind in _HELD:
        return True
    if r.parent is not None and r.parent.quantity is not None and r.scope is Scope.SUBSET:
        return is_presupposed(p, r.parent, scope_of(p, r.parent, clues), source, clues)
    return r.rule == "reduced" and scope is Scope.BACKGROUND and _partitive_whole(p, r)


# -------------------------------------------------------------------- periods


def _is_period(p: Parsed, r: Mention, clues: Clues) -> bool:
    if r.quantity is not None and r.quantity.more:
        return False
    if is_rate(p, r):
        return True
    lasting = r.kind in _LASTING and (r.rule in _STATES or (r.kind in _HELD and r.rule == "counted"))
    if any(
        _same_clause(p, r, at) and not _in_foreign_relative(p, r, at)
        for at in clues.periods
        if not (lasting and p.sentence[at : at + 5].lower() == en.SINCE)
    ):
        return True
    if (
        r.rule == "counted"
        and r.kind is ClaimKind.KILLED
        and en.CASES in p.words
        and not _NEW_CASES & set(p.words)
    ):
        return True
    dated = clues.year is not None or (clues.past is not None and clues.last)
    if (
        clues.year is not None
        and has_until_now(p, r)
        and _same_clause(p, r, clues.year[0])
        and not clues.single
    ):
        return True  # "shootings have killed 381 people in 2026"
    if clues.year is not None and _SEVERAL.search((_between(p, r, clues.year[0]) or "").lower()):
        return True  # "5,000 people died in road crashes in 2024"
    counted = r.rule == "toll" or (r.rule == "counted" and not clues.single)
    many = p.chunks[r.cue].word in _MANY_DEATHS or (r.rule == "toll" and clues.last and not clues.single)
    if counted and dated and many:
        return True  # "road deaths fell to 1,640 in 2025"
    return (r.rule == "toll" and clues.whole) or _of_a_war(p, r, clues) or _of_a_year(p, r, clues)


def _of_a_year(p: Parsed, r: Mention, clues: Clues) -> bool:
    """Return whether a count is that of last year and of no one event ("the force lost 39 men last year")."""
    if not clues.last or clues.single or clues.past is None or r.rule not in COUNTING_RULES - {"active"}:
        return False
    return r.scope is None and relative_of(p, r) is None and _same_clause(p, r, clues.past)


def _of_a_war(p: Parsed, r: Mention, clues: Clues) -> bool:
    """Return whether it says how many a war or an outbreak has killed by now ("have died in the conflict")."""
    if clues.war is None or r.scope is not None or r.rule not in {*COUNTING_RULES, "state"}:
        return False
    begin = max(segment_start(p, r.cue), r.cue - 10)
    if r.rule == "active" and p.mark(begin - 1) == "&":
        begin = max(segment_start(p, begin - 1), begin - 9)
    between = _between(p, r, clues.war)
    near = (
        between is not None
        and len(between) < _CLOSE
        and r.rule in {"intransitive", "reduced"}
        and p.tokens[p.chunks[r.cue].i].end < clues.war
    )
    near = near and bool(_WARS & set(p.words[p.chunks[r.cue].j : p.chunks[r.cue].j + 5]))
    if not near and not any(p.mark(k) == "H" for k in range(begin, r.cue)):
        return False
    return between is not None and len(between) < _NEAR and not _OTHER_CLAUSE.search(between.lower())


def _between(p: Parsed, r: Mention, at: int) -> str | None:
    """Return what stands between a mention and the words at offset `at`, None where that is far away."""
    first = min(p.tokens[p.chunks[r.chunk].i].start, p.tokens[p.chunks[r.cue].i].start)
    last = max(p.tokens[p.chunks[r.chunk].j - 1].end, p.tokens[p.chunks[r.cue].j - 1].end)
    if not first - _FAR < at < last + _FAR:
        return None
    return p.sentence[last:at] if at >= last else p.sentence[at:first]


def _same_clause(p: Parsed, r: Mention, at: int) -> bool:
    """Return whether no other clause parts the words at offset `at` from the mention."""
    between = _between(p, r, at)
    if between is None or ";" in between or _RESULT.search(between.lower()):
        return False
    return between.split()[-1:] == [] or between.split()[-1].lower() not in _BUILT


# -------------------------------------------------------------------- older events


def _partitive_whole(p: Parsed, r: Mention) -> bool:
    k = r.chunk - 1
    if p.mark(k) == "D":
        k -= 1
    q = p.chunks[k - 1].quantity if k > 0 else None
    return p.word(k) == en.OF and q is not None and q.partitive


def _is_background(p: Parsed, r: Mention, clues: Clues) -> bool:
    cue = p.chunks[r.cue]
    tried = clues.trial is not None and clues.trial <= p.tokens[cue.i].start
    tried = tried and not (clues.trial is not None and dated_this_week(p, clues.trial, cue.i))
    rel = relative_of(p, r)
    if rel is not None and _EARLIER & {p.word(k) for k in range(max(0, rel - 10), rel)}:
        return True
    if tried and r.rule == "counted" and cue.word in _CRIMES and _IN_COURT & set(p.words):
        return True
    if rel is not None and tried and p.word(rel) == en.WHERE:
        return True
    if rel is not None and p.word(rel) == en.WHO and _AGAIN & set(p.words[cue.j : cue.j + 9]):
        return True  # "gunmen who killed 11 villagers on Sunday struck again"
    if _RECALLING & set(p.words[max(0, cue.i - 14) : cue.i]):
        return True
    if rel is not None and (r.rule in {"active", "state", "made_to"} or takes_lives(p, r)):
        return _old_cause(p, r, rel, clues, tried=tried)
    if rel is not None and p.word(rel - 1) == en.IN:
        if tried and (
            _IN_COURT & set(p.words) or _ACCUSING & {p.word(k) for k in range(max(0, rel - 9), rel)}
        ):
            return True
        if clues.recent and p.mark(rel - 2) == "," and r.rule in {"intransitive", "passive"}:
            return True
        if any(p.word(k) == en.HAD for k in range(max(0, rel - 12), rel)):
            return True  # "had survived an ambush in which three aides were killed"
        if any(p.word(k) == en.WHO and p.mark(k - 1) == "," for k in range(max(1, rel - 12), rel)):
            return True  # "the colonel, who led the operation in which three of his soldiers died"
        preposition, determiner = cause_of(p, rel - 1)
        if preposition == en.AFTER and _is_after_a_time(p, rel):
            return True
        if not clues.now and any(
            p.mark(k) == "'" and p.word(k - 2) in _SINCE for k in range(max(2, rel - 6), rel)
        ):
            return True  # "since Monday's shooting, in which two died"
        if (
            r.rule in {"intransitive", "passive"}
            and preposition in _BACKWARD
            and determiner == en.THE
            and not clues.now
        ):
            return True
    if (
        tried
        and (r.rule == "act" or (cue.cue("ing") and not is_mere_result(p, r)))
        and not is_blamed_on_a_thing(p, r)
        and r.kind is not ClaimKind.MISSING
        and cue.word not in _BODIES
    ):
        return True
    if r.rule == "reduced" and r.kind in _HELD and p.word(r.chunk - 1) == en.THE and _is_freed(p, r):
        return True
    if r.rule in {"reduced", *_DESCRIBING} and r.kind in _HELD and _RELEASING & set(_words_ahead(p, r)):
        return True
    if r.rule == "reduced" and r.kind in {ClaimKind.CAPTURED, ClaimKind.MISSING} and _partitive_whole(p, r):
        return True
    named = r.rule == "attributive" and p.mark(r.chunk - 1) == "D"
    if named and r.kind is ClaimKind.CAPTURED and _partitive_whole(p, r):
        return True  # "one of the seven kidnapped nurses was killed"
    known = p.word(r.chunk - 1) == en.THE and (r.rule == "act" or rel is not None)
    if known and cue.word not in _BODIES and cue.word != en.NO:
        return True
    dated = clues.year is not None and "(" not in clues.year[1] and _same_clause(p, r, clues.year[0])
    if dated and clues.year is not None and not _in_foreign_relative(p, r, clues.year[0]):
        return True
    if cue.cue("ing") and p.mark(r.cue - 1) == "," and _tells_of_the_relative(p, r):
        return True
    if (cue.cue("ing") or rel is not None) and is_sentenced(p, r):
        return True
    if clues.handed and cue.word in _BODIES:
        return True
    if r.rule == "act" and _GUILT & set(p.words[max(0, cue.i - 5) : cue.i]):
        return True
    if r.rule in {"intransitive", "passive"} and rel is not None and is_of_the_killed(p, r):
        return True
    if r.rule in _NAMED_BY_FATE and is_of_the_killed(p, r):
        return True
    if r.rule == "reduced" and (is_of_the_killed(p, r) or (tried and p.word(r.chunk - 1) == en.THE)):
        return True
    if p.words[max(0, cue.i - 1)] == en.HAD and any(
        p.word(k) in _SINCE for k in range(max(0, r.cue - 14), r.cue)
    ):
        return True
    if p.word(r.chunk - 1) == en.THE and p.mark(r.chunk - 2) == "A" and p.word(r.chunk - 3) == en.HAD:
        return True  # "the worst toll had been the 22 killed in May"
    if is_heard_in_court(p) or _in_a_month(p, r, clues):
        return True
    if clues.past is not None and opens_sentence(p, r, clues.past):
        return True
    between = None if clues.past is None else _between(p, r, clues.past)
    if between is None or clues.past is None:
        return False
    return clues.past < _OPENING or (len(between) < 80 and "," not in between)


def _in_a_month(p: Parsed, r: Mention, clues: Clues) -> bool:
    """Return whether a month alone dates a count: news of this event names the day ("the attack in November left 38 dead")."""
    between = None if clues.month is None else _between(p, r, clues.month)
    if between is None or clues.month is None or len(between) > _MONTH or r.kind in _LASTING:
        return False
    result = p.chunks[r.cue].cue("ing") is not None and p.mark(r.cue - 1) == ","
    if ";" in between or _OTHER_CLAUSE.search(between.lower()) or ("," in between and not result):
        return False
    dates_another = any(
        p.mark(k) == "C" and k != r.cue and p.tokens[p.chunks[k].i].start < clues.month
        for k in range(r.chunk + 1, min(len(p.chunks), r.cue))
    )  # "nine of the ten workers abducted in January are dead"
    return not dates_another and not has_until_now(p, r) and not _in_foreign_relative(p, r, clues.month)


def _words_ahead(p: Parsed, r: Mention) -> list[str]:
    first = p.chunks[r.chunk].i
    return p.words[max(0, first - 8) : first]


def _is_after_a_time(p: Parsed, rel: int) -> bool:
    """Return whether a time stands before "after" ("a month after a stampede in which 13 died")."""
    k = next((k for k in range(rel - 1, max(0, rel - 12), -1) if p.word(k) == en.AFTER), 0)
    return k > 0 and p.word(k - 1) in _TIMES


def _is_freed(p: Parsed, r: Mention) -> bool:
    """Return whether the news is that they came free ("the 36 boys abducted in May have been freed")."""
    return bool(_FREEING & set(p.words[p.chunks[r.cue].j : p.chunks[r.cue].j + 12]))


def _tells_of_the_relative(p: Parsed, r: Mention) -> bool:
    """Return whether a participle goes on with a dated relative clause ("whose ferry sank in April, drowning 26")."""
    for k in range(r.cue - 2, max(-1, r.cue - 14), -1):
        if p.mark(k) in {",", ";", "T", "C"}:
            return False
        if p.mark(k) == "R" or p.word(k) in _RELATIVE:
            return any(p.word(m) in p.lex.months and p.mark(m - 1) == "P" for m in range(k + 1, r.cue))
    return False


def _is_its_subject(r: Mention, c: int) -> bool:
    """Return whether the relative clause that ends at chunk `c` describes the cause ("a storm that hit in 1974 killed 33")."""
    if r.rule == "state":
        return c < r.chunk <= c + 8  # "a storm, which struck in 1974, left 33 dead"
    return r.rule == "active" and c < r.cue <= c + 3


def _in_foreign_relative(p: Parsed, r: Mention, at: int) -> bool:
    """Return whether the words at offset `at` stand in a relative clause that the mention is no part of."""
    c = next(
        (k for k, chunk in enumerate(p.chunks) if chunk.j > chunk.i and p.tokens[chunk.i].start >= at), 0
    )
    for k in range(c - 1, max(0, c - 14), -1):
        if p.mark(k) in {",", ";", "T"}:
            return False
        if p.mark(k) == "R" and p.mark(k - 1) == "T":
            return False
        if p.mark(k) == "R" and r.rule == "act" and r.cue > c and not _parted(p, c, r.cue):
            return False  # "the one that crashed in 2019 with the loss of all 157 on board"
        if p.mark(k) == "R":
            return c - k > (1 if p.word(k) in _WHO else 2) and not k < r.cue < c and not _is_its_subject(r, c)
    return False


def _parted(p: Parsed, first: int, last: int) -> bool:
    """Return whether a comma or a verb stands between two chunks."""
    return any(p.mark(k) in {",", ";", "T", "A", "H", "M", "S"} for k in range(first, last))


def _in_older_clause(p: Parsed, r: Mention, clues: Clues) -> bool:
    """Return whether the mention stands in "a week after a similar attack killed 12", "2015, when 60 were killed"."""
    start = segment_start(p, min(r.chunk, r.cue))
    opener = p.word(start - 1)
    if opener == en.AFTER and _ends_before(p, start, min(r.chunk, r.cue)):
        return False
    if opener == en.AFTER:
        last_week = clues.recent and any(
            word in _LAST for word in p.words[p.chunks[r.cue].j : p.chunks[r.cue].j + 8]
        )
        return p.word(start - 2) in _TIMES or last_week or (start == 1 and _is_older_news(p, r))
    year = p.words[max(0, p.chunks[start - 1].i - 2) : p.chunks[start - 1].i] if start else []
    return opener == en.WHEN and any(
        (len(word) == 4 and word.isdigit()) or word in p.lex.months for word in year
    )


def _ends_before(p: Parsed, start: int, first: int) -> bool:
    """Return whether "after the blast," at chunk `start` is closed by its comma before chunk `first`, no verb in it."""
    comma = next((k for k in range(start, first) if p.mark(k) == ","), None)
    if comma is None or p.mark(comma + 1) in {"R", "&", "C"}:
        return False
    return not any(p.mark(k) in {"A", "H", "M", "C", "T", "N"} for k in range(start, comma))


def _is_older_news(p: Parsed, r: Mention) -> bool:
    """Return whether "after a blast killed 12 last Friday, ..." opens the sentence with what was known before."""
    comma = next((k for k in range(max(r.chunk, r.cue), len(p.chunks)) if p.mark(k) == ","), None)
    if comma is None or r.rule not in COUNTING_RULES:
        return False
    return not any(p.mark(k) in {"C", "N"} for k in range(comma + 1, len(p.chunks)))


def _old_cause(p: Parsed, r: Mention, rel: int, clues: Clues, *, tried: bool) -> bool:
    """Return whether "an attack that killed ..." recalls an event instead of reporting it."""
    if any(p.mark(k) == "H" for k in range(rel + 1, r.cue)):
        return tried or clues.year is not None
    if clues.now and not tried:
        return False
    if clues.past is not None or clues.year is not None or clues.recent or clues.trial is not None:
        return True
    preposition, determiner = cause_of(p, rel)
    if clues.opening or preposition in _BACKWARD:
        return True
    return determiner in _KNOWN and preposition != en.IN and rel > 8
