"""What came back: whole texts, headlines, figures."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from diffs.changes.casualty import NUMBER_TYPES, casualty_id, same_count
from diffs.changes.identity import address_of, id_of
from diffs.changes.weigh import heaviest
from diffs.model import Change, ChangeKind, ChangeType, Revision, Transition
from diffs.text import folded


def reversions_in(
    before: Revision,
    after: Revision,
    changes: Sequence[Change],
    past: Sequence[Transition],
    *,
    text: int | None,
) -> Iterator[Change]:
    """Yield a change of type `reverted` for each thing of the past that a step brought back.

    Args:
        before: The revision before the step.
        after: The revision after it.
        changes: What `changes_between` says of the step.
        past: The steps before it, in order of time.
        text: Number of the earlier revision whose whole text came back, or None.
    """
    earlier = [step.before for step in past]
    address = address_of(after.article)
    if text is not None:
        yield Change(
            id=id_of(address, ChangeKind.TEXT, ChangeType.REVERTED, after.article.fingerprint),
            kind=ChangeKind.TEXT,
            type=ChangeType.REVERTED,
            weight=heaviest(change.weight for change in changes),
            reverts_to=text,
        )
    yield from _headline(before, after, earlier, changes)
    for change in changes:
        if change.kind is ChangeKind.CASUALTY and change.type in NUMBER_TYPES:
            yield from _figure(address, change, past)


def _headline(
    before: Revision, after: Revision, earlier: Sequence[Revision], changes: Sequence[Change]
) -> Iterator[Change]:
    shown = next(
        (c for c in changes if c.kind is ChangeKind.HEADLINE and "displayed" in c.places and c.after),
        None,
    )
    headline = folded(after.article.headline or "")
    if shown is None or headline == folded(before.article.headline or ""):
        return
    same = (revision for revision in reversed(earlier) if folded(revision.article.headline or "") == headline)
    source = next(same, None)
    if source is not None:
        address = address_of(after.article)
        yield replace(
            shown,
            id=id_of(address, ChangeKind.HEADLINE, ChangeType.REVERTED, headline),
            type=ChangeType.REVERTED,
            edits=(),
            places=(),
            reverts_to=source.number,
        )


def _figure(address: str, change: Change, past: Sequence[Transition]) -> Iterator[Change]:
    """Yield a reversion where an earlier step left the very figure that this step comes back to."""
    for step in reversed(past):
        for left in step.changes:
            if (
                left.kind is ChangeKind.CASUALTY
                and left.type in NUMBER_TYPES
                and left.claim_before is not None
                and change.claim_after is not None
                and left.claim_before.qualifier is change.claim_after.qualifier
                and same_count(left.claim_before, change.claim_after)
            ):
                yield replace(
                    change,
                    id=casualty_id(address, ChangeType.REVERTED, change.claim_before, change.claim_after),
                    type=ChangeType.REVERTED,
                    edits=(),
                    also_in=(),
                    other_event=False,
                    reverts_to=step.before.number,
                )
                return
