"""Mentions turned into claims, sentence by sentence."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from diffs.claims.english.attribution import Source, antecedent_of, source_of, sources_in
from diffs.claims.english.certainty import (
    doubts_before,
    hedge_of,
    is_arrest,
    is_complement,
    is_hypothetical,
    is_withdrawn,
    polarity_of,
)
from diffs.claims.english.chunks import Parsed, parsed
from diffs.claims.english.classes import class_of
from diffs.claims.english.clues import Clues, clues_in
from diffs.claims.english.counts import Quantity
from diffs.claims.english.grammar import mentions_in
from diffs.claims.english.lexicon import Lexicon
from diffs.claims.english.mentions import Mention
from diffs.claims.english.rules import CONFIDENCE
from diffs.claims.english.scope import is_presupposed, scope_of
from diffs.language.en import ENGLISH
from diffs.language.en import single as en
from diffs.language.tokens import tokens_in
from diffs.model import Claim, ClaimKind, Place, Polarity, Qualifier, Scope
from diffs.text import Span, levelled, sentences_in

_DOUBT_STEMS = ENGLISH.sequence("denials.stems")


@dataclass(slots=True)
class Context:
    """What the sentences of a text leave to the next: the source that a pronoun may stand for.

    Few sentences ask for it, so that those without claims are read for their subject only then.

    Attributes:
        source: The source named last by a sentence with claims, or None.
        unread: The sentences without claims since then.
        counted: The one kind that the sentence before counts, which "it" may stand for; None in a new paragraph.
    """

    source: str | None = None
    counted: ClaimKind | None = None
    unread: list[str] = field(default_factory=list)

    def named(self, lex: Lexicon) -> str | None:
        """Return the source or subject named last, or None."""
        subjects = (_subject_of(sentence, lex) for sentence in reversed(self.unread))
        self.name(next((subject for subject in subjects if subject is not None), self.source))
        return self.source

    def name(self, source: str | None) -> None:
        """Keep the source or subject named last."""
        self.source = source
        self.unread.clear()


@dataclass(frozen=True, slots=True)
class Known:
    """What is found once for a sentence and used by each of its claims."""

    sources: list[Source]
    clues: Clues
    context: Context
    place: Place
    block: int | None
    offset: int


_LONGEST = 1000  # characters; no printed sentence is longer, and the bound keeps time linear
_SUBJECT = 100  # characters in which a sentence names its subject
_BREAK = re.compile(r"\n[ \t\r]*\n")
_ONE = Quantity(0, 0, 0, 0, 1, 1, 1, Qualifier.EXACT)


def claims_of(text: str, place: Place, block: int | None, lex: Lexicon) -> tuple[Claim, ...]:
    """Return the claims of one text in order; a sentence of doubt marks those of the sentence before it."""
    context = Context()
    found: list[Claim] = []
    last: list[Claim] = []
    end = 0
    for span in _pieces(text):
        if _BREAK.search(text, end, span.start):
            last = []
        end = span.end
        context.counted = _only_kind(last)
        fresh = _sentence_claims(span, context, place, block, lex)
        if last and not any(claim.explicit for claim in fresh) and _doubts(span.text, lex):
            found[-len(last) :] = [replace(claim, polarity=Polarity.DOUBTED) for claim in last]
            last = []
            continue
        found += fresh
        last = fresh
    return tuple(found)


def _only_kind(claims: list[Claim]) -> ClaimKind | None:
    """Return the one kind that the claims of a sentence count, parts apart, or None."""
    kinds = {claim.kind for claim in claims if claim.explicit and claim.scope is not Scope.SUBSET}
    return kinds.pop() if len(kinds) == 1 else None


def _pieces(text: str) -> Iterator[Span]:
    """Return the sentences of a text, one without an end in sight cut at white space."""
    for span in sentences_in(text):
        start = 0
        while len(span.text) - start > _LONGEST:
            cut = max(span.text.rfind(" ", start + 1, start + _LONGEST), start + _LONGEST // 2)
            yield from _stripped(span, start, cut)
            start = cut
        yield from _stripped(span, start, len(span.text))


def _stripped(span: Span, start: int, end: int) -> Iterator[Span]:
    piece = span.text[start:end]
    body = piece.strip()
    if body:
        begin = span.start + start + len(piece) - len(piece.lstrip())
        yield Span(begin, begin + len(body), body)


def _doubts(sentence: str, lex: Lexicon) -> bool:
    low = levelled(sentence).lower()
    if not any(word in low for word in _DOUBT_STEMS):
        return False
    return doubts_before([token.low for token in tokens_in(sentence)], lex)


def _sentence_claims(
    span: Span, context: Context, place: Place, block: int | None, lex: Lexicon
) -> list[Claim]:
    p = parsed(span.text, lex, context.counted)
    if p is None:
        context.unread.append(span.text)
        return []
    mentions = mentions_in(p)
    sources = sources_in(p)
    known = Known(sources, clues_in(span.text, p.vocabulary), context, place, block, span.start)
    claims = []
    for mention in sorted(mentions.found, key=lambda r: (p.chunks[r.chunk].i, r.cue)):
        if is_hypothetical(p, mention) or is_arrest(p, mention):
            continue
        claims.append(_claim(p, mention, known))
    named = [source for source in sources if not source.is_pronoun]
    if named:
        context.name(named[-1].text)
    return claims


def _subject_of(sentence: str, lex: Lexicon) -> str | None:
    """Return the subject of a sentence without claims, to which a later "it said" may point, or None."""
    tokens = tokens_in(sentence[:_SUBJECT])
    known = lex.source_nouns
    for k, token in enumerate(tokens[:8]):
        if token.low in known and k + 1 < len(tokens):
            nearest = k + 1
            while nearest < len(tokens) and tokens[nearest].low in known:
                nearest += 1
            return sentence[tokens[0].start : tokens[nearest - 1].end]
    return None


def _claim(p: Parsed, r: Mention, known: Known) -> Claim:
    scope = scope_of(p, r, known.clues)
    source = source_of(known.sources, p.chunks[r.chunk].i)
    if source is not None and is_presupposed(p, r, scope, source, known.clues):
        source = None
    if source is not None and source.verb in p.lex.deny and not is_complement(p, source, p.chunks[r.chunk].i):
        source = None
    attribution = _attribution(source, known, p.lex)
    cue = p.chunks[r.cue]
    q = r.quantity or _ONE
    first, after = (q.number_i, q.number_j) if r.quantity else (cue.i, cue.j)
    start, end = p.tokens[first].start, p.tokens[after - 1].end
    return Claim(
        kind=r.kind,
        value=q.value,
        low=q.low,
        high=q.high,
        qualifier=q.qualifier,
        number_text=p.sentence[start:end] if r.quantity else None,
        explicit=r.quantity is not None,
        who=p.text(*_aboard(p, *(r.who or q.who))) or None,
        attribution=attribution,
        attribution_class=class_of(attribution, p.lex) if attribution else None,
        hedge=hedge_of(p, r, source),
        polarity=Polarity.DENIED
        if is_withdrawn(p, r)
        else polarity_of(p, source, min(p.chunks[r.chunk].i, cue.i)),
        scope=scope,
        subset_of=_whole(r),
        sentence=p.sentence,
        start=start,
        end=end,
        cue=p.text(cue.i, cue.j),
        rule=r.rule,
        confidence=CONFIDENCE[r.rule],
        place=known.place,
        block=known.block,
        offset=known.offset,
    )


def _aboard(p: Parsed, i: int, j: int) -> tuple[int, int]:
    """Return the tokens of the victims, "on board" and "aboard" behind them included; none where only that is printed."""
    if p.words[i:j] == [en.ABOARD]:
        return i, i
    if j > i and p.words[j : j + 1] == [en.ABOARD]:
        return i, j + 1
    return (i, j + 2) if j > i and p.words[j : j + 2] == [en.ON, en.BOARD] else (i, j)


def _attribution(source: Source | None, known: Known, lex: Lexicon) -> str | None:
    if source is None:
        return None
    if source.is_pronoun:
        named = antecedent_of(known.sources, source)
        if named is None:
            # "They claimed 45 were missing, said the headman": who quotes them is named.
            outer = [s for s in known.sources if not s.is_pronoun and s.start <= source.i < s.end]
            named = outer[-1].text if outer else None
        return named or known.context.named(lex) or source.text
    return source.text


def _whole(r: Mention) -> int | None:
    if r.scope is not Scope.SUBSET or r.parent is None or r.parent.quantity is None:
        return None
    return r.parent.quantity.value if r.parent.quantity.value is not None else r.parent.quantity.low
