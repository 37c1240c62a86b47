"""The walls of the house: which way imports may run, which door each library uses, what the wheel holds."""

import ast
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = sorted(path for top in ("crawler", "diffs", "variorum") for path in ROOT.glob(f"{top}/**/*.py"))

# Each outside library and the modules that may import it.
DOORS = {
    "alembic": ["crawler.store"],
    "apprise": ["crawler.alerts.service"],
    "apscheduler": ["crawler.daemon", "crawler.interval"],
    "brotlicffi": ["crawler.archive.encoding", "crawler.store.recipes"],
    "bs4": ["crawler.parser"],
    "chardet": ["crawler.parser.charsets"],
    "cryptography": ["crawler.evidence.keys", "crawler.evidence.timestamps"],
    "dask": ["crawler.cluster.engine"],
    "diff_match_patch": ["diffs.edits"],
    "distributed": ["crawler.cluster.engine"],
    "feedparser": ["crawler.discovery.feeds"],
    "jinja2": ["diffs.reports"],
    "lxml": ["crawler.parser", "crawler.discovery.sitemaps"],
    "markupsafe": ["diffs.reports", "diffs.site"],
    "pagefind_bin": ["crawler.site.search"],
    "pyarrow": ["crawler.cluster.columns", "crawler.dataset"],
    "prometheus_client": ["crawler.metrics"],
    "pydantic": [
        "crawler.alerts.settings",
        "crawler.config",
        "crawler.codec",
        "crawler.ownership",
        "crawler.watching",
        "crawler.secret_files",
    ],
    "pydantic_settings": ["crawler.config"],
    "requests": ["crawler.archive.session"],
    "rfc3161_client": ["crawler.evidence.timestamps"],
    "rich": ["crawler.cli"],
    "sqlalchemy": ["crawler.store"],
    "structlog": ["crawler.daemon", "crawler.log"],
    "typer": ["crawler.cli"],
    "urllib3": ["crawler.archive.session"],
    "warcio": ["crawler.archive.warc"],
    "waybackpy": ["crawler.archive.cdx"],
    "zstandard": ["crawler.codec", "crawler.store", "crawler.archive.streams"],
}
# What a pure library has no use for.
IMPURE = {
    "asyncio", "datetime.now", "ftplib", "http", "io", "logging", "multiprocessing", "os", "pathlib", "random", "secrets",
    "select", "shutil", "signal", "smtplib", "socket", "sqlite3", "ssl", "subprocess", "tempfile", "threading", "time",
    "urllib.request", "uuid",
}  # fmt: skip
# The floors of the house, lowest first: a module imports from its own floor or from those below.
FLOORS = [
    ["diffs.language", "diffs.model", "diffs.text", "diffs.versions"],
    ["diffs.edits"],
    ["diffs.align", "diffs.claims", "diffs.codebooks"],
    ["diffs.changes"],
    ["diffs.history"],
    ["diffs.reports"],
    ["diffs.site"],
    [
        "crawler.errors",
        "crawler.evidence",
        "crawler.garbage",
        "crawler.maintenance",
        "crawler.model",
        "crawler.tracking",
        "crawler.versions",
    ],
    ["crawler.alerts.settings"],
    [
        "crawler.address",
        "crawler.config",
        "crawler.codec",
        "crawler.ownership",
        "crawler.secret_files",
        "crawler.watching",
    ],
    ["crawler.archive", "crawler.parser", "crawler.store", "crawler.publish", "crawler.dataset"],
    ["crawler.alerts"],
    [
        "crawler.sandbox",
        "crawler.tracking.archives",
        "crawler.tracking.classify",
        "crawler.tracking.robots",
        "crawler.tracking.redirects",
        "crawler.tracking.site_pages",
    ],
    [
        "crawler.tracking.backfill",
        "crawler.tracking.coverage",
        "crawler.tracking.events",
        "crawler.tracking.fetch_pass",
        "crawler.tracking.linked",
        "crawler.tracking.listing",
        "crawler.tracking.mending",
        "crawler.tracking.pipeline",
        "crawler.tracking.prefixes",
        "crawler.tracking.recording",
        "crawler.tracking.retries",
        "crawler.tracking.save_requests",
        "crawler.tracking.scheduler",
        "crawler.tracking.settled",
        "crawler.tracking.siblings",
        "crawler.tracking.visit",
    ],
    [
        "crawler.evidence.custody",
        "crawler.evidence.derivation",
        "crawler.evidence.known",
        "crawler.evidence.read_ahead",
        "crawler.evidence.templates",
        "crawler.evidence.transfer",
        "crawler.evidence.captured",
        "crawler.evidence.wacz",
        "crawler.evidence.witness",
        "crawler.tracking.assembly",
        "crawler.maintenance.outlets",
        "crawler.maintenance.overview",
        "crawler.maintenance.retention",
        "crawler.maintenance.reparse",
    ],
    ["crawler.maintenance.jobs", "crawler.maintenance.troubles"],
    ["crawler.maintenance.rebuild"],
    ["crawler.cluster"],
    [
        "crawler.evidence.holdings",
        "crawler.evidence.keys",
        "crawler.evidence.links",
        "crawler.evidence.timestamps",
    ],
    ["crawler.evidence.checking"],
    ["crawler.discovery"],
    ["crawler.tracker"],
    ["crawler.citation", "crawler.evidence.contents", "crawler.evidence.package", "crawler.site"],
    ["crawler.log", "crawler.metrics", "crawler.pulse", "crawler.systemd", "crawler.interval"],
    ["crawler.daemon", "crawler.maintenance.doctor"],
    ["crawler.worker"],
    ["crawler.cli"],
    ["variorum"],
]


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(path: Path) -> list[str]:
    """Every module a file imports, in whatever scope; `from a import b` gives a.b."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: import by full name"
            found += [f"{node.module}.{alias.name}" for alias in node.names]
    return found


def within(module: str, package: str) -> bool:
    return module == package or module.startswith(package + ".")


def floor_of(module: str) -> int:
    fits = [
        (len(name), floor) for floor, names in enumerate(FLOORS) for name in names if within(module, name)
    ]
    return max(fits)[1] if fits else -1


def test_a_library_enters_by_its_door() -> None:
    wrong = [
        f"{module_of(path)} imports {name}, which belongs to {doors}"
        for path in SOURCES
        for name in imports_of(path)
        for library, doors in DOORS.items()
        if within(name, library) and not any(within(module_of(path), door) for door in doors)
    ]
    assert wrong == []


def test_no_import_runs_upward() -> None:
    wrong = []
    for path in SOURCES:
        here = module_of(path)
        names = [name for name in imports_of(path) if name.split(".")[0] in ("crawler", "diffs", "variorum")]
        if here in ("diffs", "crawler"):
            wrong += [f"{here} imports {name}" for name in names if within(name, "crawler")]
        elif floor_of(here) < 0:
            wrong.append(f"{here} has no floor: add it to FLOORS")
        else:
            wrong += [
                f"{here} imports {name} from above" for name in names if floor_of(name) > floor_of(here)
            ]
    assert wrong == []


def _impurities(path: Path) -> list[str]:
    names = imports_of(path)
    calls = [
        node.func
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
    ]
    return [
        *(name for name in names if within(name, "crawler")),
        *(name for name in names for impure in IMPURE if within(name, impure)),
        *(c.id for c in calls if isinstance(c, ast.Name) and c.id in ("open", "print", "input")),
        *(c.attr for c in calls if isinstance(c, ast.Attribute) and c.attr in ("now", "utcnow", "today")),
    ]


def test_diffs_never_touches_the_world() -> None:
    pure = [path for path in SOURCES if within(module_of(path), "diffs")]
    assert len(pure) > 20
    assert {module_of(path): found for path in pure if (found := _impurities(path))} == {}


def test_a_file_opens_with_one_sentence_and_stays_readable() -> None:
    wrong = []
    for path in SOURCES:
        source = path.read_text(encoding="utf-8")
        opening = (ast.get_docstring(ast.parse(source)) or "").split("\n\n")[0]
        if not opening.endswith("."):
            wrong.append(f"{module_of(path)}: a file opens with a sentence")
        if len(source.splitlines()) > 420:
            wrong.append(f"{module_of(path)}: a file past about 400 lines asks to be split")
    assert wrong == []


# What code writes for people to read; what it means stands in other fields.
PROSE = {"reason", "detail", "state", "last_error", "save_said", "suspect", "says"}
# The standard library's own, and the code under which the parser files what it removes.
CODES = {"error.reason", "box.reason"}
READERS = {
    "startswith",
    "endswith",
    "split",
    "partition",
    "rpartition",
    "removeprefix",
    "removesuffix",
    "find",
    "index",
}


def prose_read_in(source: str) -> list[str]:
    """Every place where a program takes meaning out of a sentence: cut up, searched, or held against a phrase."""
    found = []
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Attribute(value=value, attr=attr)) if attr in READERS:
                asked = [value]
            case ast.Compare(left=left, ops=ops, comparators=others):
                asked = others if isinstance(ops[0], (ast.In, ast.NotIn)) else []
                phrase = [each for each in (left, *others) if isinstance(each, ast.Constant)]
                if isinstance(ops[0], (ast.Eq, ast.NotEq)) and any(isinstance(p.value, str) for p in phrase):
                    asked = [left, *others]
            case _:
                continue
        for value in asked:
            inner = value.values[0] if isinstance(value, ast.BoolOp) else value
            if isinstance(inner, ast.Attribute) and inner.attr in PROSE and ast.unparse(inner) not in CODES:
                found.append(f"line {node.lineno}: {ast.unparse(node)}")
    return found


def test_a_fact_is_a_field_never_a_phrase() -> None:
    read = {module_of(path): prose_read_in(path.read_text(encoding="utf-8")) for path in SOURCES}
    assert {module: found for module, found in read.items() if found} == {}


@pytest.mark.parametrize(
    "source",
    [
        '(seen.reason or "").startswith("not now: ")',
        'beat.state == "stopped"',
        '"disk" in beat.state',
        "change.detail.split(', ')",
        'row.reason.removeprefix("x")',
    ],
)
def test_a_phrase_that_is_read_is_found(source: str) -> None:
    assert len(prose_read_in(source)) == 1


def test_every_source_was_looked_at() -> None:
    assert {module_of(path).split(".")[0] for path in SOURCES} == {"crawler", "diffs", "variorum"}
    assert len(SOURCES) > 20


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        timeout=100,
    )
    return zipfile.ZipFile(next(folder.glob("variorum-*.whl")))


def test_the_wheel_holds_the_three_packages_and_nothing_else(wheel: zipfile.ZipFile) -> None:
    tops = {name.split("/")[0] for name in wheel.namelist()}
    assert {top for top in tops if not top.endswith((".dist-info", ".data"))} == {
        "crawler",
        "diffs",
        "variorum",
    }


def test_the_wheel_holds_every_source_and_all_package_data(wheel: zipfile.ZipFile) -> None:
    held = set(wheel.namelist())
    kept = subprocess.run(
        ["git", "ls-files", "crawler", "diffs", "variorum"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
        timeout=20,
    )
    assert set(kept.stdout.split()) <= held
    (shared,) = [name for name in held if ".data/" in name]
    assert shared.endswith(".data/data/share/variorum/meridian-courier.warc.gz")
    assert {"crawler/py.typed", "diffs/py.typed", "variorum/py.typed"} <= held


def test_the_wheel_names_one_command(wheel: zipfile.ZipFile) -> None:
    entry = next(name for name in wheel.namelist() if name.endswith("entry_points.txt"))
    assert wheel.read(entry).decode().split() == [
        "[console_scripts]",
        "variorum",
        "=",
        "crawler.cli:run_command",
    ]


def test_the_availability_service_is_never_asked() -> None:
    """It answers empty for pages that are archived, and never with a revisit (internetarchive/wayback#296, #274)."""
    for path in SOURCES:
        source = path.read_text(encoding="utf-8")
        assert "AvailabilityAPI" not in source
        assert "/wayback/available" not in source
