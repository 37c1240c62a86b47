"""Alerts as services receive them: real HTTP and SMTP receivers on loopback, real daemons."""

import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alert_receivers import mailing, receiving, settings_file

from crawler.cli import main
from crawler.store import AlertState, DaemonState, open_store

PAGE = "https://www.meridian-courier.example/world/2025/03/11/silver-tern-ferry-port-sarel"
VARIORUM = str(Path(sys.executable).parent / "variorum")


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
            tmp_path,
            {
                "hook": (hook.address, ""),
                "mail": (address, 'kinds = ["correction"]\ntopics = ["findings"]'),
            },
        )
        track_early(tmp_path / "variorum.db")
        with open_store(str(tmp_path / "variorum.db")) as store:
            ago = datetime.now(UTC) - timedelta(hours=1)
            store.beat("host 1", started=ago, now=ago, state=DaemonState.STOPPED)
        daemon = subprocess.Popen(
            [VARIORUM, "--config", str(config), "daemon"], stderr=subprocess.PIPE, text=True
        )
        try:
            with open_store(str(tmp_path / "variorum.db")) as store:
                wait_until(lambda: box.mails and set(store.alerts.counts()) == {AlertState.SENT})
            time.sleep(1)
        finally:
            daemon.send_signal(signal.SIGTERM)
            _, log = daemon.communicate(timeout=60)
        found = len(hook.taken)
        assert main(["--config", str(config), "notify"]) == 0
        assert main(["--config", str(config), "status"]) == 0

    out = capfd.readouterr().out
    assert daemon.returncode == 0
    troubles = [message["title"] for message in hook.taken if message["title"].startswith("Trouble: ")]
    assert [title[:31] for title in troubles] == ["Trouble: nobody watched between"]
    assert found == len(hook.taken) == len(hook.ids) + 1 > 3
    assert 0 < len(box.mails) == len(box.ids) < found
    assert all(mail["Subject"].startswith("Correction note ") for mail in box.mails)
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


def test_a_dry_run_shows_what_a_run_would_send_and_sends_nothing(tmp_path, capfd) -> None:
    with receiving() as hook:
        config = ["--config", str(settings_file(tmp_path, {"hook": (hook.address, 'kinds = ["casualty"]')}))]
        assert main([*config, "backfill", PAGE]) == 0
        capfd.readouterr()
        assert main([*config, "notify", "--dry-run", "--json"]) == 0
        assert json.loads(capfd.readouterr().out) == []
        assert main([*config, "notify", "--dry-run", "--since", "2025-03-12", "--json"]) == 0
        printed = json.loads(capfd.readouterr().out)
        assert main([*config, "notify", "--dry-run", "--since", "2025-03-12"]) == 0
        last = capfd.readouterr().out.splitlines()[-1]
        assert hook.taken == []
        for _ in range(2):
            assert main([*config, "notify", "--since", "2025-03-12"]) == 0

    assert len(printed) > 1
    assert last == f"{len(printed)} alerts would be sent"
    assert [(one["title"], one["text"]) for one in printed] == [
        (one["title"], one["message"]) for one in hook.taken
    ]


KILLED = """
import os, signal, sys

def kill(name, given):
    if name == "import" and given[0] == "crawler.store.findings":
        os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(kill)
"""


@pytest.mark.timeout(120)
def test_what_a_killed_look_kept_is_announced_by_the_next_though_a_rebuild_recorded_it(
    tmp_path, capfd
) -> None:
    """A look loads what records findings after it has kept its captures, and before it records what they show."""
    (tmp_path / "sitecustomize.py").write_text(KILLED)
    told = []
    for name, is_killed in (("killed", True), ("whole", False)):
        (tmp_path / name).mkdir()
        with receiving() as hook:
            config = ["--config", str(settings_file(tmp_path / name, {"hook": (hook.address, "")}))]
            track_early(tmp_path / name / "variorum.db")
            if is_killed:
                env = os.environ | {"PYTHONPATH": str(tmp_path)}
                done = subprocess.run([VARIORUM, *config, "run"], env=env, timeout=100, check=False)
                assert done.returncode == -signal.SIGKILL
                assert main([*config, "rebuild"]) == 0
                with open_store(str(tmp_path / name / "variorum.db")) as store:
                    assert store.status().findings > 0
                    assert store.alerts.counts() == {}
            for words in (["run"], ["notify"], ["notify"]):
                assert main([*config, *words]) == 0
        told.append(hook.ids)

    assert told[0] == told[1]
    assert set(told[0].values()) == {1}
    assert len(told[0]) > 3


def test_a_story_of_a_channel_that_no_page_belongs_to_is_named_before_anything_is_sent(
    tmp_path, capfd
) -> None:
    with receiving() as hook:
        more = 'stories = ["Nope", "Silver Tern"]'
        config = ["--config", str(settings_file(tmp_path, {"hook": (hook.address, more)}))]
        assert main([*config, "notify", "--test"]) == 0
        assert "Nope" not in capfd.readouterr().err
        assert main([*config, "track", PAGE, "--story", "Silver Tern"]) == 0
        capfd.readouterr()
        for words in (["--test"], ["--dry-run"]):
            assert main([*config, "notify", *words]) == 0
            said = capfd.readouterr().err
            assert "no page belongs to the story Nope of the channel hook" in said
            assert "Silver Tern" not in said


def test_no_output_shows_an_address_whatever_becomes_of_it(tmp_path, capfd) -> None:
    secret = "s3cret-token"
    addresses = {
        "refused": f"json://user:{secret}@127.0.0.1:9/{secret}?token={secret}",
        "unknown": f"nosuch://{secret}@127.0.0.1/{secret}",
        "several": f"mailto://user:{secret}@127.0.0.1:9?to=a@a.example,b@a.example&from={secret}@a.example",
        "mail": f"mailto://user:{secret}@127.0.0.1:9?to=a@a.example&from=b@a.example&mode=insecure",
    }
    config = settings_file(tmp_path, {name: (address, "") for name, address in addresses.items()})
    every = ["-v", "--config", str(config)]
    track_early(tmp_path / "variorum.db")
    assert main([*every, "run"]) == 0
    codes = [
        main([*every, *words])
        for words in (
            ["notify", "--test"],
            ["notify"],
            ["notify", "--dry-run", "--json"],
            ["status"],
            ["status", "--json"],
            ["doctor"],
            ["doctor", "--json"],
        )
    ]
    captured = capfd.readouterr()

    assert codes == [1, 1, 0, 0, 0, 1, 1]
    assert secret not in captured.out + captured.err
    assert "none that Apprise knows" in captured.err + captured.out
    assert "several recipients" in captured.err + captured.out


@pytest.mark.soak
@pytest.mark.timeout(600)
def test_a_daemon_on_a_full_disk_says_so_past_its_store_and_that_it_is_over(tmp_path) -> None:
    """The limit is the kernel's: a write beyond it fails as on a full disk."""
    with receiving() as hook:
        config = settings_file(tmp_path, {"hook": (hook.address, "")})
        track_early(tmp_path / "variorum.db")
        daemon = subprocess.Popen(
            [VARIORUM, "--config", str(config), "daemon"], stderr=subprocess.PIPE, text=True
        )
        try:
            wait_until(lambda: hook.ids)
            unlimited = resource.RLIM_INFINITY
            resource.prlimit(daemon.pid, resource.RLIMIT_FSIZE, (4096, unlimited))
            wait_until(lambda: "Trouble: the store takes nothing" in hook.taken[-1]["title"], 300)
            resource.prlimit(daemon.pid, resource.RLIMIT_FSIZE, (unlimited, unlimited))
            wait_until(lambda: "Over: the store takes nothing" in hook.taken[-1]["title"], 240)
        finally:
            daemon.send_signal(signal.SIGTERM)
            daemon.communicate(timeout=60)

    assert daemon.returncode == 0
    assert sum("the store takes nothing" in message["title"] for message in hook.taken) == 2
    assert "the disk" in next(text for text in hook.texts if "it was said" in text)
