"""The verb that reads WARC files into tables, without a store."""

from pathlib import Path
from typing import Annotated

import typer

from crawler.cli.printing import count, out_path, say
from crawler.config import Settings
from crawler.sandbox import SandboxedParser


def register(app: typer.Typer) -> None:
    """Add these verbs to the command."""
    app.command()(extract)


def extract(
    context: typer.Context,
    warcs: Annotated[
        list[Path],
        typer.Argument(
            metavar="WARC", help="WARC, ARC or WACZ files, or folders of them.", show_default=False
        ),
    ],
    folder: Annotated[
        Path, typer.Option("--parquet", metavar="FOLDER", help="Folder for the tables.", show_default=False)
    ],
    shard: Annotated[
        str, typer.Option(metavar="I/N", help="Read only this share of the files, such as 3/7.")
    ] = "1/1",
) -> None:
    """Read WARC files into tables of captures, articles and casualty figures, without a store."""
    from crawler.cluster.extract import extract as extracted
    from crawler.cluster.shards import Share

    settings: Settings = context.obj()
    most = int(settings.limits.body_megabytes * 1_000_000)
    share = Share.named(shard)
    with SandboxedParser() as parser:
        done = extracted(warcs, folder, share=share, read=parser.parse, body_bytes=most)
    for line in done.damage:
        say(f"variorum: {line}")
    if done.damaged > len(done.damage):
        say(f"variorum: {done.damaged - len(done.damage)} further stretches could not be read")
    say(
        f"{count(done.captures, 'capture')} in {count(done.files, 'file')}: {count(done.articles, 'article')}, "
        f"{count(done.claims, 'figure')}"
    )
    for path in done.paths:
        out_path(path)
