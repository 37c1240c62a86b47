"""The verbs that choose what is watched: track, untrack."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from crawler.address import moment
from crawler.cli.addresses import Url, page_typed
from crawler.cli.printing import out, out_pairs, say
from crawler.errors import InputError
from crawler.model import SaveWish
from crawler.tracker import Tracker
from crawler.tracker import utc_now as clock


def register(app: typer.Typer) -> None:
    """Add these verbs to the command."""
    for verb in (track, untrack):
        app.command()(verb)


def track(
    context: typer.Context,
    urls: Annotated[
        list[str] | None, typer.Argument(metavar="URL", help="Pages to watch.", show_default=False)
    ] = None,
    story: Annotated[
        str | None, typer.Option(help="A story they belong to, besides others.", show_default=False)
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(help="Ask for no captures before this date, such as 2016-09-18.", show_default=False),
    ] = None,
    file: Annotated[
        str | None,
        typer.Option(
            metavar="FILE|-",
            help="A list with one page in each line; what follows it, and comments behind #, are ignored; - is standard input.",
            show_default=False,
        ),
    ] = None,
    save: Annotated[
        SaveWish | None,
        typer.Option(help="Ask the archive for captures itself where it is silent.", show_default=False),
    ] = None,
) -> None:
    """Watch pages from now on."""
    addresses = [*map(page_typed, urls or []), *(_addresses_in(file) if file else [])]
    if not addresses:
        raise typer.BadParameter("give at least one URL, or --file LIST", param_hint="URL")
    first = moment(since) if since else None
    with Tracker.open(context.obj(), clock=clock) as tracker:
        if save is SaveWish.ON_GAP:
            tracker.require_saving()
        done = tracker.store.targets.track_all(addresses, story=story, since=first, save=save, now=clock())
    out_pairs(("tracking" if each.created else "already tracked", each.url) for each in done)
    for each in done:
        if each.also_in:
            say(
                f"variorum: {each.url} belongs to {story!r} now, and still to {', '.join(map(repr, each.also_in))}."
            )


def _addresses_in(file: str) -> list[str]:
    """Return the addresses of a list, one a line; `-` is standard input.

    Raises:
        InputError: It cannot be read, or lines hold no address; the message names each by its number.
    """
    name = "standard input" if file == "-" else file
    try:
        text = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        lines = text.decode("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        listed = "Standard input" if file == "-" else f"The list {file}"
        why = error.strerror if isinstance(error, OSError) else "it is no text in UTF-8"
        raise InputError(f"{listed} cannot be read: {why or error}.") from error
    found, wrong = [], []
    for number, line in enumerate(lines, start=1):
        words = line.partition(" #")[0].split()
        if words and not words[0].startswith("#"):
            try:
                found.append(page_typed(words[0]))
            except InputError as error:
                wrong.append(f"line {number}: {error}")
    if wrong:
        more = f" (and {len(wrong) - 3} more)" if len(wrong) > 3 else ""
        raise InputError(f"{name}: {'; '.join(wrong[:3])}{more}. Nothing was tracked.")
    return found


def untrack(
    context: typer.Context,
    url: Url,
    story: Annotated[
        str | None,
        typer.Option(help="Only take it out of this story, and go on watching it.", show_default=False),
    ] = None,
) -> None:
    """Stop watching a page; its evidence is kept."""
    address = page_typed(url)
    with Tracker.open(context.obj(), clock=clock, create=False) as tracker:
        if story is not None:
            known = tracker.store.targets.leave(address, story)
            out(f"{'no longer' if known else 'was not'} in the story {story}\u2003{address}")
            return
        known = tracker.untrack(address)
    out(f"no longer tracking\u2003{address}" if known else f"was not tracked\u2003{address}")
