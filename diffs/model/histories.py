"""What is known of one tracked address over time."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from diffs.model.articles import Article
from diffs.model.changes import Alternation, Change, Contradiction
from diffs.model.citations import Citation
from diffs.model.coverage import Coverage
from diffs.model.kinds import Outcome
from diffs.model.linked import LinkedHeadline
from diffs.model.witness import EvidenceFinding, Witnessed


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One capture and what became of it.

    Attributes:
        capture: The capture.
        outcome: What became of it.
        reason: Why, where the outcome wants a reason (a failure, a rejection, a redirect's target).
        fingerprint: `Article.fingerprint` of what it shows, where known: read from its bytes, or by
            the archive's digest from those of an equal capture.
        may_pass: Whether it could not be had for a reason that may pass, so that it is asked for again.
    """

    capture: Citation
    outcome: Outcome
    reason: str | None = None
    fingerprint: str | None = None
    may_pass: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A distinct article and how long it stood without interruption.

    After A to B to A there are three revisions, the first and third with equal fingerprints.

    Attributes:
        number: 1 for the first of its history.
        article: The article as first captured.
        first: The first capture that shows it.
        last: The last capture that shows it before another text.
        captures: How many captures show it in that time (revisits and equal digests included).
        suspect: Why no change is claimed from it, or None.
    """

    number: int
    article: Article
    first: Citation
    last: Citation
    captures: int = 1
    suspect: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """When a change happened: after the one capture, not later than the other.

    Attributes:
        after: The last capture with the old text.
        until: The first capture with the new text.
        widened: Captures between the two that were not read as the article (failed, suspect, pending ...).
    """

    after: Citation
    until: Citation
    widened: tuple[Observation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """The step from one trusted revision to the next.

    Attributes:
        before: The old revision.
        after: The new revision.
        interval: When it happened.
        changes: What changed, substantive changes first.
        reverts_to: Number of the earlier revision whose text came back, or None.
        flap: True on the step to, and on the step back from, a text that stood so briefly between equal
            neighbours that a stale cache is the likelier cause than an editor.
    """

    before: Revision
    after: Revision
    interval: Interval
    changes: tuple[Change, ...]
    reverts_to: int | None = None
    flap: bool = False


class Certainty(StrEnum):
    """How well an interval without a change is known."""

    PROVEN = "proven"  # every capture in it was read, or equals one that was
    BRACKETED = "bracketed"  # only its ends were read; a text that came and went between is invisible


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A time in which one text is believed to have stood, and how surely.

    Attributes:
        revision: Number of the revision.
        since: First capture of the stretch.
        until: Last capture of the stretch.
        certainty: Proven, or only bracketed.
        unread: Captures inside that were not read.
    """

    revision: int
    since: Citation
    until: Citation
    certainty: Certainty
    unread: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """Two archives that show different texts of one time, which nothing else bears out.

    Attributes:
        id: Stable across runs: a hash of both captures' times and texts.
        stands: The capture whose text the history has.
        other: The other archive's capture; of the same second it is set aside, else it stands in the history too.
        seconds: How far apart the two captures lie.
        changes: What the other text has that the one that stands has not, and the reverse.
    """

    id: str
    stands: Citation
    other: Citation
    seconds: int
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """All that is known of one target.

    Attributes:
        url: The tracked address.
        revisions: In order of time, suspect ones included.
        transitions: Between neighbouring trusted revisions, in order of time. What changed behind the end
            of a partial revision is a further step over it, from the last whole one, before the step from it.
        stretches: How surely each text stood, in order of time.
        observations: Every capture seen, in order of time.
        aliases: Other addresses that belong to the same article.
        contradictions: Figures that disagree inside one version, each once for the run of revisions
            that shows it, in order of time.
        alternations: Pairs of headlines that took turns.
        disagreements: Where two archives show different texts of one time, in order of time.
        coverage: How well archives cover the page and its outlet, as they were last looked at.
        witnessed: Captures that findings cite and that were fetched again, in order of time.
        evidence: Captures that no longer are as kept, in the order in which that was found; no changes of the page's.
        linked: The headlines under which other pages link the article, in order of source and time.
    """

    url: str
    revisions: tuple[Revision, ...] = ()
    transitions: tuple[Transition, ...] = ()
    stretches: tuple[Stretch, ...] = ()
    observations: tuple[Observation, ...] = ()
    aliases: tuple[str, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    alternations: tuple[Alternation, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    coverage: tuple[Coverage, ...] = ()
    witnessed: tuple[Witnessed, ...] = ()
    evidence: tuple[EvidenceFinding, ...] = ()
    linked: tuple[LinkedHeadline, ...] = ()

    @property
    def contradiction_ids(self) -> tuple[str, ...]:
        """The ids of what contradicts itself without having changed: figures of one version, archives of one time."""
        figures = [one.id for one in self.contradictions]
        return tuple(dict.fromkeys([*figures, *(one.id for one in self.disagreements)]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What a reader said about a finding; it stays with the finding's id.

    Attributes:
        change: The finding's `Change.id`.
        text: The reader's words.
        dismissed: True where the reader judged the finding wrong or irrelevant.
        at: When it was written (aware UTC).
    """

    change: str
    text: str
    dismissed: bool
    at: datetime
