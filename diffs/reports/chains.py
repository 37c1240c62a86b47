"""Figures followed from change to change, where no source's own series tells that they moved."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from diffs.changes.casualty import NUMBER_TYPES
from diffs.changes.matching import same_number, same_source
from diffs.model import Change, ChangeKind, Claim, ClaimKind, Transition
from diffs.reports.citations import Cited
from diffs.reports.document import Line, joined, line
from diffs.reports.wording import COUNTED, UNNAMED, amount, in_headline, source, when


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


def chain_clause(chain: Chain, cited: Cited) -> Line:
    """Return a chain as a clause: `the number killed went from at least 5 (per “police”) to 6 ...`, with footnotes."""
    links = chain.links
    claims = [links[0].old, *(link.new for link in links)]
    apart = len({source(claim) for claim in claims}) > 1
    way = [amount(claim) + (f" ({_named(claim)})" if apart else "") for claim in claims]
    per = "" if apart or source(claims[-1]) == UNNAMED else f" {_named(claims[-1])}"
    place = " in the headline" if all(link.headline for link in links) else ""
    start, end = links[0].step.interval.after.at, links[-1].step.interval.until.at
    return line(
        f"the number {COUNTED[chain.kind]}{place}{per} went from {way[0]} to ",
        joined(way[1:], ", then "),
        f" after {when(start)} and not later than {when(end)}",
        *(cited.between(link.step.interval) for link in links),
    )


def _named(claim: Claim) -> str:
    name = source(claim)
    return name if name == UNNAMED else f"per “{name}”"
