"""The verbs that show what is watched, and how it stands: list, status."""

from typing import TYPE_CHECKING, Annotated

import typer

from crawler.cli.printing import OUTCOMES, Json, count, out_document, out_json, say, table, table_of, when
from crawler.errors import VariorumError
from crawler.model import SaveStatus, SaveWish, Target
from crawler.store import DaemonState
from crawler.tracker import Tracker
from crawler.tracker import utc_now as clock
from diffs.model import to_json
from diffs.reports.document import Document, Paragraph, line

if TYPE_CHECKING:
    from crawler.store import StatusRecord


def register(app: typer.Typer) -> None:
    """Add these verbs to the command."""
    app.command("list")(list_targets)
    app.command()(status)


def list_targets(
    context: typer.Context,
    story: Annotated[str | None, typer.Option(help="Only this story's.", show_default=False)] = None,
    every: Annotated[
        bool, typer.Option("--known", help="Also pages that are known and not watched.")
    ] = False,
    json: Json = False,
) -> None:
    """List the pages that are watched."""
    with Tracker.open(context.obj(), clock=clock, create=False) as tracker:
        targets = list(tracker.store.targets.all(story=story, include_untracked=every))
        known = 0 if targets else tracker.status().untracked
        why = tracker.store.sources.reasons()
    if json:
        out_json([to_json(each) | {"found_by": why.get(each.id)} for each in targets])
        return
    if story is not None and not targets:
        say(
            f"No page of the story {story!r} is tracked; `variorum list --known` names the stories of each page."
        )
    elif not targets:
        more = f" `variorum list --known` names {count(known, 'page')} known from elsewhere." if known else ""
        say(f"Nothing is tracked: `variorum track URL` starts it.{more}")
    table(
        ("Page", "Stories", "Next look", "Last error", "Found by"),
        (
            (
                each.url,
                ", ".join(each.stories) or "-",
                when(each.next_due) if each.tracked else "not tracked",
                each.last_error or "-",
                why.get(each.id, "-"),
            )
            for each in targets
        ),
    )


def status(
    context: typer.Context,
    url: Annotated[
        str | None, typer.Argument(metavar="URL", show_default=False, help="Only this page.")
    ] = None,
    max_age: Annotated[
        int | None,
        typer.Option(
            min=1, help="Fail when the daemon was not heard of for so many seconds.", show_default=False
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Show the state of the store, the archives' limits and the queue, or of one page."""
    if url is not None and max_age is not None:
        raise typer.BadParameter("it is for the daemon, not for one page", param_hint="--max-age")
    with Tracker.open(context.obj(), clock=clock, create=False) as tracker:
        if url is None:
            from crawler.cli.screen import print_screen
            from crawler.maintenance.overview import overview_of

            now = clock()
            record = overview_of(tracker.settings, tracker.store, now=now)
            if json:
                out_json(record)
            else:
                print_screen(record, tracker.settings, now)
            if max_age is not None:
                _check_heartbeat(record, max_age)
            return
        found = tracker.target_status(url)
        discovered = tracker.store.sources.discovery(found.target)
        linked = tracker.store.linked.of(found.target)
        notes = tracker.store.findings.notes(found.target)
        joined = tracker.store.stories.reasons(found.target)
    target = found.target
    if json:
        out_json(
            {
                "target": target,
                "observations": found.observations,
                "discovery": discovered,
                "story_reasons": joined,
                "linked": linked,
                "evidence": found.history.evidence,
            }
        )
        return
    planned = found.next_visit if target.tracked else "not tracked; `variorum track` has it looked at again"
    lines = [line(f"{target.url}: {planned}")]
    if discovered is not None:
        until = f"; tracked until {when(discovered.expires)}" if discovered.expires else ""
        said = f"Found on {when(discovered.at)} in {discovered.source}: {discovered.why}{until}"
        lines.append(line(said))
    lines += [line(f"In the story {story}, as named by {why}") for story, why in joined.items()]
    lines += [
        line(f"Linked {when(each.first.at)} to {when(each.last.at)} by {each.source} as: {each.headline}")
        for each in linked
    ]
    if target.save is not SaveWish.NONE:
        lines.append(line(f"Saved {target.save}; last asked {when(target.save_asked)}: {_saved(target)}"))
    lines += [
        line(
            f"Evidence: the capture of {when(one.capture.at)} in {one.capture.archive} is {one.type.words} "
            f"since {when(one.appeared)}"
        )
        for one in found.history.evidence
        if one.resolved is None
    ]
    rows = [
        tuple(
            map(
                line,
                (when(seen.capture.at), seen.capture.archive, OUTCOMES[seen.outcome], seen.reason or "-"),
            )
        )
        for seen in found.observations
    ]
    captures = table_of(("Captured", "Archive", "Outcome", "Reason"), rows).blocks if rows else ()
    from diffs.reports.figures import Known
    from diffs.reports.findings import dismissed_ids
    from diffs.reports.headlines import finding_of

    title = line(finding_of(Known(found.history, dismissed_ids(notes))))
    out_document(Document(title=title, blocks=(*map(Paragraph, lines), *captures)))


def _check_heartbeat(record: "StatusRecord", max_age: int) -> None:
    """Fail where no daemon was heard of lately, as a container's health check asks."""
    beat = record.heartbeat
    if (
        beat is None
        or beat.state in (DaemonState.STOPPED, DaemonState.GONE)
        or (clock() - beat.beat).total_seconds() > max_age
    ):
        raise VariorumError(
            f"No daemon was heard of in the last {max_age} seconds. `variorum daemon` starts one."
        )


def _saved(target: Target) -> str:
    if target.save_status is None:
        return "-"
    if target.save_status is SaveStatus.ASKED:
        return "asked, no answer yet"
    return f"{target.save_status}: {target.save_said}" if target.save_said else str(target.save_status)
