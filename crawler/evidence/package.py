"""A finding, a story or a page as one file that a stranger can verify."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from crawler.errors import InputError
from crawler.evidence.contents import Chosen, contents_of, newest_of
from crawler.evidence.wacz import UNSEALED, Described, Seal, sha256_named, write_package
from crawler.tracker import Tracker

SOFTWARE = "Variorum"


def package(
    tracker: Tracker,
    pages: Sequence[Chosen],
    path: Path,
    *,
    seal: Callable[[str, str, str], Seal] = lambda *_: UNSEALED,
) -> None:
    """Write what was chosen as a WACZ 1.1.1, and enter that in the log of custody.

    The same store gives the same bytes, but for a time stamp.

    Args:
        tracker: Whose store it is from.
        pages: What to package; at least one page.
        path: The file.
        seal: Signs and stamps a digest; takes it, the date of the package and the software.

    Raises:
        InputError: The file cannot be written.
        StoreError: A body is missing or damaged.
        VariorumError: It cannot be signed or stamped.
    """
    software = f"{SOFTWARE} {version('variorum')}"
    created = newest_of(pages).strftime("%Y-%m-%dT%H:%M:%SZ")
    findings = sorted({change.id for page in pages for change, _ in page.findings})
    described = Described(
        title=f"{len(findings)} finding(s) on {len(pages)} page(s)",
        software=software,
        created=created,
        more={"variorum": {"findings": findings, "pages": sorted(page.target.url for page in pages)}},
    )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix="variorum-") as folder:
            files = contents_of(tracker, pages, Path(folder))
            write_package(path, files, described, seal=lambda named: seal(named, created, software))
    except OSError as error:
        raise InputError(
            f"{path} cannot be written: {error.strerror or error}. Name another with --out."
        ) from error
    for page in pages:
        tracker.store.custody.enter(
            page.target, "exported", at=tracker.clock(), form="wacz", digest=sha256_named(path)
        )


def sealer(key: Path | None, timestamp_url: str | None, *, sign: bool) -> Callable[[str, str, str], Seal]:
    """Return what signs and stamps a package's digest; the key is read now, so that a missing one stops early.

    Args:
        key: The file of the key that is set, or None for the usual one.
        timestamp_url: The time-stamp authority's address, or None for no stamp.
        sign: Whether to sign.

    Raises:
        ConfigError: There is no such key, or the extra `evidence` is missing.
    """
    signing = None
    if sign:
        from crawler.evidence.keys import key_path, load_key

        signing = load_key(key_path(key))

    def seal(named: str, created: str, software: str) -> Seal:
        made = signing.seal(named, created=created, software=software) if signing else UNSEALED
        if timestamp_url is None:
            return made
        from crawler.evidence.timestamps import stamp_of

        over = made.signed["signature"] if made.signed else named
        return replace(made, stamp=stamp_of(over.encode("ascii"), timestamp_url))

    return seal
