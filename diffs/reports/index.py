"""The index of all targets."""

from collections.abc import Iterable
from dataclasses import dataclass

from diffs.model import ChangeKind, ClaimKind, History, Weight
from diffs.reports.names import file_stem
from diffs.reports.naming import headline, outlet
from diffs.reports.runs import headline_runs
from diffs.reports.safe import Markdown, markdown_text
from diffs.reports.series import series_in, trusted
from diffs.reports.templating import render_template
from diffs.reports.wording import amount, when


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexRow:
    """One target in the index."""

    report: Markdown
    outlet: str
    captures: int
    versions: int
    retitled: int
    tolls: int
    killed: Markdown
    changed: str


def render_index(histories: Iterable[History]) -> str:
    """Return a Markdown table of all targets, the one that changed last leading, with links to their reports."""
    known = sorted(histories, key=lambda one: one.url)
    known.sort(key=_last_change, reverse=True)
    return render_template("index.md.j2", rows=[_row(history) for history in known])


def _last_change(history: History) -> str:
    return history.transitions[-1].interval.until.at.isoformat() if history.transitions else ""


def _row(history: History) -> IndexRow:
    changes = [change for step in history.transitions if not step.flap for change in step.changes]
    tolls = [c for c in changes if c.kind is ChangeKind.CASUALTY and c.weight is Weight.SUBSTANTIVE]
    return IndexRow(
        report=Markdown(f"[{markdown_text(headline(history))}]({file_stem(history.url)}.md)"),
        outlet=outlet(history),
        captures=len(history.observations),
        versions=len(trusted(history)),
        retitled=max(0, len(headline_runs(history)) - 1),
        tolls=len(tolls),
        killed=_killed(history),
        changed=when(history.transitions[-1].interval.until.at) if history.transitions else "no change found",
    )


def _killed(history: History) -> Markdown:
    killed = [one for one in series_in(history) if one.kind is ClaimKind.KILLED]
    if not killed:
        return Markdown("none read")
    return Markdown(" → ".join(markdown_text(amount(step.claim)) for step in killed[0].steps))
