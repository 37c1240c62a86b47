"""The wholes of counts already read: increments of a toll, parts that add up, those "among them"."""

from diffs.claims.english.chunks import Parsed
from diffs.claims.english.clauses import verb_start
from diffs.claims.english.mentions import Mentions
from diffs.language.en import ENGLISH
from diffs.language.en import single as en
from diffs.model import ClaimKind, Scope

_GENERAL = ENGLISH.words("people.general")
_HURT = frozenset({ClaimKind.KILLED, ClaimKind.WOUNDED, ClaimKind.CASUALTIES})
_AMONG = ENGLISH.words("small.among")


def settle_parts(p: Parsed, mentions: Mentions) -> None:
    """Find the wholes of counts already read: increments of a toll, parts that add up, those "among them"."""
    _read_increments(mentions)
    _split_sums(p, mentions)
    _split_gapped(mentions)
    _read_among_them(p, mentions)
    _share_victims(p, mentions)
    _read_died_later(p, mentions)
    _forget_flights(p, mentions)


def _read_increments(mentions: Mentions) -> None:
    """Make "three more" a part of the toll that they raise, where the toll is this event's."""
    toll = next((r for r in mentions.found if r.rule == "toll"), None)
    if toll is None:
        return
    for mention in mentions.found:
        q = mention.quantity
        if (
            q is not None
            and q.more
            and mention.kind is toll.kind
            and mention.scope is None
            and mention is not toll
        ):
            mention.parent = toll


def _split_sums(p: Parsed, mentions: Mentions) -> None:
    """Make parts of counts that add up to the one before them ("three reporters, two locals and a visitor")."""
    for found in mentions.by_cue.values():
        whole, rest = found[0].quantity, [mention for mention in found[1:] if mention.kind is found[0].kind]
        if whole is None or whole.value is None or not rest or p.mark(found[0].chunk + 1) != ",":
            continue
        amount = sum((mention.quantity.value or 0) if mention.quantity else 0 for mention in rest)
        last = rest[-1].quantity
        one_more = last is not None and p.words[last.j : last.j + 2] in ([en.AND, "a"], [en.AND, en.AN])
        nationals = all(p.text(*(r.quantity.who if r.quantity else (0, 0)))[:1].isupper() for r in rest)
        general = bool(_GENERAL & set(p.words[whole.who[0] : whole.who[1]]))
        parts = general or (nationals and not p.text(*whole.who)[:1].isupper())
        if (
            parts
            and amount + one_more == whole.value
            and all(mention.chunk > found[0].chunk for mention in rest)
        ):
            for mention in rest:
                mention.scope, mention.parent = Scope.SUBSET, found[0]


def _split_gapped(mentions: Mentions) -> None:
    """Make parts of clauses without a verb that add up to the count before them ("90 were killed, 55 in the north ...")."""
    gapped = [mention for mention in mentions.found if mention.rule == "gapped"]
    if len(gapped) < 2:
        return
    amount = sum((mention.quantity.value or 0) if mention.quantity else 0 for mention in gapped)
    for whole in mentions.found:
        same = whole.rule != "gapped" and whole.kind is gapped[0].kind and whole.chunk < gapped[0].chunk
        if same and whole.quantity is not None and whole.quantity.value == amount:
            for mention in gapped:
                mention.scope, mention.parent = Scope.SUBSET, whole
            return


def _read_among_them(p: Parsed, mentions: Mentions) -> None:
    """Make a part of the count in "17 people, two constables among them, were killed"."""
    for mention in mentions.found:
        k = mention.chunk
        if p.mark(k - 1) == "," and p.mark(k + 1) == "I" and p.word(k + 1) in _AMONG and p.mark(k + 2) == "B":
            whole = next(
                (each for each in mentions.found if each.chunk < k and each.kind is mention.kind), None
            )
            mention.scope, mention.parent = (
                (Scope.SUBSET, whole) if whole else (mention.scope, mention.parent)
            )


def _share_victims(p: Parsed, mentions: Mentions) -> None:
    """Let "killed 16 and injured two Cuban migrants" name the victims of both."""
    for mention in mentions.found:
        q = mention.quantity
        if q is None or q.head != "none" or mention.rule != "active" or mention.who is not None:
            continue
        c = mention.chunk
        if p.mark(c + 1) == "&" and p.mark(c + 2) == "C" and p.mark(c + 3) == "N":
            second = p.chunks[c + 3].quantity
            if second is not None and second.who[1] - second.who[0] > 1 and second.head == "people":
                mention.who = second.who


def _forget_flights(p: Parsed, mentions: Mentions) -> None:
    """Leave out who only had fled before it, in the relative clause of "nine villagers who had fled the town were killed"."""
    for mention in [each for each in mentions.found if each.kind is ClaimKind.DISPLACED]:
        fled = mention.rule == "intransitive" and p.mark(verb_start(p, mention.cue)[0] - 1) == "R"
        hurt = any(each.kind in _HURT and each.cue > mention.cue for each in mentions.read[mention.chunk])
        if fled and hurt:
            mentions.forget(mention)


def _read_died_later(p: Parsed, mentions: Mentions) -> None:
    """Make deaths of the last in "eight died at the scene and another four in hospital"."""
    for mention in mentions.found:
        cue = p.chunks[mention.cue]
        if mention.kind is not ClaimKind.WOUNDED or mention.rule != "state" or cue.word != en.IN:
            continue
        before = next((r for r in reversed(mentions.found) if r.chunk < mention.chunk), None)
        if (
            before is not None
            and before.kind is ClaimKind.KILLED
            and before.rule == "intransitive"
            and p.mark(mention.chunk - 1) == "&"
            and mention.cue == mention.chunk + 1
        ):
            mention.kind, mention.rule = ClaimKind.KILLED, "gapped"
