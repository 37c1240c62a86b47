"""The verbs that look after the evidence: import, backup, doctor and the like."""

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Annotated

import typer

from crawler.address import page_address
from crawler.cli.printing import Json, count, mended_words, out, out_json, out_path, say
from crawler.errors import InputError, VariorumError
from crawler.maintenance.doctor import findings_of
from crawler.store import Problem
from crawler.store import restore as restore_store
from crawler.tracker import Tracker
from crawler.tracker import utc_now as clock


def register(app: typer.Typer) -> None:
    """Add these verbs to the command."""
    app.command("import")(import_)
    for verb in (scrub, backup, restore, note, doctor):
        app.command()(verb)


def tell_problems(problems: Iterable[Problem], *, sound: Callable[[], str], json: bool) -> None:
    """Print problems as they are found, and fail where there was one; `sound` returns what is said where there is none."""
    if json:
        found = list(problems)
        out_json(found)
        number = len(found)
    else:
        number = 0
        for number, problem in enumerate(problems, start=1):  # noqa: B007  the count is wanted after the loop
            out(_told(problem))
        if not number:
            out(sound())
    if number:
        raise VariorumError(
            f"{count(number, 'problem')} found. `variorum restore` brings a backup back; a damaged body also comes back by `variorum backfill --retry URL`, or by an `import` of a file that has it."
        )


def _told(problem: Problem) -> str:
    return f"{problem.what} {problem.name}: {problem.detail}"


def import_(
    context: typer.Context,
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="WARC", help="WARC, ARC or WACZ files, or folders of them.", show_default=False
        ),
    ],
    url: Annotated[
        list[str] | None, typer.Option("--url", help="Only this page (repeatable).", show_default=False)
    ] = None,
) -> None:
    """Take the captures in WARC, ARC or WACZ files into the store."""
    only = [page_address(each) for each in url or []]
    with Tracker.open(context.obj(), clock=clock, sandboxed=True) as tracker:
        damage = None
        for path in paths:
            taken = tracker.holdings.import_(path, only=only)
            out(
                f"{path}: {count(taken.captures, 'capture')} of {count(taken.pages, 'page')}, {taken.new} new"
            )
            if taken.mended.captures or taken.mended.left:
                say(mended_words(taken.mended))
            for line in taken.damage:
                say(f"variorum: {line}")
                damage = line
    if damage:
        raise VariorumError("Part of the input could not be taken; every good record in it is kept.")


def scrub(context: typer.Context, json: Json = False) -> None:
    """Check the whole store, bodies and tables, for damage."""
    with Tracker.open(context.obj(), clock=clock, create=False) as tracker:
        tell_problems(tracker.store.scrub(), sound=lambda: "the store is sound", json=json)


def backup(
    context: typer.Context,
    path: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write.", show_default=False)],
    force: Annotated[bool, typer.Option("--force", help="Overwrite an earlier backup.")] = False,
) -> None:
    """Copy the store to a file while it is in use."""
    if path.is_file() and not force:
        raise InputError(f"{path} exists already. Name another file, or overwrite it with --force.")
    with Tracker.open(context.obj(), clock=clock, create=False) as tracker:
        tracker.store.backup(path)
    out_path(path)


def restore(
    context: typer.Context,
    path: Annotated[Path, typer.Argument(metavar="FILE", help="A backup's file.", show_default=False)],
) -> None:
    """Bring a backup back as the store; the store it replaces is kept next to it."""
    where = context.obj().store_location
    if restore_store(path, where):
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        with Tracker.open(context.obj(), clock=clock, create=False) as tracker:
            tracker.store.custody.enter_all("restored", at=clock(), backup=digest)
    out_path(Path(where))


def note(
    context: typer.Context,
    change: Annotated[
        str,
        typer.Argument(
            metavar="FINDING",
            help="The finding's id from the report, or how it begins.",
            show_default=False,
        ),
    ],
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What you found out.")] = "",
    dismiss: Annotated[
        bool, typer.Option("--dismiss", help="Mark the finding as wrong or irrelevant.")
    ] = False,
) -> None:
    """Annotate or dismiss a finding; the note stays with it and shows in the report."""
    if not text and not dismiss:
        raise typer.BadParameter("write a text, or --dismiss", param_hint="TEXT")
    with Tracker.open(context.obj(), clock=clock, create=False) as tracker:
        noted = tracker.note(change, text, dismissed=dismiss)
    out(f"{'dismissed' if dismiss else 'noted on'} {noted}{' with your note' if dismiss and text else ''}")


def doctor(
    context: typer.Context,
    online: Annotated[bool, typer.Option("--online", help="Also ask the archives.")] = False,
    json: Json = False,
) -> None:
    """Check settings, store, disk and archives, and say what to repair."""
    found = list(findings_of(context.obj(), clock=clock, online=online))
    if json:
        out_json(found)
    else:
        for finding in found:
            out(f"{'ok  ' if finding.good else 'FIX '} {finding.what}: {finding.says}")
    wrong = sum(not finding.good for finding in found)
    if wrong:
        raise VariorumError(f"{count(wrong, 'thing')} to repair; see above.")
