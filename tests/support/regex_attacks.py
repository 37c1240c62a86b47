"""Makes texts that a regular expression may be slow on, from the expression's own parse tree."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise, product

_POOL = "a1 \nAe,.'\"-z9\t_/:;<>(é=&|?!“—0x\x00"
_REPEATS = {re._constants.MAX_REPEAT, re._constants.MIN_REPEAT, re._constants.POSSESSIVE_REPEAT}
_ASSERTIONS = {re._constants.ASSERT, re._constants.ASSERT_NOT}
_SINGLE = {re._constants.LITERAL, re._constants.NOT_LITERAL, re._constants.IN, re._constants.ANY}
# What many a slow pattern is slow on.
_PLAIN = (
    *" a1\n,.-'\"<>/:(_=&?!“é",
    *(
        "1,",
        "1 ",
        "one ",
        "a ",
        "a-",
        "a.",
        "1.",
        "\n ",
        " \n\n",
        "A b ",
        ", ",
        "'a",
        '"a',
        "“a”",
        "a'a",
        "1:",
    ),
    *(
        "12,345 ",
        "12 345 ",
        "1-1 ",
        "said ",
        "<a ",
        "</",
        "://",
        "http://a.b/",
        "&a=",
        "1a",
        "one hundred and ",
    ),
    *("a1 ,\n", 'the "a" of 1, ', "\t \r\n", "__ ", "é’", "x" * 40 + " ", "1" * 40 + ",", " " * 40 + "a"),
)


@dataclass(frozen=True, kw_only=True)
class Attack:
    """A text of any length: what stands before, what is repeated, and what stands at the end."""

    unit: str
    before: str = ""
    after: str = ""

    def text(self, size: int) -> str:
        """Return the text at `size` characters."""
        room = max(1, size - len(self.before) - len(self.after))
        return self.before + (self.unit * (room // len(self.unit) + 1))[:room] + self.after


def attacks_on(pattern: re.Pattern) -> Iterator[Attack]:
    """Yield attacks, each once: plain ones, and those that the pattern's own tree suggests."""
    seen: set[Attack] = set()
    for attack in _all(pattern):
        if attack.unit and attack not in seen:
            seen.add(attack)
            yield attack


def pieces_of(pattern: re.Pattern) -> list[str]:
    """Return short texts of which the pattern's matches consist, for others to put together."""
    tree = _Tree(pattern)
    found = [text for repeat in tree.repeats() for text in repeat.body]
    return sorted({piece for piece in [*found, *tree.words(), *_POOL[:12]] if piece})


def _all(pattern: re.Pattern) -> Iterator[Attack]:
    yield from (Attack(unit=unit, after=end) for unit in _PLAIN for end in ("", "\x00"))
    tree = _Tree(pattern)
    repeats = list(tree.repeats())
    for repeat in repeats:
        for start, unit in product(repeat.before, repeat.body):
            for end in dict.fromkeys(("", *repeat.refused, repeat.after[:1])):
                yield Attack(before=start, unit=unit, after=end)
                yield Attack(unit=start + unit, after=end)
            yield Attack(unit=start + unit * 3, after="\x00")
            yield Attack(unit=start + unit + repeat.after)
            yield Attack(before=start, unit=unit + repeat.after, after="\x00")
            if 3 < repeat.most < 5000:
                yield Attack(unit=start + unit * (repeat.most - 1))
                yield Attack(unit=start + unit * (repeat.most + 1))
    for one, two in pairwise(repeats):
        for left, right in product(one.body[:2], two.body[:2]):
            yield Attack(before=one.before[0], unit=left + right, after="\x00")
            yield Attack(unit=one.before[0] + left * 2 + right * 2)
    for word in islice(tree.words(), 60):
        yield Attack(unit=word)
        yield Attack(unit=word + " ")
        yield Attack(unit=word[:-1])
        yield Attack(unit=word[:1])
    yield Attack(unit=" ".join(tree.words()))
    yield Attack(unit="".join(word[:-1] for word in tree.words()))


@dataclass(frozen=True, kw_only=True)
class _Repeat:
    """A repeat of a pattern.

    Attributes:
        before: Texts that what stands before it matches.
        body: Texts that once its body matches.
        refused: Characters that its body does not take.
        after: A text that what follows it matches.
        most: How often it repeats at most.
    """

    before: list[str]
    body: list[str]
    refused: list[str]
    after: str
    most: int


class _Tree:
    """The parse tree of a pattern, and what its parts match."""

    def __init__(self, pattern: re.Pattern) -> None:
        source = pattern.pattern
        self._source = source if isinstance(source, str) else source.decode("latin-1")
        flags = pattern.flags if isinstance(source, str) else pattern.flags | re.ASCII
        self._root = re._parser.parse(self._source, flags)
        literals = [chr(value) for op, value in self._nodes(self._root) if op is re._constants.LITERAL]
        self._pool = list(dict.fromkeys([*_POOL, *literals]))
        self._known: dict[str, list[str]] = {}

    def repeats(self) -> Iterator[_Repeat]:
        """Yield each repeat, outer ones before those within."""
        yield from self._repeats(self._root, ("",), "")

    def words(self) -> list[str]:
        """Return texts that whole alternatives match, many where there are many."""
        found: list[str] = []
        for op, value in self._nodes(self._root):
            if op is re._constants.BRANCH:
                found += [text for branch in value[1] for text in self._texts(branch)[:1]]
        found += self._texts(self._root)
        return [text for text in dict.fromkeys(found) if text]

    def _nodes(self, tree: Sequence) -> Iterator[tuple]:
        for node in tree:
            yield node
            for inner in _inner(node):
                yield from self._nodes(inner)

    def _repeats(self, tree: Sequence, before: Sequence[str], after: str) -> Iterator[_Repeat]:
        nodes = list(tree)
        for index, node in enumerate(nodes):
            op, value = node
            behind = self._joined(before, nodes[:index])
            ahead = (self._joined([""], nodes[index + 1 : index + 4])[0] + after)[:40]
            body = [text for text in self._texts(value[2], 3) if text] if op in _REPEATS else []
            if body and value[1] > 1:
                refused = self._refused(value[2])
                yield _Repeat(before=behind, body=body, refused=refused, after=ahead, most=int(value[1]))
            for inner in _inner(node):
                yield from self._repeats(inner, behind, ahead)

    def _refused(self, body: Sequence) -> list[str]:
        """Return three characters that a body does not begin with, those that its own classes exclude first."""
        one = self._compiled(body)
        members = [member for node in self._nodes(body) for member in _members(node)]
        own = [chr(value) for op, value in members if op is re._constants.LITERAL]
        return list(dict.fromkeys(text for text in [*own, "\x00", *self._pool] if not one.match(text)))[:3]

    def _joined(self, before: Sequence[str], nodes: Sequence) -> list[str]:
        """Return up to two texts for a sequence, after what stands before it."""
        texts = list(before)
        for node in nodes:
            options = self._of(node, 2)
            texts = [text + options[index % len(options)] for index, text in enumerate([*texts, *texts][:2])]
        return list(dict.fromkeys(texts))

    def _texts(self, tree: Sequence, most: int = 2) -> list[str]:
        """Return up to `most` texts that a sequence matches, assertions left out of account."""
        texts = [""]
        for node in tree:
            options = self._of(node, most)
            width = max(len(texts), min(most, len(options)))
            texts = [texts[k % len(texts)] + options[k % len(options)] for k in range(width)]
        return list(dict.fromkeys(texts))

    def _of(self, node: tuple, most: int) -> list[str]:
        op, value = node
        if op in _SINGLE:
            return self._characters(node, most) or [""]
        if op in _REPEATS:
            least = value[0]
            once = [text * max(1, min(least, 20)) for text in self._texts(value[2], most)]
            return once if least else [*once[:most], ""]
        if op is re._constants.BRANCH:
            return [text for branch in value[1] for text in self._texts(branch, 1)][:most] or [""]
        if op is re._constants.SUBPATTERN:
            return self._texts(value[-1], most)
        return self._texts(value, most) if op is re._constants.ATOMIC_GROUP else [""]

    def _characters(self, node: tuple, most: int) -> list[str]:
        key = repr(node)
        if key not in self._known:
            own = [chr(value) for op, value in _members(node) if op is re._constants.LITERAL]
            own += [chr(value[0]) for op, value in _members(node) if op is re._constants.RANGE]
            one = self._compiled([node])
            taken = [character for character in [*self._pool, *own] if one.fullmatch(character)]
            self._known[key] = list(dict.fromkeys(taken))[:6]
        return self._known[key][:most]

    def _compiled(self, nodes: Sequence) -> re.Pattern:
        return re._compiler.compile(
            re._parser.SubPattern(self._root.state, list(nodes)), self._root.state.flags
        )


def _members(node: tuple) -> Sequence:
    return node[1] if node[0] is re._constants.IN else [node]


def _inner(node: tuple) -> list[Sequence]:
    op, value = node
    if op in _REPEATS:
        return [value[2]]
    if op is re._constants.BRANCH:
        return list(value[1])
    if op is re._constants.SUBPATTERN:
        return [value[-1]]
    if op in _ASSERTIONS:
        return [value[1]]
    if op is re._constants.ATOMIC_GROUP:
        return [value]
    if op is re._constants.GROUPREF_EXISTS:
        return [branch for branch in value[1:] if branch is not None]
    return []
