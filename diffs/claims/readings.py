"""What the rules of the grammar hand on: one count read with one cue."""

from dataclasses import dataclass, field

from diffs.claims.chunks import Chunk
from diffs.claims.counts import Quantity
from diffs.model import ClaimKind, Scope


@dataclass(slots=True)
class Reading:
    """A count as one rule read it.

    Attributes:
        kind: What is said to have happened.
        quantity: The count, or None for an implicit claim.
        chunk: Index of the count's chunk (of the noun phrase's first chunk, where implicit).
        cue: Index of the cue's chunk.
        rule: Name of the rule.
        scope: Scope that the rule itself knows, or None.
        parent: The reading that this one is a part of, or None.
        who: Tokens of the victims where the rule knows better than the count's noun phrase.
    """

    kind: ClaimKind
    quantity: Quantity | None
    chunk: int
    cue: int
    rule: str
    scope: Scope | None = None
    parent: "Reading | None" = None
    who: tuple[int, int] | None = None


@dataclass(slots=True)
class Readings:
    """The readings of one sentence; a count is read once for each kind."""

    found: list[Reading] = field(default_factory=list)
    taken: set[tuple[int, ClaimKind]] = field(default_factory=set)
    read: dict[int, list[Reading]] = field(default_factory=dict)
    by_cue: dict[int, list[Reading]] = field(default_factory=dict)

    def add(self, reading: Reading) -> bool:
        """Keep a reading unless its count has been read so before."""
        key = (reading.chunk, reading.kind)
        if key in self.taken:
            return False
        self.taken.add(key)
        self.read.setdefault(reading.chunk, []).append(reading)
        self.by_cue.setdefault(reading.cue, []).append(reading)
        self.found.append(reading)
        return True

    def of(self, chunk: int) -> Reading | None:
        """Return the first reading of the count at a chunk, or None."""
        found = self.read.get(chunk)
        return found[0] if found else None


def kind_of(chunk: Chunk) -> ClaimKind:
    """Return the kind that a cue chunk speaks of."""
    kind = chunk.cues[0].kind
    assert kind is not None
    return kind
