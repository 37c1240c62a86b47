"""The claims of a text in a language of a pack, each with its source, certainty and scope."""

import re
from dataclasses import dataclass

from diffs.claims.packs.chunks import Chunk, chunks_of
from diffs.claims.packs.context import (
    Voice,
    hedge_in,
    is_hypothetical,
    scopes_of,
    voice_of,
    voices_in,
    years_in,
)
from diffs.claims.packs.mentions import PackMention
from diffs.claims.packs.rules import mentions_of
from diffs.claims.packs.sport import UNFIT
from diffs.claims.packs.words import Pack, pack_of
from diffs.language.tokens import Token, tokens_in
from diffs.model import AttributionClass, Claim, ClaimKind, Place, Polarity, Scope
from diffs.text import Span, sentences_in

_TITLE = 5  # tokens from the quotation mark to a number in a title
_OPENING = 8  # tokens in which a year dates a sentence and those behind it
_BREAK = re.compile(r"\n[ \t\r]*\n")
_LONGEST = 1000  # characters of a sentence that are read


@dataclass(frozen=True, slots=True)
class _Where:
    """Where a sentence stands, and whether it goes on with an older event or with the count of a period."""

    place: Place
    block: int | None
    old: bool
    wide: bool


def pack_claims(text: str, place: Place, block: int | None, tag: str) -> tuple[Claim, ...]:
    """Return the claims of one text in order.

    Args:
        text: Sentences in the pack's language.
        place: Where in the article it stands.
        block: Index of its block, or None.
        tag: Two-letter tag of the pack.

    Returns:
        The claims; those without a printed number are not read in these languages.
    """
    pack = pack_of(tag)
    found: list[Claim] = []
    old = wide = False
    end = 0
    for span in sentences_in(text):
        if _BREAK.search(text, end, span.start):
            old = wide = False  # a period that a sentence opens with ends with its paragraph
        end = span.end
        tokens = tokens_in(span.text[:_LONGEST], pack.tag)
        row = chunks_of(tokens, pack)
        old = _is_old(tokens, row, pack, before=old)
        wide = _is_wide(tokens, row, pack, before=wide)
        found += _sentence(span, tokens, row, _Where(place, block, old, wide), pack)
    return tuple(found)


def _is_old(tokens: list[Token], row: list[Chunk], pack: Pack, *, before: bool) -> bool:
    """Return whether a sentence tells of an event of a year that it opens with, or goes on with that of the sentence before."""
    if not before and not any(at < _OPENING for at in years_in(row, pack)):
        return False
    words = [token.low for token in tokens]
    return not pack.now.within(words) and not pack.running.within(words)


def _is_wide(tokens: list[Token], row: list[Chunk], pack: Pack, *, before: bool) -> bool:
    """Return whether a sentence counts over a period that it opens with, or goes on with that of the sentence before."""
    words = [token.low for token in tokens]
    if pack.spans.within(words, 0, min(len(words), _OPENING)):
        return True
    return before and not years_in(row, pack) and not pack.now.within(words)


def _sentence(span: Span, tokens: list[Token], row: list[Chunk], where: _Where, pack: Pack) -> list[Claim]:
    if not any(chunk.mark == "C" or chunk.word in pack.surviving | pack.survivors for chunk in row):
        return []
    mentions = [read for read in mentions_of(row, pack) if not is_hypothetical(row, read, tokens, pack)]
    titles = {read.chunk for read in mentions if _is_title(tokens, row, read, pack)}
    mentions = [read for read in mentions if read.chunk not in titles and read.whole not in titles]
    words = [token.low for token in tokens]
    if (pack.sport.within(words) and not pack.public.within(words)) or (
        pack.squads.within(words) and not pack.mishaps.within(words)
    ):
        mentions = [read for read in mentions if read.meant.kind not in UNFIT]
    if pack.journeys.within(words):
        mentions = [read for read in mentions if read.meant.kind is not ClaimKind.TRAPPED]
    if pack.wronged.within(words) and not pack.struck.within(words):
        mentions = [read for read in mentions if read.meant.kind is not ClaimKind.CASUALTIES]
    if not mentions:
        return []
    known = _Known(span, tokens, row, voices_in(tokens, pack), pack, where)
    scopes = scopes_of(tokens, row, mentions, pack, old=where.old, wide=where.wide)
    return [_claim(known, read, *found) for read, found in zip(mentions, scopes, strict=True)]


def _is_quoted_title(tokens: list[Token], read: PackMention, pack: Pack) -> bool:
    """Return whether a quoted name of a work holds the number ("la novela «Doce muertos en la niebla»")."""
    opening = read.count.first
    while opening > 0 and read.count.first - opening < _TITLE and tokens[opening - 1].low != '"':
        opening -= 1
    return opening > 1 and tokens[opening - 1].low == '"' and tokens[opening - 2].low in pack.works


def _is_name(tokens: list[Token], row: list[Chunk], read: PackMention) -> bool:
    """Return whether a few quoted words with a capital hold number and cue and nobody says them: 'Gruppe "Die 7 Vermissten"'."""
    cue = row[read.cue]
    first, last = min(read.count.first, cue.i), max(read.count.last, cue.j)
    opening = next((n for n in range(first - 1, max(-1, first - _TITLE), -1) if tokens[n].low == '"'), None)
    closing = next((n for n in range(last, min(len(tokens), last + _TITLE)) if tokens[n].low == '"'), None)
    if opening is None or closing is None or closing - opening > _TITLE + 1:
        return False
    said = closing + 1 < len(tokens) and tokens[closing + 1].low in {",", "."}
    spoken = opening == 0 or tokens[opening - 1].low == ":"
    return tokens[opening + 1].text[0].isupper() and not said and not (spoken and closing + 1 == len(tokens))


def _is_title(tokens: list[Token], row: list[Chunk], read: PackMention, pack: Pack) -> bool:
    """Return whether number word and cue are printed as parts of a name ("la Casa de los Siete Muertos")."""
    number, cue = tokens[read.count.first].text, tokens[row[read.cue].i].text
    if _is_quoted_title(tokens, read, pack) or _is_name(tokens, row, read):
        return True
    if pack.noun_capitals:
        return False
    shouted = number.isupper() and len(number) > 1
    return read.count.first > 0 and not shouted and number[0].isupper() and cue[0].isupper()


@dataclass(frozen=True, slots=True)
class _Known:
    """What the claims of one sentence share."""

    span: Span
    tokens: list[Token]
    row: list[Chunk]
    voices: list[Voice]
    pack: Pack
    where: _Where

    def text(self, i: int, j: int) -> str | None:
        """Return the printed text of tokens `i` up to `j`, None where there are none."""
        return self.span.text[self.tokens[i].start : self.tokens[j - 1].end] if j > i else None


def _claim(known: _Known, read: PackMention, scope: Scope, whole: int | None) -> Claim:
    count, cue, tokens = read.count, known.row[read.cue], known.tokens
    voice = voice_of(known.voices, count.first)
    return Claim(
        kind=read.meant.kind,
        value=count.value,
        low=count.low,
        high=count.high,
        qualifier=count.qualifier,
        number_text=known.text(count.first, count.last),
        who=known.text(*read.who),
        attribution=known.text(voice.i, voice.j) if voice else None,
        attribution_class=_class_of(tokens, voice, known.pack) if voice else None,
        hedge=None
        if read.rule == "confirmed"
        else hedge_in(known.span.text, tokens, known.row, read, known.pack),
        polarity=Polarity.DENIED if voice is not None and voice.denies else Polarity.ASSERTED,
        scope=scope,
        subset_of=whole,
        place=known.where.place,
        sentence=known.span.text,
        start=tokens[count.first].start,
        end=tokens[count.last - 1].end,
        cue=known.text(cue.i, cue.j) or "",
        rule=read.rule,
        confidence=known.pack.confidence,
        block=known.where.block,
        offset=known.span.start,
    )


def _class_of(tokens: list[Token], voice: Voice, pack: Pack) -> AttributionClass:
    words = {token.low for token in tokens[voice.i : voice.j]}
    if words & pack.witness:
        return AttributionClass.WITNESS
    return AttributionClass.PARTY if words & pack.party else AttributionClass.OFFICIAL
