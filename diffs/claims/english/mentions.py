"""What the rules of the grammar hand on: one count read with one cue."""

from dataclasses import dataclass, field

from diffs.claims.english.chunks import Chunk
from diffs.claims.english.counts import Quantity
from diffs.model import ClaimKind, Scope


@dataclass(slots=True)
class Mention:
    """A count as one rule read it.

    Attributes:
        kind: What is said to have happened.
        quantity: The count, or None for an implicit claim.
        chunk: Index of the count's chunk (of the noun phrase's first chunk, where implicit).
        cue: Index of the cue's chunk.
        rule: Name of the rule.
        scope: Scope that the rule itself knows, or None.
        parent: The mention that this one is a part of, or None.
        who: Tokens of the victims where the rule knows better than the count's noun phrase.
    """

    kind: ClaimKind
    quantity: Quantity | None
    chunk: int
    cue: int
    rule: str
    scope: Scope | None = None
    parent: "Mention | None" = None
    who: tuple[int, int] | None = None


@dataclass(slots=True)
class Mentions:
    """The mentions of one sentence; a count is read once for each kind."""

    found: list[Mention] = field(default_factory=list)
    taken: set[tuple[int, ClaimKind]] = field(default_factory=set)
    read: dict[int, list[Mention]] = field(default_factory=dict)
    by_cue: dict[int, list[Mention]] = field(default_factory=dict)

    def add(self, mention: Mention) -> bool:
        """Keep a mention unless its count has been read so before."""
        key = (mention.chunk, mention.kind)
        if key in self.taken:
            return False
        self.taken.add(key)
        self.read.setdefault(mention.chunk, []).append(mention)
        self.by_cue.setdefault(mention.cue, []).append(mention)
        self.found.append(mention)
        return True

    def forget(self, mention: Mention) -> None:
        """Leave out a mention that another reading of its count has settled."""
        self.found.remove(mention)
        self.read[mention.chunk].remove(mention)
        self.by_cue[mention.cue].remove(mention)

    def of(self, chunk: int) -> Mention | None:
        """Return the first mention of the count at a chunk, or None."""
        found = self.read.get(chunk)
        return found[0] if found else None


def kind_of(chunk: Chunk) -> ClaimKind:
    """Return the kind that a cue chunk speaks of."""
    kind = chunk.cues[0].kind
    assert kind is not None
    return kind
