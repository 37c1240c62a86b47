"""The verb that reads what is kept again, here or shared out over machines."""

from pathlib import Path
from textwrap import shorten
from typing import Annotated

import typer

from crawler.cli.printing import count, out, out_path, say
from crawler.errors import VariorumError
from crawler.maintenance.rebuild import Rebuilt
from crawler.tracker import Tracker
from crawler.tracker import utc_now as clock
from diffs.model import Change
from diffs.reports.wording import figure, title


def register(app: typer.Typer) -> None:
    """Add these verbs to the command."""
    app.command()(rebuild)


def rebuild(
    context: typer.Context,
    url: Annotated[
        str | None, typer.Argument(metavar="URL", help="Only this page.", show_default=False)
    ] = None,
    every_body: Annotated[
        bool, typer.Option("--all", help="Also what the current parser has read already.")
    ] = False,
    jobs: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=64,
            help="Processes that read; by default one for each CPU, up to 4.",
            show_default=False,
        ),
    ] = None,
    shard: Annotated[
        str | None,
        typer.Option(
            metavar="I/N",
            help="Read only this share of the pages, such as 3/7, into a file; the store stays as it is.",
            show_default=False,
        ),
    ] = None,
    out_folder: Annotated[
        Path | None, typer.Option("--out", help="Folder for the shard's files.", show_default=False)
    ] = None,
    cluster: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS|local",
            help="Read on a Dask cluster: its scheduler's address, or one of processes here.",
            show_default=False,
        ),
    ] = None,
    merge: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Take in the shards of this folder.", show_default=False),
    ] = None,
) -> None:
    """Read kept pages again with the current parser and grammar, and say which findings changed."""
    if cluster and (shard or merge):
        raise typer.BadParameter("choose one of --cluster, --shard and --merge", param_hint="--cluster")
    if merge is not None and (shard or url or jobs or every_body):
        raise typer.BadParameter("it takes in what shards have read, all of it", param_hint="--merge")
    if (shard is None) != (out_folder is None):
        raise typer.BadParameter("a shard needs a folder: --shard 3/7 --out FOLDER", param_hint="--shard")
    if shard and url:
        raise typer.BadParameter("a shard is a share of all pages, not of one", param_hint="--shard")
    if merge is not None:
        _merge(context, merge)
    elif cluster is not None:
        _on_cluster(context, cluster, url, everything=every_body, jobs=jobs)
    elif shard is not None and out_folder is not None:
        _write_shard(context, shard, out_folder, everything=every_body, jobs=jobs)
    else:
        with Tracker.open(context.obj(), clock=clock, create=False, sandboxed=True) as tracker:
            for done in tracker.holdings.rebuild(url, everything=every_body, jobs=jobs):
                _print_rebuilt(done)


def _on_cluster(
    context: typer.Context, address: str, url: str | None, *, everything: bool, jobs: int | None
) -> None:
    from crawler.cluster.engine import Cluster

    with Tracker.open(context.obj(), clock=clock, create=False, sandboxed=True) as tracker:
        with Cluster.at(address, jobs=jobs) as cluster:
            for done in tracker.holdings.rebuild(url, everything=everything, cluster=cluster):
                _print_rebuilt(done)
        say(
            f"{count(cluster.pages, 'body')} read, {cluster.pages - cluster.here:,} on the cluster and "
            f"{cluster.here:,} here, since a worker or the scheduler had ended over them"
            if cluster.here
            else f"{count(cluster.pages, 'body')} read on the cluster"
        )


def _write_shard(
    context: typer.Context, shard: str, folder: Path, *, everything: bool, jobs: int | None
) -> None:
    from crawler.cluster.shards import Share

    share = Share.named(shard)
    with Tracker.open(context.obj(), clock=clock, create=False, sandboxed=True) as tracker:
        made = tracker.holdings.shard(share, folder, everything=everything, jobs=jobs)
    say(f"{count(made.pages, 'body')} of {count(made.targets, 'page')} read")
    for path in made.paths:
        out_path(path)


def _merge(context: typer.Context, folder: Path) -> None:
    from crawler.cluster.merging import shards_in

    shards = shards_in(folder)
    if shards.missing:
        numbers = ", ".join(map(str, shards.missing))
        say(f"variorum: of {shards.of} shards, {numbers} are not there; their pages stay as they are")
    failed = 0
    with Tracker.open(context.obj(), clock=clock, create=False, sandboxed=True) as tracker:
        for merged in tracker.holdings.merge(shards):
            if merged.rebuilt is not None:
                _print_rebuilt(merged.rebuilt)
            if merged.changed:
                say(f"{merged.url}: {count(merged.changed, 'reading')} left out, whose bytes are others now")
            if merged.problem is not None:
                failed += 1
                say(f"variorum: {merged.url}: {merged.problem}")
    if failed:
        raise VariorumError(f"{count(failed, 'page')} could not be taken in, and stay as they were.")


def _print_rebuilt(done: Rebuilt) -> None:
    out(
        f"{done.url}: {count(done.read, 'body')} read again, {count(len(done.appeared), 'finding')} appeared, "
        f"{len(done.vanished)} vanished, {len(done.moved)} moved"
    )
    for what, changes in (("appeared", done.appeared), ("vanished", done.vanished)):
        for change in changes:
            out(f"    {what} {change.id} {one_line(change)}")
    for old, change in done.moved:
        out(f"    moved {old.id} to {change.id} {one_line(change)}")


def one_line(change: Change) -> str:
    """Return what changed in one line: a figure as `12 → 15`, a text by both its forms, cut to size."""
    claims = (change.claim_before, change.claim_after)
    if any(claims):
        old, new = (figure(claim) if claim else "not given" for claim in claims)
    else:
        sides = (change.before, change.after)
        old, new = (shorten(side.text, 70, placeholder=" …") if side else "nothing" for side in sides)
    return f"{title(change)}: {old} → {new}"
