"""The compose file is valid, gives its services no more than they need, and sets only what can be set."""

import copy
import json
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from crawler.cli.app import app
from crawler.config import Settings, load_settings

ROOT = Path(__file__).parents[2]
Compose = dict[str, Any]
COMPOSE: Compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DAEMON = SERVICES["daemon"]
BUILT = {name: one["build"]["dockerfile_inline"] for name, one in SERVICES.items() if "build" in one}
CONTRACT = {"VARIORUM_STORE", "VARIORUM_REPORTS", "VARIORUM_ARCHIVE_URL", "VARIORUM_ARCHIVE_DIALECT"}
GIVEN = re.compile(r"\$\{(\w+):?-(.*)\}")
EMPTY = "/dev/null"


def instructions(dockerfile: str, instruction: str) -> list[str]:
    """The arguments of every such instruction of a Dockerfile, in order, its continued lines joined."""
    lines = dockerfile.replace("\\\n", " ").splitlines()
    return [line.removeprefix(f"{instruction} ") for line in lines if line.startswith(f"{instruction} ")]


def default_of(value: str) -> str:
    """What a value is where nothing is set outside."""
    found = GIVEN.fullmatch(str(value))
    return found[2] if found else str(value)


# ------------------------------------------------------------------------------ the checks


def faults_in(compose: Compose) -> list[str]:
    """Everything that is wrong with a compose file."""
    return [*_invalid(compose), *_dockerfiles(compose), *_references(compose), *_hardening(compose)]


def _invalid(compose: Compose) -> Iterator[str]:
    """Check it against the Compose specification."""
    from compose_spec import PyCompose

    plain = {key: value for key, value in compose.items() if not key.startswith("x-")}
    try:
        PyCompose.from_json(json.dumps(plain)).validate()
    except ValueError as error:
        yield f"specification: {error}"


def _dockerfiles(compose: Compose) -> Iterator[str]:
    program = shutil.which("hadolint", path=str(Path(sys.executable).parent)) or "hadolint"
    for name, service in compose["services"].items():
        text = service.get("build", {}).get("dockerfile_inline")
        if text is not None:
            done = subprocess.run(
                [program, "-"], input=text, capture_output=True, text=True, timeout=60, check=False
            )
            if done.returncode:
                yield f"{name}: {done.stdout}{done.stderr}"
            if "$" in text:
                yield f"{name}: compose would replace what follows a $"


def _references(compose: Compose) -> Iterator[str]:
    used: dict[str, set[str]] = {"secrets": set(), "configs": set(), "volumes": set()}
    for service in compose["services"].values():
        used["secrets"] |= set(service.get("secrets", []))
        used["configs"] |= {one["source"] for one in service.get("configs", [])}
        used["volumes"] |= {str(mount).partition(":")[0] for mount in service.get("volumes", [])}
    for kind, names in used.items():
        defined = set(compose.get(kind) or {})
        for name in sorted(names ^ defined):
            yield f"{kind}: {name} is {'not defined' if name in names else 'not used'}"
    for name, secret in compose["secrets"].items():
        if default_of(secret["file"]) != EMPTY:
            yield f"secret {name}: a file that is not there stops every start"
    for name, config in compose["configs"].items():
        if not (ROOT / default_of(config["file"])).is_file():
            yield f"config {name}: {config['file']} is not there"


def _hardening(compose: Compose) -> Iterator[str]:
    for name, service in compose["services"].items():
        fixed = {
            "read_only": True,
            "cap_drop": ["ALL"],
            "security_opt": ["no-new-privileges:true"],
            "init": True,
            "restart": "unless-stopped",
        }
        for key, value in fixed.items():
            if service.get(key) != value:
                yield f"{name}: {key} is {service.get(key)!r}"
        for key in ("mem_limit", "pids_limit", "healthcheck", "logging"):
            if not service.get(key):
                yield f"{name}: no {key}"
        for key in {"privileged", "cap_add", "devices", "pid", "network_mode", "ipc"} & set(service):
            yield f"{name}: {key} is given"
        if not all(str(port).startswith("127.0.0.1:") for port in service.get("ports", [])):
            yield f"{name}: a port is open to others"
        if any(str(mount).startswith((".", "/", "~")) for mount in service.get("volumes", [])):
            yield f"{name}: a folder of the host is mounted"
        if "/tmp" not in service.get("tmpfs", []):
            yield f"{name}: nowhere to write a temporary file"
        if (name != "daemon") != bool(service.get("profiles")):
            yield f"{name}: only the daemon starts without a profile"
        if "build" not in service and not re.fullmatch(r"[\w./-]+:v?\d[\w.-]*", service["image"]):
            yield f"{name}: the image's version is open"
        for variable, value in service.get("environment", {}).items():
            if re.search("PASSWORD|KEY|TOKEN", variable) and not variable.endswith("_FILE"):
                yield f"{name}: {variable} holds a secret: {value}"
        yield from _root(name, service)


def _root(name: str, service: dict[str, Any]) -> Iterator[str]:
    text = service.get("build", {}).get("dockerfile_inline", "")
    users = instructions(text, "USER") or [str(service.get("user", "")).partition(":")[0]]
    # Prometheus's own image runs as nobody (its Dockerfile, read 2026-11-28).
    if not re.fullmatch(r"[1-9]\d*", users[-1]) and not service["image"].startswith("prom/prometheus:"):
        yield f"{name}: runs as root"


def test_nothing_is_wrong_with_it():
    assert faults_in(COMPOSE) == []


def _set(*path: Any, to: Any) -> Callable[[Compose], None]:
    def change(compose: Compose) -> None:
        inner: Any = compose
        for step in path[:-1]:
            inner = inner[step]
        inner[path[-1]] = to

    return change


def _drop(*path: Any) -> Callable[[Compose], None]:
    def change(compose: Compose) -> None:
        inner: Any = compose
        for step in path[:-1]:
            inner = inner[step]
        del inner[path[-1]]

    return change


def _in_dockerfile(service: str, old: str, new: str) -> Callable[[Compose], None]:
    def change(compose: Compose) -> None:
        build = compose["services"][service]["build"]
        assert old in build["dockerfile_inline"]
        build["dockerfile_inline"] = build["dockerfile_inline"].replace(old, new)

    return change


@pytest.mark.parametrize(
    ("plant", "words"),
    [
        (_set("services", "daemon", "comand", to=["daemon"]), "comand"),
        (_set("services", "daemon", "restart", to="sometimes"), "sometimes"),
        (_set("services", "database", "healthcheck", "interval", to="soon"), "soon"),
        (_set("services", "site", "ports", to=["127.0.0.1:80000:8000"]), "port"),
        (_set("services", "site", "ports", to=["8000:8000"]), "open to others"),
        (_set("services", "prometheus", "ports", to=["0.0.0.0:9090:9090"]), "open to others"),
        (_set("services", "replay", "read_only", to=False), "read_only"),
        (_drop("services", "database", "cap_drop"), "cap_drop"),
        (_drop("services", "site", "security_opt"), "security_opt"),
        (_drop("services", "replay", "healthcheck"), "no healthcheck"),
        (_drop("services", "prometheus", "mem_limit"), "no mem_limit"),
        (_set("services", "daemon", "privileged", to=True), "privileged"),
        (_set("services", "daemon", "network_mode", to="host"), "network_mode"),
        (_set("services", "daemon", "volumes", to=["/:/data"]), "folder of the host"),
        (_set("services", "database", "environment", "POSTGRES_PASSWORD", to="word"), "holds a secret"),
        (_set("services", "database", "image", to="postgres:latest"), "version is open"),
        (_set("services", "database", "user", to="0:0"), "runs as root"),
        (_drop("services", "site", "profiles"), "without a profile"),
        (_drop("secrets", "store"), "store is not defined"),
        (_set("secrets", "spare", to={"file": "/dev/null"}), "spare is not used"),
        (_set("secrets", "store", "file", to="./secrets/store"), "stops every start"),
        (_set("configs", "rules", "file", to="./config/rules.yml"), "is not there"),
        (_drop("volumes", "data"), "data is not defined"),
        (_set("volumes", "data", to={"drivers": "local"}), "drivers"),
        (_in_dockerfile("daemon", "USER 10001\n", ""), "runs as root"),
        (_in_dockerfile("daemon", "slim-bookworm", "slim-bookworm AS one AS two"), "unexpected"),
        (_in_dockerfile("daemon", "FROM python:3.12-slim-bookworm", "FROM python"), "DL3006"),
        (_in_dockerfile("replay", "COPY requirements", "ADD requirements"), "DL3020"),
        (_in_dockerfile("replay", "WORKDIR /build", "WORKDIR build"), "DL3000"),
        (_in_dockerfile("replay", 'ENTRYPOINT ["wayback"]', "ENTRYPOINT wayback"), "DL3025"),
        (_in_dockerfile("replay", "WORKDIR /build", "WORKDIR ${HOME}"), "replace what follows"),
    ],
)
def test_a_planted_error_is_seen(plant: Callable[[Compose], None], words: str):
    compose = copy.deepcopy(COMPOSE)
    plant(compose)

    assert words in "\n".join(faults_in(compose))


# ------------------------------------------------------------------------------ what it says


def settings_with(monkeypatch: pytest.MonkeyPatch, **given: str) -> Settings:
    """The settings that the container's process would read, with some variables given from outside."""
    for name, value in DAEMON["environment"].items():
        inner = GIVEN.fullmatch(str(value))
        monkeypatch.setenv(name, given.get(inner[1], inner[2]) if inner else str(value))
    mounted = {f"/run/secrets/{name}": default_of(one["file"]) for name, one in COMPOSE["secrets"].items()}
    mounted |= {
        one["target"]: str(ROOT / default_of(COMPOSE["configs"][one["source"]]["file"]))
        for one in DAEMON["configs"]
    }
    for name, value in DAEMON["environment"].items():
        if value in mounted:
            monkeypatch.setenv(name, given.get(name, mounted[value]))
    return load_settings()


def test_the_container_runs_the_daemon_and_is_asked_for_its_status():
    verbs = set(get_command(app).commands)  # type: ignore[attr-defined]

    assert instructions(BUILT["daemon"], "ENTRYPOINT") == ['["variorum"]']
    assert DAEMON["command"] == ["daemon"]
    assert DAEMON["healthcheck"]["test"] == ["CMD", "variorum", "status", "--max-age", "300"]
    assert {"daemon", "status"} <= verbs


def test_the_contract_names_are_set_and_every_name_is_a_setting(monkeypatch):
    settings = settings_with(monkeypatch)

    assert set(DAEMON["environment"]) >= CONTRACT
    assert (settings.archive.url, settings.archive.dialect) == ("https://web.archive.org", "wayback")
    assert settings.save.keys() is None
    assert settings.metrics.port == 9464


def test_what_is_set_outside_reaches_the_daemon(monkeypatch):
    settings = settings_with(
        monkeypatch, VARIORUM_ARCHIVE_URL="http://127.0.0.1:8080/web", VARIORUM_ARCHIVE_DIALECT="pywb"
    )

    assert (settings.archive.url, settings.archive.dialect) == ("http://127.0.0.1:8080/web", "pywb")


def test_store_reports_and_site_live_on_volumes(monkeypatch):
    settings = settings_with(monkeypatch)
    mounted = {mount.split(":")[1] for mount in DAEMON["volumes"]}

    assert settings.store_location == "/data/variorum.db"
    assert settings.reports.parent == Path("/data")
    assert str(settings.site.out) in mounted
    assert "/data" in mounted


def test_a_secret_names_the_server_that_is_the_store(monkeypatch, tmp_path):
    secret = tmp_path / "store"
    secret.write_text("postgresql://variorum:word@database/variorum\n")
    settings = settings_with(monkeypatch, VARIORUM_STORE="", VARIORUM_STORE_FILE=str(secret))

    assert settings.store_location == "postgresql://variorum:word@database/variorum"
    assert settings.reports == Path("/data/reports")


def test_the_version_of_compose_that_it_needs_is_said_and_is_that_of_its_newest_key():
    head = (ROOT / "docker-compose.yml").read_text("utf-8").partition("\nname:")[0]

    assert DAEMON["depends_on"]["database"]["required"] is False
    assert "Needs Docker Compose 2.20.2 or newer" in head


def test_a_page_in_hand_has_time_to_finish_when_the_daemon_is_stopped():
    assert DAEMON["stop_grace_period"] == "60s"
    assert "stop_signal" not in DAEMON


@pytest.mark.parametrize("service", BUILT)
def test_everything_installed_is_pinned_by_hash(service):
    runs = " && ".join(instructions(BUILT[service], "RUN")).split("&&")
    installs = [run.strip() for run in runs if "pip install" in run]
    locked = [run for run in installs if not run.endswith(" .")]

    assert [run for run in installs if run not in locked] in (
        [],
        ["pip install --no-deps --no-build-isolation ."],
    )
    assert all("--require-hashes" in run for run in locked)
    assert all((ROOT / run.split()[-1]).is_file() for run in locked)


def test_the_image_has_a_python_that_the_project_runs_on():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    image = re.fullmatch(r"python:(\d+)\.(\d+)-slim-\w+", instructions(BUILT["daemon"], "FROM")[0])

    assert project["requires-python"] == ">=3.11"
    assert image
    assert (int(image[1]), int(image[2])) >= (3, 11)


def test_what_the_image_copies_is_there_and_is_all_that_the_package_needs():
    copied = [name for line in instructions(BUILT["daemon"], "COPY") for name in line.split()[:-1]]
    build = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]
    wheel = build["targets"]["wheel"]
    needed = {*wheel["packages"], *wheel.get("force-include", {}), "pyproject.toml", "README.md", "LICENSE"}

    assert all((ROOT / name).exists() for name in copied)
    assert needed <= set(copied)


def test_the_image_holds_every_extra_that_its_services_may_need():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    locked = (ROOT / "requirements-image.lock").read_text("utf-8")
    for extra in ("postgres", "notify", "discovery", "metrics", "site", "evidence"):
        for requirement in project["optional-dependencies"][extra]:
            name = re.match(r"[\w-]+", requirement)
            assert name
            assert re.search(rf"^{name[0]}(\[\w+\])?==", locked, re.MULTILINE), f"{extra}: {name[0]}"
