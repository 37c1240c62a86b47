"""What a daemon answers to those who watch it, over real HTTP on loopback."""

import re
import socket
import urllib.error
import urllib.request
from configparser import ConfigParser
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from crawler import systemd
from crawler.config import MetricsSettings
from crawler.errors import ConfigError
from crawler.metrics import samples_of, serving
from crawler.store import DaemonState, open_store

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
ROOT = Path(__file__).parents[2]
ANY_PORT = MetricsSettings(port=0)


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
    with serving(ANY_PORT, store, clock=lambda: NOW) as port:
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
    labels = {name for _, _, labels, _ in samples_of(store.status(now=NOW), NOW) for name in labels}
    assert labels <= {"outcome", "version"}


@pytest.mark.parametrize(
    ("age", "state", "alive", "ready"),
    [
        (20, DaemonState.RUNNING, 200, 200),
        (20, DaemonState.PAUSED, 200, 503),
        (600, DaemonState.RUNNING, 503, 503),
        (20, DaemonState.STOPPED, 503, 503),
        (None, None, 503, 503),
    ],
)
def test_liveness_and_readiness_follow_the_signs_of_life(store, age, state, alive, ready):
    if age is not None:
        beat(store, at=NOW - timedelta(seconds=age), state=state)
    with serving(ANY_PORT, store, clock=lambda: NOW) as port:
        assert (ask(port, "/livez")[0], ask(port, "/readyz")[0]) == (alive, ready)
        assert ask(port, "/other")[0] == 404


def test_nothing_listens_unless_asked(store):
    with serving(MetricsSettings(), store, clock=lambda: NOW) as port:
        assert port is None


def test_a_taken_port_is_a_clear_error(store):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]
        with (
            pytest.raises(ConfigError, match=f"127.0.0.1:{number}"),
            serving(MetricsSettings(port=number), store, clock=lambda: NOW),
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
    served = {name for name, _, _, _ in samples_of(store.status(now=NOW), NOW)}
    rules = yaml.safe_load((ROOT / "config" / "prometheus-rules.yml").read_text(encoding="utf-8"))
    named = {
        name
        for group in rules["groups"]
        for rule in group["rules"]
        for name in re.findall(r"variorum_\w+", rule["expr"])
    }
    assert named
    assert named <= served


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
