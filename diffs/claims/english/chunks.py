"""A sentence as a row of chunks: counts, cues, and the little words that hold clauses together."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

from diffs.claims.english.counts import Quantity
from diffs.claims.english.lexicon import Cue, Lexicon, letters_in, lexicon_of
from diffs.claims.english.quantities import Reader
from diffs.claims.english.triggers import triggers_in
from diffs.language.en import ENGLISH
from diffs.language.en import single as en
from diffs.language.tokens import Token, shown, tokens_in
from diffs.model import ClaimKind

_MARKS = {
    "(": "(",
    ")": ")",
    ",": ",",
    ";": ";",
    ":": ":",
    '"': '"',
    "-": "-",
    "--": "-",
    "—": "-",
    "'s": "'",
    "'": "'",
}
_MISCOUNTED = ENGLISH.words("outcomes.miscounted")
_PUT_AT = ENGLISH.pattern("restating.put_at")
_SAFE = ENGLISH.words("outcomes.safe_phrases")


# Verbs of saying that are nouns as often; the second set nearly always.
_NOUNS = ENGLISH.words("saying.also_nouns")
_RARELY_VERBS = ENGLISH.words("saying.mostly_nouns")


_BASE = ENGLISH.words("saying.base_nouns")


def _says(words: list[str], i: int, row: list["Chunk"]) -> bool:
    """Return whether a word that may be a noun is a verb of saying here."""
    before = row[-1].mark if row else ""
    after = words[i + 1] if i + 1 < len(words) else ""
    if not before or before in "DPA',;(" or after in _BEHIND_NOUNS:
        return False
    if after in _SAID_BY_NOUNS:
        return False
    before_word = words[i - 1]
    if words[i] in _BASE and not (
        before_word.endswith("s") or before_word in _PLURAL_SPEAKERS or after in _TOLL_NEXT
    ):
        return False
    if words[i] in _FEARING and after in {"", "."}:
        return before_word in lexicon_of(ENGLISH.tag).source_nouns  # ", rescuers fear."
    if words[i] in _FEARING and (after in _BOUND_NEXT or after[:1].isdigit()):
        return True
    return words[i] not in _RARELY_VERBS or after == en.THAT


@dataclass(slots=True)
class Chunk:
    """Tokens `i` up to `j` under one mark.

    Marks: N a count, C a cue, A a form of be or get, H of have, M a modal, T a verb of saying, R a relative,
    S a subordinator, P a preposition, B an adverb, D a determiner, O a pronoun, & a conjunction, I including,
    L leave, W any other word; punctuation stands for itself (- for every dash, . for any other sign, ' for a genitive).
    """

    mark: str
    i: int
    j: int
    word: str
    quantity: Quantity | None = None
    cues: list[Cue] = field(default_factory=list)

    def cue(self, *forms: str) -> Cue | None:
        """Return the first meaning of one of these forms, or None."""
        for cue in self.cues:
            if cue.form in forms:
                return cue
        return None


class _Marks(dict[int, str]):
    """The marks of a sentence's chunks; empty outside it."""

    def __missing__(self, key: int) -> str:
        return ""


@dataclass(slots=True)
class Parsed:
    """A sentence and its chunks."""

    sentence: str
    tokens: list[Token]
    words: list[str]
    chunks: list[Chunk]
    lex: Lexicon
    breaks: list[int]  # chunks that part sentences inside the sentence
    vocabulary: frozenset[str]  # its words, to skip at once what none of them can mean
    mark: Callable[[int], str]  # gives the mark of a chunk, or the empty string outside the sentence

    def word(self, c: int) -> str:
        """Return the first word of chunk `c`, folded, or the empty string outside the sentence."""
        return self.chunks[c].word if 0 <= c < len(self.chunks) else ""

    def marks_before(self, c: int, marks: str) -> bool:
        """Return whether the chunks before chunk `c` have these marks, in order."""
        return all(self.mark(c - len(marks) + n) == mark for n, mark in enumerate(marks))

    def text(self, i: int, j: int) -> str:
        """Return the printed text of tokens `i` up to `j`."""
        return self.sentence[self.tokens[i].start : self.tokens[j - 1].end] if j > i else ""

    def ends_well(self, i: int) -> bool:
        """Return whether the words from token `i` on tell that the counted people came out of it."""
        near = self.words[i : i + 6]
        comma = near.index(",") if "," in near else 0
        if comma and self.lex.classes.get(near[comma + 1] if comma + 1 < len(near) else "") in {"A", "H"}:
            near = (
                near[:comma] + self.words[i + comma + 1 : i + comma + 7]
            )  # "reported missing on Monday, were found safe"
        end = next((k for k, word in enumerate(near) if self._counts_others(word)), len(near))
        ahead = f" {' '.join(near[:end])} "
        return any(f" {phrase} " in ahead for phrase in _SAFE)

    def is_miscounted(self, i: int) -> bool:
        """Return whether the words from token `i` on tell that the counted were none ("two bodies were counted twice")."""
        ahead = f" {' '.join(self.words[i : i + 5])} "
        return any(f" {phrase} " in ahead for phrase in _MISCOUNTED)

    def _counts_others(self, word: str) -> bool:
        """Return whether a word ends what is said of the count before it ("12 dead, 30 rescued")."""
        return word in {",", ";"} or word[0].isdigit() or word in self.lex.numbers


def parsed(sentence: str, lex: Lexicon, restated: ClaimKind | None = None) -> Parsed | None:
    """Return the chunks of a sentence, or None where it holds no cue and so no claim.

    Args:
        sentence: The sentence as printed.
        lex: The words of its language.
        restated: What "it" is a toll of in "residents put it at 60": the kind that the sentence before tells.
    """
    put_at = None if restated is None else _PUT_AT.search(sentence)
    if put_at is None and sentence in lex.silent:
        return None
    if put_at is None and lex.signs.isdisjoint(letters_in(shown(sentence).lower())):
        return None
    tokens = tokens_in(sentence)
    words = [token.low for token in tokens]
    found = triggers_in(words, lex)
    if put_at is not None and restated is not None:
        toll = next(i for i, token in enumerate(tokens) if token.end == put_at.end(1))
        found[toll] = (1, [Cue(restated, "toll")])
    any_cue = any(cue.kind for _, cues in found.values() for cue in cues)
    if not any_cue:
        lex.note_silent(sentence)
        return None
    reader = Reader(tokens, {i: length for i, (length, _) in found.items()}, lex)
    chunks = _chunks(tokens, words, found, reader, lex)
    breaks = [c for c, chunk in enumerate(chunks) if chunk.mark == ";"]
    marks = _Marks(enumerate(chunk.mark for chunk in chunks))
    return Parsed(sentence, tokens, words, chunks, lex, breaks, frozenset(words), marks.__getitem__)


def _chunks(
    tokens: list[Token],
    words: list[str],
    found: dict[int, tuple[int, list[Cue]]],
    reader: Reader,
    lex: Lexicon,
) -> list[Chunk]:
    row: list[Chunk] = []
    openers = lex.numerals.openers | lex.numerals.none
    i = 0
    while i < len(words):
        word = words[i]
        if word == '"' and _is_scare(words, i, found):
            i += 1
            continue
        if i in found:
            length, cues = found[i]
            meant = [cue for cue in cues if cue.kind is not None]
            row.append(Chunk("C" if meant else "W", i, i + length, word, cues=meant))
            i += length
            continue
        counts = word in openers or "-" in word or word[0].isdigit()
        quantity = reader.quantity_at(i) if counts else None
        if quantity is not None:
            while row and row[-1].i >= quantity.i and row[-1].mark not in "NC":
                row.pop()
            if row and _begins_anew(tokens, quantity.i):
                row.append(Chunk(";", quantity.i, quantity.i, ""))
            row.append(Chunk("N", quantity.i, quantity.j, word, quantity=quantity))
            i = max(quantity.j, i + 1)
            continue
        if row and _begins_anew(tokens, i):
            row.append(Chunk(";", i, i, ""))
        agency = word == en.WHO and tokens[i].text == "WHO" and not reader.shouts
        row.append(Chunk("W" if agency else _mark(words, i, row, found, lex), i, i + 1, word))
        i += 1
    return row


def _is_scare(words: list[str], i: int, found: dict[int, tuple[int, list[Cue]]]) -> bool:
    """Return whether the quotation mark at token `i` opens or closes one around a single verb: 'had "neutralised" 90 fighters'."""
    opens = i + 1 in found and words[i + 2 : i + 3] == ['"'] and found[i + 1][0] == 1
    return opens or (i > 1 and i - 1 in found and words[i - 2] == '"' and found[i - 1][0] == 1)


_SMALL = ENGLISH.words("small.inside_titles")
_BEHIND_DATELINES = frozenset({"-", "--", "—", "]"})
_FIRST_WORDS = ENGLISH.words("small.first_words")


def _begins_anew(tokens: list[Token], i: int) -> bool:
    """Return whether what is read at token `i` begins behind no printed full stop: a sentence, or what follows a dateline."""
    opens = tokens[i].text[0].isupper() and _opens_sentence(tokens, i)
    return opens or (tokens[i - 1].low in _BEHIND_DATELINES and _after_dateline(tokens, i))


def _opens_sentence(tokens: list[Token], i: int) -> bool:
    """Return whether a sentence begins at token `i` although no full stop is printed before it.

    Feeds run a headline into its story: "... kills 10 miners At least 10 miners were killed".
    """
    if i == 0 or i + 1 >= len(tokens):
        return False
    token, before, after = tokens[i], tokens[i - 1], tokens[i + 1]
    if (
        not token.text[0].isupper()
        or (token.text.isupper() and len(token.text) > 1)
        or not after.text[0].islower()
    ):
        return False
    if token.low.split("-")[0] not in _FIRST_WORDS or after.low in _SMALL:
        return False
    return before.text[0].isalnum() and before.low not in _SMALL


def _after_dateline(tokens: list[Token], i: int) -> bool:
    """Return whether a dateline ends before token `i`: "BEIJING (AFP) - A gas explosion", "[TEXT] THE ARMY"."""
    if i < 2:
        return False
    before, mark = tokens[i - 2].low, tokens[i - 1].low
    return (mark != "]" and mark in _BEHIND_DATELINES and before == ")") or (
        mark == "]" and before in _WIRE_MARKS
    )


def _is_month(words: list[str], i: int) -> bool:
    """Return whether "may" at token `i` is the month: "on May 24", "in May", "3 May"."""
    before, after = words[i - 1] if i else "", words[i + 1] if i + 1 < len(words) else ""
    return after[:1].isdigit() or before[:1].isdigit() or before in _BEFORE_MONTHS


_POSTING = ENGLISH.words("saying.posting")
_BEHIND_POSTS = ENGLISH.words("saying.behind_posts")
_EARLIER = ENGLISH.words("small.earlier")
_AMONG = ENGLISH.words("small.among")
_SAID_BY_NOUNS = ENGLISH.words("saying.by_nouns")
_LISTED = ENGLISH.words("saying.listed")
_SPEAKING = ENGLISH.words("saying.speaking")
_FINDING = ENGLISH.words("saying.finding")
_STUDIES = ENGLISH.words("saying.studies")
_BEHIND_NOUNS = ENGLISH.words("saying.behind_nouns")
_FEARING = ENGLISH.words("saying.fearing")
_BEFORE_MONTHS = ENGLISH.words("time.before_months")
_THEM = ENGLISH.words("pronouns.them_or_whom")
_LIVES = ENGLISH.words("outcomes.lives")
_AS_PREPOSITION = ENGLISH.words("small.behind_as")
_BOUND_NEXT = ENGLISH.words("small.bound_next")
_WIRE_MARKS = ENGLISH.words("saying.wire_marks")
_PLURAL_SPEAKERS = ENGLISH.words("people.plural_speakers")
_TOLL_NEXT = ENGLISH.words("small.toll_next")


@cache
def _in_context() -> frozenset[str]:
    """Return the words whose mark depends on the words around them."""
    lex = lexicon_of(ENGLISH.tag)
    alone = frozenset({en.MAY, en.SO, en.AS, en.SINCE})
    kinds = (_SPEAKING, _FINDING, _EARLIER, _POSTING, _THEM, _AMONG, _NOUNS, lex.revising, lex.reports)
    return alone.union(*kinds)


def _class_of(word: str, lex: Lexicon) -> str:
    """Return the mark that a word has by itself."""
    mark = lex.classes.get(word)
    return mark or ("B" if word.endswith(en.LY) and word not in lex.not_adverbs else "W")


def _mark(
    words: list[str], i: int, row: list[Chunk], found: dict[int, tuple[int, list[Cue]]], lex: Lexicon
) -> str:
    word = words[i]
    if word in _MARKS:
        return _MARKS[word]
    if not word[0].isalnum():
        return "."
    if word not in _in_context():
        return _class_of(word, lex)
    if word == en.MAY and _is_month(words, i):
        return "W"
    after = words[i + 1] if i + 1 < len(words) else ""
    if (word == en.SO and after == en.FAR) or (word == en.AS and words[i - 1] in _LISTED and i + 1 in found):
        return "B"
    if (word in _SPEAKING and after == en.OF) or (word in _FINDING and i and words[i - 1] in _STUDIES):
        return "T"
    if word == en.SINCE and row and row[-1].mark == "H" and i + 1 in found:
        return "B"  # "34 had since died"
    if word in _EARLIER and row and row[-1].mark == "H":
        return "B"
    if word in _POSTING and words[i + 1 : i + 2] and words[i + 1] in _BEHIND_POSTS:
        return "T"
    if word in lex.revising and lex.doubted & set(words[i + 1 : i + 5]):
        return "T"
    among = word in _THEM and i > 0 and words[i - 1] in _AMONG
    if among or (word in _AMONG and words[i + 1 : i + 2] in ([en.THEM], [en.WHOM])):
        return "B" if among else "I"
    mark = _class_of(word, lex)
    if word.startswith(en.CLAIM) and mark == "T" and (_LIVES | {en.VICTIMS}) & set(words[i + 1 : i + 6]):
        return "W"
    if word == en.AS and words[i + 1 : i + 2] and words[i + 1] in _AS_PREPOSITION:
        return "P"
    if mark == "T" and word in _NOUNS and not _says(words, i, row):
        return "W"
    if mark == "B" and word in lex.reports:
        after = words[i + 1] if i + 1 < len(words) else ""
        last = row[-1].mark if row and en.IT not in words[max(0, i - 4) : i] else ""
        after_have = last == "H" and row[-1].i == i - 1
        skippable = (
            i + 1 in found or after == en.TO or (lex.classes.get(after) in {"B", "A"} and not after_have)
        )
        return "B" if last and last in "ANBHC,&" and skippable else "T"
    return mark
