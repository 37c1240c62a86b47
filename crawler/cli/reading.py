"""The verbs that read: report, show, diff, claims, parse."""

import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from crawler.address import moment, page_address, typed_address
from crawler.cli.addresses import CHANGED, ExitCode, Url
from crawler.cli.coding import CodebookName, require_csv, with_codes
from crawler.cli.machines import PACKED, print_dataset, print_machine
from crawler.cli.moments import moment_typed
from crawler.cli.printing import Json, out, out_document, out_json, out_path, say, when
from crawler.errors import InputError
from crawler.parser import parse as parse_page
from crawler.publish import FORMATS, delete_stories, owner_of
from crawler.tracker import Tracker
from crawler.tracker import utc_now as clock
from diffs.changes.spanning import steps_over
from diffs.claims import claims_in
from diffs.history import revisions_in
from diffs.model import Article, Citation
from diffs.reports import (
    Options,
    article_as_it_stood,
    comparison_of,
    dismissed_in,
    figures_as_they_stood,
    narrowed,
)

_WHEN = "A date or time (UTC), 'version 3', '29 August', 'yesterday'"
At = Annotated[
    str | None,
    typer.Argument(
        metavar="TIMESTAMP",
        help=f"{_WHEN}; by default the newest.",
        show_default=False,
    ),
]


_PRINTED = ("json", "csv", "atom")  # formats that go to stdout where no folder is named


def _known_format(value: str) -> str:
    if value not in (*FORMATS, PACKED):
        raise typer.BadParameter(f"{value!r} is not one of {', '.join((*FORMATS, PACKED))}.")
    return value


def register(app: typer.Typer) -> None:
    """Add these verbs to the command."""
    for verb in (report, show, diff, claims, parse):
        app.command()(verb)


def report(
    context: typer.Context,
    url: Annotated[
        str | None,
        typer.Argument(metavar="URL", show_default=False, help="One page; by default every one."),
    ] = None,
    story: Annotated[
        str | None, typer.Option(help="Compare the pages of a story.", show_default=False)
    ] = None,
    form: Annotated[
        str,
        typer.Option(
            "--format",
            callback=_known_format,
            metavar=f"[{'|'.join((*FORMATS, PACKED))}]",
            help=f"{', '.join(_PRINTED)} go to stdout, or to files with --out; the others to files.",
        ),
    ] = "md",
    folder: Annotated[
        Path | None, typer.Option("--out", help="Folder to write to.", show_default=False)
    ] = None,
    front_matter: Annotated[
        bool, typer.Option("--front-matter", help="Open Markdown files with YAML for site generators.")
    ] = False,
    byte_order_mark: Annotated[
        bool, typer.Option("--byte-order-mark", help="Open CSV files so that Excel reads them as UTF-8.")
    ] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="One data package of all pages, in csv or parquet.")
    ] = False,
    codebook: CodebookName = None,
    json: Json = False,
    exit_code: ExitCode = False,
) -> None:
    """Write the change report of one page, of a story, or of all."""
    form = "json" if json else form
    require_csv(codebook, form)
    if form == PACKED and not everything:
        raise typer.BadParameter("parquet is a form of --all", param_hint="--format")
    if url and story:
        raise typer.BadParameter(
            "it compares the pages of a story: name a page or a story", param_hint="--story"
        )
    with Tracker.open(context.obj(), clock=clock, create=False) as tracker:
        if everything:
            changes = print_dataset(tracker, form, folder, one=bool(url or story))
        elif form not in _PRINTED or folder:
            options = Options(front_matter=front_matter, byte_order_mark=byte_order_mark, codebook=codebook)
            if story and not url:
                written = tracker.story(story, folder=folder, formats=(form,), options=options)
            else:
                written = tracker.report(url, folder=folder, formats=(form,), options=options)
            if url is None and story is None:
                pages = (each.url for each in tracker.store.targets.all(include_untracked=True))
                stories, into = tracker.store.stories.all(), folder or tracker.settings.reports
                delete_stories(into, stories, pages=pages, owner=owner_of(tracker))
            for path in written.paths:
                out_path(path)
            changes = written.changes
        else:
            known = (one for one in tracker.pages(url, story=story) if url or one.history.observations)
            changes = print_machine(known, form, one=url is not None, codebook=codebook)
    if exit_code and changes:
        raise typer.Exit(CHANGED)


def show(
    context: typer.Context,
    url: Url,
    timestamp: At = None,
    removed: Annotated[bool, typer.Option("--removed", help="Also what was taken away, and why.")] = False,
    json: Json = False,
) -> None:
    """Print the article as it stood, and the capture that shows it."""
    with Tracker.open(context.obj(), clock=clock, create=False) as tracker:
        article, capture, version = _stood(tracker, url, timestamp)
    if json:
        out_json(article)
    else:
        out_document(article_as_it_stood(article, capture, version=version, removed=removed))


def diff(
    context: typer.Context,
    url: Url,
    old: Annotated[
        str | None,
        typer.Argument(metavar="OLD", help=f"{_WHEN}; by default the first.", show_default=False),
    ] = None,
    new: Annotated[
        str | None,
        typer.Argument(metavar="NEW", help="Likewise; by default the newest.", show_default=False),
    ] = None,
    json: Json = False,
    exit_code: ExitCode = False,
) -> None:
    """Print what changed between two times."""
    with Tracker.open(context.obj(), clock=clock, create=False) as tracker:
        found = tracker.compare(url, _at(old, tracker, url), _at(new, tracker, url))
        before, after, changes = found.before, found.after, found.changes
        observed = tracker.pipeline.observation
        asked = (observed(before).capture, observed(after).capture)
        history = tracker.history(url)
        first, last = narrowed(history, *asked) if changes else asked
        notes = tracker.store.findings.notes(tracker.target(url))
    span = (asked[0].at, asked[1].at)
    dismissed = dismissed_in(history, notes, *span)
    changes = tuple(filter(dismissed.stands, changes))
    if json:
        out_json(changes)
    else:
        steps = len(steps_over(history, *span))
        out_document(comparison_of(first, last, changes, dismissed=dismissed, steps=steps))
        if before.id == after.id:
            say(f"Both times show the same capture; `variorum status {page_address(url)}` lists all.")
    if exit_code and changes:
        raise typer.Exit(CHANGED)


def claims(
    context: typer.Context,
    url: Url,
    timestamp: At = None,
    explain: Annotated[bool, typer.Option("--explain", help="Also which rule read each figure.")] = False,
    codebook: CodebookName = None,
    json: Json = False,
) -> None:
    """Print the casualty figures of the article as it stood."""
    with Tracker.open(context.obj(), clock=clock, create=False) as tracker:
        article, capture, version = _stood(tracker, url, timestamp)
    found = claims_in(article)
    if json:
        out_json(with_codes(found, codebook))
    else:
        out_document(
            figures_as_they_stood(found, capture, version=version, explain=explain, codebook=codebook)
        )


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
        if "://" in file or file.startswith("www."):
            raise InputError(
                f"{file} is an address, and `parse` reads a file: save the page and name it, with --url for its address. "
                "`variorum backfill` fetches what archives hold of an address."
            ) from error
        raise InputError(
            f"{file} cannot be read: {error.strerror or error}. Name a page saved on this machine."
        ) from error
    article = parse_page(body, url=page_address(url), captured_at=moment(at, end=True) if at else None)
    if not _is_page(body, article):
        name = "Standard input" if file == "-" else file
        raise InputError(f"{name} holds no web page. Name a page that was saved as HTML or text.")
    if article.suspect:
        say(f"variorum: the page is suspect ({article.suspect}); no change would be claimed from it.")
    if json:
        out_json(article)
        return
    read = article.captured_at or clock()
    capture = Citation(at=read, url=url, archive="the file")
    shown = article_as_it_stood(article, capture, removed=removed)
    out_document(replace(shown, blocks=shown.blocks if at else shown.blocks[1:]))
    out()
    out_document(figures_as_they_stood(claims_in(article)))


def _is_page(body: bytes, article: Article) -> bool:
    """Return whether bytes are a web page at all, however doubtful: markup, or text that reads as an article."""
    from crawler.archive.encoding import is_text
    from crawler.parser.decode import decode
    from crawler.parser.plain import is_plain

    read = decode(body)
    packed = any("gzip" in note for note in read.notes)
    if read.suspect or not (packed or is_text(body)):
        return False
    return not (article.suspect and is_plain(read.text))


def _stood(
    tracker: Tracker, url: str, timestamp: str | None
) -> tuple[Article, Citation, tuple[int, int] | None]:
    """Return the article as it stood, the capture that shows it, and its number among the versions."""
    target = tracker.target(url)
    at = _at(timestamp, tracker, url) or typed_address(url).at
    seen, article = tracker.pipeline.article_at(target, at)
    shown = tracker.pipeline.observation(seen)
    captures = list(map(tracker.pipeline.observation, tracker.store.captures.of(target)))
    newest = max(one.capture.at for one in captures)
    if at is not None and at > newest and at.date() != newest.date():
        say(
            f"variorum: no capture is known after {when(newest)}; that of {when(shown.capture.at)} is printed."
        )
    revisions = revisions_in(captures, tracker.store.articles.of(target))
    number = next(
        (one.number for one in reversed(revisions) if one.first.at <= shown.capture.at <= one.last.at), None
    )
    return article, shown.capture, (number, len(revisions)) if number else None


def _at(text: str | None, tracker: Tracker, url: str) -> datetime | None:
    return moment_typed(text, now=clock(), history=lambda: tracker.history(url)) if text else None
