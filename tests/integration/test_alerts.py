"""Alerts as services receive them: real HTTP and SMTP receivers on loopback, real daemons, real kills."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from crawler.cli import main
from crawler.store import AlertState, open_store
from crawler.store.alerts import AlertFacts, Wanted
from diffs.model import Change, ChangeKind, ChangeType, Weight
from store_samples import NOW, tracked

ROOT = Path(__file__).parents[2]
WARC = ROOT / "seeds" / "demo" / "meridian-courier.warc.gz"
PAGE = "https://www.meridian-courier.example/world/2025/03/11/silver-tern-ferry-port-sarel"
VARIORUM = str(Path(sys.executable).parent / "variorum")


class Receiver:
    """Takes messages over HTTP, or refuses a share of them.

    Args:
        refusing: Share of the requests that are answered with 503, from 0 to 1.
    """

    def __init__(self, refusing: float = 0.0) -> None:
        self.taken: list[dict[str, Any]] = []
        self.refused = 0
        self.refusing = refusing
        chance, lock, outer = random.Random(7), threading.Lock(), self

        class Answering(BaseHTTPRequestHandler):
            timeout = 10

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                with lock:
                    refused = chance.random() < outer.refusing
                    if refused:
                        outer.refused += 1
                    else:
                        outer.taken.append(json.loads(body))
                self.send_response(503 if refused else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args: object) -> None:
                pass

        class Quiet(ThreadingHTTPServer):
            def handle_error(self, *args: object) -> None:
                """A sender that is killed leaves a broken connection."""

        self.server = Quiet(("127.0.0.1", 0), Answering)
        self.server.daemon_threads = True

    @property
    def address(self) -> str:
        return f"json://127.0.0.1:{self.server.server_address[1]}/hook?token=s3cret"

    @property
    def texts(self) -> list[str]:
        return [message["message"] for message in self.taken]

    @property
    def ids(self) -> Counter[str]:
        lines = (line for text in self.texts for line in text.splitlines())
        return Counter(line.removeprefix("finding: ") for line in lines if line.startswith("finding: "))


@contextmanager
def receiving(refusing: float = 0.0) -> Iterator[Receiver]:
    receiver = Receiver(refusing)
    thread = threading.Thread(target=receiver.server.serve_forever, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.server.shutdown()
        receiver.server.server_close()
        thread.join(10)


class Mailbox:
    """Keeps what is mailed."""

    def __init__(self) -> None:
        self.mails: list[Any] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        del server, session
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


@contextmanager
def mailing() -> Iterator[tuple[Mailbox, str]]:
    box = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield (
            box,
            f"mailto://127.0.0.1:{port}?from=variorum@gazette.example&to=desk@gazette.example&mode=insecure",
        )
    finally:
        controller.stop()


def settings_file(folder: Path, channels: dict[str, tuple[str, str]]) -> Path:
    """Write the settings of a user whose archive is a WARC file: by channel its address, and further lines."""
    parts = [
        f'store = "{folder / "variorum.db"}"\n[archive]\ndialect = "warc"\nurl = "{WARC}"\n[daemon]\ntick_seconds = 0.5\n'
    ]
    for name, (address, more) in channels.items():
        file = folder / f"{name}.url"
        file.write_text(f"{address}\n")
        file.chmod(0o600)
        parts.append(f'[[alerts.channels]]\nname = "{name}"\nurl_file = "{file}"\n{more}\n')
    path = folder / "variorum.toml"
    path.write_text("\n".join(parts))
    return path


def wait_until(done: Callable[[], object], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < until, "nothing came in time"
        time.sleep(0.1)


def track_early(store: Path) -> None:
    with open_store(str(store)) as opened:
        opened.targets.track(PAGE, now=datetime(2025, 3, 1, tzinfo=UTC))


def test_a_daemon_sends_what_it_finds_to_a_web_hook_and_a_mailbox_each_once(tmp_path, capfd) -> None:
    with receiving() as hook, mailing() as (box, address):
        config = settings_file(
            tmp_path, {"hook": (hook.address, ""), "mail": (address, 'kinds = ["correction"]')}
        )
        track_early(tmp_path / "variorum.db")
        daemon = subprocess.Popen(
            [VARIORUM, "--config", str(config), "daemon"], stderr=subprocess.PIPE, text=True
        )
        try:
            with open_store(str(tmp_path / "variorum.db")) as store:
                wait_until(lambda: set(store.alerts.counts()) == {AlertState.SENT})
            time.sleep(1)
        finally:
            daemon.send_signal(signal.SIGTERM)
            _, log = daemon.communicate(timeout=60)
        found = len(hook.taken)
        assert main(["--config", str(config), "notify"]) == 0
        assert main(["--config", str(config), "status"]) == 0

    out = capfd.readouterr().out
    assert daemon.returncode == 0
    assert found == len(hook.taken) == len(hook.ids) > 3
    mailed = Counter(
        line
        for mail in box.mails
        for line in mail.get_body(("plain",)).get_content().splitlines()
        if line.startswith("finding: ")
    )
    assert 0 < len(box.mails) == len(mailed) < found
    assert all(mail["Subject"].startswith("correction ") for mail in box.mails)
    assert "0 alerts sent" in out
    assert f"{found + len(box.mails)} sent" in out
    assert "s3cret" not in log + out


def test_a_dismissed_finding_is_withdrawn_where_it_was_sent(tmp_path, capfd) -> None:
    with receiving() as hook:
        config = ["--config", str(settings_file(tmp_path, {"hook": (hook.address, "")}))]
        track_early(tmp_path / "variorum.db")
        assert main([*config, "run"]) == 0
        assert main([*config, "notify", "--dry-run"]) == 0
        assert hook.taken == []
        assert main([*config, "notify"]) == 0
        first = min(hook.ids)
        assert main([*config, "note", first, "a slip of ours", "--dismiss"]) == 0
        before = len(hook.taken)
        assert main([*config, "notify"]) == 0
        assert main([*config, "notify"]) == 0

    assert [message["title"][:11] for message in hook.taken[before:]] == ["Withdrawn: "]
    assert hook.ids[first] == 2
    assert capfd.readouterr().out.count("alerts sent") == 1 + 1


def test_a_digest_is_one_message_and_since_announces_what_never_was(tmp_path, capfd) -> None:
    with receiving() as hook:
        config = ["--config", str(settings_file(tmp_path, {"hook": (hook.address, 'digest = "daily"')}))]
        assert main([*config, "backfill", PAGE]) == 0
        assert main([*config, "notify"]) == 0
        assert hook.taken == []
        assert main([*config, "notify", "--since", "2025-03-12"]) == 0
        with open_store(str(tmp_path / "variorum.db")) as store:
            waiting = store.alerts.counts()[AlertState.PENDING]
            tomorrow = datetime.now(UTC) + timedelta(days=1)
            due = store.alerts.due(tomorrow, channel="hook", limit=999)
            assert len(due) == waiting > 1
            assert {(one.ask_again.hour, one.ask_again.minute) for one in due} == {(0, 0)}


def test_a_trial_reaches_each_channel_and_names_the_one_that_refuses(tmp_path, capfd) -> None:
    with receiving() as good, receiving(refusing=1.0) as bad:
        config = ["--config", str(settings_file(tmp_path, {"good": (good.address, "")}))]
        assert main([*config, "notify", "--test"]) == 0
        both = settings_file(tmp_path, {"good": (good.address, ""), "bad": (bad.address, "")})
        assert main(["--config", str(both), "notify", "--test"]) == 1

    captured = capfd.readouterr()
    assert len(good.taken) == 2
    assert "bad took no message" in captured.err
    assert "s3cret" not in captured.out + captured.err


# A process that has imported everything forks a sender for each line it reads, and writes its number and its end.
PROGRAM = """
import os, sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
import apprise
from apprise.plugins.custom_json import NotifyJSON
from crawler.alerts.delivery import deliver
from crawler.alerts.settings import ChannelSettings
from crawler.store import AlertState, open_store

where, *files = sys.argv[1:]
channels = [ChannelSettings(name=Path(file).stem, url_file=Path(file)) for file in files]
short = timedelta(seconds=0.5)
for _ in sys.stdin:
    child = os.fork()
    if child == 0:
        with open_store(where) as store:
            while set(store.alerts.counts()) != {AlertState.SENT}:
                deliver(store, channels, clock=lambda: datetime.now(UTC), claim=short, first_pause=short / 50)
        os._exit(0)
    print(child, flush=True)
    print(os.waitpid(child, 0)[1], flush=True)
"""


def send_under_kills(folder: Path, *, findings: int, kills: int) -> tuple[Receiver, Receiver, int]:
    """Have findings sent to two receivers, one of which refuses half, by senders that are killed; returns the kills."""
    facts = AlertFacts(
        url="https://gazette.example/1",
        headline="Fire",
        kind="casualty",
        type="increased",
        before="2",
        after="3",
        disclosure="silent",
        archive="wayback",
        since=NOW.isoformat(),
        until=NOW.isoformat(),
    )
    values = {"kind": ChangeKind.CASUALTY, "type": ChangeType.INCREASED, "weight": Weight.SUBSTANTIVE}
    changes = [Change(id=f"change-{number}", **values) for number in range(findings)]
    both = tuple(Wanted(channel=name, facts=facts, due=NOW) for name in ("steady", "shaky"))
    where = folder / "variorum.db"
    with open_store(str(where)) as store:
        alerts = {change.id: both for change in changes}
        store.findings.record(tracked(store), changes, grammar="1", parser="1", now=NOW, alerts=alerts)
    chance, killed = random.Random(11), 0
    with receiving() as steady, receiving(refusing=0.5) as shaky:
        files = []
        for name, receiver in (("steady", steady), ("shaky", shaky)):
            (folder / name).with_suffix(".url").write_text(receiver.address)
            files.append(str((folder / name).with_suffix(".url")))
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(where), *files],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            for kill in range(kills + 1):
                process.stdin.write("send\n")
                process.stdin.flush()
                child = int(process.stdout.readline())
                if kill < kills:
                    before = len(steady.taken) + steady.refused + len(shaky.taken) + shaky.refused
                    wait_until(
                        lambda seen=before: len(steady.taken) + len(shaky.taken) + shaky.refused > seen
                    )
                    time.sleep(chance.random() * 0.1)
                    os.kill(child, signal.SIGKILL)
                status = int(process.stdout.readline())
                killed += status == signal.SIGKILL
            assert status == 0
        finally:
            process.stdin.close()
            process.wait(timeout=60)
            process.stdout.close()
        return steady, shaky, killed


def check_sent(steady: Receiver, shaky: Receiver, *, findings: int, kills: int) -> None:
    every = {f"change-{number}" for number in range(findings)}
    again = sum(sum(receiver.ids.values()) - findings for receiver in (steady, shaky))

    assert shaky.refused > 0
    assert set(steady.ids) == set(shaky.ids) == every
    assert 0 <= again <= kills


def test_no_alert_is_lost_by_a_kill_and_at_most_one_is_sent_twice_for_each(tmp_path) -> None:
    steady, shaky, killed = send_under_kills(tmp_path, findings=100, kills=6)

    assert killed == 6
    check_sent(steady, shaky, findings=100, kills=killed)


@pytest.mark.soak
@pytest.mark.timeout(900)
def test_no_alert_of_a_thousand_is_lost_by_twenty_kills(tmp_path) -> None:
    steady, shaky, killed = send_under_kills(tmp_path, findings=1000, kills=20)

    assert killed == 20
    check_sent(steady, shaky, findings=1000, kills=killed)
