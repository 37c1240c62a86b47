"""The daemon's log: for people on a terminal, JSON elsewhere, and nothing that a page wrote acts on a terminal."""

import io
import json
import logging
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import structlog

from crawler.log import configure_log
from crawler.store import open_store

HOSTILE = "\x1b[2J\x1b]0;owned\x07five\r\nlevel=info \u202edead"


class Terminal(io.StringIO):
    """A stream that says that it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def put_back():
    yield
    structlog.reset_defaults()
    log = logging.getLogger("urllib3.connectionpool")
    log.handlers = []
    log.setLevel(logging.NOTSET)


def logged(stream: io.StringIO, **how: object) -> str:
    configure_log(stream, **how)
    log = structlog.get_logger().bind(worker="daemon 1")
    log.info("changed", before=HOSTILE, after=None, number=3, parts=[HOSTILE])
    log.warning("failed", error=HOSTILE)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("stream", "form", "human"),
    [
        (Terminal, "auto", True),
        (io.StringIO, "auto", False),
        (io.StringIO, "human", True),
        (Terminal, "json", False),
    ],
)
def test_a_terminal_gets_lines_for_people_and_whatever_else_reads_json_unless_set_otherwise(
    stream, form, human
):
    lines = logged(stream(), form=form).splitlines()
    assert len(lines) == 2
    if human:
        assert "changed" in lines[0]
        assert "number" in lines[0]
        assert not lines[0].startswith("{")
    else:
        assert [json.loads(line)["event"] for line in lines] == ["changed", "failed"]
        assert json.loads(lines[1])["error"] == HOSTILE


@pytest.mark.parametrize("stream", [Terminal, io.StringIO])
@pytest.mark.parametrize("form", ["human", "json"])
def test_no_word_of_a_page_moves_the_cursor_or_adds_a_line(stream, form):
    text = logged(stream(), form=form)
    ours = {"\x1b[0m", "\x1b[1m", "\x1b[2m", "\x1b[31m", "\x1b[32m", "\x1b[33m", "\x1b[35m", "\x1b[36m"}
    bare = text
    for code in ours:
        bare = bare.replace(code, "")
    assert len(bare.splitlines()) == 2
    assert not {character for character in bare if ord(character) < 32 and character != "\n"}
    assert "\u202e" not in bare


def test_a_traceback_keeps_its_lines_for_people_and_its_words_cannot_act():
    stream = io.StringIO()
    configure_log(stream, form="human")

    def fail() -> None:
        raise ValueError(HOSTILE)

    try:
        fail()
    except ValueError:
        structlog.get_logger().exception("job failed", job="site")
    structlog.get_logger().error("job failed", job="site", trace="Traceback:\n  one\n  \x1b[2Jtwo")
    text = stream.getvalue()
    assert "\x1b" not in text
    assert "\x07" not in text
    assert "  one\n" in text
    assert text.count("Traceback") == 2


def test_quiet_leaves_warnings_and_verbose_adds_requests():
    assert [json.loads(line)["event"] for line in logged(io.StringIO(), quiet=True).splitlines()] == [
        "failed"
    ]
    stream = io.StringIO()
    configure_log(stream, verbose=True)
    logging.getLogger("urllib3.connectionpool").debug('http://a.example:80 "GET /x" 200 5')
    (line,) = map(json.loads, stream.getvalue().splitlines())
    assert (line["event"], line["level"]) == ("request", "debug")
    assert "GET /x" in line["said"]
    configure_log(stream)
    logging.getLogger("urllib3.connectionpool").debug("not wanted")
    assert "not wanted" not in stream.getvalue()


def said_by(words: list[str], where: Path, *, terminal: bool) -> str:
    """Return what a real daemon logs until it has looked at its one page, to a pipe or a terminal."""
    command = [str(Path(sys.executable).with_name("variorum")), *words]
    env = os.environ | {
        "VARIORUM_STORE": str(where),
        "VARIORUM_ARCHIVE_DIALECT": "warc",
        "VARIORUM_ARCHIVE_URL": str(where.parent),
        "TERM": "xterm",
    }
    ours, theirs = pty.openpty() if terminal else os.pipe()
    with subprocess.Popen(command, stderr=theirs, env=env) as process:
        os.close(theirs)
        text, deadline = b"", time.monotonic() + 100
        try:
            while b"gazette.example" not in text and b"started" not in text and time.monotonic() < deadline:
                text += os.read(ours, 65536)
            process.send_signal(signal.SIGTERM)
            while part := os.read(ours, 65536):
                text += part
        except OSError:  # a terminal whose other side has gone
            pass
        finally:
            process.kill()
            os.close(ours)
    return text.decode()


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("words", "terminal", "human"),
    [
        (["daemon"], True, True),
        (["daemon"], False, False),
        (["daemon", "--log-format", "json"], True, False),
        (["daemon", "--log-format", "human"], False, True),
    ],
)
def test_the_command_logs_as_its_reader_needs(tmp_path, words, terminal, human):
    where = tmp_path / "v.db"
    open_store(str(where)).close()
    lines = [line for line in said_by(words, where, terminal=terminal).splitlines() if line.strip()]
    assert any("started" in line for line in lines)
    assert all(line.startswith("{") for line in lines) is not human


def test_a_quiet_daemon_logs_nothing_while_all_is_well(tmp_path):
    where = tmp_path / "v.db"
    open_store(str(where)).close()
    env = os.environ | {
        "VARIORUM_STORE": str(where),
        "VARIORUM_ARCHIVE_DIALECT": "warc",
        "VARIORUM_ARCHIVE_URL": str(tmp_path),
    }
    command = [str(Path(sys.executable).with_name("variorum")), "-q", "daemon"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, env=env) as process:
        deadline = time.monotonic() + 100
        with open_store(str(where)) as store:
            while store.heartbeat() is None and time.monotonic() < deadline:
                time.sleep(0.1)
        process.send_signal(signal.SIGTERM)
        said = process.communicate(timeout=100)[1]
    assert (process.returncode, said) == (0, b"")


def test_a_form_that_is_none_is_refused_with_a_line(tmp_path):
    done = subprocess.run(
        [str(Path(sys.executable).with_name("variorum")), "daemon", "--log-format", "xml"],
        env=os.environ | {"VARIORUM_STORE": str(tmp_path / "v.db")},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert "log.format" in done.stderr
    assert "Traceback" not in done.stderr
