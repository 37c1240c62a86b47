"""What a daemon answers to those who watch it, over real HTTP on loopback."""

import re
import socket
import subprocess
import urllib.error
import urllib.request
from configparser import ConfigParser
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from crawler import systemd
from crawler.config import MetricsSettings, Settings
from crawler.errors import ConfigError
from crawler.maintenance.overview import overview_of
from crawler.metrics import samples_of, serving
from crawler.pulse import Pulse
from crawler.store import AlertState, DaemonState, open_store

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
ROOT = Path(__file__).parents[2]
ANY_PORT = Settings(store="v.db", metrics=MetricsSettings(port=0))
AWAKE = Pulse()


@pytest.fixture
def store(tmp_path):
    with open_store(str(tmp_path / "v.db")) as opened:
        opened.targets.track("https://a.example/one", now=NOW)
        yield opened


def ask(port, path):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=20) as reply:
            return reply.status, reply.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def beat(store, *, at, state=DaemonState.RUNNING):
    store.beat("host 1", started=at, now=at, state=state)


def test_figures_are_read_back_by_the_library_that_scrapes_them(store):
    beat(store, at=NOW - timedelta(seconds=20))
    with serving(ANY_PORT, store, pulse=AWAKE, clock=lambda: NOW) as port:
        status, text = ask(port, "/metrics")

    figures = {
        sample.name: sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    assert status == 200
    assert figures["variorum_targets"] == 1
    assert figures["variorum_heartbeat_age_seconds"] == 20
    assert figures["variorum_info"] == 1


def test_no_label_comes_from_outside(store):
    labels = {
        name for _, _, labels, _ in samples_of(overview_of(ANY_PORT, store, now=NOW), NOW) for name in labels
    }
    assert labels <= {"outcome", "state", "version"}


@pytest.mark.parametrize(
    ("age", "state", "ready"),
    [
        (20, DaemonState.RUNNING, 200),
        (20, DaemonState.PAUSED, 503),
        (600, DaemonState.RUNNING, 503),
        (20, DaemonState.STOPPED, 503),
        (None, None, 503),
    ],
)
def test_readiness_follows_the_signs_of_life_in_the_store(store, age, state, ready):
    if age is not None:
        beat(store, at=NOW - timedelta(seconds=age), state=state)
    with serving(ANY_PORT, store, pulse=AWAKE, clock=lambda: NOW) as port:
        assert ask(port, "/readyz")[0] == ready
        assert ask(port, "/other")[0] == 404


def test_liveness_follows_the_jobs_and_asks_no_store(store):
    at = [0.0]
    pulse = Pulse(patience=10, timer=lambda: at[0])
    statements = []
    beat(store, at=NOW)
    with (
        serving(ANY_PORT, store, pulse=pulse, clock=lambda: NOW) as port,
        store.database.listening(lambda *_: statements.append(1)),
        pulse.job("tick"),
    ):
        assert ask(port, "/livez") == (200, "alive\n")
        at[0] = 11.0
        assert ask(port, "/livez") == (503, "tick: no progress for 11 s\n")
        assert statements == []
        assert ask(port, "/readyz")[0] == 503
        pulse.mark()
        assert (ask(port, "/livez")[0], ask(port, "/readyz")[0]) == (200, 200)
        assert statements


def test_nothing_listens_unless_asked(store):
    with serving(Settings(), store, pulse=AWAKE, clock=lambda: NOW) as port:
        assert port is None


def test_readiness_is_that_of_the_worker_that_serves_it(store):
    store.beat("a", started=NOW, now=NOW, state=DaemonState.RUNNING)
    with serving(ANY_PORT, store, pulse=AWAKE, clock=lambda: NOW, row="worker b") as port:
        assert ask(port, "/readyz")[0] == 503
        store.beat("b", started=NOW, now=NOW, state=DaemonState.RUNNING, name="worker b")
        assert ask(port, "/readyz")[0] == 200
        store.beat("b", started=NOW, now=NOW, state=DaemonState.PAUSED, name="worker b")
        assert ask(port, "/readyz")[0] == 503


def test_a_taken_port_is_a_clear_error(store):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]
        with (
            pytest.raises(ConfigError, match=f"127.0.0.1:{number}"),
            serving(Settings(metrics=MetricsSettings(port=number)), store, pulse=AWAKE, clock=lambda: NOW),
        ):
            pass


def test_a_service_manager_hears_what_is_sent(tmp_path, monkeypatch):
    path = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(path)
        manager.settimeout(10)
        monkeypatch.setenv("NOTIFY_SOCKET", path)
        assert systemd.notify(systemd.READY, "STATUS=watching")
        assert manager.recv(100) == b"READY=1\nSTATUS=watching"


@pytest.mark.parametrize("value", [None, "", "relative", "/nowhere/at/all"])
def test_no_service_manager_is_no_failure(monkeypatch, value):
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    if value is not None:
        monkeypatch.setenv("NOTIFY_SOCKET", value)
    assert not systemd.notify(systemd.READY)


def test_the_rules_name_figures_that_are_served(store):
    beat(store, at=NOW)
    record = replace(overview_of(ANY_PORT, store, now=NOW), alerts={AlertState.FAILED: 1})
    served = {name for name, _, _, _ in samples_of(record, NOW)}
    rules = yaml.safe_load((ROOT / "config" / "prometheus-rules.yml").read_text(encoding="utf-8"))
    named = {
        name
        for group in rules["groups"]
        for rule in group["rules"]
        for name in re.findall(r"variorum_\w+", rule["expr"])
    }
    assert named
    assert named <= served


def alerts_of(tmp_path, alert, at, series, *, expected):
    """Let promtool run the rules over made series; returns what it prints where an alert is not as expected."""
    rules = ROOT / "config" / "prometheus-rules.yml"
    known = yaml.safe_load(rules.read_text(encoding="utf-8"))["groups"][0]["rules"]
    rule = next(one for one in known if one["alert"] == alert)
    labels = {"state": "failed"} if "state" in rule["expr"] else {}
    firing = {"exp_labels": rule["labels"] | labels, "exp_annotations": rule["annotations"]}
    case = {
        "rule_files": [str(rules)],
        "tests": [
            {
                "interval": "1m",
                "input_series": [{"series": name, "values": values} for name, values in series.items()],
                "alert_rule_test": [
                    {"eval_time": at, "alertname": alert, "exp_alerts": [firing] if expected else []}
                ],
            }
        ],
    }
    path = tmp_path / "case.yml"
    path.write_text(yaml.safe_dump(case), encoding="utf-8")
    done = subprocess.run(
        ["promtool", "test", "rules", str(path)], capture_output=True, text=True, timeout=60, check=False
    )
    return "" if done.returncode == 0 else done.stdout + done.stderr


needs_promtool = pytest.mark.program("promtool")


@needs_promtool
@pytest.mark.parametrize(
    ("alert", "at", "series", "expected"),
    [
        # One page of one, of four and of fifty, due since the beginning and never visited.
        ("VariorumBehind", "3h", {"variorum_next_due_timestamp_seconds": "0x300"}, True),
        ("VariorumBehind", "2h10m", {"variorum_next_due_timestamp_seconds": "0x300"}, False),
        ("VariorumBehind", "3h", {"variorum_next_due_timestamp_seconds": "0+60x300"}, False),
        ("VariorumFailing", "2h", {"variorum_targets": "3x300", "variorum_targets_failing": "3x300"}, True),
        ("VariorumFailing", "2h", {"variorum_targets": "3x300", "variorum_targets_failing": "1x300"}, False),
        ("VariorumFailing", "2h", {"variorum_targets": "50x300", "variorum_targets_failing": "6x300"}, True),
        ("VariorumFailing", "2h", {"variorum_targets": "0x300", "variorum_targets_failing": "0x300"}, False),
        ("VariorumSuspect", "7h", {"variorum_suspect_ratio": "0.6x500"}, True),
        ("VariorumSuspect", "7h", {"variorum_suspect_ratio": "0.4x500"}, False),
        ("VariorumDiskFull", "20m", {"variorum_disk_free_bytes": "5e8x60"}, True),
        ("VariorumDiskFull", "20m", {"variorum_disk_free_bytes": "5e9x60"}, False),
        ("VariorumPenalty", "20m", {"variorum_penalties": "2x60"}, True),
        ("VariorumAlertsFail", "2h", {'variorum_alerts{state="failed"}': "1x200"}, True),
        ("VariorumAlertsFail", "2h", {'variorum_alerts{state="pending"}': "1x200"}, False),
        ("VariorumDown", "10m", {"up": "0x60"}, True),
        ("VariorumDown", "10m", {"variorum_info": "1x60"}, False),
        ("VariorumSilent", "10m", {"variorum_heartbeat_age_seconds": "0+60x60"}, True),
        ("VariorumSilent", "10m", {"variorum_heartbeat_age_seconds": "15x60"}, False),
    ],
)
def test_an_alert_fires_when_it_should_and_only_then(tmp_path, alert, at, series, expected):
    assert alerts_of(tmp_path, alert, at, series, expected=expected) == ""


@needs_promtool
def test_a_rule_that_cannot_be_read_is_seen(tmp_path):
    rules = (ROOT / "config" / "prometheus-rules.yml").read_text(encoding="utf-8")
    (tmp_path / "sound.yml").write_text(rules, encoding="utf-8")
    (tmp_path / "broken.yml").write_text(rules.replace("== 1", "== =", 1), encoding="utf-8")
    codes = [
        subprocess.run(
            ["promtool", "check", "rules", str(tmp_path / name)], capture_output=True, timeout=60, check=False
        ).returncode
        for name in ("sound.yml", "broken.yml")
    ]
    assert codes == [0, 1]


@needs_promtool
def test_the_figures_are_named_as_prometheus_asks(store):
    beat(store, at=NOW)
    with serving(ANY_PORT, store, pulse=AWAKE, clock=lambda: NOW) as port:
        text = ask(port, "/metrics")[1]
    done = subprocess.run(
        ["promtool", "check", "metrics"], input=text, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@pytest.mark.program("systemd-analyze")
@pytest.mark.parametrize(("line", "words"), [("", ""), ("NoSuchSetting=yes\n", "NoSuchSetting")])
def test_the_unit_is_verified_and_a_planted_error_seen(tmp_path, line, words):
    unit = (ROOT / "config" / "variorum.service").read_text(encoding="utf-8")
    # Nothing is installed where the tests run.
    unit = unit.replace("/opt/variorum/bin/variorum", "/bin/true").replace(
        "[Service]\n", f"[Service]\n{line}"
    )
    path = tmp_path / "variorum.service"
    path.write_text(unit, encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", str(path)], capture_output=True, text=True, timeout=60, check=False
    )
    said = done.stdout + done.stderr
    assert words in said if words else said == ""


def test_the_unit_waits_longer_than_the_daemon_is_silent_or_takes_to_stop():
    unit = ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str
    unit.read(ROOT / "config" / "variorum.service", encoding="utf-8")
    service = unit["Service"]
    assert service["Type"] == "notify"
    assert service["ExecStart"].endswith(" daemon")
    assert int(service["WatchdogSec"]) >= 4 * 15
    assert int(service["TimeoutStopSec"]) > 8
    assert service["CapabilityBoundingSet"] == ""
