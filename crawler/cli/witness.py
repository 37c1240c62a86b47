"""The verb that fetches cited captures again: witness."""

from typing import Annotated

import typer

from crawler.cli.printing import Json, count, out, out_json, progress, say, table, when
from crawler.errors import ArchiveError, InputError, VariorumError
from crawler.model import Target
from crawler.tracker import Tracker
from crawler.tracker import utc_now as clock
from diffs.model import Verdict, Witnessed


def register(app: typer.Typer) -> None:
    """Add the verb to the command."""
    app.command()(witness)


def witness(
    context: typer.Context,
    url: Annotated[
        str | None,
        typer.Argument(metavar="URL", help="Only what this page's findings cite.", show_default=False),
    ] = None,
    finding: Annotated[
        list[str] | None,
        typer.Option(
            "--finding", metavar="ID", help="Only what this finding cites (repeatable).", show_default=False
        ),
    ] = None,
    budget: Annotated[
        int | None,
        typer.Option(
            min=1, metavar="N", help="At most so many captures, longest unasked first.", show_default=False
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Fetch the captures that findings cite again, and compare them with those kept."""
    if url and finding:
        raise InputError("Name a page or findings, not both.")
    done: list[Witnessed] = []
    apart = 0
    stopped: ArchiveError | None = None
    with Tracker.open(context.obj(), clock=clock, create=False, sandboxed=True) as tracker:
        from crawler.evidence.witness import cited_by_findings
        from crawler.evidence.witness import witness as fetch_again

        ids = [each.strip() for each in finding or ()] or None
        left = budget
        for target in _pages(tracker, url, ids):
            cited = cited_by_findings(tracker.pipeline, target, only=ids)
            apart += cited.apart
            with progress(target.url) as tell:
                for number, seen in enumerate(cited.rows[:left], start=1):
                    tell(f"{number} of {len(cited.rows)}")
                    try:
                        done.append(fetch_again(tracker.pipeline, target, seen, now=clock()))
                    except ArchiveError as error:
                        stopped = error
                        break
                    left = None if left is None else left - 1
            if stopped or left == 0:
                break
    if apart:
        say(f"{count(apart, 'cited capture')} from files, or of archives that are not configured, left out")
    if json:
        out_json(done)
    else:
        _print(done)
    if stopped is not None:
        raise stopped
    lost = sum(one.is_answered and one.is_lost for one in done)
    if lost:
        raise VariorumError(
            f"{count(lost, 'capture')} no longer as kept. The bytes kept here are what is left."
        )


def _pages(tracker: Tracker, url: str | None, ids: list[str] | None) -> list[Target]:
    if url:
        return [tracker.target(url)]
    if ids:
        findings = tracker.store.findings
        named = [name for each in ids for name in findings.holders(findings.whole_id(each))]
        return [tracker.target(name) for name in dict.fromkeys(named)]
    pages = tracker.store.targets.all(include_untracked=True)
    return [page for page in pages if tracker.store.findings.of(page)]


def _print(done: list[Witnessed]) -> None:
    odd = [one for one in done if one.is_lost or not one.is_answered]
    if odd:
        table(
            ("Capture", "Archive", "Page", "Now", "Why"),
            [
                (
                    when(one.capture.at),
                    one.capture.archive,
                    one.capture.url,
                    one.verdict.words if one.verdict and one.is_answered else "no answer",
                    one.reason or "-",
                )
                for one in odd
            ],
        )
    parts = [
        f"{number:,} {verdict.words}"
        for verdict in Verdict
        if (number := sum(one.is_answered and one.verdict is verdict for one in done))
    ]
    unknown = sum(not one.is_answered for one in done)
    parts += [f"{unknown:,} without an answer"] if unknown else []
    out(f"{count(len(done), 'capture')} fetched again" + (f": {', '.join(parts)}" if parts else ""))
