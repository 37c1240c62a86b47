"""The rules for tolls: "the death toll rises to 12", "the number of people killed", "brings to 47 the number of dead"."""

from diffs.claims.english.chunks import Parsed
from diffs.claims.english.clauses import count_beside
from diffs.claims.english.counts import Quantity
from diffs.claims.english.mentions import Mention, Mentions, kind_of
from diffs.language.en import ENGLISH
from diffs.language.en import single as en
from diffs.model import ClaimKind, Scope

_WINDOW = 40  # chunks between a toll and its number: place, date and verb fit in
_ILL = ENGLISH.pattern("scope.outbreak")
_NUMBERS = ENGLISH.words("figures.numbers")
_RAISING = ENGLISH.words("figures.raising")
_PUTS = ENGLISH.words("saying.putting")
_PLACES = ENGLISH.words("small.places")
_NO_VICTIMS = ENGLISH.words("outcomes.no_victims")
_LAST = ENGLISH.words("time.last")
_LOWERING = ENGLISH.words("figures.lowering")
_AMOUNT = ENGLISH.words("small.amount")
_REACHING = ENGLISH.words("figures.reaching")
_NO_NUMBER = ENGLISH.words("small.no_number_of")
_COUNTED = ENGLISH.words("outcomes.counted")
_TOLL_NOUNS = ENGLISH.words("outcomes.toll_nouns")
_WHOLES = ENGLISH.words("small.toll_wholes")
_SIZES = ENGLISH.words("figures.sizes")
_TO_OR_AS = ENGLISH.words("small.to_or_as")


def is_number_of(p: Parsed, c: int) -> bool:
    """Return whether the cue ends "the number of guerrillas killed", "the total number of missing"."""
    before = p.words[max(0, p.chunks[c].i - 6) : p.chunks[c].i]
    if en.TOTAL in before and p.word(c + 1) in _NO_NUMBER and count_beside(p, c) is None:
        return True
    for k in range(c - 1, max(-1, c - 12), -1):
        if p.mark(k) == "P" and p.word(k) == en.OF and p.word(k - 1) in _NUMBERS:
            return p.word(k - 2) not in _SIZES
        if p.mark(k) in {"P", "N"} and p.mark(c - 1) == "A" and p.word(c - 2) in _TO_OR_AS:
            continue
        if p.mark(k) not in {"W", "D", "B", "R", "A", "H", "T", "(", ")"}:
            return False
    return False


def rises(p: Parsed, c: int) -> bool:
    """Return whether a plural is counted as a toll is: "storm deaths climb to 19"."""
    if p.word(c + 1) == en.AT and p.mark(c + 2) == "N" and p.word(c - 1) == en.THE and p.word(c - 2) in _PUTS:
        return True  # "medics put the dead at nine"
    if p.word(c) not in _COUNTED or p.mark(c - 1) == "N":
        return False
    if p.word(c - 1) in _RAISING and p.word(c - 1) not in _PUTS:
        return True  # "taking deaths in the outbreak to 88"
    k = c + 1
    if p.word(k) in _PLACES and p.word(c) in _COUNTED:
        k = next((m for m in range(k + 1, k + 5) if p.mark(m) not in {"D", "W"}), k)
    while p.mark(k) in {"H", "B", "A"}:
        k += 1
    return p.word(k) in p.lex.rising or (p.mark(k) == "N" and p.words[p.chunks[k].i] in p.lex.rising)


def read_toll(p: Parsed, c: int, mentions: Mentions) -> None:
    """Read the toll named at chunk `c`: its number behind it or before it, and what it rose from."""
    kind = _hurt_before(p, c) or kind_of(p.chunks[c])
    if p.mark(c - 1) == "N" and p.words[p.chunks[c].j - 1] in _TOLL_NOUNS:
        mentions.add(Mention(kind, p.chunks[c - 1].quantity, c - 1, c, "counted"))
        return
    who = _toll_victims(p, c)
    main: Mention | None = None
    stood = _had_stood(p, c)
    for k in range(c + 1, min(c + _WINDOW, len(p.chunks))):
        mark = p.mark(k)
        if (
            mark == ";"
            or (mark == "S" and p.word(k) != en.SINCE and _verb_between(p, c, k))
            or (mark == '"' and main)
        ):
            break
        if mark == "C" and p.chunks[k].cue("toll"):
            break
        q = p.chunks[k].quantity
        if mark != "N" or q is None or q.head == "thing":
            continue
        if p.word(k - 1) == en.BY and p.word(k + 1) == en.TO and p.mark(k + 2) == "N":
            continue
        if p.word(k - 1) == en.BY and _LOWERING & {p.word(m) for m in range(c + 1, k)}:
            continue  # "revised down by about 100" counts nobody
        prior = _is_prior(p, k) or k < stood
        if not prior and (main is not None or not _is_amount(p, k, q) or _belongs_elsewhere(p, k, kind)):
            continue
        scope = Scope.BACKGROUND if prior else None
        mention = Mention(kind, q, k, c, "prior_toll" if prior else "toll", scope, who=who)
        if q.year and not _certain_amount(p, k):
            continue
        if mentions.add(mention) and not prior:
            main = mention
            _read_other_unit(p, k, mention, mentions)
    if main is None:
        _read_toll_before(p, c, kind, mentions)


def _had_stood(p: Parsed, c: int) -> int:
    """Return the end of the aside in "the toll, which had stood at 41 since Monday, was raised to 44", or 0 without one."""
    if p.mark(c + 1) != "," or p.mark(c + 2) != "R" or p.word(c + 3) != en.HAD:
        return 0
    return next((k for k in range(c + 4, min(c + 16, len(p.chunks))) if p.mark(k) == ","), 0)


def _read_other_unit(p: Parsed, k: int, main: Mention, mentions: Mentions) -> None:
    """Read the same toll in people behind one in families ("398 families or 1,196 individuals")."""
    q = p.chunks[k + 2].quantity if p.word(k + 1) == en.OR and p.mark(k + 2) == "N" else None
    if q is not None and q.head == "people":
        mentions.add(Mention(main.kind, q, k + 2, main.cue, "toll"))


def _hurt_before(p: Parsed, c: int) -> ClaimKind | None:
    """Return the kind of "the number of injuries, putting the toll at seven": a bare toll is of what was named."""
    if p.chunks[c].word != en.TOLL or p.mark(c - 1) != "D":
        return None
    kinds = {
        kind_of(p.chunks[k])
        for k in range(c)
        if p.mark(k) == "C" and p.chunks[k].cue("counted", "act", "toll")
    }
    died = any(p.mark(k) == "C" and kind_of(p.chunks[k]) is ClaimKind.KILLED for k in range(c))
    return ClaimKind.WOUNDED if kinds == {ClaimKind.WOUNDED} and not died else None


def _verb_between(p: Parsed, c: int, k: int) -> bool:
    """Return whether the verb of a toll stands between chunks `c` and `k`."""
    return any(p.mark(m) in {"A", "H", "M", "N"} or p.word(m) in p.lex.rising for m in range(c + 1, k))


def _toll_victims(p: Parsed, c: int) -> tuple[int, int] | None:
    if p.chunks[c].word == en.NUMBER:
        return _run(p, c + 1) if p.mark(c + 1) == "W" and _names_people(p, c + 1) else None
    if not is_number_of(p, c) or en.OF not in p.words[max(0, p.chunks[c].i - 9) : p.chunks[c].i]:
        return None
    chunk = p.chunks[c]
    if (
        p.mark(c + 1) == "W"
        and chunk.word not in _COUNTED
        and p.word(c + 1) not in p.lex.rising
        and p.word(c + 1) not in _LAST
        and p.tokens[p.chunks[c + 1].i].text[0].isalpha()
    ):
        end = c + 1
        while p.mark(end) == "W" and end < c + 4:
            end += 1
        return (p.chunks[c + 1].i, p.chunks[end - 1].j)
    k = c - 1
    while k > 0 and p.mark(k) in {"W", "B", "D"}:
        k -= 1
    first = p.chunks[k + 1].i
    while first < chunk.i and p.words[first] in _WHOLES:
        first += 1
    if any(_ILL.fullmatch(word) for word in p.words[first : chunk.i]) or p.words[first] in _NO_VICTIMS:
        return None
    return (first, chunk.i) if first < chunk.i else None


def _names_people(p: Parsed, c: int) -> bool:
    text = p.tokens[p.chunks[c].i].text
    return p.word(c) in p.lex.people or (text[0].isupper() and not text.isupper())


def _run(p: Parsed, c: int) -> tuple[int, int]:
    end = c
    while p.mark(end) == "W" and end < c + 4:
        end += 1
    return (p.chunks[c].i, p.chunks[end - 1].j)


def _is_prior(p: Parsed, k: int) -> bool:
    return p.word(k - 1) == en.FROM and p.mark(k - 1) == "P"


def _certain_amount(p: Parsed, k: int) -> bool:
    return p.word(k - 1) in _REACHING


def _is_amount(p: Parsed, k: int, q: Quantity) -> bool:
    before = p.mark(k - 1)
    if before == "P":
        return p.word(k - 1) in _AMOUNT
    return (
        before in {"W", "A", ":", "T", "B", "-", "H", "(", "D"}
        or (before == "C" and p.chunks[k - 1].cue("toll", "counted") is not None)
        or q.i < q.number_i
    )


def _belongs_elsewhere(p: Parsed, k: int, kind: ClaimKind) -> bool:
    m = k + 1
    while p.mark(m) == "B":
        m += 1
    return p.mark(m) == "C" and kind_of(p.chunks[m]) != kind


def _read_toll_before(p: Parsed, c: int, kind: ClaimKind, mentions: Mentions) -> None:
    """Read a toll that follows its number: "62 was the toll", "brings to 47 the number of people killed"."""
    k = c - 1
    while p.mark(k) == "D":
        k -= 1
    if p.mark(k) == "A" and p.mark(k - 1) == "N":
        mentions.add(Mention(kind, p.chunks[k - 1].quantity, k - 1, c, "toll"))
        return
    while p.mark(k) in {"D", "W", "B"} or p.word(k) == en.OF:
        k -= 1
    if p.mark(k) == "N" and p.word(k - 1) in _AMOUNT and p.word(k - 2) in _RAISING:
        mentions.add(Mention(kind, p.chunks[k].quantity, k, c, "toll", who=_toll_victims(p, c)))
