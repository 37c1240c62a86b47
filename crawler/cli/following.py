"""The verbs that find articles: follow, unfollow."""

from typing import Annotated

import typer

from crawler.cli.addresses import page_typed
from crawler.cli.printing import Json, out, out_json, say, table, when
from crawler.store.sources import SourceRules
from crawler.tracker import Tracker
from crawler.tracker import utc_now as clock


def register(app: typer.Typer) -> None:
    """Add these verbs to the command."""
    for verb in (follow, unfollow):
        app.command()(verb)


def follow(
    context: typer.Context,
    source: Annotated[
        str | None,
        typer.Argument(metavar="SOURCE", help="A feed, sitemap or front page.", show_default=False),
    ] = None,
    listed: Annotated[bool, typer.Option("--list", help="List what is followed.")] = False,
    story: Annotated[
        str | None, typer.Option(help="The story that its articles join.", show_default=False)
    ] = None,
    casualty: Annotated[
        bool, typer.Option("--casualty", help="Only with a casualty figure in headline or summary.")
    ] = False,
    words: Annotated[
        str | None,
        typer.Option(help="Only with one of these words, separated by commas.", show_default=False),
    ] = None,
    section: Annotated[
        str | None,
        typer.Option(help="Only of this section, or folder of the address.", show_default=False),
    ] = None,
    max_age: Annotated[
        int | None,
        typer.Option(min=1, help="Only published within so many hours.", show_default=False),
    ] = None,
    max_per_day: Annotated[
        int | None, typer.Option(min=1, help="At most so many a day.", show_default=False)
    ] = None,
    expires: Annotated[
        int | None, typer.Option(min=1, help="Track each for so many days.", show_default=False)
    ] = None,
    json: Json = False,
) -> None:
    """Track the articles that a feed, sitemap or front page names, by rules."""
    if listed == (source is not None):
        raise typer.BadParameter("give a source, or --list", param_hint="SOURCE")
    wanted = tuple(word.strip() for word in (words or "").split(",") if word.strip())
    if words is not None and not wanted:
        raise typer.BadParameter(
            "names no word; leave it out to follow articles with any words", param_hint="--words"
        )
    rules = SourceRules(
        story=story,
        casualty=casualty,
        words=wanted,
        section=section,
        max_age_hours=max_age,
        max_per_day=max_per_day,
        expires_days=expires,
    )
    with Tracker.open(context.obj(), clock=clock, create=not listed) as tracker:
        if source is not None:
            address = page_typed(source)
            given = None if rules == SourceRules() else rules
            new = tracker.store.sources.follow(address, given, now=clock())
            force = next(one.rules for one in tracker.store.sources.all() if one.url == address)
            known = "already followed, rules set" if given else "already followed, rules kept"
            out(f"{'following' if new else known}\u2003{address}")
            say(f"rules in force: {_rules(force)}")
            return
        sources = tracker.store.sources.all()
    if json:
        out_json(sources)
        return
    if not sources:
        say("Nothing is followed: `variorum follow URL` starts it.")
    table(
        ("Source", "Rules", "Named", "Last read", "Next", "Last error"),
        (
            (
                each.url,
                _rules(each.rules),
                str(each.named),
                when(each.last_read) if each.last_read else "-",
                when(each.next_due),
                each.last_error or "-",
            )
            for each in sources
        ),
    )


def _rules(rules: SourceRules) -> str:
    """Return rules in words."""
    said = [
        "casualty figures" if rules.casualty else "",
        f"words {', '.join(rules.words)}" if rules.words else "",
        f"section {rules.section}" if rules.section else "",
        f"up to {rules.max_age_hours} h old" if rules.max_age_hours else "",
        f"{rules.max_per_day} a day" if rules.max_per_day else "",
        f"for {rules.expires_days} days" if rules.expires_days else "",
        f"story {rules.story}" if rules.story else "",
    ]
    return "; ".join(filter(None, said)) or "every article"


def unfollow(
    context: typer.Context,
    source: Annotated[
        str, typer.Argument(metavar="SOURCE", help="The source's address.", show_default=False)
    ],
) -> None:
    """Stop reading a source; the pages that it named stay tracked."""
    address = page_typed(source)
    with Tracker.open(context.obj(), clock=clock, create=False) as tracker:
        known = tracker.store.sources.unfollow(address)
    out(f"no longer followed\u2003{address}" if known else f"was not followed\u2003{address}")
