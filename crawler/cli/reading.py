"""The verbs that read: list, status, report, show, diff, claims, parse."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from crawler.address import moment, page_address
from crawler.cli.printing import Json, count, out, out_json, out_lines, say, table, when
from crawler.cli.working import CHANGED, ExitCode, Url, clock
from crawler.config import Settings
from crawler.errors import InputError, VariorumError
from crawler.model import SaveWish, Target
from crawler.parser import parse as parse_page
from crawler.publish import publish, publish_index, publish_story
from crawler.store import StatusRecord
from crawler.tracker import Desk, open_desk
from crawler.tracking.scheduler import explain_next, pressure_on
from diffs.changes import changes_between
from diffs.claims import claims_in, explanation_of
from diffs.model import Article, Change, Claim, EditOp, History, Note
from diffs.reports import render_atom, render_changes_csv, render_json

At = Annotated[
    str | None,
    typer.Argument(
        metavar="[TIMESTAMP]", help="As of then (UTC); by default the newest.", show_default=False
    ),
]


class Format(StrEnum):
    """The forms a report has."""

    MD = "md"
    JSON = "json"
    CSV = "csv"
    ATOM = "atom"


def register(app: typer.Typer) -> None:
    """Add these verbs to the command."""
    app.command("list")(list_targets)
    for verb in (status, report, show, diff, claims, parse):
        app.command()(verb)


def list_targets(
    context: typer.Context,
    story: Annotated[str | None, typer.Option(help="Only this story's.", show_default=False)] = None,
    json: Json = False,
) -> None:
    """List the tracked pages."""
    with open_desk(context.obj(), clock=clock, create=False) as desk:
        targets = list(desk.store.targets.all(story=story))
    if json:
        out_json(targets)
        return
    if not targets:
        say("Nothing is tracked: `variorum track URL` starts it.")
    table(
        ("page", "story", "next look", "last error"),
        ((each.url, each.story or "-", when(each.next_due), each.last_error or "-") for each in targets),
    )


def status(
    context: typer.Context,
    url: Annotated[
        str | None, typer.Argument(metavar="[URL]", show_default=False, help="Only this page.")
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
    with open_desk(context.obj(), clock=clock, create=False) as desk:
        if url is None:
            record = desk.store.status(now=clock())
            if json:
                out_json(record)
            else:
                _print_status(record, desk.settings)
            if max_age is not None:
                _check_heartbeat(record, max_age)
            return
        target = desk.store.targets.find(page_address(url))
        history = desk.pipeline.history(target)
        if json:
            out_json({"target": target, "observations": history.observations})
            return
        pressure = pressure_on(desk.store, per_minute=desk.looks_per_minute)
        rhythm = desk.store.captures.rhythm(target)
        told = explain_next(target, rhythm, now=clock(), pressure=pressure)
        out(
            f"{target.url}: {told if target.tracked else 'not tracked; `variorum track` has it looked at again'}"
        )
        if target.save is not SaveWish.NONE:
            out(f"Saved {target.save}; last asked {when(target.save_asked)}: {target.save_said or '-'}")
        table(
            ("captured", "archive", "outcome", "reason"),
            (
                (when(seen.capture.at), seen.capture.archive, seen.outcome, seen.reason or "-")
                for seen in history.observations
            ),
        )


def report(
    context: typer.Context,
    url: Annotated[
        str | None,
        typer.Argument(metavar="[URL]", show_default=False, help="One page; by default every one."),
    ] = None,
    story: Annotated[
        str | None, typer.Option(help="Compare the pages of a story.", show_default=False)
    ] = None,
    form: Annotated[
        Format,
        typer.Option(
            "--format", help="Markdown goes to files; the others to stdout, or to files with --out."
        ),
    ] = Format.MD,
    folder: Annotated[
        Path | None, typer.Option("--out", help="Folder to write to.", show_default=False)
    ] = None,
    json: Json = False,
    exit_code: ExitCode = False,
) -> None:
    """Write the change report of one page, of a story, or of all."""
    settings = context.obj()
    form = Format.JSON if json else form
    with open_desk(settings, clock=clock, create=False) as desk:
        pages = list(_reported(desk, url, story))
        histories = [page.history for page in pages]
        notes = [note for page in pages for note in page.notes]
        if form is Format.MD or folder:
            into = folder or settings.reports
            written = [
                path
                for page in pages
                for path in publish(page.history, into, notes=page.notes, formats=(form,))
            ]
            if story and form is Format.MD:
                written += publish_story(story, histories, into, notes=notes)
            elif url is None and form is Format.MD:
                written += publish_index(histories, into, notes=notes)
            for path in written:
                out(str(path))
        else:
            _print_machine(pages, form, one=url is not None)
    if exit_code and any(transition.changes for history in histories for transition in history.transitions):
        raise typer.Exit(CHANGED)


@dataclass(frozen=True, slots=True)
class _Page:
    """What a report is made of."""

    history: History
    notes: tuple[Note, ...]


def _reported(desk: Desk, url: str | None, story: str | None) -> Iterator[_Page]:
    """Return what is to be reported: one page, a story's, or all that have a capture."""
    if url:
        targets = [desk.store.targets.find(page_address(url))]
    else:
        targets = list(desk.store.targets.all(story=story, include_untracked=story is None))
    found = False
    for target in targets:
        history = desk.pipeline.history(target)
        if url or history.observations:
            found = True
            yield _Page(history, tuple(desk.store.findings.notes(target)))
    if not found:
        what = f"of the story {story!r} " if story else ""
        raise InputError(
            f"Nothing {what}has been captured yet: `variorum backfill URL` fetches a page's past."
        )


def _print_machine(pages: list[_Page], form: Format, *, one: bool) -> None:
    """Print one document: a feed, a list of reports (or the one asked for), or one table of changes."""
    if form is Format.ATOM:
        notes = [note for page in pages for note in page.notes]
        typer.echo(render_atom([page.history for page in pages], title="Variorum: changes", notes=notes))
    elif form is Format.JSON:
        texts = [render_json(page.history, page.notes) for page in pages]
        typer.echo(texts[0] if one else "[" + ",\n".join(texts) + "]")
    else:
        tables = [render_changes_csv(page.history) for page in pages]
        heads = [text.partition("\n")[0] + "\n" for text in tables[:1]]
        typer.echo("".join(heads + [text.partition("\n")[2] for text in tables]), nl=False)


def show(
    context: typer.Context,
    url: Url,
    timestamp: At = None,
    removed: Annotated[bool, typer.Option("--removed", help="Also what was taken away, and why.")] = False,
    json: Json = False,
) -> None:
    """Print the article as it stood."""
    with open_desk(context.obj(), clock=clock, create=False) as desk:
        _, article = desk.pipeline.article_at(_target(desk, url), _at(timestamp))
    if json:
        out_json(article)
    else:
        _print_article(article, removed=removed)


def diff(
    context: typer.Context,
    url: Url,
    old: Annotated[
        str | None,
        typer.Argument(
            help="As of then (UTC; the end of a day or hour); by default the first.", show_default=False
        ),
    ] = None,
    new: Annotated[
        str | None,
        typer.Argument(
            help="As of then (UTC; the end of a day or hour); by default the newest.", show_default=False
        ),
    ] = None,
    json: Json = False,
    exit_code: ExitCode = False,
) -> None:
    """Print what changed between two times."""
    first, last = _at(old), _at(new)
    with open_desk(context.obj(), clock=clock, create=False) as desk:
        target = _target(desk, url)
        before, earlier = (
            desk.pipeline.article_at(target, first) if first else desk.pipeline.first_article(target)
        )
        after, later = desk.pipeline.article_at(target, last)
        changes = changes_between(earlier, later)
    if json:
        out_json(changes)
    else:
        out(f"{when(before.capture.at)} → {when(after.capture.at)}: {count(len(changes), 'change')}")
        if before.id == after.id:
            say(f"Both times show the same capture; `variorum status {target.url}` lists all.")
        for change in changes:
            out_lines(_in_words(change))
    if exit_code and changes:
        raise typer.Exit(CHANGED)


def claims(
    context: typer.Context,
    url: Url,
    timestamp: At = None,
    explain: Annotated[bool, typer.Option("--explain", help="Which rule read what.")] = False,
    json: Json = False,
) -> None:
    """Print the casualty figures of the article as it stood."""
    with open_desk(context.obj(), clock=clock, create=False) as desk:
        _, article = desk.pipeline.article_at(_target(desk, url), _at(timestamp))
    _print_claims(claims_in(article), explain=explain, json=json)


def parse(
    file: Annotated[
        str, typer.Argument(metavar="FILE|-", help="A page, or - for standard input.", show_default=False)
    ],
    url: Annotated[
        str, typer.Option("--url", help="The address it was served at.")
    ] = "https://page.invalid/",
    at: Annotated[str | None, typer.Option(help="When it was captured (UTC).", show_default=False)] = None,
    removed: Annotated[bool, typer.Option("--removed", help="Also what was taken away, and why.")] = False,
    json: Json = False,
) -> None:
    """Read one page without a store: headline, text and figures."""
    try:
        body = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise InputError(f"{file} cannot be read: {error.strerror or error}.") from error
    article = parse_page(body, url=page_address(url), captured_at=_at(at))
    if json:
        out_json(article)
        return
    _print_article(article, removed=removed)
    _print_claims(claims_in(article), explain=False, json=False)


def _target(desk: Desk, url: str) -> Target:
    return desk.store.targets.find(page_address(url))


def _at(timestamp: str | None) -> datetime | None:
    return moment(timestamp, end=True) if timestamp else None


def _print_article(article: Article, *, removed: bool) -> None:
    if article.suspect:
        out(f"[suspect: {article.suspect}]")
    for line in (article.headline, article.standfirst, article.byline):
        if line:
            out(line)
    for block in article.blocks:
        out()
        out(f"[{block.kind}] {block.text}" if block.kind != "paragraph" else block.text)
    if removed:
        out()
        table(("reason", "removed"), ((each.reason, each.text) for each in article.removed))


def _print_claims(found: tuple[Claim, ...], *, explain: bool, json: bool) -> None:
    if json:
        out_json(found)
        return
    for claim in found:
        number = claim.number_text or "(implicit)"
        source = f", according to {claim.attribution}" if claim.attribution else ""
        doubt = "" if claim.polarity == "asserted" else f", {claim.polarity}"
        out(
            f"{claim.place}: {claim.kind} {claim.qualifier} {number} {claim.who or ''}".rstrip()
            + f"{source}{doubt} [{claim.scope}]"
        )
        if explain:
            explained = explanation_of(claim)
            out(f"    rule {claim.rule}: {explained.rule} (confidence {claim.confidence:.2f})")
            for line in explained.why:
                out(f"    {line}")
            out(f"    in: {claim.sentence}")


def _check_heartbeat(record: StatusRecord, max_age: int) -> None:
    """Fail where no daemon was heard of lately, as a container's health check asks."""
    beat = record.heartbeat
    if beat is None or beat.state == "stopped" or (clock() - beat.beat).total_seconds() > max_age:
        raise VariorumError(
            f"No daemon was heard of in the last {max_age} seconds. `variorum daemon` starts one."
        )


def _print_status(record: StatusRecord, settings: Settings) -> None:
    outcomes = ", ".join(f"{number:,} {outcome}" for outcome, number in record.captures.items()) or "none"
    lines = [
        ("store", f"{record.where} (schema {record.schema})"),
        ("targets", f"{record.targets:,} tracked, {record.untracked:,} known, {record.failing:,} failing"),
        ("due", f"{record.due or 0:,} now, {record.leased:,} being looked at, next {when(record.next_due)}"),
        ("captures", outcomes),
        ("bodies", f"{record.bodies:,}: {record.body_bytes:,} bytes kept in {record.stored_bytes:,}"),
        ("retention", _retention(record, settings)),
        ("findings", f"{record.findings:,}"),
        (
            "daemon",
            f"{record.heartbeat.state}, {when(record.heartbeat.beat)}" if record.heartbeat else "never ran",
        ),
    ]
    lines += [
        ("pause", f"{pause.host} {pause.kind} until {when(pause.until)}: {pause.reason}")
        for pause in record.pauses
    ]
    table(("what", "how"), lines)


def _retention(record: StatusRecord, settings: Settings) -> str:
    days = settings.retention.bodies_days
    rule = f"bytes that prove no change go after {count(days, 'day')}" if days else "everything is kept"
    return f"{rule}; those of {count(record.dropped, 'capture')} went so far" if record.dropped else rule


def _in_words(change: Change) -> str:
    words = {EditOp.DELETE: "[-{}-]", EditOp.INSERT: "{{+{}+}}", EditOp.EQUAL: "{}"}
    lines = [
        f"{change.weight} {change.kind} {change.type}" + (f" ({change.detail})" if change.detail else "")
    ]
    if change.edits:
        lines.append("    " + "".join(words[edit.op].format(edit.text) for edit in change.edits))
    else:
        lines += [f"    - {change.before.text}"] if change.before else []
        lines += [f"    + {change.after.text}"] if change.after else []
    return "\n".join(lines)
