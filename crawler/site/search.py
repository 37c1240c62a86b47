"""The search index of a site, made by Pagefind where the extra `site` is installed."""

import importlib.util
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from crawler.errors import ConfigError, PublishError, how_to_install

EXTRA = f"search needs Pagefind; {how_to_install('site')}"
SECONDS = 1800
# What the script of the site loads; Pagefind's own user interfaces are left out.
_SCRIPTS = frozenset({"pagefind.js", "pagefind-worker.js", "pagefind-entry.json"})
_DATA = (".pf_meta", ".pf_index", ".pf_fragment", ".pf_filter", ".pagefind")


def can_search() -> bool:
    """Return whether Pagefind and its binary are installed."""
    return importlib.util.find_spec("pagefind_bin") is not None


def index_files(folder: Path, pages: str = "pages/*.html") -> Iterator[tuple[str, bytes]]:
    """Yield the files of the index over the pages of a site.

    Args:
        folder: The site.
        pages: Which pages to read.

    Raises:
        ConfigError: Pagefind is not installed.
        PublishError: It failed.
    """
    if not can_search():
        raise ConfigError(EXTRA)
    if not any(folder.glob(pages)):  # it calls a site without pages an error (1.4, 2026-11-28)
        return
    from pagefind_bin import get_executable  # noqa: PLC0415 - an extra

    with tempfile.TemporaryDirectory(prefix="variorum-search-") as scratch:
        made = Path(scratch) / "pagefind"
        command = [
            str(get_executable()),
            "--site",
            str(folder.absolute()),
            "--output-path",
            str(made),
            "--glob",
            pages,
        ]
        try:
            subprocess.run(  # noqa: S603 - a fixed program and our own folder
                [*command, "--silent"], check=True, capture_output=True, timeout=SECONDS, cwd=scratch
            )
        except (subprocess.SubprocessError, OSError) as error:
            said = getattr(error, "stderr", b"") or b""
            raise PublishError(
                f"Pagefind failed ({said.decode('utf-8', 'replace').strip()[:300] or error}); "
                "`variorum site --no-search` builds the site without search"
            ) from error
        for path in sorted(made.rglob("*")):
            name = path.relative_to(made).as_posix()
            if path.is_file() and (name in _SCRIPTS or name.endswith(_DATA)):
                yield f"pagefind/{name}", path.read_bytes()
