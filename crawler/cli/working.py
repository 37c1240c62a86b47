"""The verbs that fetch: track, untrack, capture, backfill, run, daemon, demo."""

import os
import platform
import sysconfig
import tempfile
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from crawler.address import moment, page_address
from crawler.archive import Estimate
from crawler.archive.save import Saver, SaveState
from crawler.cli.printing import count, out, progress, say, when
from crawler.config import ArchiveSettings, Settings
from crawler.daemon import DaemonSettings, Job, configure_log, run_daemon
from crawler.errors import ArchiveError, InputError, VariorumError
from crawler.maintenance.retention import drop_old_bodies
from crawler.model import SaveWish, StoredCapture, Target
from crawler.publish import FORMATS, publish
from crawler.store import Store
from crawler.tracker import Desk, open_desk, sources_in
from crawler.tracking.pipeline import Step
from crawler.tracking.scheduler import pressure_on, run_once
from crawler.tracking.visit import Looker
from diffs.model import History, Outcome, Weight

Url = Annotated[str, typer.Argument(help="The page's address.", metavar="URL", show_default=False)]
ExitCode = Annotated[bool, typer.Option("--exit-code", help="Exit with 3 when there were changes.")]
CHANGED = 3
DAY = 86_400.0
DEMO_PAGE = "https://www.meridian-courier.example/world/2025/03/11/silver-tern-ferry-port-sarel"


def clock() -> datetime:
    """Return the time; the one place of the command that looks."""
    return datetime.now(UTC)


def register(app: typer.Typer) -> None:
    """Add these verbs to the command."""
    for verb in (track, untrack, capture, backfill, run, daemon, demo):
        app.command()(verb)


def track(
    context: typer.Context,
    urls: Annotated[
        list[str] | None, typer.Argument(metavar="[URL]...", help="Pages to watch.", show_default=False)
    ] = None,
    story: Annotated[str | None, typer.Option(help="The story they belong to.", show_default=False)] = None,
    since: Annotated[
        str | None,
        typer.Option(help="Ask for no captures before this date, such as 2016-09-18.", show_default=False),
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option(
            help="A list: a page a line, what follows it and # comments ignored.", show_default=False
        ),
    ] = None,
    save: Annotated[
        SaveWish | None,
        typer.Option(help="Ask the archive for captures itself where it is silent.", show_default=False),
    ] = None,
) -> None:
    """Watch pages from now on."""
    addresses = [page_address(url) for url in (*(urls or []), *(_lines_of(file) if file else []))]
    if not addresses:
        raise typer.BadParameter("give at least one URL, or --file LIST", param_hint="URL")
    first = moment(since) if since else None
    settings: Settings = context.obj()
    if save is SaveWish.ON_GAP and settings.archive.dialect == "warc":
        raise InputError("WARC files are read, not saved to; --save needs a Wayback Machine or a pywb.")
    with open_desk(settings, clock=clock) as desk:
        for address in addresses:
            _, created = desk.store.targets.track(address, story=story, since=first, save=save, now=clock())
            out(f"{'tracking' if created else 'already tracked'}\u2003{address}")


def _lines_of(file: Path) -> list[str]:
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"The list {file} cannot be read: {error}.") from error
    return [words[0] for line in lines if (words := line.partition(" #")[0].split()) and words[0][0] != "#"]


def untrack(context: typer.Context, url: Url) -> None:
    """Stop watching a page; its evidence is kept."""
    address = page_address(url)
    with open_desk(context.obj(), clock=clock, create=False) as desk:
        known = desk.store.targets.untrack(address)
    out(f"no longer tracking\u2003{address}" if known else f"was not tracked\u2003{address}")


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
    every_capture: Annotated[bool, typer.Option(help="Fetch every capture instead of bisecting.")] = False,
    budget: Annotated[
        int | None, typer.Option(min=1, help="Fetch at most so many bodies.", show_default=False)
    ] = None,
    dry_run: Annotated[bool, typer.Option(help="Say how many requests it would take, and stop.")] = False,
    exit_code: ExitCode = False,
) -> None:
    """Fetch a page's past, find the changes, write the report."""
    address = page_address(url)
    first, last = moment(since) if since else None, moment(until, end=True) if until else None
    if first and last and first > last:
        raise typer.BadParameter(f"{since} is later than {until}", param_hint="--from")
    with open_desk(context.obj(), clock=clock) as desk:
        target = desk.store.targets.ensure(address, clock())
        with progress(address) as tell:
            tell("asking which captures there are")
            listing = desk.pipeline.list_captures(target, since=first, until=last)
            for trouble in (*listing.failures, *listing.complaints):
                say(f"variorum: {trouble}")
            tell(f"{count(listing.known, 'capture')} known, {listing.new} new")
            if (first or last) and not desk.pipeline.any_between(target, first, last):
                say(f"variorum: no capture of {address} lies in that time; the report is of what is known.")
            if dry_run:
                forecast = desk.pipeline.forecast(target, since=first, until=last, every=every_capture)
                out(_forecast(forecast, desk.settings.limits.playback_per_minute))
                return
            steps = desk.pipeline.backfill(
                target, now=clock(), since=first, until=last, every=every_capture, budget=budget
            )
            failed = _all_of(steps, tell)
        _finish(desk, target, exit_code=exit_code and failed is None)
    if failed is not None:
        raise failed


def _forecast(estimate: Estimate, per_minute: float) -> str:
    """Return how many bodies a backfill would fetch, and how long that takes at the archive's limit."""
    least, most = estimate.fewest, estimate.most
    bodies = count(most, "body") if least == most else f"{least} to {count(most, 'body')}"
    minutes = most / per_minute
    return f"{bodies} to fetch, " + (f"up to {minutes:.0f} minutes" if minutes >= 1.5 else "about a minute")


def _all_of(steps: Iterable[Step], tell: Callable[[str], None]) -> ArchiveError | None:
    """Take every step; where the archive ends the pass, what came before is still reported."""
    try:
        for step in steps:
            seen = step.seen
            reason = f" ({seen.reason})" if seen.reason else ""
            tell(f"{step.requests}. {when(seen.capture.at)} {seen.outcome}{reason}")
    except ArchiveError as error:
        return error
    return None


def capture(
    context: typer.Context,
    url: Url,
    no_save: Annotated[
        bool, typer.Option("--no-save", help="Do not ask the archive to save the page first.")
    ] = False,
    exit_code: ExitCode = False,
) -> None:
    """Save the page now, fetch the newest capture, compare, report."""
    address = page_address(url)
    failed = None
    with open_desk(context.obj(), clock=clock) as desk:
        target = desk.store.targets.ensure(address, clock())
        if not no_save:
            failed = _save(desk, address)
        with progress(address) as tell:
            tell("asking which captures there are")
            listing = desk.pipeline.list_captures(target)
            for trouble in (*listing.failures, *listing.complaints):
                say(f"variorum: {trouble}")
            tell("fetching the newest")
            newest = desk.pipeline.newest(target, now=clock())
            tell("fetching an earlier one to compare with")
            if _alone(desk, target):
                _all_of(desk.pipeline.backfill(target, now=clock(), budget=1), tell)
        failed = _newer_failure(desk, target, newest) or failed
        say(f"newest capture read: {when(newest.served_at or newest.capture.at)}")
        _finish(desk, target, exit_code=exit_code and failed is None)
    if failed is not None:
        raise failed


def _newer_failure(desk: Desk, target: Target, newest: StoredCapture) -> VariorumError | None:
    """Return an error where captures newer than the newest read could not be had."""
    missed = [
        row
        for row in desk.store.captures.of(target, outcome=Outcome.FAILED)
        if row.capture.at > newest.capture.at
    ]
    if not missed:
        return None
    reason = missed[-1].reason or "no reason given"
    return ArchiveError(
        f"{count(len(missed), 'newer capture')} could not be read, the last because: {reason}"
    )


def _alone(desk: Desk, target: Target) -> bool:
    """Whether only one text is known yet."""
    return len({seen.fingerprint for seen in desk.store.captures.of(target) if seen.fingerprint}) < 2


def _save(desk: Desk, address: str) -> VariorumError | None:
    """Ask the archive to save the page; a failure is given back, to be raised when the rest is done."""
    saver = Saver(sources_in(desk.settings)[0], session=desk.session, keys=desk.settings.save.keys())
    try:
        result = saver.save(address, now=clock())
    except ArchiveError as error:
        say(f"not saved; the newest capture follows: {error}")
        return error
    say(f"{result.state}: {result.message}")
    if result.state in (SaveState.SAVED, SaveState.EXISTING):
        return None
    advice = (
        "Run the command again later." if result.state is SaveState.UNKNOWN else "--no-save leaves it out."
    )
    return ArchiveError(f"The page was not saved ({result.state}): {result.message.rstrip('.')}. {advice}")


def run(
    context: typer.Context,
    limit: Annotated[int, typer.Option(min=1, help="Look at no more targets than this.")] = 1000,
) -> None:
    """Look once at every target that is due."""
    told: list[bool] = []

    def tell(target: Target, error: BaseException | None, due: datetime) -> None:
        told.append(error is None)
        say(f"{target.url}: {error or 'looked at'}; next look {when(due)}")

    with open_desk(context.obj(), clock=clock, isolated=True) as desk:
        looker = _looker(desk)
        run_once(
            desk.store,
            looker.look,
            now=clock,
            limit=limit,
            stop=lambda: False,
            worker=f"run {platform.node()} {os.getpid()}",
            pressure=pressure_on(desk.store, per_minute=desk.looks_per_minute),
            told=tell,
            taking=looker.take,
        )
    out(f"looked at {count(len(told), 'target')}")
    if not all(told):
        failed = count(told.count(False), "look")
        raise VariorumError(f"{failed} failed; each is tried again when it is next due.")


def daemon(context: typer.Context) -> None:
    """Look at what is due, for ever; SIGTERM finishes the page in hand and stops."""
    settings: Settings = context.obj()
    configure_log()
    given = settings.daemon
    with open_desk(settings, clock=clock, isolated=True) as desk:
        looker = _looker(desk)
        pace = DaemonSettings(
            tick_seconds=given.tick_seconds,
            batch=given.batch,
            lease_seconds=given.lease_seconds,
            per_minute=desk.looks_per_minute,
            taking=looker.take,
            jobs=_jobs(settings),
        )
        code = run_daemon(
            lambda: desk.store, lambda _store, target, stop: looker.look(target, stop=stop), pace, now=clock
        )
    raise typer.Exit(code)


def _jobs(settings: Settings) -> dict[str, tuple[float, Job]]:
    """Return the daemon's jobs that only some settings ask for."""
    days = settings.retention.bodies_days
    if days is None:
        return {}

    def forget(store: Store, stop: Callable[[], bool]) -> str | None:
        gone = drop_old_bodies(store, days=days, now=clock(), stop=stop)
        return f"let the bytes of {count(gone.captures, 'capture')} go" if gone.captures else None

    return {"retention": (DAY, forget)}


def _looker(desk: Desk) -> Looker:
    return Looker(desk, clock=clock, publish=lambda target: _publish(desk, target))


def demo(
    out_folder: Annotated[Path, typer.Option("--out", help="Folder for the report.")] = Path("demo-reports"),
) -> None:
    """Run the whole pipeline on bundled captures, offline, and print the report."""
    with tempfile.TemporaryDirectory(prefix="variorum-demo-") as scratch:
        # Nothing set elsewhere may send the demo online.
        settings = Settings.model_construct(
            store=str(Path(scratch) / "demo.db"),
            reports=out_folder,
            archive=ArchiveSettings(dialect="warc", url=str(_demo_archive())),
        )
        with open_desk(settings, clock=clock) as desk:
            target = desk.store.targets.ensure(DEMO_PAGE, clock())
            desk.pipeline.list_captures(target)
            with progress("demo") as tell:
                for step in desk.pipeline.backfill(target, now=clock(), every=True):
                    tell(f"{when(step.seen.capture.at)} {step.seen.outcome}")
            _, written = _publish(desk, target, formats=FORMATS)
    report_file = next(path for path in written if path.suffix == ".md")
    typer.echo(report_file.read_text(encoding="utf-8"))
    say(f"This report is {report_file}; beside it are its chart and its forms for machines.")


def _demo_archive() -> Path:
    """Find the bundled captures: in `seeds/` of a checkout, in the shared data of an installation."""
    name = "meridian-courier.warc.gz"
    checkout = Path(__file__).parents[2] / "seeds" / "demo" / name
    return checkout if checkout.is_file() else Path(sysconfig.get_path("data")) / "share" / "variorum" / name


def _publish(desk: Desk, target: Target, *, formats: Sequence[str] = ("md",)) -> tuple[History, list[Path]]:
    with desk.store.together():  # nobody learns more of the target between reading and writing
        history = desk.pipeline.history(target)
        desk.pipeline.remember_findings(target, history, now=clock())
    notes = tuple(desk.store.findings.notes(target))
    return history, publish(history, desk.settings.reports, notes=notes, formats=formats)


def _finish(desk: Desk, target: Target, *, exit_code: bool) -> None:
    """Publish, say in two lines what was found, and leave."""
    history, written = _publish(desk, target)
    changes = [change for transition in history.transitions for change in transition.changes]
    weighty = [change for change in changes if change.weight is Weight.SUBSTANTIVE]
    say(f"{count(len(history.revisions), 'revision')}, {count(len(weighty), 'substantive change')}")
    for path in written:
        out(str(path))
    if exit_code and changes:
        raise typer.Exit(CHANGED)
