"""The claims of a text in a language of a pack, each with its source, certainty and scope."""

from diffs.claims.packs.chunks import Chunk, chunks_of, tokens_of
from diffs.claims.packs.context import Voice, hedge_in, is_hypothetical, scopes_of, voice_of, voices_in
from diffs.claims.packs.reading import PackReading, readings_of
from diffs.claims.packs.words import Pack, pack_of
from diffs.claims.tokens import Token
from diffs.model import AttributionClass, Claim, Place, Polarity, Scope
from diffs.text import Span, sentences_in

_LONGEST = 1000  # characters of a sentence that are read


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
    return tuple(claim for span in sentences_in(text) for claim in _sentence(span, place, block, pack))


def _sentence(span: Span, place: Place, block: int | None, pack: Pack) -> list[Claim]:
    tokens = tokens_of(span.text[:_LONGEST])
    row = chunks_of(tokens, pack)
    if not any(chunk.mark == "C" for chunk in row):
        return []
    readings = [read for read in readings_of(row, pack) if not is_hypothetical(span.text, row, read, tokens, pack)]
    if not readings:
        return []
    voices = voices_in(tokens, row, pack)
    scopes = scopes_of(span.text, tokens, row, readings, pack)
    return [
        _claim(span, tokens, row, read, scope, whole, voices, pack, place, block)
        for read, (scope, whole) in zip(readings, scopes, strict=True)
    ]


def _claim(
    span: Span,
    tokens: list[Token],
    row: list[Chunk],
    read: PackReading,
    scope: Scope,
    whole: int | None,
    voices: list[Voice],
    pack: Pack,
    place: Place,
    block: int | None,
) -> Claim:
    count, cue = read.count, row[read.cue]
    start, end = tokens[count.first].start, tokens[count.last - 1].end
    voice = voice_of(voices, count.first)
    source = span.text[tokens[voice.i].start : tokens[voice.j - 1].end] if voice else None
    who = span.text[tokens[read.who[0]].start : tokens[read.who[1] - 1].end] if read.who[1] > read.who[0] else None
    return Claim(
        kind=read.meant.kind,
        value=count.value,
        low=count.low,
        high=count.high,
        qualifier=count.qualifier,
        number_text=span.text[start:end],
        who=who,
        attribution=source,
        attribution_class=_class_of(tokens, voice, pack) if voice else None,
        hedge=hedge_in(span.text, tokens, row, read, pack),
        polarity=Polarity.DENIED if voice is not None and voice.denies else Polarity.ASSERTED,
        scope=scope,
        subset_of=whole,
        place=place,
        sentence=span.text,
        start=start,
        end=end,
        cue=span.text[tokens[cue.i].start : tokens[cue.j - 1].end],
        rule=read.rule,
        confidence=pack.confidence,
        block=block,
        offset=span.start,
    )


def _class_of(tokens: list[Token], voice: Voice, pack: Pack) -> AttributionClass:
    words = {token.low for token in tokens[voice.i : voice.j]}
    if words & pack.witness:
        return AttributionClass.WITNESS
    return AttributionClass.PARTY if words & pack.party else AttributionClass.OFFICIAL
