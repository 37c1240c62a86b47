"""Counts of a plot or of a drill: a work whose story is told, an exercise next to what it assumed."""

from diffs.claims.english.chunks import Parsed
from diffs.claims.english.mentions import Mention
from diffs.language.en import ENGLISH
from diffs.language.en import single as en

_WORKS = ENGLISH.words("hypothetical.works")
_ALSO_EVENTS = ENGLISH.words("hypothetical.also_events")
_MEDIA = ENGLISH.words("hypothetical.of_works")
_OWNERS = ENGLISH.words("hypothetical.authors")
_NEW = ENGLISH.words("hypothetical.newness")
_PARTS = ENGLISH.words("hypothetical.numbered_parts")
_NATURAL = ENGLISH.words("hypothetical.natural_seasons")
_NO_WORKS = ENGLISH.words("hypothetical.around_works")
_RECOUNTING = ENGLISH.words("hypothetical.recounting")
_TELLING = ENGLISH.words("hypothetical.telling")
_RELATIVE = ENGLISH.words("hypothetical.relative")
_DRILLS = ENGLISH.words("hypothetical.drills")
_ASSUMING = ENGLISH.words("hypothetical.assuming")
_POSING = ENGLISH.words("hypothetical.posing")
_POSED = ENGLISH.words("hypothetical.posed_as")
_REHEARSING = ENGLISH.words("hypothetical.rehearsing")
_PRACTISING = ENGLISH.words("hypothetical.practising")
_PRACTISED = ENGLISH.words("hypothetical.practised")
_PLAYING = ENGLISH.words("hypothetical.parts_played")
_IN = ENGLISH.words("hypothetical.inside")
_STRETCHES = ENGLISH.words("hypothetical.stretches")
_BARRIERS = ENGLISH.words("hypothetical.barriers")
_PAST = ENGLISH.words("hypothetical.past_verbs")
_DESCRIBING = ENGLISH.words("hypothetical.describing")
_THAT_OR_WHICH = ENGLISH.words("pronouns.relative")
_NAMED = _WORKS | _ALSO_EVENTS | _PARTS | _DRILLS
_BREAKS = _BARRIERS | {";", ":", "."}
_HEADS = frozenset("APHMRBSC&TD")  # marks of what may follow a noun that no other noun follows
_REACH = 12  # tokens between a present verb and the work that it is told in: "die in the first hour of her new thriller"
_NEAR = 6  # tokens from a drill to the verb that says what it assumed
_FIRST_YEAR = 1000  # "season 2024" is a year's, "season 2" a series'


def is_imagined(p: Parsed, r: Mention, *, present: bool) -> bool:
    """Return whether a mention happens in a work or a drill only.

    A work alone proves nothing ("a fire at a film festival killed 12"): its plot must be told, and plots are told in the
    present. A drill must assume the count itself: those who die in an exercise are dead.

    Args:
        p: The sentence.
        r: The mention.
        present: Whether the cue is a verb in the present, as plots are told.
    """
    if _is_played(p, r) or _is_rehearsed(p, r):
        return True
    if _NAMED.isdisjoint(p.vocabulary):
        return False
    first, last = sorted((p.chunks[r.cue].i, p.chunks[r.chunk].i))
    told = not _is_past(p, r, first, last)
    for k, word in enumerate(p.words):
        if word in _DRILLS and (_is_quoted(p, r) or (k < first and _is_assumed(p, r, k, first, last))):
            return True
        owned = k < first <= k + 3 and word in _WORKS and p.words[k + 1 : k + 2] == ["'s"]
        if owned and p.chunks[r.cue].cue("adjective", "counted", "act") is not None:
            return True  # "the novel's 11 dead"
        if not told or not (_is_work(p, k) or (word in _PARTS and k + 1 < first and _is_part(p, k + 1))):
            continue
        if k < first and (_tells(p, k, first) or _is_fronted(p, k, first)):
            return True
        if present and first < k <= first + _REACH and _is_inside(p, k, first):
            return True
    return False


def _is_quoted(p: Parsed, r: Mention) -> bool:
    """Return whether quotation marks around the noun say that it means others ("an exercise with 40 'victims'")."""
    cue = p.chunks[r.cue]
    before, after = p.words[max(0, cue.i - 1) : cue.i], p.words[cue.j : cue.j + 1]
    return before == after and before in (['"'], ["'"])


def _is_work(p: Parsed, k: int) -> bool:
    """Return whether token `k` names a work, and is neither an event nor describes a noun behind it ("movie night")."""
    if p.words[k] in _ALSO_EVENTS and p.words[k + 1 : k + 2] and p.words[k + 1] in _RECOUNTING:
        return True
    if p.words[k] in _ALSO_EVENTS:
        before = p.words[max(0, k - 3) : k]
        if not (_MEDIA & set(before[-2:]) or (_OWNERS & set(before) and _NEW & set(before[-1:]))):
            return False
    elif p.words[k] not in _WORKS:
        return False
    if k + 1 >= len(p.words):
        return True
    after = p.words[k + 1]
    if after in _NO_WORKS:
        return False
    known = after in _TELLING or after in _RELATIVE or p.lex.classes.get(after, "") in _HEADS
    return known or not after[:1].isalpha() or p.tokens[k + 1].text[:1].isupper()


def _is_part(p: Parsed, k: int) -> bool:
    """Return whether the number at token `k` numbers a part of a series or a book, and no year or law."""
    word = p.words[k]
    if not (word.isdigit() or word in p.lex.numbers) or (word.isdigit() and int(word) >= _FIRST_YEAR):
        return False
    after = p.words[k + 1] if k + 1 < len(p.words) else ""
    headed = after in _TELLING or p.lex.classes.get(after, "") in _HEADS or not after[:1].isalpha()
    return headed and not _NATURAL & set(p.words[max(0, k - 2) : k - 1])


def _is_played(p: Parsed, r: Mention) -> bool:
    """Return whether the counted dead or wounded are a part that somebody plays ("volunteers played the 30 wounded")."""
    cue = p.chunks[r.cue]
    if cue.cue("adjective", "counted", "participle") is None or r.cue < r.chunk:
        return False
    k = r.chunk - 1
    while p.mark(k) in {"D", "B"}:
        k -= 1
    return p.mark(k) == "W" and p.word(k) in _PLAYING and p.mark(k - 1) not in {"", "D", "P", "A"}


def _is_rehearsed(p: Parsed, r: Mention) -> bool:
    """Return whether a noun's count is what people rehearse to meet ("rehearsed how to treat 200 casualties")."""
    first = min(p.chunks[r.cue].i, p.chunks[r.chunk].i)
    before = p.words[max(0, first - _NEAR) : first]
    verb = next(
        (
            n
            for n, word in enumerate(before)
            if word in _REHEARSING
            or (word in _PRACTISING and before[n + 1 : n + 2] and before[n + 1] in _PRACTISED)
        ),
        None,
    )
    nouns = p.chunks[r.cue].cue("counted", "adjective", "act") is not None
    return verb is not None and nouns and _BREAKS.isdisjoint(before[verb:]) and "," not in before[verb:]


def _is_fronted(p: Parsed, k: int, first: int) -> bool:
    """Return whether the work at token `k` opens the clause as the place of its plot ("In her new thriller, a sniper kills 11")."""
    start = next((n + 1 for n in range(k - 1, -1, -1) if p.words[n] in {";", ".", ":"}), 0)
    if p.words[start] not in _IN or k - start > _NEAR or en.OF in p.words[start:k]:
        return False
    comma = next((n for n in range(first - 1, k, -1) if p.words[n] == ","), None)
    return comma is not None and not any(_is_past_verb(p, n) for n in range(comma + 1, first))


def _tells(p: Parsed, k: int, first: int) -> bool:
    """Return whether the plot of the work at token `k` is told from there to token `first`."""
    between = p.words[k + 1 : first]
    if not _BREAKS.isdisjoint(between):
        return False
    if not _TELLING.isdisjoint(between):
        return True
    near = next((n for n, word in enumerate(between[:_NEAR]) if word in _RELATIVE), None)
    return near is not None and all(word == "," or word in _IN for word in between[:near])


def _is_inside(p: Parsed, k: int, first: int) -> bool:
    """Return whether what stands at token `first` happens in the work at token `k`, and not at its making or its showing."""
    n = next((n for n in range(k - 1, max(first, k - 7), -1) if p.words[n] in _IN), first)
    if n > first and p.words[n] == en.OF:
        part = next((m for m in range(n - 1, max(first, n - 4), -1) if p.words[m] in _STRETCHES), first)
        return part > first and en.IN in p.words[max(first, part - 4) : part]
    return n > first and all(
        word in _OWNERS | _NEW | _MEDIA or p.lex.classes.get(word) == "D" for word in p.words[n + 1 : k]
    )


def _is_assumed(p: Parsed, r: Mention, k: int, first: int, last: int) -> bool:
    """Return whether the drill at token `k` assumes what stands at token `first`."""
    if any(
        word in _POSING and _POSED & set(p.words[n + 1 : n + 4]) for n, word in enumerate(p.words) if n > k
    ):
        return True
    verb = next((n for n in range(k + 1, min(first, k + _NEAR)) if p.words[n] in _ASSUMING), None)
    if verb is None:
        return False
    between = p.words[verb + 1 : first]
    if not _BREAKS.isdisjoint(between) or between[:1] in ([en.AS], [en.TO], [en.BY]):
        return False
    if between[:1] == [en.THAT]:
        return True
    if any(_is_past_verb(p, n) for n in range(verb + 1, first)):
        return False
    if p.words[verb].endswith(en.ING) or p.words[verb - 1] == ",":
        described = bool(_THAT_OR_WHICH & set(between))
        return "," not in between and (described or not _is_finite(p, r, first, last))
    return en.AND not in between or not _is_past(p, r, first, last)


def _is_finite(p: Parsed, r: Mention, first: int, last: int) -> bool:
    """Return whether the cue, or what leaves them dead, is a verb of its own ("a drill simulating an attack kills 9")."""
    cue = p.chunks[r.cue]
    led = any(p.mark(c) == "L" for c in range(len(p.chunks)) if first - 3 <= p.chunks[c].i < last)
    return led or cue.cue("third", "base", "ing") is not None or _is_past(p, r, first, last)


def _is_past(p: Parsed, r: Mention, first: int, last: int) -> bool:
    """Return whether the mention is told in the past ("killed 12 people", "12 died", "12 were killed", "left 12 dead")."""
    cue = p.chunks[r.cue]
    if any(p.words[n] in _PAST for n in range(max(0, first - 3), last)):
        return True
    found = cue.cue("past")
    if found is None:
        return False
    return not found.transitive or (r.cue < r.chunk and p.mark(r.cue - 1) not in {"A", "H"})


def _is_past_verb(p: Parsed, n: int) -> bool:
    """Return whether token `n` is a verb in the past that says what happened ("a jet crashed")."""
    word = p.words[n]
    if word in _PAST:
        return True
    if not word.endswith(en.ED) or word in _DESCRIBING or len(word) < 5:
        return False
    return p.lex.classes.get(p.words[n - 1], "W") in {"W", "B"} and p.words[n + 1 : n + 2] != [en.BY]
