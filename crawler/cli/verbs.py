"""Which module holds a verb, so that a command loads no other verb's code."""

import gc
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup

from crawler.garbage import look_seldom

# Verb by verb, in the order of `--help`: the module of its code, and what it does (the first line of its help).
VERBS = {
    "track": ("watching", "Watch pages from now on."),
    "untrack": ("watching", "Stop watching a page; its evidence is kept."),
    "follow": ("following", "Track the articles that a feed, sitemap or front page names, by rules."),
    "unfollow": ("following", "Stop reading a source; the pages that it named stay tracked."),
    "capture": ("working", "Save the page now, fetch the newest capture, compare, report."),
    "backfill": ("working", "Fetch a page's past, find the changes, write the report."),
    "run": ("working", "Visit every page that is due, once."),
    "daemon": (
        "working",
        "Visit pages as they fall due, for ever; SIGTERM finishes the page in hand and stops.",
    ),
    "worker": (
        "sharing",
        "Visit pages as they fall due, next to other workers on one PostgreSQL store; SIGTERM stops it.",
    ),
    "demo": (
        "working",
        "Run the whole pipeline on bundled captures, offline, and name the report and what it says is worth a look.",
    ),
    "list": ("overview", "List the pages that are watched."),
    "status": (
        "overview",
        "Show the state of the store, the archives' limits and the queue, or of one page.",
    ),
    "report": ("reading", "Write the change report of one page, of a story, or of all."),
    "show": ("reading", "Print the article as it stood, and the capture that shows it."),
    "diff": ("reading", "Print what changed between two times."),
    "claims": ("reading", "Print the casualty figures of the article as it stood."),
    "parse": ("reading", "Read one page without a store: headline, text and figures."),
    "site": (
        "publishing",
        "Build the reading room: static pages over all reports, with lists, feeds and search; only what changed is written.",
    ),
    "cite": (
        "publishing",
        "Print a citation of a finding, or of a page: both captures, with digests and dates.",
    ),
    "coverage": (
        "coverage",
        "Show how many captures each month has of a page or an outlet, and the cause of each gap with its proof.",
    ),
    "notify": ("alerts", "Send the alerts that are due to the channels of `[[alerts.channels]]`."),
    "import": ("keeping", "Take the captures in WARC, ARC or WACZ files into the store."),
    "extract": (
        "extracting",
        "Read WARC files into tables of captures, articles and casualty figures, without a store.",
    ),
    "verify": ("packages", "Read every kept byte again and compare it with its SHA-256; or check a package."),
    "witness": ("witness", "Fetch the captures that findings cite again, and compare them with those kept."),
    "export": (
        "packages",
        "Write kept captures as WARC 1.1, or findings as a package that a stranger can verify.",
    ),
    "keys": ("packages", "Make the key that packages are signed with, or show its public half."),
    "scrub": ("keeping", "Check the whole store, bodies and tables, for damage."),
    "backup": ("keeping", "Copy the store to a file while it is in use."),
    "restore": ("keeping", "Bring a backup back as the store; the store it replaces is kept next to it."),
    "rebuild": (
        "rebuilding",
        "Read kept pages again with the current parser and grammar, and say which findings changed.",
    ),
    "note": ("keeping", "Annotate or dismiss a finding; the note stays with it and shows in the report."),
    "doctor": ("keeping", "Check settings, store, disk and archives, and say what to repair."),
}


class Verbs(TyperGroup):
    """The command's group of verbs, each loaded when it is called or asked for its help."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        # Typer suggests for a mistyped verb whatever stands here.
        self.commands = dict.fromkeys(VERBS)  # type: ignore[assignment]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002  typer calls it so
        """Return a verb, with its module loaded, or None."""
        if cmd_name not in VERBS:
            return None
        if self.commands.get(cmd_name) is None:
            holder = typer.Typer(rich_markup_mode=None)
            import_module(f"crawler.cli.{VERBS[cmd_name][0]}").register(holder)
            self.commands.update(typer.main.get_group(holder).commands)
        # All that a verb needs is loaded: from here on there is garbage to find, none of it in what was loaded.
        look_seldom()
        gc.enable()
        return self.commands[cmd_name]

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002  likewise
        """Write each verb with its line, and load none."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in VERBS.items()])
