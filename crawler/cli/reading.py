"""The verbs that read: list, status, report, show, diff, claims, parse."""

import sys
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from crawler.address import moment, page_address
from crawler.assembly import Desk, open_desk
from crawler.cli.printing import count, out, out_json, out_lines, table, when
from crawler.cli.working import CHANGED, ExitCode, Url, clock
from crawler.errors import InputError
from crawler.model import Target
from crawler.parser import parse as parse_page
from crawler.publish import publish, publish_index, publish_story
from crawler.store import StatusRecord
from diffs.changes import changes_between
from diffs.claims import RULES, claims_in
from diffs.model import Article, Change, Claim, EditOp, History
from diffs.reports import render_atom, render_changes_csv, render_claims_csv, render_json

Json = Annotated[bool, typer.Option("--json", help="Print the JSON form.")]
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
        targets = list(desk.store.targets(story=story))
    if json:
        out_json(targets)
        return
    table(
        ("page", "story", "next look", "last error"),
        ((each.url, each.story or "-", when(each.next_due), each.last_error or "-") for each in targets),
    )


def status(
    context: typer.Context,
    url: Annotated[
        str | None, typer.Argument(metavar="[URL]", show_default=False, help="Only this page.")
    ] = None,
    json: Json = False,
) -> None:
    """Say how the store, the archives' limits and the queue stand, or how one page does."""
    with open_desk(context.obj(), clock=clock, create=False) as desk:
        if url is None:
            record = desk.store.status(now=clock())
            if json:
                out_json(record)
            else:
                _print_status(record)
            return
        target = desk.store.target(page_address(url))
        history = desk.pipeline.history(target)
        if json:
            out_json({"target": target, "observations": history.observations})
            return
        out(
            f"{target.url}: next look {when(target.next_due)}"
            + (f", last error: {target.last_error}" if target.last_error else "")
        )
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
        Format, typer.Option("--format", help="Markdown goes to files, the others to stdout.")
    ] = Format.MD,
    folder: Annotated[
        Path | None, typer.Option("--out", help="Folder to write to.", show_default=False)
    ] = None,
    json: Json = False,
    exit_code: ExitCode = False,
) -> None:
    """Write the change report of one page, of a story, or of all."""
    settings = context.obj()
    into = folder or settings.reports
    with open_desk(settings, clock=clock, create=False) as desk:
        targets = (
            [desk.store.target(page_address(url))]
            if url
            else list(desk.store.targets(story=story, include_untracked=story is None))
        )
        if not targets:
            raise InputError(
                f"There is no page in the story {story!r}."
                if story
                else "Nothing is tracked yet: `variorum track URL`."
            )
        histories = [desk.pipeline.history(target) for target in targets]
        if json or form is not Format.MD:
            _print_machine(desk, targets, histories, Format.JSON if json else form)
        else:
            written = []
            for target, history in zip(targets, histories, strict=True):
                written += publish(history, into, notes=tuple(desk.store.notes(target)))
            if url is None:
                written += publish_story(story, histories, into) if story else publish_index(histories, into)
            for path in written:
                out(str(path))
    if exit_code and any(transition.changes for history in histories for transition in history.transitions):
        raise typer.Exit(CHANGED)


def _print_machine(desk: Desk, targets: list[Target], histories: list[History], form: Format) -> None:
    if form is Format.ATOM:
        typer.echo(render_atom(histories, title="Variorum: changes"))
        return
    for target, history in zip(targets, histories, strict=True):
        if form is Format.JSON:
            typer.echo(render_json(history, notes=tuple(desk.store.notes(target))))
        else:
            typer.echo(render_changes_csv(history), nl=False)
            typer.echo(render_claims_csv(history), nl=False)


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
        str | None, typer.Argument(help="As of then (UTC); by default the first.", show_default=False)
    ] = None,
    new: Annotated[
        str | None, typer.Argument(help="As of then (UTC); by default the newest.", show_default=False)
    ] = None,
    json: Json = False,
    exit_code: ExitCode = False,
) -> None:
    """Print what changed between two times."""
    with open_desk(context.obj(), clock=clock, create=False) as desk:
        target = _target(desk, url)
        before, earlier = (
            desk.pipeline.article_at(target, _at(old)) if old else desk.pipeline.first_article(target)
        )
        after, later = desk.pipeline.article_at(target, _at(new))
        changes = changes_between(earlier, later)
    if json:
        out_json(changes)
    else:
        out(f"{when(before.capture.at)} → {when(after.capture.at)}: {count(len(changes), 'change')}")
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
    return desk.store.target(page_address(url))


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
            out(f"    rule {claim.rule}: {RULES.get(claim.rule, '')} (confidence {claim.confidence:.2f})")
            out(f"    cue {claim.cue!r} in: {claim.sentence}")


def _print_status(record: StatusRecord) -> None:
    outcomes = ", ".join(f"{number:,} {outcome}" for outcome, number in record.captures.items()) or "none"
    lines = [
        ("store", f"{record.where} (schema {record.schema})"),
        ("targets", f"{record.targets:,} tracked, {record.untracked:,} known, {record.failing:,} failing"),
        ("due", f"{record.due or 0:,} now, {record.leased:,} being looked at, next {when(record.next_due)}"),
        ("captures", outcomes),
        ("bodies", f"{record.bodies:,}: {record.body_bytes:,} bytes kept in {record.stored_bytes:,}"),
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
