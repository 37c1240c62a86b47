"""How surely it was said: hedges, denials, doubts, and what was only threatened or imagined."""

from diffs.claims.english.attribution import Source
from diffs.claims.english.chunks import Parsed
from diffs.claims.english.clauses import verb_start
from diffs.claims.english.imagined import is_imagined
from diffs.claims.english.lexicon import Lexicon
from diffs.claims.english.mentions import Mention
from diffs.language.en import ENGLISH
from diffs.language.en import single as en
from diffs.model import ClaimKind, Polarity

_HEDGED_STATES = {ClaimKind.MISSING, ClaimKind.TRAPPED}
_HEDGING_ADVERBS = ENGLISH.words("hedges.adverbs")
_CLAUSE = 14  # chunks in which two joined verbs share an adverb
_UNSURE = ENGLISH.words("hedges.unsure")
_NEITHER = ENGLISH.words("denials.neither")
_CRIMINALS = ENGLISH.words("people.criminals")
_LAW = ENGLISH.words("people.law")
_RUNNING = _CRIMINALS | ENGLISH.words("people.crowds", "verbs.captors")
_ATHLETES = ENGLISH.words("people.athletes")
_PLAYERS = ENGLISH.words("people.players")
_OF_SPORT = ENGLISH.words("people.of_sport")
_WOUNDED = ENGLISH.words("hurts.of_war")
_MISHAPS = ENGLISH.words("outcomes.mishaps", "outcomes.perils")
_UNFIT = frozenset({ClaimKind.MISSING, ClaimKind.WOUNDED})
_FLEEING = ENGLISH.words("verbs.fleeing")
_SCENES = ENGLISH.words("small.of_the_scene")
_FIGURES = ENGLISH.words("figures.reported")
_CAUSING = ENGLISH.words("causing.behind_modals")
_FORESEEN = ENGLISH.words("forecasts.foreseen")
_PARTS_OF_A_LIST = frozenset({"including", "breakdown"})  # what is feared of the whole is feared of these
_INVERTED = ENGLISH.words("hypothetical.inverted")
_PREDICTED = ENGLISH.words("forecasts.foretold")
_HAPPENING = ENGLISH.words("time.happening")
_WANTED_FOR = list(ENGLISH.sequence("forecasts.wanted"))
_POSSIBLE = ENGLISH.words("forecasts.possible")
_FORECAST = ENGLISH.words("forecasts.words")
_USUAL = ENGLISH.words("forecasts.usual")
_SPANS = ENGLISH.words("time.spans")
_RUMOURS = ENGLISH.words("hedges.rumours")
_DOUBTING = ENGLISH.words("denials.doubting")
_FORCING = ENGLISH.words("causing.flight")
_WITHDRAWING = ENGLISH.words("figures.withdrawing")
_FALSE = ENGLISH.words("denials.false")
_SCENARIOS = ENGLISH.words("forecasts.scenarios")
_NOT = ENGLISH.words("denials.negations")
_TO_ASSERTED = ENGLISH.words("hedges.to_asserted")
_THOUGHT = ENGLISH.words("hedges.thought")
_MAY_OR_MUST = ENGLISH.words("forecasts.may_or_must")
_CLAUSE_ENDS = ENGLISH.words("small.clause_ends") | {",", ";"}
_IF = ENGLISH.words("forecasts.conditions")
_DENIED = ENGLISH.words("denials.what_is_denied")
_ORDERING = ENGLISH.words("forecasts.ordering")
_INDEFINITE = ENGLISH.words("small.indefinite")
_LETTING = ENGLISH.words("forecasts.letting")
_MAY = ENGLISH.words("forecasts.may")
_MAY_OR_COULD = ENGLISH.words("forecasts.may_or_could")
_THAT_OR_THIS = ENGLISH.words("denials.pointing")


def is_hypothetical(p: Parsed, r: Mention) -> bool:
    """Return whether the mention is only a threat, a plan, a condition or a forecast."""
    cue = p.chunks[r.cue]
    start, _ = verb_start(p, r.cue)
    group = p.words[p.chunks[start].i : cue.i]
    if is_withdrawn(p, r):
        return False
    present = cue.cue("base", "third") is not None
    if is_imagined(p, r, present=present):
        return True
    if r.rule == "counted" and _PREDICTED & set(
        p.words[max(0, p.chunks[r.chunk].i - 2) : p.chunks[r.chunk].i]
    ):
        return True
    if r.rule in {"counted", "act"} and _is_forecast(p, max(r.cue, r.chunk)):
        return True
    if set(group) & _NOT and r.kind is not ClaimKind.MISSING and r.rule != "unsurvived":
        return True
    before = _of_clause(p.words[max(0, p.chunks[start].i - 9) : p.chunks[start].i])
    ahead = p.words[max(0, p.chunks[r.chunk].i - 3) : p.chunks[r.chunk].i]
    if r.rule == "state" and set(ahead) & p.lex.bare_modals and ahead[-1:] == [en.LEAVE]:
        return True
    if _modal(p, group, r, p.words[max(0, min(cue.i, p.chunks[r.chunk].i) - 4) : cue.i]):
        return True
    if r.rule == "toll" and any(
        p.word(k) in _FORECAST
        and (p.word(k) != en.MAY or p.mark(k) == "M")
        and not (p.word(k) in _POSSIBLE and p.mark(k + 1) == "H")
        for k in range(r.cue + 1, r.chunk)
    ):
        return True
    alone = r.rule == "act" and r.quantity is not None and r.quantity.value == 1
    if alone and p.words[max(0, cue.i - 2) : cue.i] in ([en.ON, en.THE], [en.UPON, en.THE]):
        return True
    if r.rule in {"toll", "total"} and set(p.words[max(0, cue.i - 4) : cue.i]) & p.lex.bare_modals:
        return True
    if r.rule in {"counted", "act"} and _is_imagined(p, r):
        return True
    if r.rule == "made_to":
        return bool(set(before) & p.lex.bare_modals)
    if group[:1] == [en.BE] and before[-1:] == [en.TO] and set(before[-4:-1]) & _FORESEEN:
        return True
    forced = r.kind is ClaimKind.DISPLACED and set(before[-5:-1]) & _FORCING
    if cue.cue("base") and before[-1:] == [en.TO] and forced:
        return False
    if cue.cue("base") and _LETTING & set(p.words[max(0, cue.i - 4) : cue.i]):
        return True  # "the game lets players kill up to 100 opponents"
    if cue.cue("base") and before[-1:] == [en.TO]:
        return not set(before[-4:-1]) & _TO_ASSERTED
    near = p.words[max(0, cue.i - 4) : cue.i]
    if (group[:1] == [en.BE] and before[-1:] != [en.TO]) or (near[-2:] == [en.RISK, en.OF]):
        return True
    if _SCENARIOS & set(before) or _in_general(p):
        return True
    wished = set(near) & p.lex.hypothetical
    if near[-3:-1] == _WANTED_FOR or near[-2:] == _WANTED_FOR:
        wished -= set(_WANTED_FOR)
    if cue.cue("act", "ing") and wished and r.rule in {"act", "active"}:
        return set(near) & _ORDERING == set()
    return _conditional(p, r)


def _of_clause(words: list[str]) -> list[str]:
    """Return the last words of those behind a semicolon, which parts what happened from what was planned."""
    return words[len(words) - words[::-1].index(";") :] if ";" in words else words


def _is_forecast(p: Parsed, c: int) -> bool:
    """Return whether a forecast follows a noun's count ("another 700 deaths from the disease are projected")."""
    for k in range(c + 1, min(c + 9, len(p.chunks))):
        if p.mark(k) in {"C", "N", "T", ",", ";", "S", "R"}:
            return False
        if p.mark(k) == "A":
            after = k + 1 if p.word(k + 1) in _PREDICTED or p.word(k + 1) == en.LIKELY else k + 2
            foretold = p.word(after) in _PREDICTED or p.word(after) == en.LIKELY
            return foretold and _says_no_more(p, after + 1)
    return False


def _says_no_more(p: Parsed, c: int) -> bool:
    """Return whether a time or place follows, or that they happen: "expected to lead to charges" says more of counted deaths."""
    if p.word(c) == en.TO:
        return p.word(c + 1) in _HAPPENING
    return p.mark(c) not in {"W", "C", "T", "A"}


def is_withdrawn(p: Parsed, r: Mention) -> bool:
    """Return whether a source takes a counted number back ("removed 61 deaths from its count")."""
    first = p.chunks[r.chunk].i
    return r.rule == "counted" and bool(_WITHDRAWING & set(p.words[max(0, first - 1) : first]))


def _in_general(p: Parsed) -> bool:
    """Return whether the sentence tells what happens in "a regular flu season", "a typical year"."""
    if _USUAL.isdisjoint(p.vocabulary):
        return False
    spans = (p.words[k : k + 5] for k, word in enumerate(p.words) if word in _INDEFINITE)
    return any(_USUAL & set(span) and _SPANS & set(span) for span in spans)


def _is_imagined(p: Parsed, r: Mention) -> bool:
    """Return whether a modal governs the verb that brings a noun's count ("could cause 200 deaths", "may lead to")."""
    first = min(r.chunk, r.cue)
    for k in range(first - 1, max(-1, first - 6), -1):
        if p.mark(k) == "M":
            return p.word(k) in p.lex.bare_modals and bool(_CAUSING & {p.word(k + 1), p.word(k + 2)})
        if p.mark(k) not in {"W", "P", "D", "B"}:
            return False
    return False


def _modal(p: Parsed, group: list[str], r: Mention, near: list[str]) -> bool:
    modals = [word for word in group if word in p.lex.bare_modals]
    if not modals:
        tail = near[-2:]
        modals = [word for word in tail if word in p.lex.bare_modals] if p.chunks[r.cue].cue("base") else []
    if not modals:
        return False
    if en.HAVE in group and p.words[0] in _INVERTED and modals[0] in _MAY:
        return True
    if en.HAVE in group:
        behind = p.words[p.chunks[r.cue].j : p.chunks[r.cue].j + 2]
        if modals[0] in _MAY and (behind[:1] in ([en.HAD], [en.IF]) or behind == [en.BUT, en.FOR]):
            return True
        return modals[0] not in _MAY_OR_MUST
    cue = p.chunks[r.cue]
    state = cue.cue("adjective") is not None or r.kind in _HEDGED_STATES
    return not (modals[0] in _MAY_OR_COULD and state and en.BE in group)


def _conditional(p: Parsed, r: Mention) -> bool:
    first = min(p.chunks[r.cue].i, p.chunks[r.chunk].i)
    for k in range(first - 1, max(-1, first - 7), -1):
        if p.words[k] in _CLAUSE_ENDS:
            return False
        if p.words[k] in _IF:
            return True
        if p.words[k] == en.UNTIL and p.chunks[r.cue].cue("base", "third"):
            return True
    return False


def is_arrest(p: Parsed, r: Mention) -> bool:
    """Return whether "captured" only means that the law caught somebody, "fled" that wrongdoers ran away, "missing" that a team plays without them."""
    cue = p.chunks[r.cue]
    if r.kind is ClaimKind.DISPLACED and cue.word in _FLEEING:
        who = r.who or (r.quantity.who if r.quantity else (0, 0))
        return bool(_RUNNING & set(p.words[slice(*who)]) or _SCENES & set(p.words[cue.j : cue.j + 2]))
    if r.kind in _UNFIT and r.quantity is not None and _is_unfit(p, r, r.quantity.who):
        return True
    if r.kind is ClaimKind.MISSING and r.quantity is not None:
        return bool(_CRIMINALS & set(p.words[slice(*r.quantity.who)]))
    if r.kind is not ClaimKind.CAPTURED or not cue.word.startswith(en.CAPTUR):
        return False
    who = r.who or (r.quantity.who if r.quantity else (0, 0))
    near = p.words[max(0, cue.i - 8) : cue.j + 6]
    return bool(_CRIMINALS & set(p.words[who[0] : who[1]])) or bool(_LAW & set(near))


def _is_unfit(p: Parsed, r: Mention, who: tuple[int, int]) -> bool:
    """Return whether the counted play a sport that the sentence tells of, and no mishap ("The coach must do without five injured starters").

    "Wounded" is said of no player; strikers, defenders and keepers are people of other kinds as well.
    """
    cue = p.chunks[r.cue]
    if cue.word in _WOUNDED:
        return False
    named = set(p.words[slice(*who)]) | set(p.words[cue.j : cue.j + 2])
    sport = bool(_PLAYERS & named) or not _OF_SPORT.isdisjoint(p.vocabulary)
    return bool(_ATHLETES & named) and sport and _MISHAPS.isdisjoint(p.vocabulary)


def hedge_of(p: Parsed, r: Mention, source: Source | None) -> str | None:
    """Return the words that keep a mention at a distance, as printed, or None."""
    first = min(p.chunks[r.chunk].i, p.chunks[r.cue].i)
    last = max(p.chunks[r.chunk].j, p.chunks[r.cue].j)
    begin = max(0, first - 4)
    k = begin
    while k < last:
        length, found = p.lex.hedges.at(p.words, k)
        if found and not _is_no_hedge(p, r, k, length):
            return p.text(k, k + length + (p.words[k : k + 2] == [en.SAID, en.TO]))
        k += length or 1
    if source is not None and source.verb in p.lex.distancing:
        return source.verb_text
    if r.parent is not None and r.rule in _PARTS_OF_A_LIST:
        return hedge_of(p, r.parent, source) or _relative_hedge(p, r.chunk)
    return _relative_hedge(p, r.chunk) or _unconfirmed(p, source) or _rumour(p, first) or _shared_hedge(p, r)


def _relative_hedge(p: Parsed, c: int) -> str | None:
    """Return the hedge of the relative clause behind a count ("four cooks and a driver, who are believed to have ...")."""
    k = c + 1
    while p.mark(k) in {"N", "&", "D"} and k < c + 5:
        k += 1
    k += p.mark(k) == ","
    if p.word(k) != en.WHO or p.mark(k + 1) != "A":
        return None
    k += 2
    length, found = p.lex.hedges.at(p.words, p.chunks[k].i) if k < len(p.chunks) else (0, [])
    followed = p.words[p.chunks[k].i + length : p.chunks[k].i + length + 2] if found else []
    return p.text(p.chunks[k].i, p.chunks[k].i + length) if followed == [en.TO, en.HAVE] else None


def _unconfirmed(p: Parsed, source: Source | None) -> str | None:
    """Return the word that makes rumours of a source's reports ("according to unconfirmed reports"), or None."""
    words = range(source.i, source.j) if source is not None else range(0)
    return next((p.tokens[k].text for k in words if p.words[k] in _UNSURE), None)


def _shared_hedge(p: Parsed, r: Mention) -> str | None:
    """Return the adverb before the first of two joined verbs ("reportedly attacked the post and killed nine")."""
    start, _ = verb_start(p, r.cue)
    if p.mark(start - 1) != "&" or r.chunk < r.cue:
        return None
    for k in range(start - 2, max(0, start - _CLAUSE), -1):
        if p.mark(k) in {"S", "R", "T", ";", ":", '"', "N"} or p.word(k) in _CLAUSE_ENDS:
            return None
        if p.word(k) in _HEDGING_ADVERBS:
            return p.tokens[p.chunks[k].i].text
    return None


def _rumour(p: Parsed, first: int) -> str | None:
    """Return the noun of "there were reports that two were missing", where nobody is named who reported."""
    for k in range(first - 1, max(0, first - 8), -1):
        if p.words[k] == en.THAT and p.words[k - 1] in _RUMOURS and en.THERE in p.words[max(0, k - 5) : k]:
            return p.tokens[k - 1].text
    return None


def _is_no_hedge(p: Parsed, r: Mention, k: int, length: int) -> bool:
    """Return whether the hedging words at token `k` keep something else than the mention at a distance."""
    word = p.words[k]
    first = min(p.chunks[r.chunk].i, p.chunks[r.cue].i)
    who = range(*(r.who or (r.quantity.who if r.quantity else (0, 0))))
    if k < first and any(mark in {",", ";", "."} for mark in p.words[k:first]):
        return True
    if k < first and _crosses(p, r, k):
        return True
    if (word in p.lex.distancing and word != en.ALLEGED) or k in who:
        return True
    if word in _THOUGHT:
        before = p.words[max(0, k - 2) : k]
        marks = [p.lex.classes.get(item, "W") for item in before]
        passive = marks[-1:] == ["A"] or marks == ["A", "B"]
        passive = passive or (
            word != en.SAID and p.words[k + length : k + length + 1] in ([en.MISSING], [en.DEAD], [en.KILLED])
        )
        return not passive or en.IT in p.words[max(0, k - 5) : k] or (k < first and p.chunks[r.chunk].i < k)
    return word == en.LIKELY and p.words[k - 1 : k] == [en.LESS]


def _crosses(p: Parsed, r: Mention, k: int) -> bool:
    """Return whether another claim or "and" stands between a hedge at token `k` and the mention."""
    m = min(r.chunk, r.cue) - 1
    while m >= 0 and p.chunks[m].i > k:
        if p.mark(m) in {"C", "&"}:
            return True
        m -= 1
    return False


def polarity_of(p: Parsed, source: Source | None, first: int) -> Polarity:
    """Return whether the source asserts, doubts or denies what stands at token `first`."""
    if source is not None and source.verb in p.lex.deny:
        neither = _NEITHER & set(p.words[source.i : source.j + 4])
        return Polarity.DOUBTED if neither else Polarity.DENIED
    denies = not p.lex.deny.isdisjoint(p.vocabulary)
    for k in range(max(0, first - 8), first if denies else 0):
        if p.words[k] in p.lex.deny and _is_denied(p, k, first):
            return Polarity.DENIED
    behind = p.words[first : first + 14]
    false = next((k for k, word in enumerate(behind) if word in _FALSE), None)
    if false and _FIGURES & set(p.words[:first]) and _is_said_of(p, behind[:false]):
        return Polarity.DENIED
    if denies and any(
        word in p.lex.deny and after == en.BY and p.lex.classes.get(before) == "A"
        for before, word, after in zip(behind, behind[1:], behind[2:], strict=False)
    ):
        return Polarity.DENIED
    return Polarity.DOUBTED if _is_doubted(p, first) else Polarity.ASSERTED


def _is_said_of(p: Parsed, words: list[str]) -> bool:
    """Return whether the words before "false" or "a fabrication" end in a form of be."""
    marks = [p.lex.classes.get(word) for word in words[-2:]]
    return marks[-1:] == ["A"] or marks == ["A", "D"]


def _is_denied(p: Parsed, k: int, first: int) -> bool:
    """Return whether the denial at token `k` reaches what stands at token `first`."""
    between = p.words[k:first]
    if p.words[first].endswith(en.ING) and all(p.lex.classes.get(word) == "B" for word in between[1:]):
        return True  # "denies murdering four patients"
    said_on = any(p.lex.classes.get(word) == "T" for word in between[1:] if word not in _FIGURES)
    if said_on or between[1:2] in ([","], ["."]):
        return False
    return bool(_DENIED & set(between))


def _is_doubted(p: Parsed, first: int) -> bool:
    """Return whether what stands at token `first` could not be confirmed ("could not verify that 20 died")."""
    if p.lex.doubt.heads.isdisjoint(p.vocabulary):
        return False
    named = bool(_FIGURES & set(p.words[max(0, first - 30) : first]))
    for k in range(first, min(len(p.words), first + 14)):
        length, _ = p.lex.doubt.at(p.words, k)
        figures = named or bool(_FIGURES & set(p.words[first:k]))
        if length and figures and en.BE in p.words[k : k + length]:
            return True
    begin = max(0, first - 16)
    if not _DOUBTING & set(p.words[begin:first]):
        return False
    for k in range(begin, first):
        length, _ = p.lex.doubt.at(p.words, k)
        if length and p.words[k + length : k + length + 1] in (
            [en.THAT],
            [en.REPORTS],
            [en.WHETHER],
            [en.THE],
            [en.CLAIMS],
        ):
            return True
    return False


def is_complement(p: Parsed, source: Source, first: int) -> bool:
    """Return whether what stands at token `first` is what the source denies, and not when or why it did."""
    between = p.words[source.start : first]
    return not any(p.lex.classes.get(word) == "S" for word in between) or en.THAT in between


def doubts_before(words: list[str], lex: Lexicon) -> bool:
    """Return whether a sentence doubts figures that stand before it ("could not confirm those numbers")."""
    for k in range(len(words)):
        length, _ = lex.doubt.at(words, k)
        if length:
            near = set(words[max(0, k - 8) : k + length + 8])
            return bool(near & (lex.doubted | _THAT_OR_THIS))
    return False
