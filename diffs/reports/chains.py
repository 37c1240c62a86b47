"""Figures followed from change to change, where no source's own series tells that they moved."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from diffs.changes.casualty import NUMBER_TYPES
from diffs.changes.matching import same_number, same_source
from diffs.model import Change, ChangeKind, Claim, ClaimKind, Transition
from diffs.reports.wording import in_headline


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One change of a number, with the step it happened in."""

    old: Claim
    new: Claim
    step: Transition
    headline: bool


@dataclass(slots=True)
class Chain:
    """Changes of which each took up the number that the one before had left."""

    links: list[Link]

    @property
    def kind(self) -> ClaimKind:
        """What is counted."""
        return self.links[0].new.kind


def chains_in(steps: Sequence[Transition], dismissed: Collection[str]) -> list[Chain]:
    """Return the numbers that moved, in order of time, each with all its moves.

    Args:
        steps: The steps of a history, those of a stale cache left out.
        dismissed: Ids of findings that a reader dismissed, which are left out.
    """
    chains: list[Chain] = []
    for step in steps:
        for change in step.changes:
            link = None if change.id in dismissed else _link(change, step)
            if link is None:
                continue
            chain = next((one for one in chains if _takes_up(one.links[-1], link)), None)
            if chain is None:
                chains.append(Chain([link]))
            else:
                chain.links.append(link)
    return chains


def _link(change: Change, step: Transition) -> Link | None:
    old, new = change.claim_before, change.claim_after
    if (
        change.kind is not ChangeKind.CASUALTY
        or change.other_event
        or change.type not in NUMBER_TYPES
        or old is None
        or new is None
    ):
        return None
    return Link(old=old, new=new, step=step, headline=in_headline(change))


def _takes_up(last: Link, link: Link) -> bool:
    return (
        last.new.kind is link.old.kind
        and last.step is not link.step
        and last.headline == link.headline
        and same_number(last.new, link.old)
        and same_source(last.new, link.old) is not False
    )
