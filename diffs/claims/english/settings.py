"""Words that tell of a fate in one setting only: a family wiped out, neighbours buried, a ship lost with all hands, people held by captors."""

from collections.abc import Iterator

from diffs.claims.english.lexicon import Cue, Lexicon
from diffs.language.en import ENGLISH
from diffs.language.en import single as en
from diffs.model import ClaimKind

_WIPING = ENGLISH.words("verbs.wiping")
_BURYING = ENGLISH.words("verbs.burying")
_HANDS = ENGLISH.words("people.hands")
_LOSSES = ENGLISH.words("people.losses")
_PUTTING = ENGLISH.words("saying.putting")
_FATE = ENGLISH.words("people.fate")
_UNCLEAR = ENGLISH.words("outcomes.unclear")
HOLDING = ENGLISH.words("verbs.holding")
_CAPTORS = ENGLISH.words("verbs.captors")
_SOLDIERS = ENGLISH.words("verbs.hunted")
_BEHIND_BARE = ENGLISH.words("small.and_or")
_HOSTAGES = ENGLISH.words("people.hostages")
_FAMILY = ENGLISH.words("people.family")
_OWNERS = ENGLISH.words("small.owners")
_BOUNDS = ENGLISH.words("figures.bounds")
_SHELTERS = ENGLISH.words("outcomes.shelters")
_UNDER = ENGLISH.words("outcomes.under")
_RUINS = ENGLISH.words("outcomes.ruins")
_ROOFS = ENGLISH.words("outcomes.roofs")
_FALLING = ENGLISH.words("outcomes.falling")
_LYING = ENGLISH.words("outcomes.lying")
_COLLAPSING = ENGLISH.words("outcomes.collapsing")
_NIGHTS = ENGLISH.words("outcomes.nights")
_EMERGENCY = ENGLISH.words("outcomes.emergency_places")
_EVACUATING = ENGLISH.words("outcomes.evacuating")
_OF_SHELTERS = ENGLISH.words("outcomes.of_shelters")
_STAYING = ENGLISH.words("verbs.staying")
_SAFE = ENGLISH.words("outcomes.safe")
_SEARCHING = ENGLISH.words("verbs.searching")
_BEHIND_SEARCHES = ENGLISH.words("verbs.behind_searches")
_RESCUES = ENGLISH.words("outcomes.rescues")
_CRIMES = ENGLISH.words("outcomes.crimes")
_STUCK = ENGLISH.words("outcomes.stuck")
_PERILS = ENGLISH.words("outcomes.perils")
_TRAVEL = ENGLISH.words("outcomes.travel")
_ENDS = frozenset({",", ";", "."})
_OBJECT = 6  # tokens in which the object of a verb names people
_SUBJECT = 8  # tokens back to the subject of a passive


def tells_of_people(words: list[str], i: int, lex: Lexicon) -> bool | None:
    """Return whether the cue at token `i` tells of people where it stands; None where it needs no such setting."""
    word = words[i]
    if word in _WIPING:
        return _is_wiped_out(words, i, lex)
    if word in _BURYING:
        return _is_mourned(words, i, lex)
    if word in _HANDS:
        return words[i - 2 : i - 1] == [en.ALL] and _is_number(words[i - 1], lex)
    if word in _LOSSES:
        return _are_of_men(words, i, lex)
    if word in _STUCK:
        return _are_stuck(words, i)
    if word in _FATE:
        return words[i + 1 : i + 2] == [en.OF] and not _UNCLEAR.isdisjoint(words[i + 2 : i + 11])
    if word in HOLDING:
        return _is_held(words, i, lex)
    return None


def sought_in(words: list[str], lex: Lexicon) -> Iterator[tuple[int, int, Cue]]:
    """Yield the first token, length and meaning of each "searching for (two others)" of rescuers, not of those who hunt a gunman."""
    for i, word in enumerate(words):
        k = i + 1
        if word not in _SEARCHING or _RESCUES.isdisjoint(words):
            continue
        while words[k : k + 1] and words[k] in _BEHIND_SEARCHES:
            k += 1
        if words[k : k + 1] != [en.FOR]:
            continue
        ahead = words[k + 1 : k + 6]
        while ahead and (ahead[0] in _BOUNDS or ahead[0] == en.AT or lex.classes.get(ahead[0]) == "D"):
            ahead = ahead[1:]
        if (
            ahead
            and _is_number(ahead[0], lex)
            and _CRIMES.isdisjoint(words)
            and not lex.people.isdisjoint(ahead)
        ):
            yield i, k + 1 - i, Cue(ClaimKind.MISSING, "ing")


def _are_stuck(words: list[str], i: int) -> bool:
    """Return whether a peril holds them, no journey that was cancelled ("40 skiers are stranded on the mountain"), and nobody saved them."""
    behind = words[max(0, i - _SUBJECT) : i]
    clause = behind[len(behind) - behind[::-1].index(",") :] if "," in behind else behind
    return not _PERILS.isdisjoint(words) and _TRAVEL.isdisjoint(words) and _SAFE.isdisjoint(clause)


def _are_of_men(words: list[str], i: int, lex: Lexicon) -> bool:
    """Return whether losses are put at a number of people, or at a bare one where soldiers are told of ("put its losses at six")."""
    if not _PUTTING & set(words[max(0, i - 3) : i]) or words[i + 1 : i + 2] != [en.AT]:
        return False
    ahead = words[i + 2 : i + 7]
    if not lex.people.isdisjoint(ahead):
        return True
    bare = _is_number(ahead[0] if ahead else "", lex) and (
        len(ahead) == 1 or ahead[1] in _ENDS | _BEHIND_BARE
    )
    return bare and not _SOLDIERS.isdisjoint(words)


def _is_wiped_out(words: list[str], i: int, lex: Lexicon) -> bool:
    """Return whether people are wiped out, and no seats, debts or villages ("a family of seven was wiped out")."""
    ahead = _until_end(words, i + 2, _OBJECT)
    if ahead[:1] and (_is_number(ahead[0], lex) or lex.classes.get(ahead[0]) == "D"):
        return bool(lex.people.intersection(ahead)) and lex.things.isdisjoint(ahead)
    behind = words[max(0, i - _SUBJECT) : i]
    counted = any(_is_number(word, lex) for word in behind)
    return counted and not (lex.people | _FAMILY).isdisjoint(behind) and lex.things.isdisjoint(behind)


def _is_mourned(words: list[str], i: int, lex: Lexicon) -> bool:
    """Return whether those buried were the mourners' own ("the village buried 38 of its own")."""
    if not _is_number(words[i + 1] if i + 1 < len(words) else "", lex):
        return False
    ahead = words[i + 2 : i + 5]
    return ahead[:1] == [en.OF] and bool(_OWNERS & set(ahead[1:2])) and ahead[1] != en.THE


def _is_held(words: list[str], i: int, lex: Lexicon) -> bool:
    """Return whether captors hold counted people ("gunmen held 33 passengers for six hours")."""
    ahead = _until_end(words, i + 1, _OBJECT)
    if not ahead or not (_is_number(ahead[0], lex) or ahead[0] in _BOUNDS) or not _HOSTAGES.isdisjoint(ahead):
        return False
    named = lex.people.intersection(ahead) - _CAPTORS
    return bool(named) and not _CAPTORS.isdisjoint(words[max(0, i - _SUBJECT) : i])


def _until_end(words: list[str], start: int, most: int) -> list[str]:
    near = words[start : start + most]
    return near[: next((k for k, word in enumerate(near) if word in _ENDS), len(near))]


def _is_number(word: str, lex: Lexicon) -> bool:
    return word[:1].isdigit() or word in lex.numbers


def buried_in(words: list[str]) -> Iterator[tuple[int, int, Cue]]:
    """Yield the first token, length and meaning of each "(may still be) under the collapsed roof"."""
    fallen = not _FALLING.isdisjoint(words)
    for i, word in enumerate(words):
        k = (
            next((k for k in range(i - 1, max(0, i - 5), -1) if words[k] in _UNDER), 0)
            if word in _RUINS or (word in _ROOFS and fallen)
            else 0
        )
        if k and words[k - 1] in _LYING:
            yield k, i + 1 - k, Cue(ClaimKind.TRAPPED, "adjective")


def buried_by(words: list[str], lex: Lexicon) -> Iterator[tuple[int, int, Cue]]:
    """Yield the place, length and meaning of each verb of burying by what fell ("a wall gave way, burying five labourers")."""
    for i, word in enumerate(words):
        if word not in _BURYING or _COLLAPSING.isdisjoint(words) or _is_mourned(words, i, lex):
            continue
        before, behind = words[max(0, i - _OBJECT) : i], _until_end(words, i + 1, _OBJECT)
        buried = behind if lex.people.isdisjoint(before) else before  # soldiers who bury comrades are no wall
        if any(_is_number(one, lex) for one in buried) and not lex.people.isdisjoint(buried):
            yield i, 1, Cue(ClaimKind.TRAPPED, "ing" if word.endswith(en.ING) else "past")


def sheltered_in(words: list[str]) -> Iterator[tuple[int, int, Cue]]:
    """Yield the first token, length and meaning of each "(staying) in 212 evacuation centers"."""
    for i, word in enumerate(words):
        if word not in _SHELTERS | _EMERGENCY:
            continue
        k = next((k for k in range(i - 1, max(0, i - 7), -1) if words[k] in {en.IN, en.AT}), 0)
        inside = words[k + 1 : i]
        if words[k - 1] in _NIGHTS and word in _EMERGENCY and not _EVACUATING.isdisjoint(words):
            yield k, i + 1 - k, Cue(ClaimKind.DISPLACED, "adjective")
            continue
        if (
            k
            and word in _SHELTERS
            and _STAYING & {words[k - 1]}
            and not (_OF_SHELTERS.isdisjoint(inside) and word in _OF_SHELTERS)
        ):
            yield k, i + 1 - k, Cue(ClaimKind.DISPLACED, "adjective")
