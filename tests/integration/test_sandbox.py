"""No page can take down, fill or stall the process that asks for it to be parsed."""

import multiprocessing
import os
import signal
import subprocess
import sys
import textwrap
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.errors import ParserError
from crawler.maintenance.reparse import Group, process_within_limits, readings_in
from crawler.model import Capture, Snapshot
from crawler.parser import PARSER_VERSION, Template, parse
from crawler.sandbox import SandboxedParser

URL = "https://gazette.example/harbour-fire"
AT = datetime(2026, 3, 1, tzinfo=UTC)
PAGE = (
    "<html><head><title>Fire</title></head><body><article><h1>Fire at the harbour</h1>"
    + "".join(
        f"<p>Paragraph {number} says that three people were killed in the fire at the harbour.</p>"
        for number in range(8)
    )
    + "</article></body></html>"
).encode()

# A parser that obeys the page; a real one that did this would be a bug in a C library.
BOMBS = textwrap.dedent(
    """
    import ctypes, os, time
    import crawler.parser
    real = crawler.parser.parse
    def parse(body, **fields):
        if body == b"segfault": ctypes.string_at(0)
        if body == b"exit": os._exit(3)
        if body == b"memory": return bytearray(2**33)
        if body == b"sleep": time.sleep(60)
        if body == b"spin":
            while True: pass
        if body == b"print": print("not an answer", flush=True)
        return real(body, **fields)
    crawler.parser.parse = parse
    """
)


@pytest.fixture(scope="module")
def parser(tmp_path_factory):
    """A child whose parser can be told to misbehave."""
    folder = tmp_path_factory.mktemp("bombs")
    (folder / "sitecustomize.py").write_text(BOMBS)
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(folder), before]))
    with SandboxedParser(seconds=2.0, memory_mib=600) as made:
        yield made
    os.environ.pop("PYTHONPATH")
    if before:
        os.environ["PYTHONPATH"] = before


def test_a_page_is_read_as_without_isolation(parser):
    template = Template.learn([(URL, PAGE)])
    fields = {"url": URL, "captured_at": AT, "content_type": "text/html", "template": template}

    assert parser.parse(PAGE, **fields) == parse(PAGE, **fields)


def test_a_large_page_passes_through_the_pipe(parser):
    page = PAGE.replace(b"</article>", b"<!--" + b"x" * 3_000_000 + b"--></article>")

    assert parser.parse(page, url=URL) == parse(page, url=URL)


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (b"segfault", "the parser crashed (SIGSEGV)"),
        pytest.param(b"exit", "the parser crashed (exit code 3)", marks=pytest.mark.soak),
        (b"memory", "the parser needed more than 600 MiB"),
        (b"sleep", "the parser took longer than 8 s"),
        pytest.param(b"spin", "the parser took longer than 2 s of processor time", marks=pytest.mark.soak),
    ],
)
def test_a_page_that_breaks_the_parser_is_quarantined_with_its_reason(parser, page, reason, monkeypatch):
    if page != b"sleep":  # two seconds of a processor that many share last longer than eight
        monkeypatch.setattr("crawler.sandbox.PATIENCE", 100.0)
    article = parser.parse(page, url=URL, captured_at=AT)

    assert article.suspect == f"quarantined: {reason}", article.suspect
    assert (article.url, article.captured_at, article.parser, article.blocks) == (URL, AT, PARSER_VERSION, ())
    monkeypatch.setattr("crawler.sandbox.PATIENCE", 100.0)
    assert parser.parse(PAGE, url=URL).headline == "Fire at the harbour"


def test_what_a_library_prints_is_not_taken_for_an_answer(parser):
    assert parser.parse(b"print", url=URL) == parse(b"print", url=URL)


@pytest.mark.soak
def test_a_child_that_died_between_two_pages_is_replaced(parser):
    parser.parse(PAGE, url=URL)
    child = parser._child
    os.kill(child.pid, signal.SIGKILL)
    child.wait(10)

    assert parser.parse(PAGE, url=URL) == parse(PAGE, url=URL)
    assert parser._child.pid != child.pid


def test_closing_ends_the_child_and_the_next_page_has_another(parser):
    parser.parse(PAGE, url=URL)
    child = parser._child
    parser.close()

    assert child.poll() is not None
    assert parser._child is None


@pytest.fixture
def littered(tmp_path, monkeypatch):
    """A working directory whose modules are not ours, and tell when they are imported."""
    for name in ("pickle.py", "struct.py", "multiprocessing.py", "random.py", "crawler.py"):
        (tmp_path / name).write_text("open(__file__ + '.imported', 'w').close()\nraise SystemExit(1)\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_child_imports_nothing_from_the_working_directory(littered):
    with SandboxedParser() as made:
        assert made.parse(PAGE, url=URL).headline == "Fire at the harbour"
    assert list(littered.glob("*.imported")) == []


def test_the_processes_of_a_rebuild_import_nothing_from_the_working_directory(littered):
    row = Capture(archive="a", url=URL, urlkey=URL, at=AT)
    shot = Snapshot(capture=row, served_at=AT, url=URL, status=200, content_type="text/html", body=PAGE)
    groups = [Group(url=URL, pages=((number, shot),)) for number in range(3)]
    read = readings_in(groups, jobs=2, alone=alone_is_never_needed, process=process_within_limits)

    assert [reading[0].article.headline for _, reading in read] == ["Fire at the harbour"] * 3
    assert list(littered.glob("*.imported")) == []
    assert "PYTHONSAFEPATH" not in os.environ


DEADLY = """
import os
import crawler.parser
real = crawler.parser.parse
def parse(body, **fields):
    if b"bomb" in body: os._exit(139)
    return real(body, **fields)
crawler.parser.parse = parse
"""


def test_no_group_is_lost_where_the_processes_break_while_the_next_is_taken_from_the_store(
    tmp_path, monkeypatch
):
    (tmp_path / "sitecustomize.py").write_text(DEADLY)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")]))

    def groups():
        for number in range(5):
            body = b"<p>bomb</p>" if number == 1 else PAGE
            url = f"{URL}-{number}"
            row = Capture(archive="a", url=url, urlkey=url, at=AT)
            shot = Snapshot(
                capture=row, served_at=AT, url=url, status=200, content_type="text/html", body=body
            )
            yield Group(url=url, pages=((number, shot),))
            until = time.monotonic() + 60
            while number == 2 and multiprocessing.active_children() and time.monotonic() < until:
                time.sleep(0.05)  # the second group kills its process, and with it go the others

    def alone(*_, **__):
        return parse(PAGE, url=URL)

    read = [work.url for work, _ in readings_in(groups(), jobs=2, alone=alone, process=process_within_limits)]
    assert read == [f"{URL}-{number}" for number in range(5)]


ENDLESS = """
import os, time
import crawler.parser
real = crawler.parser.parse
def parse(body, **fields):
    if b"endless" in body:
        with open(os.environ["ENDLESS"], "w") as file:
            file.write(f"{os.getpid()}\\n")
        time.sleep(1000)
    return real(body, **fields)
crawler.parser.parse = parse
"""
LEFT = """
import os, signal, sys
from datetime import UTC, datetime
from crawler.maintenance.reparse import Group, process_within_limits, readings_in
from crawler.model import Capture, Snapshot

def groups():
    for number in range(2):
        url = f"https://gazette.example/{number}"
        row = Capture(archive="a", url=url, urlkey=url, at=datetime(2026, 3, 1, tzinfo=UTC))
        shot = Snapshot(
            capture=row, served_at=row.at, url=url, status=200, content_type="text/html", body=b"<p>endless</p>"
        )
        yield Group(url=url, pages=((number, shot),))

if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)
    list(readings_in(groups(), jobs=2, alone=None, process=process_within_limits))
"""


def is_gone(process: int) -> bool:
    """Return whether a process has ended, though whose child it is now may not have noticed."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


@pytest.mark.timeout(300)
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_a_rebuild_that_is_ended_waits_for_no_page_in_hand_and_leaves_no_process(tmp_path, how):
    (tmp_path / "sitecustomize.py").write_text(ENDLESS)
    (tmp_path / "left.py").write_text(LEFT)
    mark, deadline = tmp_path / "mark", time.monotonic() + 250

    def wait_for(what):
        while not (found := what()):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        return found

    ways = os.pathsep.join(filter(None, [str(tmp_path), os.environ.get("PYTHONPATH")]))
    with subprocess.Popen(
        [sys.executable, str(tmp_path / "left.py")],
        env=os.environ | {"PYTHONPATH": ways, "ENDLESS": str(mark)},
        stderr=subprocess.DEVNULL,
    ) as rebuild:
        reader = int(wait_for(lambda: mark.exists() and mark.read_text().endswith("\n") and mark.read_text()))
        rebuild.send_signal(how)
    wait_for(lambda: is_gone(reader))


ASKING = """
from crawler.sandbox import SandboxedParser
SandboxedParser(seconds=900.0).parse(b"<p>endless</p>", url="https://gazette.example/")
"""


@pytest.mark.timeout(120)
@pytest.mark.parametrize("busy", ["time.sleep(1000)", "while True: pass"])
def test_a_child_whose_parent_was_killed_ends_with_a_page_in_hand(tmp_path, busy):
    endless = ENDLESS.replace("        time.sleep(1000)", f"        {busy}")
    assert busy in endless
    (tmp_path / "sitecustomize.py").write_text(endless)
    mark, deadline = tmp_path / "mark", time.monotonic() + 100

    def wait_for(what):
        while not (found := what()):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        return found

    ways = os.pathsep.join(filter(None, [str(tmp_path), os.environ.get("PYTHONPATH")]))
    with subprocess.Popen(
        [sys.executable, "-c", ASKING], env=os.environ | {"PYTHONPATH": ways, "ENDLESS": str(mark)}
    ) as asking:
        child = int(wait_for(lambda: mark.exists() and mark.read_text().endswith("\n") and mark.read_text()))
        asking.kill()
    wait_for(lambda: is_gone(child))


def alone_is_never_needed(*_, **__):
    raise AssertionError


def test_a_child_that_does_not_start_says_nothing_about_the_page(tmp_path, monkeypatch):
    (tmp_path / "sitecustomize.py").write_text("import os\nos._exit(9)\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with SandboxedParser() as made:
        with pytest.raises(ParserError, match="could not be started") as caught:
            made.parse(PAGE, url=URL)
        monkeypatch.delenv("PYTHONPATH")
        assert made.parse(PAGE, url=URL).headline == "Fire at the harbour"
    assert caught.value.transient
