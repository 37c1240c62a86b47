"""The triggers of a sentence, without the words that are none where they stand."""

from diffs.claims.english.lexicon import IDIOM, Cue, Lexicon
from diffs.claims.english.settings import (
    HOLDING,
    buried_by,
    buried_in,
    sheltered_in,
    sought_in,
    tells_of_people,
)
from diffs.language.en import ENGLISH
from diffs.language.en import single as en
from diffs.model import ClaimKind

_OBJECT = 6  # tokens in which "19 missing miners" names its own fate
_SAID_OF_VICTIMS = frozenset({"past", "participle", "adjective", "base", "third"})


def triggers_in(words: list[str], lex: Lexicon) -> dict[int, tuple[int, list[Cue]]]:
    """Return the length and the meanings of each trigger by the token that it begins at."""
    found: dict[int, tuple[int, list[Cue]]] = {}
    heads = lex.cues.heads
    i = 0
    while i < len(words):
        if words[i] not in heads:
            i += 1
            continue
        length, cues = lex.cues.at(words, i)
        if not length or _is_none(words, i, length, lex):
            i += 1
            continue
        found[i] = (length, cues)
        if words[i : i + 2] == [en.TO, en.DEATH]:
            _split_verb(words, i, found)
        i += length
    if _APART_FROM_VERBS.isdisjoint(words):
        return found
    for first, length, cue in (*sheltered_in(words), *buried_in(words)):
        for k in range(first, first + length):
            found.pop(k, None)
        found[first] = (length, [cue])
    for first, length, cue in buried_by(words, lex):
        found.setdefault(first, (length, [cue]))
    for first, length, cue in sought_in(words, lex):
        if found.keys().isdisjoint(range(first, first + length + _OBJECT)):
            found[first] = (length, [cue])
    for i, word in enumerate(words):
        if (
            word in _SURVIVORS
            and words[i - 1 : i] == [en.NO]
            and words[i + 1 : i + 2]
            and words[i + 1] in _OF_WHOM
        ):
            found[i - 1] = (3, [Cue(ClaimKind.KILLED, "ing")])  # "no survivors among the 14 on board"
        if word in _PRISONER and i not in found:
            _taken_prisoner(words, i, found, lex)
        elif word in _PRISONERS and i not in found:
            _take_prisoners(words, i, found, lex)
        elif word in _HOSPITALS and i not in found:
            _taken_to_hospital(words, i, found, lex)
    return found


# Nouns whose verb stands apart from them: "took 40 soldiers prisoner", "staying in 12 shelters".
_APART_FROM_VERBS = ENGLISH.words(
    "people.prisoner",
    "people.prisoners",
    "verbs.hospitals",
    "verbs.searching",
    "outcomes.shelters",
    "outcomes.nights",
    "outcomes.ruins",
    "outcomes.roofs",
    "verbs.burying",
    "outcomes.no_survivors",
)


def _is_none(words: list[str], i: int, length: int, lex: Lexicon) -> bool:
    in_setting = tells_of_people(words, i, lex) if length == 1 or words[i + 1] == en.OUT else None
    if in_setting is not None:
        return not in_setting
    if words[i] in _CARRYING and words[i + 1 : i + 2] == [en.OFF]:
        return _CAPTORS.isdisjoint(words[max(0, i - 10) : i])  # medics carry off the wounded
    if length > 1:
        return i > 0 and words[i] == en.NUMBER and words[i - 1] in _NOT_KNOWN
    if words[i] in _RARELY_DEADLY:
        return not _is_deadly(words, i, lex)
    return words[i] in _MERE_NOUNS and _is_mere_noun(words, i, lex)


# Nouns that tell what happened to people, and only name them where a verb tells it.
_MERE_NOUNS = ENGLISH.words("people.mere_nouns")


def _is_mere_noun(words: list[str], i: int, lex: Lexicon) -> bool:
    """Return whether a cue's noun only names those of whom a verb says more ("two more victims died")."""
    if words[i] in _HOSTAGE:
        before = words[i - 1] if i else ""
        counted = before[:1].isdigit() or before in lex.numbers  # "took 251 hostage"
        return i > 0 and not counted and lex.classes.get(before, "W") == "W" and before not in lex.people
    first = _past_wrong(words, i, lex)
    for k in range(first, min(first + 5, len(words))):
        length, cues = lex.cues.at(words, k)
        if words[k] in HOLDING:
            return False
        if length and any(cue.kind and cue.form in _SAID_OF_VICTIMS for cue in cues):
            return True
        if lex.classes.get(words[k]) not in {"A", "H", "B", "M"}:
            return False
    return False


def _past_wrong(words: list[str], i: int, lex: Lexicon) -> int:
    """Return the token behind the noun at token `i` and what it names them by ("victims of the attack were ...")."""
    if words[i] not in _VICTIMS or words[i + 1 : i + 2] != [en.OF]:
        return i + 1
    k = i + 2
    while (
        k < min(i + 8, len(words))
        and lex.classes.get(words[k], "W") in {"W", "D"}
        and words[k] not in _DYING
        and words[k][0].isalpha()
    ):
        k += 1
    told = k < len(words) and (lex.classes.get(words[k]) in {"A", "H"} or words[k] in _DYING)
    return k if told else i + 1


_DYING = ENGLISH.words("verbs.dying")
_VICTIMS = ENGLISH.words("people.victims")
_DEADLY_ACTS = ENGLISH.words("verbs.deadly_acts")


def _split_verb(words: list[str], i: int, found: dict[int, tuple[int, list[Cue]]]) -> None:
    """Make a verb deadly whose "to death" stands behind its object: "had beaten 12 prisoners to death"."""
    for k in range(i - 1, max(-1, i - 8), -1):
        if words[k] in {",", ";", "."}:
            return
        if words[k] in _DEADLY_ACTS:
            form = "ing" if words[k].endswith(en.ING) else "past"
            found[k] = (1, [Cue(ClaimKind.KILLED, form)])
            return


def _take_prisoners(words: list[str], i: int, found: dict[int, tuple[int, list[Cue]]], lex: Lexicon) -> None:
    """Make a cue of the verb of "took at least 40 prisoners", where no prison takes them in."""
    if not _PRISONS.isdisjoint(words):
        return
    for k in range(i - 1, max(-1, i - 6), -1):
        if words[k] in {",", ";", "."} or k in found:
            return
        if words[k] in _TAKE:
            if words[i - 1][0].isdigit() or words[i - 1] in lex.numbers:
                found[k] = (1, [Cue(ClaimKind.CAPTURED, "ing" if words[k].endswith(en.ING) else "past")])
            return


_SURVIVORS = ENGLISH.words("outcomes.no_survivors")
_OF_WHOM = ENGLISH.words("outcomes.survivors_of")
_PRISONERS = ENGLISH.words("people.prisoners")
_PRISONS = ENGLISH.words("people.prisons")
_PRISONER = ENGLISH.words("people.prisoner")
_TAKE = ENGLISH.words("verbs.take")


def _taken_prisoner(words: list[str], i: int, found: dict[int, tuple[int, list[Cue]]], lex: Lexicon) -> None:
    """Make a cue of the verb that its object parts from "prisoner" at token `i`: "had taken 40 soldiers prisoner"."""
    for k in range(i - 1, max(-1, i - 7), -1):
        if words[k] in {",", ";", "."} or k in found:
            return
        if words[k] in _TAKE:
            if any(word[0].isdigit() or word in lex.numbers for word in words[k + 1 : i]):
                form = "ing" if words[k].endswith(en.ING) else "past"
                found[k] = (1, [Cue(ClaimKind.CAPTURED, form)])
                found[i] = (1, [IDIOM])
            return


_HOSPITALS = ENGLISH.words("verbs.hospitals")
_CARRYING = ENGLISH.words("verbs.carrying")


def _taken_to_hospital(
    words: list[str], i: int, found: dict[int, tuple[int, list[Cue]]], lex: Lexicon
) -> None:
    """Make a cue of the verb that a count of people parts from "to hospital" at token `i`: "took nine people to hospital"."""
    to = next((k for k in range(i - 1, max(-1, i - 6), -1) if words[k] == en.TO), None)
    if _delivered(words, i, found):
        return
    if to is None or any(k in found for k in range(to, i)):
        return
    for k in range(to - 1, max(-1, to - 8), -1):
        if words[k] in {",", ";", "."} or k in found:
            return
        if words[k] in _CARRYING:
            inside = words[k + 1 : to]
            counted = [n for n, word in enumerate(inside) if word[0].isdigit() or word in lex.numbers]
            if counted and (counted[-1] == len(inside) - 1 or inside[-1] in lex.people):
                found[k] = (1, [Cue(ClaimKind.WOUNDED, "ing" if words[k].endswith(en.ING) else "past")])
            return


_DELIVERED = ENGLISH.words("verbs.delivered")
_MORGUES = ENGLISH.words("verbs.morgues")
_INTO = ENGLISH.words("small.to_or_at_in")


def _delivered(words: list[str], i: int, found: dict[int, tuple[int, list[Cue]]]) -> bool:
    """Make a cue of "admitted at the county referral hospital" that ends at token `i`; True where it is one."""
    if words[i + 1 : i + 2] and (words[i + 1] in _MORGUES or en.DEAD in words[i + 1 : i + 6]):
        return False
    for k in range(i - 1, max(0, i - 7), -1):
        if words[k] in {",", ";", "."} or k in found:
            return False
        if words[k] in _DELIVERED and words[k + 1] in _INTO:
            found[k] = (i - k + 1, [Cue(ClaimKind.WOUNDED, "adjective")])
            return True
    return False


_NOT_KNOWN = ENGLISH.words("figures.not_known")
# Verbs that tell of deaths in one setting only: "lost 14 men", "none of the 48 survived".
_RARELY_DEADLY = ENGLISH.words("verbs.seldom_deadly")
# An execution by captors is a killing, one by a court is none.
_SEIZING = ENGLISH.words("verbs.seizing")
_CAPTORS = ENGLISH.words("verbs.captors")
_LET_GO = ENGLISH.words("outcomes.let_go")
_ELIMINATING = ENGLISH.words("verbs.eliminating")
_HUNTED = ENGLISH.words("verbs.hunted")
_EXECUTIONERS = ENGLISH.words("verbs.executioners")
_LAWFUL = ENGLISH.words("verbs.lawful")
_SCENE = ENGLISH.words("small.scene")
_HURTS = ENGLISH.words("hurts.treated")
_DID_NOT = ENGLISH.words("denials.did_not")
_NEITHER = ENGLISH.words("denials.neither")
_HOSTAGE = ENGLISH.words("people.hostage")


def _treats_wounds(words: list[str], i: int, lex: Lexicon) -> bool:
    """Return whether people are treated for wounds ("treated 70 people for burns")."""
    near = words[i + 1 : i + 10]
    if near[:1] == [en.FOR] and lex.classes.get(words[i - 1]) in {"A", "B"}:
        return bool(_HURTS & set(near[:6]))  # "more than 100 people were treated for tear gas inhalation"
    counted = any(word[0].isdigit() or word in lex.numbers for word in near[:3])
    if counted and _SCENE & set(near[:7]):
        return True  # "treated 16 people at the scene"
    return counted and en.FOR in near and bool(_HURTS & set(near))


def _is_deadly(words: list[str], i: int, lex: Lexicon) -> bool:
    if words[i].startswith(en.SURVIV):
        if i > 1 and words[i - 1] in _DID_NOT:
            return True
        near = words[max(0, i - 9) : i]
        nobody = en.NONE in near or (en.NOT in near and en.ONE in near) or not _NEITHER.isdisjoint(near)
        return nobody and en.OF in near
    if words[i].startswith(en.TREAT):
        return _treats_wounds(words, i, lex)
    if words[i].startswith(en.EXECUT):
        around = set(words[max(0, i - 10) : i + 10])
        return bool(_EXECUTIONERS & around) and not _LAWFUL & around
    if words[i] in _SEIZING:
        people = any(word in lex.people for word in words[i + 1 : i + 5])
        passive = i > 1 and (lex.classes.get(words[i - 1]) == "A" or words[i - 1] in lex.people - _CAPTORS)
        behind = passive and bool(lex.people & set(words[max(0, i - 5) : i]))
        freed = words[i - 1] in lex.people - _CAPTORS and bool(_LET_GO & set(words[i + 1 : i + 8]))
        return freed or (bool(_CAPTORS & set(words[max(0, i - 10) : i + 12])) and (people or behind))
    if words[i] in _ELIMINATING:
        return bool(_HUNTED & set(words[max(0, i - 6) : i + 7]))
    near = words[i + 1 : i + 9]
    k = next((k for k, word in enumerate(near) if word[0].isdigit() or word in lex.numbers), None)
    return (
        k is not None
        and k < 4
        and bool(lex.bereaving & set(near[k + 1 : k + (6 if en.OF in near[k + 1 : k + 2] else 4)]))
        and en.TO not in near[k + 1 : 6]
    )
