"""The compose file starts the daemon, listens nowhere, and sets only what can be set."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from crawler.cli.app import app
from crawler.config import Settings, load_settings

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
DAEMON: dict[str, Any] = COMPOSE["services"]["daemon"]
DOCKERFILE: list[str] = DAEMON["build"]["dockerfile_inline"].splitlines()
CONTRACT = {"VARIORUM_STORE", "VARIORUM_REPORTS", "VARIORUM_ARCHIVE_URL", "VARIORUM_ARCHIVE_DIALECT"}


def lines_of(instruction: str) -> list[str]:
    """The arguments of every such instruction of the Dockerfile, in order."""
    opening = f"{instruction} "
    return [line.removeprefix(opening) for line in DOCKERFILE if line.startswith(opening)]


def settings_with(monkeypatch: pytest.MonkeyPatch, **given: str) -> Settings:
    """The settings that the container's process would read, with some variables given from outside."""
    for name, value in DAEMON["environment"].items():
        inner = re.fullmatch(r"\$\{(\w+):-(.*)\}", value)
        monkeypatch.setenv(name, given.get(inner[1], inner[2]) if inner else value)
    return load_settings()


def test_the_container_runs_the_daemon_and_is_asked_for_its_status():
    verbs = set(get_command(app).commands)  # type: ignore[attr-defined]

    assert lines_of("ENTRYPOINT") == ['["variorum"]']
    assert DAEMON["command"] == ["daemon"]
    assert DAEMON["healthcheck"]["test"] == ["CMD", "variorum", "status", "--max-age", "300"]
    assert {"daemon", "status"} <= verbs


def test_nothing_listens_beyond_loopback():
    for service in COMPOSE["services"].values():
        assert service.get("network_mode") != "host"
        assert all(str(port).startswith("127.0.0.1:") for port in service.get("ports", []))


def test_the_contract_names_are_set_and_every_name_is_a_setting(monkeypatch):
    settings = settings_with(monkeypatch)

    assert set(DAEMON["environment"]) >= CONTRACT
    assert settings.archive.url == "https://web.archive.org"
    assert settings.archive.dialect == "wayback"


def test_what_is_set_outside_reaches_the_daemon(monkeypatch):
    settings = settings_with(
        monkeypatch, VARIORUM_ARCHIVE_URL="http://127.0.0.1:8080/web", VARIORUM_ARCHIVE_DIALECT="pywb"
    )

    assert (settings.archive.url, settings.archive.dialect) == ("http://127.0.0.1:8080/web", "pywb")


def test_store_and_reports_live_on_the_one_volume(monkeypatch):
    settings = settings_with(monkeypatch)

    assert DAEMON["volumes"] == [f"{volume}:/data" for volume in COMPOSE["volumes"]]
    assert Path(settings.store_location).parent == Path("/data")
    assert settings.reports.parent == Path("/data")


def test_the_container_can_do_no_more_than_it_must():
    assert DAEMON["read_only"] is True
    assert DAEMON["cap_drop"] == ["ALL"]
    assert DAEMON["security_opt"] == ["no-new-privileges:true"]
    assert DAEMON["tmpfs"] == ["/tmp"]
    assert DAEMON["init"] is True
    assert not {"privileged", "cap_add", "devices", "pid"} & set(DAEMON)
    assert all(not mount.startswith((".", "/", "~")) for mount in DAEMON["volumes"])


def test_the_process_is_not_root():
    assert re.fullmatch(r"[1-9]\d*", lines_of("USER")[-1])
    assert DOCKERFILE.index(f"USER {lines_of('USER')[-1]}") < DOCKERFILE.index('ENTRYPOINT ["variorum"]')


def test_a_page_in_hand_has_time_to_finish_when_the_daemon_is_stopped():
    assert DAEMON["stop_grace_period"] == "60s"
    assert "stop_signal" not in DAEMON


def test_everything_installed_is_pinned_by_hash():
    installs = [line for line in lines_of("RUN") if "pip install" in line]
    *locked, project = installs

    assert {line.split()[-1] for line in locked} == {"requirements-build.lock", "requirements.lock"}
    assert all("--require-hashes" in line for line in locked)
    assert project == "pip install --no-deps --no-build-isolation ."


def test_the_image_has_a_python_that_the_project_runs_on():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    image = re.fullmatch(r"python:(\d+)\.(\d+)-slim-\w+", lines_of("FROM")[0])

    assert project["requires-python"] == ">=3.11"
    assert image
    assert (int(image[1]), int(image[2])) >= (3, 11)


def test_what_the_image_copies_is_there_and_is_all_that_the_package_needs():
    copied = [name for line in lines_of("COPY") for name in line.split()[:-1]]
    build = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]
    wheel = build["targets"]["wheel"]
    needed = {*wheel["packages"], *wheel.get("force-include", {}), "pyproject.toml", "README.md", "LICENSE"}

    assert all((ROOT / name).exists() for name in copied)
    assert needed <= set(copied)


def test_the_dockerfile_holds_nothing_that_compose_would_replace():
    assert not [line for line in DOCKERFILE if "$" in line]
