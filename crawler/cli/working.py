"""The verbs that fetch: capture, backfill, run, daemon, demo."""

import sysconfig
import tempfile
from collections.abc import Callable, Collection, Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from crawler.address import moment
from crawler.cli.addresses import CHANGED, ExitCode, Url, page_typed
from crawler.cli.logs import LogForm, settings_and_log
from crawler.cli.printing import (
    OUTCOMES,
    count,
    mended_words,
    out,
    out_document,
    out_path,
    progress,
    say,
    when,
)
from crawler.config import ArchiveSettings, Settings
from crawler.errors import VariorumError
from crawler.publish import FORMATS
from crawler.tracker import Tracker
from crawler.tracker import utc_now as clock
from crawler.tracking.events import (
    Backfilled,
    Began,
    Captured,
    Forecast,
    Left,
    Newest,
    Published,
    Saved,
    Stage,
)
from crawler.tracking.fetch_pass import Fetched
from crawler.tracking.listing import Listed
from crawler.tracking.mending import Mended
from diffs.model import History
from diffs.reports.document import Document, Item, List
from diffs.reports.figures import Known, figure_moves
from diffs.reports.findings import dismissed_ids
from diffs.reports.highlights import highlights_in
from diffs.reports.series import trusted

Also = Annotated[
    list[str] | None,
    typer.Option(
        "--also",
        metavar="ARCHIVE",
        help="Read this public archive too, such as arquivo; may be given several times.",
        show_default=False,
    ),
]
DEMO_PAGE = "https://www.meridian-courier.example/world/2025/03/11/silver-tern-ferry-port-sarel"


def register(app: typer.Typer) -> None:
    """Add these verbs to the command."""
    for verb in (capture, backfill, run, daemon, demo):
        app.command()(verb)


def backfill(
    context: typer.Context,
    url: Url,
    since: Annotated[
        str | None,
        typer.Option(
            "--from",
            help="First date to look at: 2016, 2016-09-18 or 20160918022640 (UTC).",
            show_default=False,
        ),
    ] = None,
    until: Annotated[
        str | None, typer.Option("--to", help="Last date to look at, itself included.", show_default=False)
    ] = None,
    every_capture: Annotated[
        bool, typer.Option("--every-capture", help="Fetch every capture instead of bisecting.")
    ] = False,
    budget: Annotated[
        int | None, typer.Option(min=1, help="Fetch at most so many bodies.", show_default=False)
    ] = None,
    retry: Annotated[
        bool,
        typer.Option(
            "--retry",
            help="Ask again at once for captures that could not be had, or whose kept bytes are damaged.",
        ),
    ] = False,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run", help="Say how many requests it would take, and stop; a store is not made for it."
        ),
    ] = False,
    also: Also = None,
    exit_code: ExitCode = False,
) -> None:
    """Fetch a page's past, find the changes, write the report."""
    address = page_typed(url)
    first, last = moment(since) if since else None, moment(until, end=True) if until else None
    if first and last and first > last:
        raise typer.BadParameter(f"{since} is later than {until}", param_hint="--from")
    settings = _settings(context, also)
    with ExitStack() as closing:
        if dry_run and settings.lacks_store:
            settings = closing.enter_context(settings.on_scratch_store())
        tracker = closing.enter_context(Tracker.open(settings, clock=clock))
        tell = closing.enter_context(progress(address))
        if dry_run:
            forecast = tracker.forecast(address, since=first, until=last, every=every_capture)
            _tell_listed(forecast.listed, address, tell)
            out(_forecast(forecast))
            return
        steps = tracker.iter_backfill(
            address, since=first, until=last, every=every_capture, budget=budget, retry=retry
        )
        _follow(tracker, steps, address, tell, exit_code=exit_code)


def _settings(context: typer.Context, also: list[str] | None) -> Settings:
    """Return the settings in force, with further archives where any are named."""
    settings: Settings = context.obj({"archives.also": also} if also else {})
    return settings


def _forecast(forecast: Forecast) -> str:
    """Return how many bodies a backfill would fetch, and how long that takes at the archive's limit."""
    least, most = forecast.bodies.fewest, forecast.bodies.most
    if not most and not forecast.siblings:
        return "nothing to fetch: all that tells something was read"
    bodies = count(most, "body") if least == most else f"{least} to {count(most, 'body')}"
    minutes = forecast.minutes
    others = (
        f"up to {forecast.siblings} requests for other articles of the site, " if forecast.siblings else ""
    )
    return f"{bodies} to fetch, {others}" + (
        f"up to {minutes:.0f} minutes" if minutes >= 1.5 else "about a minute"
    )


STAGES = {
    Stage.LISTING: "asking which captures there are",
    Stage.SIBLINGS: "reading other articles of the site",
    Stage.NEWEST: "fetching the newest",
    Stage.EARLIER: "fetching an earlier one to compare with",
}


def _follow(
    tracker: Tracker,
    steps: Iterable[Backfilled | Captured],
    address: str,
    tell: Callable[[str], None],
    *,
    exit_code: bool,
) -> None:
    """Print each step as it is done; leaves with 3 for changes where that is asked for and nothing failed."""
    changed, left = False, None
    for step in steps:
        match step:
            case Began():
                tell(STAGES[step.stage])
            case Saved():
                _tell_saved(step)
            case Listed():
                _tell_listed(step, address, tell)
            case Fetched():
                seen = step.seen
                reason = f": {seen.reason}" if seen.reason else ""
                tell(f"{step.requests}. {when(seen.capture.at)} {OUTCOMES[seen.outcome]}{reason}")
            case Newest():
                say(f"newest capture read: {when(step.seen.served_at or step.seen.capture.at)}")
            case Published():
                _print_published(step)
                changed = bool(step.changes)
            case Mended():
                say(mended_words(step))
            case Left():
                left = step
    if left is not None:
        say(_left(left))
    from crawler.site.freshness import refresh_index

    refresh_index(tracker)
    if exit_code and changed:
        raise typer.Exit(CHANGED)


def _tell_listed(listed: Listed, address: str, tell: Callable[[str], None]) -> None:
    for trouble in (*listed.failures, *listed.complaints):
        say(f"variorum: {trouble}")
    tell(f"{count(listed.known, 'capture')} known, {listed.new} new")
    if not listed.within:
        say(f"variorum: no capture of {address} lies in that time; the report is of what is known.")


def _left(left: Left) -> str:
    """Return that the budget is spent, how many captures that leaves unread, and what reads them."""
    most = left.bodies.most
    unread = (
        "1 capture is"
        if most == 1
        else f"{'up to ' if left.bodies.fewest < most else ''}{most:,} captures are"
    )
    return (
        f"The budget of {count(left.budget, 'body')} is spent: {unread} still to be read, and may show further "
        "changes. Run the same command again to go on, or without --budget to read them all."
    )


def _tell_saved(saved: Saved) -> None:
    if saved.result is None:
        say(f"not saved; the newest capture follows: {saved.error}")
    else:
        say(f"{saved.result.state}: {saved.result.message}")


def _print_published(published: Published) -> None:
    """Print in two lines what was found."""
    dismissed = dismissed_ids(published.notes)
    say(f"{_counted(published.history, dismissed)}.")
    for path in published.paths:
        out_path(path)


def _counted(history: History, dismissed: Collection[str] = ()) -> str:
    """Return how many versions, changes of figures and findings there are, as reports count them."""
    findings = sum(len(step.changes) for step in history.transitions)
    moves = len(figure_moves(history, dismissed))
    figures = "1 change of a figure" if moves == 1 else f"{moves:,} changes of figures"
    apart = len(history.contradiction_ids)
    more = f", and {count(apart, 'contradiction')}" if apart else ""
    return f"{count(len(trusted(history)), 'version')}, {figures} ({count(findings, 'finding')} in all{more})"


def capture(
    context: typer.Context,
    url: Url,
    no_save: Annotated[
        bool, typer.Option("--no-save", help="Do not ask the archive to save the page first.")
    ] = False,
    also: Also = None,
    exit_code: ExitCode = False,
) -> None:
    """Save the page now, fetch the newest capture, compare, report."""
    address = page_typed(url)
    with Tracker.open(_settings(context, also), clock=clock) as tracker, progress(address) as tell:
        steps = tracker.iter_capture(address, save=not no_save)
        _follow(tracker, steps, address, tell, exit_code=exit_code)


def run(
    context: typer.Context,
    limit: Annotated[int, typer.Option(min=1, help="Visit at most so many pages.")] = 1000,
) -> None:
    """Visit every page that is due, once."""
    from crawler.discovery.jobs import readings_now

    done = failed = 0
    with Tracker.open(context.obj(), clock=clock, sandboxed=True) as tracker:
        for reading in readings_now(tracker.settings, tracker.store, clock=clock):
            say(f"{reading.source.url}: {count(len(reading.tracked), 'page')} tracked from now on")
            for trouble in reading.troubles:
                say(f"variorum: {trouble}")
        for visited in tracker.iter_visits(limit=limit):
            done, failed = done + 1, failed + (visited.error is not None)
            came = str(visited.error or "looked at").removesuffix(".")
            say(f"{visited.target.url}: {came}; next look {when(visited.due)}")
        held = tracker.held()
        soonest = tracker.store.queue.soonest()
    if not done and (soonest is None or soonest > clock()):
        idle = f"due before {when(soonest)}" if soonest else "tracked: `variorum track URL` starts it"
        say(f"Nothing is {idle}.")
    for each in held:
        say(f"{each.target.url}: due, and held by {each.worker} until {when(each.until)}")
    out(f"looked at {count(done, 'page')}")
    if failed:
        raise VariorumError(f"{count(failed, 'look')} failed; each is tried again when it is next due.")


def daemon(context: typer.Context, log_format: LogForm = None) -> None:
    """Visit pages as they fall due, for ever; SIGTERM finishes the page in hand and stops."""
    from crawler.daemon import watch  # it brings clock, site and maintenance, which a backfill has no use for

    with Tracker.open(settings_and_log(context, log_format), clock=clock, sandboxed=True) as tracker:
        code = watch(tracker)
    raise typer.Exit(code)


def demo(
    context: typer.Context,
    out_folder: Annotated[
        Path,
        typer.Option("--out", envvar="VARIORUM_REPORTS", show_envvar=False, help="Folder for the report."),
    ] = Path("demo-reports"),
) -> None:
    """Run the whole pipeline on bundled captures, offline, and name the report and what it says is worth a look.

    With --store FILE the captures are kept there, to be read with the other verbs.
    """
    with tempfile.TemporaryDirectory(prefix="variorum-demo-") as scratch:
        # Nothing set elsewhere may send the demo online, or into a store of real pages.
        kept = context.find_root().params["store"]
        settings = Settings.model_construct(
            store=kept or str(Path(scratch) / "demo.db"),
            reports=Path(scratch),
            archive=ArchiveSettings(dialect="warc", url=str(_demo_archive())),
        )
        with Tracker.open(settings, clock=clock) as tracker, progress("demo") as tell:
            for step in tracker.iter_backfill(DEMO_PAGE, every=True):
                if isinstance(step, Fetched):
                    tell(f"{when(step.seen.capture.at)} {OUTCOMES[step.seen.outcome]}")
            written = tracker.report(DEMO_PAGE, folder=out_folder, formats=FORMATS).paths
            history = tracker.history(DEMO_PAGE)
    out(f"{_counted(history)}. Look first at:")
    looks = [Item(one) for one in highlights_in(Known(history))[:3]]
    out_document(Document(title=(), blocks=(List(items=tuple(looks), ordered=True),)))
    say("Its chart and its forms for machines are in the same folder.")
    if kept:
        out(f"The captures: {kept}")
    out_path(next(path for path in written if path.suffix == ".md"), "The report: ")


def _demo_archive() -> Path:
    """Find the bundled captures: in `seeds/` of a checkout, in the shared data of an installation."""
    name = "meridian-courier.warc.gz"
    checkout = Path(__file__).parents[2] / "seeds" / "demo" / name
    return checkout if checkout.is_file() else Path(sysconfig.get_path("data")) / "share" / "variorum" / name
