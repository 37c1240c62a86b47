"""Who said it: the sources of a sentence and the words each of them covers."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from diffs.claims.english.chunks import Parsed
from diffs.claims.english.inversion import inverted_name, said_last, says_no_more
from diffs.claims.english.naming import (
    CITING,
    NAMELESS,
    PARTICIPLES,
    can_speak,
    name_before,
    subject_of,
    trimmed,
)
from diffs.claims.english.possessive import claimed_by
from diffs.language.en import ENGLISH
from diffs.language.en import single as en

_PRONOUNS = ENGLISH.words("pronouns.subjects")
_QUOTING = ENGLISH.words("saying.quoting")
_NOT_SAYING = ENGLISH.words("saying.seldom")
_KEEPING = ENGLISH.words("saying.kept_back")
_COUNTING = ENGLISH.words("saying.counting")
_SUPERLATIVES = ENGLISH.words("figures.superlatives")
_CONFIRMING = ENGLISH.words("saying.confirming")
_PUTTING = ENGLISH.words("saying.putting")
_BEHIND_NAME = ENGLISH.words("saying.behind_names") | {",", '"', "-", "--", ";"}
_NOBODY = ENGLISH.words("pronouns.nobody")
_WHO = ENGLISH.words("pronouns.who_or_which")
_REMAINS = ENGLISH.words("outcomes.remains")
_TIME_OPENERS = ENGLISH.words("small.time_openers")
_GOING_ON = ENGLISH.words("small.going_on")
_NOUNS = ENGLISH.words("saying.plural_nouns")
_FEARING = ENGLISH.words("saying.fearing")
_TOLL_OPENERS = ENGLISH.words("small.toll_openers")
_SPEAKING = ENGLISH.words("saying.speaking")
_TO_BE = ENGLISH.words("saying.to_be")
_COUNTS = ENGLISH.words("figures.counts")
_SHOWING = ENGLISH.words("saying.showing")
_JOINS = ENGLISH.words("small.clause_joins") | {",", ";"}
_BEFORE_NAME = ENGLISH.words("saying.before_names") | {",", '"', "-", "--", "'", ";"}
_NEGATED = ENGLISH.words("denials.not")
_CLAUSE_OPENERS = ENGLISH.words("small.clause_openers")
_NOUNS_FIRST = ENGLISH.words("saying.nouns_before_nouns")
_LOSSES = ENGLISH.words("figures.losses")


@dataclass(slots=True)
class Source:
    """A source and what it covers, in tokens.

    Attributes:
        i: First token of the source's name.
        j: After its last token.
        start: First token that it covers.
        end: After the last token that it covers.
        verb: The verb of saying, folded.
        verb_text: The verb as printed.
        text: The source as printed.
    """

    i: int
    j: int
    start: int
    end: int
    verb: str
    verb_text: str
    text: str

    @property
    def is_pronoun(self) -> bool:
        """Whether only a pronoun stands for the source."""
        return self.text.casefold() in _PRONOUNS


def sources_in(p: Parsed) -> list[Source]:
    """Return the sources that a sentence names, in order."""
    found: list[Source] = []
    for c, chunk in enumerate(p.chunks):
        source = None
        if chunk.word == en.ACCORDING and p.word(c + 1) == en.TO:
            source = _according(p, c)
        elif chunk.mark == ":":
            source = _colon(p, c)
        elif chunk.word in CITING:
            source = _citing(p, c)
            if source is not None and found and p.mark(c - 1) == "," and found[-1].verb_text:
                continue  # "the agency reported, quoting the ministry": the agency says it, the ministry is its source
        elif chunk.word == en.BY:
            source = _by(p, c)
        elif chunk.mark == "-":
            source = _dash(p, c)
        elif chunk.mark == "'" and (name := claimed_by(p, c)) is not None:
            covers = _token(p, c + 3), _token(p, _sentence_end(p, c))
            source = _make(p, (_token(p, name[0]), _token(p, name[1])), covers, None)
        elif chunk.mark == "T":
            source = _saying(p, c, found)
        if source is not None:
            _end_at_rival(p, source, found)
            found.append(source)
    return found


def source_of(sources: list[Source], token: int) -> Source | None:
    """Return the source that covers a token: the narrowest one."""
    covering = [s for s in sources if s.start <= token < s.end and not s.i <= token < s.j]
    return min(covering, key=lambda s: s.end - s.start, default=None)


def antecedent_of(sources: list[Source], source: Source) -> str | None:
    """Return the source named last before a pronoun in its sentence, or None."""
    named = [s.text for s in sources if s.i < source.i and not s.is_pronoun]
    return named[-1] if named else None


def _make(p: Parsed, name: tuple[int, int], covers: tuple[int, int], verb: int | None) -> Source | None:
    i, j = name
    while i < j and (p.words[i] in _BEFORE_NAME or p.words[i] == ":"):
        i += 1
    while j > i and (p.words[j - 1] in _BEHIND_NAME):
        j -= 1
    if i < j and p.lex.classes.get(p.words[i]) == "P":
        # "In a telephone interview the village chief": a phrase of place opens the clause, and the name follows it.
        i = next((k for k in range(i + 2, j) if _begins_name(p, k)), j)
        if i >= j or not set(p.words[i:j]) & p.lex.source_nouns:
            return None
    if i >= j:
        return None
    i, j = trimmed(p, i, j)
    if (
        j - i > 2
        and p.lex.classes.get(p.words[i]) == "D"
        and p.words[i + 1] in _COUNTS
        and _is_name(p, i + 2)
    ):
        i += 2  # "a figure Riyadh dismissed"
    if i >= j:
        return None
    if j - i > 1 and p.words[j - 1] in _PRONOUNS and p.words[i] not in _PRONOUNS:
        i = j - 1  # "told Reuters they had counted": they, not Reuters
    if p.words[i] in _NOBODY or (p.words[i] == en.THE and set(p.words[i + 1 : i + 2]) & _SUPERLATIVES):
        return None
    weak = verb is not None and p.words[verb] in _COUNTING
    if weak and any(word[0].isdigit() for word in p.words[i:j]):
        return None
    if p.words[i:j] == [en.LET, en.US] or p.words[i : i + 3] == [en.THE, en.NUMBER, en.OF]:
        return None
    if en.CITING in p.words[i:j]:
        i = p.words.index(en.CITING, i) + 1
    if i >= j or not any(word[0].isalpha() for word in p.words[i:j]) or j - i > 30:
        return None
    verb_low = p.words[verb] if verb is not None else f"{en.ACCORDING} {en.TO}"
    return Source(i, j, *covers, verb_low, p.tokens[verb].text if verb is not None else "", p.text(i, j))


def _is_name(p: Parsed, k: int) -> bool:
    return p.tokens[k].text[:1].isupper()


def _begins_name(p: Parsed, k: int) -> bool:
    return p.lex.classes.get(p.words[k]) == "D" and p.lex.classes.get(p.words[k - 1]) not in {"P", "D"}


def _sentence_start(p: Parsed, c: int) -> int:
    """Return the chunk after the last sentence-like break before chunk `c`."""
    before = bisect_left(p.breaks, c)
    return p.breaks[before - 1] + 1 if before else 0


def _sentence_end(p: Parsed, c: int) -> int:
    """Return the first sentence-like break after chunk `c`, or the end."""
    after = bisect_right(p.breaks, c)
    return p.breaks[after] if after < len(p.breaks) else len(p.chunks)


def _token(p: Parsed, c: int) -> int:
    return p.chunks[c].i if c < len(p.chunks) else len(p.tokens)


def _according(p: Parsed, c: int) -> Source | None:
    start, stop = _sentence_start(p, c), _sentence_end(p, c)
    end = c + 2
    while (
        end < stop and p.mark(end) not in {",", "-", "S", ":", "R"} and p.word(end) not in {".", "..", "..."}
    ):
        end += 1
    leading = all(p.mark(k) in {"&", "B", '"', "W", ","} for k in range(start, c)) and c - start < 3
    i, j = _token(p, c + 2), _token(p, end)
    if leading:
        return _make(p, (i, j), (j, _token(p, stop)), None)
    return _make(p, (i, j), (_token(p, start), p.chunks[c].i), None)


def _citing(p: Parsed, c: int) -> Source | None:
    stop = _sentence_end(p, c)
    end = c + 1
    while end < stop and p.mark(end) not in {",", "S", "R"} and p.word(end) != ".":
        end += 1
    if p.word(end - 1) in NAMELESS:
        return None
    return _make(p, (_token(p, c + 1), _token(p, end)), (0, len(p.tokens)), None)


def _colon(p: Parsed, c: int) -> Source | None:
    """Read "kills six: military" and "Police: 12 dead"."""
    stop = next((k for k in range(c + 1, min(c + 7, len(p.chunks))) if p.mark(k) == ";"), c + 7)
    if stop <= c + 6 or len(p.chunks) <= c + 7:
        stop = min(stop, len(p.chunks))
        if _only_names(p, c + 1, stop, 4):
            return _make(
                p,
                (_token(p, c + 1), _token(p, stop)),
                (_token(p, _sentence_start(p, c)), p.chunks[c].i),
                None,
            )
    start = next((k + 1 for k in range(c - 1, max(-1, c - 7), -1) if p.mark(k) == ";"), 0 if c < 7 else c - 7)
    if (start or c < 7) and _only_names(p, start, c, 5):
        return _make(
            p, (_token(p, start), p.chunks[c].i), (p.chunks[c].j, _token(p, _sentence_end(p, c))), None
        )
    return None


def _dash(p: Parsed, c: int) -> Source | None:
    """Read "kills at least five - police" at the end of a headline."""
    stop = len(p.chunks) - (p.word(len(p.chunks) - 1) == ".")
    if not 0 < stop - c <= 5 or not _only_names(p, c + 1, stop, 3):
        return None
    return _make(
        p, (_token(p, c + 1), _token(p, stop)), (_token(p, _sentence_start(p, c)), p.chunks[c].i), None
    )


def _only_names(p: Parsed, start: int, stop: int, most: int) -> bool:
    """Return whether a few chunks name a source and nothing else."""
    words = [p.word(k) for k in range(start, stop) if p.word(k) != "."]
    named = (
        0 < len(words) <= most
        and all(word[:1].isalnum() for word in words)
        and words[-1] in p.lex.source_nouns
    )
    return named and not any(p.mark(k) in "CN" for k in range(start, stop))


def _saying(p: Parsed, c: int, found: list[Source]) -> Source | None:
    verb = p.chunks[c].i
    if (
        p.mark(c - 1) == "D"
        or (p.mark(c - 1) == "P" and p.word(c - 1) != en.TO)
        or (p.word(c + 1) == en.OF and p.word(c) not in _SPEAKING)
        or (p.word(c) == en.SAID and p.word(c + 1) == en.TO and p.word(c + 2) in _TO_BE)
        or (p.word(c + 1) in {en.ON, en.FOR} and p.word(c).startswith(en.BLAM))
        or _is_noun(p, c)
    ):
        return None
    if p.chunks[c].word in _NOT_SAYING and not _puts_toll(p, c):
        return None
    start, stop = _sentence_start(p, c), _sentence_end(p, c)
    if p.mark(c - 1) == "R" and found and p.word(c - 1) in _WHO:
        last = found[-1]
        covers = verb + 1, _token(p, stop)
        return Source(last.i, last.j, *covers, p.words[verb], p.tokens[verb].text, last.text)
    if p.word(c).startswith(en.CLAIM) and p.mark(c + 1) == "D" and p.word(c + 2) in _REMAINS:
        return None
    if p.word(c) in _KEEPING and (p.word(c - 1) in _NEGATED or p.word(c - 2) == en.NOT):
        return None
    if p.word(c) in PARTICIPLES and p.word(c - 1) == "as":
        return _quoted(p, c)
    if p.word(c) in PARTICIPLES:
        return _participial(p, c, found)
    behind = said_last(p, c, start, stop)
    if behind is not None:
        return _make(p, (_token(p, c + 1), _token(p, behind)), (_token(p, start), verb), verb)
    left, end = name_before(p, c, start)
    if end > left and p.mark(end - 1) == "&" and found and found[-1].i >= _token(p, start):
        last = found[-1]
        return Source(
            last.i, last.j, verb + 1, _token(p, stop), p.words[verb], p.tokens[verb].text, last.text
        )
    if not can_speak(p, _token(p, left), _token(p, end), p.word(c)):
        return None
    inverted = inverted_name(p, c, stop)
    if inverted is not None and left >= c - 1:
        return _make(p, (_token(p, c + 1), _token(p, inverted)), (_token(p, start), verb), verb)
    if left == c or all(p.mark(k) in {"&", ",", "B", "H"} for k in range(left, c)):
        if found and found[-1].end >= verb and p.mark(c - 1) in {"&", "B", ","}:
            last = found[-1]
            return Source(
                last.i, last.j, verb, _token(p, stop), p.words[verb], p.tokens[verb].text, last.text
            )
        return None
    group = c
    while p.mark(group - 1) in {"H", "B", "A", "M"}:
        group -= 1
    if any(p.mark(m) == "A" for m in range(group, c)) and p.word(left) != en.IT:
        return None
    if (
        p.word(c) in p.lex.revising
        and not set(p.words[_token(p, left) : _token(p, end)]) & p.lex.source_nouns
    ):
        return None
    trailing = (
        left > start
        and p.word(left - 1) not in _TIME_OPENERS
        and p.word(c + 1) != en.RESPONSIBILITY
        and says_no_more(p, c, stop)
    )
    if p.mark(left - 1) == "R" and p.mark(left - 2) == ",":
        stop = next((k for k in range(c + 1, stop) if p.mark(k) == "," and p.mark(k + 1) == "C"), stop)
    i, j = _token(p, left), _token(p, end)
    if p.words[i] == en.IT and end < c:
        j = verb + 1
    if trailing:
        goes_on = p.mark(c + 1) == "," and p.mark(c + 2) == "&"  # "12 died, police said, and four were hurt"
        return _make(p, (i, j), (_token(p, start), _token(p, stop) if goes_on else i), verb)
    return _make(p, (i, j), (verb + 1, _token(p, stop)), verb)


def _quoted(p: Parsed, c: int) -> Source | None:
    """Read "the radio quoted the governor as saying nine people had died": the one quoted says it."""
    for k in range(c - 2, max(-1, c - 14), -1):
        if p.word(k) in _QUOTING:
            name = _token(p, k + 1), p.chunks[c - 1].i
            return _make(p, name, (p.chunks[c].j, _token(p, _sentence_end(p, c))), p.chunks[c].i)
        if p.mark(k) in {";", "C", "N"}:
            return None
    return None


def _participial(p: Parsed, c: int, found: list[Source]) -> Source | None:
    """Read "gave a lower count, saying nine people had died": the subject of the main clause says it."""
    start, stop = _sentence_start(p, c), _sentence_end(p, c)
    k = c - 1
    while p.mark(k) == "B" or p.word(k) in _GOING_ON:
        k -= 1
    if p.mark(k) != ",":
        return None
    verb, last = p.chunks[c].i, found[-1] if found else None
    covers = verb + 1, _token(p, stop)
    if last is not None and last.verb_text and last.i >= _token(p, start):
        said = last if last.verb in p.lex.distancing else None
        low, text = (said.verb, said.verb_text) if said else (p.words[verb], p.tokens[verb].text)
        return Source(last.i, last.j, *covers, low, text, last.text)
    subject = subject_of(p, start, k)
    return _make(p, (_token(p, subject[0]), _token(p, subject[1])), covers, verb) if subject else None


def _by_count(p: Parsed, c: int) -> Source | None:
    end = c + 1
    while end < c + 7 and p.mark(end) in {"D", "W"}:
        end += 1
    if end == c + 1 or p.mark(end) != "'" or p.word(end + 1) not in _COUNTS:
        return None
    name = _token(p, c + 1), _token(p, end)
    return _make(p, name, (_token(p, _sentence_start(p, c)), p.chunks[c].i), None)


def _by(p: Parsed, c: int) -> Source | None:
    """Read "had been confirmed dead by the coroner's office", "30 have died by the agency's count"."""
    if p.mark(c - 1) in {",", "C", "W"} and (counted := _by_count(p, c)) is not None:
        return counted
    verb = next((k for k in range(c - 1, max(-1, c - 4), -1) if p.word(k) in _CONFIRMING), None)
    if verb is None:
        return None
    end = c + 1
    while end < c + 9 and p.mark(end) in {"D", "W", "'"}:
        end += 1
    name = _token(p, c + 1), _token(p, end)
    if not set(p.words[slice(*name)]) & p.lex.source_nouns:
        return None
    return _make(p, name, (_token(p, _sentence_start(p, c)), p.chunks[c].i), None)


def _is_noun(p: Parsed, c: int) -> bool:
    word = p.chunks[c].word
    if p.word(c + 1) == en.TO and p.mark(c + 2) in {"H", "C", "A"}:
        return False
    return word in _NOUNS and (p.mark(c + 1) in {"A", "P"} or (p.mark(c - 1) in {"W", "N"} and p.mark(c + 1) == "W"
                    and p.word(c + 1) not in _CLAUSE_OPENERS and word in _NOUNS_FIRST))  # fmt: skip


def _puts_toll(p: Parsed, c: int) -> bool:
    if p.chunks[c].word in _PUTTING:
        ahead = [p.chunks[k] for k in range(c + 1, min(c + 6, len(p.chunks)))]
        return any(
            chunk.word in p.lex.doubted or chunk.mark == "C" or chunk.word in _LOSSES for chunk in ahead
        )
    if p.chunks[c].word in _FEARING and (p.mark(c + 1) == "N" or p.word(c + 1) in {"", "."}):
        return True
    return p.word(c + 1) in _TOLL_OPENERS or p.chunks[c].word in _SHOWING


def _end_at_rival(p: Parsed, source: Source, found: list[Source]) -> None:
    """Let an earlier source end where a rival one begins."""
    for earlier in found:
        if earlier.start < source.i < earlier.end and source.start > source.i:
            earlier.end = _clause_cut(p, source.i, earlier.start)
        elif source.start <= earlier.i and source.end > earlier.end and source.end <= source.i:
            source.start = max(source.start, earlier.end) if earlier.end < source.end else source.start


def _clause_cut(p: Parsed, i: int, least: int) -> int:
    k = i
    while k > least and p.words[k - 1] in _JOINS:
        k -= 1
    return k
