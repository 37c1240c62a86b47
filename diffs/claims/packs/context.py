"""Who says a figure of a pack's language, how surely, and which count it belongs to."""

from collections.abc import Iterable
from dataclasses import dataclass

from diffs.claims.packs.chunks import Chunk
from diffs.claims.packs.mentions import PackMention
from diffs.claims.packs.patterns import is_year
from diffs.claims.packs.words import Pack, longest
from diffs.language.tokens import Token
from diffs.model import ClaimKind, Scope

_MOST_NAME = 14  # tokens of a source
_NEAR_HEDGE = 9  # tokens between a hedge and the count or cue it stands before
_BEFORE, _BEHIND = 22, 11  # words around a mention in which a threat or a condition governs it
_NEAR_WHOLE = 17  # words between a figure and the words of an older event


@dataclass(frozen=True, slots=True)
class Voice:
    """A source at tokens `i` to `j`, and the tokens from `start` to `end` that it covers."""

    i: int
    j: int
    start: int
    end: int
    denies: bool = False


def voices_in(tokens: list[Token], pack: Pack) -> list[Voice]:
    """Return the sources that a sentence names, in order."""
    words = [token.low for token in tokens]
    found: list[Voice] = []
    for k, word in enumerate(words):
        voice = None
        length = longest(words, k, pack.according)
        if _is_compound(words, k, pack):
            voice = Voice(k + 1, k + 2, 0, len(words))  # "nach UN-Angaben"
        elif _is_whose(tokens, words, k, pack):
            voice = Voice(k + 1, k + 3, 0, len(words))  # "nach palästinensischen Angaben"
        elif length:
            voice = _according(words, k, k + length, pack)
        elif word in pack.afterwards and k:
            voice = _afterwards(tokens, words, k, pack)
        elif (
            word in pack.said or word in pack.denied or word in pack.tallying or longest(words, k, pack.says)
        ):
            voice = _said(tokens, words, k, pack)
        elif word == ":" and 0 < k < 6 and _is_headed(words[:k], pack):
            voice = Voice(0, k, k, len(words))
        elif word == ":" and 0 < len(words) - k <= 5 and _is_headed(words[k + 1 :], pack):
            voice = Voice(k + 1, len(words), 0, k)
        if voice is not None and voice.j > voice.i:
            found.append(_nouns_only(tokens, voice, pack) if length and pack.noun_capitals else voice)
    return found


def _names_source(words: Iterable[str], pack: Pack) -> bool:
    """Return whether one of the words names who may speak; of a compound its last part says it ("Gesundheitsbehörde")."""
    return any(word in pack.sources or word.endswith(pack.source_ends or "\0") for word in words)


def _is_headed(words: list[str], pack: Pack) -> bool:
    """Return whether a source is the noun of a phrase, or behind its adjective ("un appel à témoins" is none)."""
    return _names_source([word for word in words if word not in pack.articles][:2], pack)


def voice_of(voices: list[Voice], token: int) -> Voice | None:
    """Return the narrowest source that covers a token."""
    covering = [
        voice for voice in voices if voice.start <= token < voice.end and not voice.i <= token < voice.j
    ]
    return min(covering, key=lambda voice: voice.end - voice.start, default=None)


def _is_compound(words: list[str], k: int, pack: Pack) -> bool:
    """Return whether a source and what it gives are one word behind the preposition at `k` ("nach Behördenangaben")."""
    behind = words[k + 1] if k + 1 < len(words) else ""
    return (
        words[k] in pack.according.firsts and behind not in pack.compounds and behind.endswith(pack.compounds)
    )


def _is_whose(tokens: list[Token], words: list[str], k: int, pack: Pack) -> bool:
    """Return whether an adjective tells whose figures those behind the preposition at `k` are."""
    if not pack.compounds or words[k] not in pack.according.firsts or k + 2 >= len(words):
        return False
    adjective = words[k + 1]
    lower = tokens[k + 1].text[0].islower() and adjective not in pack.classes
    return lower and words[k + 2] in pack.compounds and adjective.endswith(pack.demonyms or "\0")


def _nouns_only(tokens: list[Token], voice: Voice, pack: Pack) -> Voice:
    """Return the voice without the verb that follows its last noun ("nach Angaben der Behörden kamen ...")."""
    for j in range(voice.i + 1, voice.j):
        text, before = tokens[j].text, tokens[j - 1].text
        if (
            text[0].islower()
            and before[0].isupper()
            and pack.classes.get(tokens[j].low, "B") == "B"
            and tokens[j].low not in pack.joins
        ):
            return Voice(voice.i, j, voice.start, voice.end, voice.denies)
    return voice


def _name_end(words: list[str], i: int, pack: Pack) -> int:
    """Return the token after the name that begins at `i`."""
    j = i
    while (
        j < len(words)
        and j - i < _MOST_NAME
        and words[j] not in {",", ".", ";", ":", '"', "(", "-", "!", "?"}
    ):
        if pack.classes.get(words[j]) in {"S", "A"} and j > i:
            break
        if j > i and (words[j] in pack.said or _counts(words, j, pack)):
            break
        j += 1
    while j > i + 1 and pack.classes.get(words[j - 1]) in {"P", "B"}:
        j -= 1
    return j


def _counts(words: list[str], j: int, pack: Pack) -> bool:
    """Return whether a count begins at word `j` ("laut Polizei mindestens zwölf Menschen")."""
    length = longest(words, j, pack.before)
    bound = length > 0 and pack.before[tuple(words[j : j + length])] is not None
    return bound or words[j][0].isdigit() or (pack.compose(words[j], pack.numbers) or 0) > 1


def _according(words: list[str], k: int, i: int, pack: Pack) -> Voice | None:
    if k and words[k - 1] in pack.not_words:
        return None
    j = _name_end(words, i, pack)
    if j < len(words) and words[j] in pack.said:
        # "selon un bilan communiqué jeudi par le gouverneur"
        agent = next((n for n in range(j + 1, min(len(words), j + 5)) if words[n] in pack.agents), None)
        if agent is not None and all(word.isalnum() for word in words[j:agent]):
            i, j = agent + 1, _name_end(words, agent + 1, pack)
    while j > i + 1 and words[j - 1][0].isdigit():
        j -= 1
    if set(words[i:j]) & pack.nameless and not _names_source(words[i:j], pack):
        return None
    return Voice(i, j, 0, len(words))


def _afterwards(tokens: list[Token], words: list[str], k: int, pack: Pack) -> Voice | None:
    """Read a source before its preposition ("der Polizei zufolge")."""
    i = k
    while i > 0 and k - i < 5 and words[i - 1] not in {",", ".", ";", ":", '"'}:
        i -= 1
        if not tokens[i].text[0].isupper() and words[i] not in pack.oblique:
            i += 1
            break
    return Voice(i, k, 0, len(words)) if i < k else None


def _said(tokens: list[Token], words: list[str], k: int, pack: Pack) -> Voice | None:
    """Read "X dijo que ..." and "..., dijo X"."""
    denies = words[k] in pack.denied
    if _is_adjective(tokens, words, k, pack):
        return None
    begin = k
    while begin > 0 and pack.classes.get(words[begin - 1]) in {"A", "B"}:
        begin -= 1
    if begin > 0 and words[begin - 1] in {",", '"'}:
        at = _past_hearer(words, k + max(1, longest(words, k, pack.says)), pack)
        j = _name_end(words, at, pack)
        kinds = {"D"} if pack.noun_capitals else {"D", None}
        named = j > at and (pack.classes.get(words[at]) in kinds or tokens[at].text[0].isupper())
        if named and words[at] not in pack.complement and not _counts(words, at, pack):
            return Voice(at, j, 0, begin, denies)
    end = begin
    if begin > 0 and words[begin - 1] == ",":
        noun = _before_apposition(tokens, words, begin - 1, pack)
        if noun < begin - 1:
            begin, end = noun, begin - 1
    i = begin
    while (
        i > 0
        and begin - i < _MOST_NAME
        and words[i - 1] not in {",", ".", ";", ":", '"'}
        and pack.classes.get(words[i - 1]) != "S"
    ):
        i -= 1
    while i < begin and (pack.classes.get(words[i]) in {"B", "S"} or longest(words, i, pack.according) == 1):
        i += 1
    name = words[i:begin]
    known = _names_source(name, pack)
    placed = pack.noun_capitals and i < begin and pack.classes.get(words[i]) == "P"
    if not known and (placed or words[k] in pack.tallying or not pack.nameless.isdisjoint(name)):
        return None
    fits = (
        known
        or (i < begin and len(tokens[i].text) > 1 and tokens[i].text.isupper())
        or (begin == 1 and not pack.noun_capitals and words[0] not in pack.classes)
        or any(token.text[0].isupper() for token in tokens[max(i, 1) : begin])
        or (i < begin and words[i] in pack.articles)
    )
    if i == begin or set(name) <= pack.articles or not fits or any(word[0].isdigit() for word in name):
        return None
    return Voice(i, max(begin, end), k + 1, len(words), denies)


def _is_adjective(tokens: list[Token], words: list[str], k: int, pack: Pack) -> bool:
    """Return whether a word of saying is a participle before its noun ("die Zahl der bestätigten Todesfälle")."""
    if not pack.noun_capitals or not 0 < k < len(words) - 1:
        return False
    return pack.classes.get(words[k - 1]) == "D" and tokens[k + 1].text[0].isupper()


def _before_apposition(tokens: list[Token], words: list[str], comma: int, pack: Pack) -> int:
    """Return where the speaker's noun ends before an apposition that ends at a comma ("Der Gouverneur, Oleh Bo, sprach"), or the comma."""
    opening = next((n for n in range(comma - 1, max(0, comma - 8), -1) if words[n] == ","), None)
    if opening is None or opening + 1 >= comma:
        return comma
    named = tokens[opening + 1].text[0].isupper() or words[opening + 1] in pack.articles
    return opening if named and not any(word[0].isdigit() for word in words[opening:comma]) else comma


def _past_hearer(words: list[str], at: int, pack: Pack) -> int:
    """Return where the speaker begins behind a verb of saying, past whom it was told ("dijo a Reuters el portavoz")."""
    if at < len(words) and words[at] in pack.complement and pack.classes.get(words[at]) == "P":
        stop = next(
            (n for n in range(at + 1, min(len(words), at + 5)) if _counts(words, n, pack)),
            min(len(words), at + 5),
        )
        return next((n for n in range(at + 2, stop) if words[n] in pack.articles), at)
    return at


def hedge_in(
    sentence: str, tokens: list[Token], row: list[Chunk], read: PackMention, pack: Pack
) -> str | None:
    """Return the hedging words near a mention, as printed, or None."""
    words = [token.low for token in tokens]
    first = min(read.count.i, row[read.cue].i)
    last = max(read.count.j, row[read.cue].j)
    stop = first
    while stop > 0 and first - stop < _NEAR_HEDGE and words[stop - 1] not in {";", "."}:
        stop -= 1
    for k in range(stop, min(len(words), last + 2)):
        length = longest(words, k, pack.hedges)
        if length:
            return sentence[tokens[k].start : tokens[k + length - 1].end]
    return None


def is_hypothetical(row: list[Chunk], read: PackMention, tokens: list[Token], pack: Pack) -> bool:
    """Return whether a mention only tells what could happen, was planned or is asked for."""
    words = [token.low for token in tokens]
    first, last = min(read.count.i, row[read.cue].i), max(read.count.j, row[read.cue].j)
    start = first
    while start > 0 and first - start < _BEFORE and words[start - 1] not in {";", "."}:
        start -= 1
    stop = min(len(words), last + _BEHIND)
    # "stellte fest", "nahm zu": a verb with its particle takes and holds nobody, and says nothing of the dead.
    harmed = read.meant.kind in {ClaimKind.KILLED, ClaimKind.WOUNDED}
    if not harmed and pack.particles.within(words, start, stop):
        return True
    drilled = pack.drill.within(words, start, stop) and not pack.drilled.within(words)
    return drilled or pack.hypothetical.within(words, start, stop)


def years_in(row: list[Chunk], pack: Pack) -> list[int]:
    """Return the tokens of a sentence's bare years; a number of four digits before a thing counts things."""
    found = []
    for k, chunk in enumerate(row):
        if chunk.mark != "#" or not is_year(chunk.word):
            continue
        after = row[k + 1].word if k + 1 < len(row) else "."
        counted = after in pack.things or after in {"%", "$"} or after.endswith(pack.thing_ends)
        if not counted or after.isdigit():
            found.append(chunk.i)
    return found


def scopes_of(
    tokens: list[Token], row: list[Chunk], mentions: list[PackMention], pack: Pack, *, old: bool, wide: bool
) -> list[tuple[Scope, int | None]]:
    """Return the scope of each mention of a sentence and the whole that a part belongs to.

    Args:
        tokens: The sentence's tokens.
        row: Its chunks.
        mentions: What was read.
        pack: The words of its language.
        wide: Whether the sentence before it counted over a period, and this one names no day.
        old: Whether the sentence before it dates an event by a year, and this one names no day.
    """
    words = [token.low for token in tokens]
    years = years_in(row, pack)
    if years and pack.running.within(words):
        years = []
    back = [*pack.background.found(words), *years]
    counted = pack.cumulative.within(words)
    found: list[tuple[Scope, int | None]] = []
    for n, read in enumerate(mentions):
        parent = _parent(words, read, mentions, n, pack)
        if parent is not None:
            whole = parent.count.value if parent.count.value is not None else parent.count.low
            found.append((Scope.SUBSET, None if parent is read else whole))
        elif read.rule in {"prior_toll", "compared"}:
            found.append((Scope.BACKGROUND, None))
        elif counted:
            found.append((Scope.CUMULATIVE, None))
        elif old or any(abs(at - read.count.first) < _NEAR_WHOLE for at in back):
            found.append((Scope.BACKGROUND, None))
        elif wide:
            found.append((Scope.CUMULATIVE, None))
        else:
            found.append((Scope.EVENT, None))
    return found


def _parent(
    words: list[str], read: PackMention, mentions: list[PackMention], n: int, pack: Pack
) -> PackMention | None:
    """Return the mention that this one is a part of, or None."""
    if read.whole == read.chunk:
        return read
    if read.whole is not None:
        return next((other for other in mentions if other.chunk == read.whole), None)
    if read.more and any(
        other.meant.kind is read.meant.kind
        and (other.count.value or 0) > (read.count.value or 0)
        and other.rule in {"state", "toll", "counted", "active"}
        for other in mentions
    ):
        return read
    for other in mentions[:n]:
        struck = other.meant.kind is ClaimKind.CASUALTIES and other.rule == "active"
        if struck and (other.count.value or 0) > (read.count.value or 0) > 0:
            return other
    others = [
        other
        for other in mentions
        if other is not read and other.meant.kind in {read.meant.kind, ClaimKind.CASUALTIES}
    ]
    for k in range(max(0, read.count.i - 4), read.count.i):
        length = longest(words, k, pack.subset_before)
        if length and k + length >= read.count.i - 1:
            before = mentions[:n]
            return before[-1] if before else read
    length = longest(words, read.count.last, pack.subset_after)
    if length and others:
        return others[0]
    return None
