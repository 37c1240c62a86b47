"""A page that tries everything goes from a WARC to terminal, report, feed and table, and stays words all the way."""

import csv
import os
import pty
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from html import escape
from io import StringIO
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from markdown_it import MarkdownIt

from crawler.archive.warc import write_warc
from crawler.cli import main
from crawler.model import Capture, Snapshot

PAGE = "https://gazette.example/a/<script>alert(1)</script>\"'|`*[x](javascript:alert(1))"
PAYLOADS = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg onload=alert(1)>", "</title><script>alert(1)</script>",
    "[click](javascript:alert(1))", "[click](data:text/html,<script>alert(1)</script>)", "![x](https://evil.example/p.png)",
    "<https://evil.example>", "<a href='javascript:alert(1)'>x</a>", "<!-- ", "]]>", "a | b | c", "`code` ``two``", "[[wiki]] ![[x]]",
    "=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "＝1", "{{ site.secret }} {% raw %}", "$x$ $$y$$", "[^1]: mine", "[a]: javascript:x",
    "\x1b]8;;https://evil.example\x07link\x1b]8;;\x07", "\x1b]52;c;ZXZpbA==\x07", "\x1b[2J\x1b[31m", "\x9b2J\x9d0;title\x9c", "\x07\x08\x7f\x0b",
    "\u202egnp.exe\u202c", "\u2066a\u2069", "\u200f\u061c", "one\u2028two\u2029three\x85four", "\ufeff\ufffe",
    "# heading", "- item", "> quote", "---", "~~~", "    code", "<details open ontoggle=alert(1)>", "<iframe srcdoc='<script>alert(1)</script>'>",
)  # fmt: skip
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
# What rich sends to a terminal of its own: colours, erasing a line, moving up, hiding the cursor.
OURS = re.compile(r"\x1b\[(?:[0-9;]*m|\d?K|\d*A|\?25[lh])|\r")
DRAWN = {
    "a", "p", "h1", "h2", "h3", "h4", "em", "strong", "s", "ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td", "blockquote",
    "code", "hr", "br", "img",
}  # fmt: skip


def page(toll: int) -> bytes:
    lines = [
        f"At least {toll} people were killed, {each} said the mayor, version {toll}." for each in PAYLOADS
    ]
    body = "".join(f"<p>{escape(line)}</p>" for line in lines)
    title = escape(" ".join(PAYLOADS[:9]) + f" {toll} dead " + "\x1b[2J\x9b2J\u202e")
    return (
        f'<html lang="en"><head><title>{title}</title><meta name="author" content="{escape(PAYLOADS[24])}">'
        f'<meta property="og:title" content="{title}"></head><body><article><h1>{title}</h1>{body}</article></body></html>'
    ).encode()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A user who took such pages in, and where the reports lie."""
    folder = tmp_path_factory.mktemp("home")
    shots = []
    for number, toll in enumerate((12, 15, 14)):
        at = datetime(2025, 3, 1, number, tzinfo=UTC)
        row = Capture(archive="a", url=PAGE, urlkey="k", at=at)
        kind = "text/html; charset=utf-8"
        shots.append(
            Snapshot(capture=row, served_at=at, url=PAGE, status=200, content_type=kind, body=page(toll))
        )
    warc = write_warc(folder / "in.warc.gz", shots, created=datetime(2025, 4, 1, tzinfo=UTC)).warc
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VARIORUM_STORE", str(folder / "v.db"))
        patch.setenv("VARIORUM_REPORTS", str(folder / "reports"))
        assert main(["import", str(warc)]) == 0
        assert main(["track", PAGE, "--story", PAYLOADS[0] + PAYLOADS[25]]) == 0
        yield folder


VERBS = [
    "report {url}", "report {url} --format json", "report {url} --format csv", "report {url} --format atom", "report", "show {url}",
    "show {url} --removed", "show {url} --json", "diff {url}", "diff {url} --json", "claims {url}", "claims {url} --explain", "status",
    "status {url}", "status --json", "list", "list --json", "verify", "scrub", "rebuild --all", "export --out {out}", "untrack {url}", "show {url}x",
    "diff {url} 2001", "parse {file}", "parse {file} --json", "import {file}", "note {escape} x", "show {escape}",
]  # fmt: skip


@pytest.mark.parametrize("verb", VERBS)
def test_nothing_a_verb_prints_can_move_a_cursor_or_hide_a_letter(home, capfd, verb):
    (home / "page.html").write_bytes(page(12))
    names = {
        "url": PAGE,
        "out": str(home / "out"),
        "file": str(home / "page.html"),
        "escape": "\x1b]0;x\x07\x9b",
    }
    main([word.format(**names) if "{" in word else word for word in verb.split()])
    printed = capfd.readouterr()

    assert not CONTROL.search(printed.out + printed.err), CONTROL.search(printed.out + printed.err)
    assert "Traceback" not in printed.err
    assert printed.out or printed.err


@pytest.mark.parametrize(
    "verb",
    ["diff", pytest.param("show", marks=pytest.mark.soak), pytest.param("status", marks=pytest.mark.soak)],
)
def test_a_terminal_is_sent_no_sequence_but_our_own(home, verb):
    ours, theirs = pty.openpty()
    command = [str(Path(sys.executable).parent / "variorum"), verb, PAGE]
    process = subprocess.Popen(
        command,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "120"},
    )
    os.close(theirs)
    sent = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:  # the other end is closed
            break
        if not piece:
            break
        sent += piece
    os.close(ours)
    assert process.wait(30) == 0

    text = OURS.sub("", sent.decode())
    assert "people were killed" in text or verb == "status"
    assert not CONTROL.search(text.replace("\r", "")), CONTROL.search(text)


def test_what_a_browser_would_build_of_a_report_holds_nothing_active(home):
    assert main(["report", PAGE, "--out", str(home / "all")]) == 0
    assert main(["report", "--out", str(home / "all")]) == 0
    files = sorted((home / "all").iterdir())
    assert {file.suffix for file in files} >= {".md", ".svg"}
    viewer = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    for file in files:
        text = file.read_text(encoding="utf-8")
        assert not CONTROL.search(text), file
        if file.suffix == ".md":
            text = viewer.render(text.split("---\n", 2)[-1])
        soup = BeautifulSoup(text, "lxml-xml" if file.suffix in (".svg", ".atom") else "lxml")
        if file.suffix == ".md":
            assert {tag.name for tag in soup.body.find_all(recursive=True)} <= DRAWN
        for tag in soup.find_all(recursive=True):
            assert tag.name.lower() not in {
                "script",
                "iframe",
                "object",
                "embed",
                "style",
                "foreignobject",
                "use",
            }
            assert not [name for name in tag.attrs if name.lower().startswith("on")]
            for link in (tag.get("href"), tag.get("src")):
                assert link is None or re.match(
                    r"https://|#[a-z0-9-]+$|[a-z0-9-]+\.(md|svg|json|csv|atom)", link
                ), link


def test_no_cell_of_a_table_is_a_formula(home, capfd):
    capfd.readouterr()
    main(["report", PAGE, "--format", "csv"])
    rows = list(csv.reader(StringIO(capfd.readouterr().out, newline="")))
    assert len(rows) > 10
    assert not [cell for row in rows for cell in row if cell.lstrip().startswith(tuple("=+-@\t\r＝＋－＠|"))]
