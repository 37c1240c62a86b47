"""The verbs by which evidence leaves the house and is checked outside it: export, verify, keys."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.address import page_address
from crawler.cli.keeping import tell_problems
from crawler.cli.printing import Json, count, out, out_json, out_lines, out_path, say, when
from crawler.errors import ConfigError, InputError, VariorumError
from crawler.tracker import Tracker
from crawler.tracker import utc_now as clock

if TYPE_CHECKING:
    from crawler.config import Settings
    from crawler.evidence.checking import Verified
    from crawler.evidence.contents import Chosen

ENDING = ".wacz"


def register(app: typer.Typer) -> None:
    """Add these verbs to the command."""
    for verb in (verify, export, keys):
        app.command()(verb)


def verify(
    context: typer.Context,
    what: Annotated[
        str | None,
        typer.Argument(
            metavar="URL|FILE.wacz",
            help="Only this page; or a package, for which no store is needed.",
            show_default=False,
        ),
    ] = None,
    key: Annotated[
        str | None,
        typer.Option(
            metavar="FINGERPRINT|FILE", help="The key that must have signed the package.", show_default=False
        ),
    ] = None,
    tsa_roots: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.pem",
            help="Certificates of the time-stamp authorities that you trust.",
            show_default=False,
        ),
    ] = None,
    deep: Annotated[
        bool, typer.Option("--deep", help="Also read every page again and compare the articles.")
    ] = False,
    json: Json = False,
) -> None:
    """Read every kept byte again and compare it with its SHA-256; or check a package."""
    if what is not None and (what.lower().endswith(ENDING) or Path(what).is_file()):
        if deep:
            raise typer.BadParameter("--deep is for the store: name a page, or nothing", param_hint="--deep")
        _verify_package(Path(what), key=key, tsa_roots=tsa_roots, json=json)
        return
    if key or tsa_roots:
        raise typer.BadParameter("--key and --tsa-roots are for packages: name a FILE.wacz", param_hint="URL")
    with Tracker.open(context.obj(), clock=clock, create=False, sandboxed=deep) as tracker:
        found = tracker.holdings.verify(what, deep=deep)
        try:
            tell_problems(found, sound=lambda: _sound(tracker, what), json=json)
            for link in tracker.store.custody.heads()[-1:] if what is None else ():
                stamped = "stamped" if link.token else "not stamped"
                say(
                    f"newest link of the log of custody: {link.position}, {when(link.at)}, {link.hash}, {stamped}"
                )
        finally:
            if skipped := tracker.holdings.skipped:
                say(
                    f"{count(skipped, 'article')} not read again: another parser or template read them, or their bytes "
                    "were let go; `variorum rebuild` reads with those of today"
                )


def _sound(tracker: Tracker, what: str | None) -> str:
    checked = "" if what else f": {count(tracker.status().bodies, 'body')} checked"
    return f"every byte is in place{checked}"


def _verify_package(path: Path, *, key: str | None, tsa_roots: Path | None, json: bool) -> None:
    from crawler.evidence.checking import verify_package

    try:
        roots = tsa_roots.read_bytes() if tsa_roots else None
    except OSError as error:
        raise InputError(f"{tsa_roots} cannot be read: {error.strerror or error}.") from error
    wanted = None
    if key:
        from crawler.evidence.keys import pinned

        wanted = pinned(key)
    found = verify_package(path, key=wanted, roots=roots)
    if json:
        out_json(found)
    else:
        for wrong in found.wrong:
            out(f"{wrong.file}: {wrong.reason}")
        _tell_seal(found, is_pinned=wanted is not None)
    if found.wrong:
        raise VariorumError(
            f"{count(len(found.wrong), 'problem')} found: {path} is not as it was written. Ask for another copy."
        )
    if not json:
        out(
            f"every byte is as it was written: {count(found.files, 'file')}, {count(found.captures, 'capture')}"
        )


def _tell_seal(found: "Verified", *, is_pinned: bool) -> None:
    if found.signed_by is None:
        out("not signed: nothing says who made it")
    elif is_pinned:
        out(f"signed by the key {found.signed_by}, which is the one named")
    else:
        out(
            f"signed by an unknown key, {found.signed_by}; ask its holder for this fingerprint, and name it with --key"
        )
    if found.stamped_at is None:
        out("not stamped: nothing but its own word says when it was made")
    else:
        trust = {
            True: "its chain ends in a root that you named",
            False: "its root is its own: name the authority's with --tsa-roots",
            None: "its signature was not checked: name the authority's root with --tsa-roots",
        }
        out(f"stamped {found.stamped_at} by {found.authority}; {trust[found.stamp_trusted]}")


def export(
    context: typer.Context,
    urls: Annotated[
        list[str] | None, typer.Argument(metavar="URL", help="Only these pages.", show_default=False)
    ] = None,
    finding: Annotated[
        list[str] | None,
        typer.Option(
            "--finding", metavar="ID", help="Package this finding (repeatable).", show_default=False
        ),
    ] = None,
    story: Annotated[
        str | None,
        typer.Option("--story", metavar="NAME", help="The pages of this story.", show_default=False),
    ] = None,
    where: Annotated[
        Path,
        typer.Option("--out", metavar="FOLDER|FILE.wacz", help="Folder for WARC, or file for a package."),
    ] = Path("variorum-export"),
    sign: Annotated[
        bool, typer.Option("--sign", help="Sign the package with your key (`variorum keys new`).")
    ] = False,
    stamp: Annotated[
        bool, typer.Option("--stamp", help="Have it time-stamped by [evidence] timestamp_url.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Overwrite an earlier package.")] = False,
) -> None:
    """Write kept captures as WARC 1.1, or findings as a package that a stranger can verify."""
    named, ids = list(urls or []), list(finding or [])
    if sum(map(bool, (named, ids, story))) > 1:
        raise typer.BadParameter("name pages, findings or a story: one of the three", param_hint="URL")
    is_package = where.name.lower().endswith(ENDING)
    if not is_package and (ids or sign or stamp):
        raise InputError(f"Findings, signatures and stamps go into a package: --out {where}{ENDING}")
    if is_package and where.is_file() and not force:
        raise InputError(f"{where} exists already. Name another file, or overwrite it with --force.")
    settings = context.obj()
    with Tracker.open(settings, clock=clock, create=False) as tracker:
        if story:
            named = [target.url for target in tracker.targets(story=story)]
            if not named:
                raise InputError(
                    f"No page of the story {story!r} is tracked; `variorum list` shows those there are."
                )
        if is_package:
            _package(tracker, settings, named, ids, where, sign=sign, stamp=stamp)
            return
        written = tracker.holdings.export(where, urls=named)
    say(count(written.records, "record"))
    out_path(written.warc)
    out_path(written.cdxj)


def _package(
    tracker: Tracker,
    settings: "Settings",
    urls: list[str],
    ids: list[str],
    where: Path,
    *,
    sign: bool,
    stamp: bool,
) -> None:
    from crawler.evidence.contents import chosen_findings, chosen_pages
    from crawler.evidence.package import package, sealer

    if not urls and not ids:
        raise InputError("Say what to package: --finding ID, --story NAME, or addresses of pages.")
    if stamp and settings.evidence.timestamp_url is None:
        raise ConfigError(
            "No time-stamp authority is set. Set evidence.timestamp_url, such as to that of your notary or library."
        )
    seal = sealer(settings.evidence.key, settings.evidence.timestamp_url if stamp else None, sign=sign)
    pages: list[Chosen] = (
        chosen_findings(tracker, ids) if ids else chosen_pages(tracker, map(page_address, urls))
    )
    package(tracker, pages, where, seal=seal)
    findings = {change.id for page in pages for change, _ in page.findings}
    say(f"{count(len(findings), 'finding')} of {count(len(pages), 'page')}")
    out_path(where)


def _known_action(value: str) -> str:
    if value not in {"new", "show"}:
        raise typer.BadParameter(f"{value!r} is not one of new, show.")
    return value


def keys(
    context: typer.Context,
    action: Annotated[
        str,
        typer.Argument(
            metavar="new|show",
            callback=_known_action,
            help="Make a key, or show the public half of the one there is.",
            show_default=False,
        ),
    ],
    json: Json = False,
) -> None:
    """Make the key that packages are signed with, or show its public half."""
    from crawler.evidence.keys import key_path, load_key, new_key

    path = key_path(context.obj().evidence.key)
    key = new_key(path) if action == "new" else load_key(path)
    if json:
        out_json(key.public)
        return
    if action == "new":
        say(f"kept in {path}, which only you can read; whoever has that file signs in your name")
    out(f"fingerprint {key.public.fingerprint}")
    out_lines(key.public.pem)
