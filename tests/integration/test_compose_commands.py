"""Each command of docker-compose.yml, run outside a container, with its folders, ports and hosts put in their place."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml
from free_ports import free_port
from postgres_server import Server

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
SERVICES = COMPOSE["services"]
WARC = ROOT / "seeds" / "demo" / "meridian-courier.warc.gz"
PAGE = "https://www.meridian-courier.example/world/2025/03/11/silver-tern-ferry-port-sarel"
PROGRAMS = Path(sys.executable).parent

pytestmark = [
    pytest.mark.timeout(300),
    pytest.mark.program("prometheus", "promtool", "wget"),
]


class Place:
    """What stands for the containers: one folder, and a free port for each that one of them listens at."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("data", "evidence", "site", "prometheus"):
            (folder / name).mkdir()
        self.ports = {port: str(free_port()) for port in ("8000", "8080", "9090", "9464")}
        settings = folder / "variorum.toml"
        settings.write_text((ROOT / "config" / "variorum.toml").read_text("utf-8"), encoding="utf-8")
        scrape = (ROOT / "config" / "prometheus.yml").read_text("utf-8")
        (folder / "prometheus.yml").write_text(
            scrape.replace("daemon:9464", f"127.0.0.1:{self.ports['9464']}").replace("30s", "1s"), "utf-8"
        )
        shutil.copy(ROOT / "config" / "prometheus-rules.yml", folder)

    def put(self, word: str) -> str:
        """Return a word of a command with what it names put in its place."""
        word = re.sub(r"\$\{\w+:?-([^}]*)\}", r"\1", word).replace("0.0.0.0", "127.0.0.1")
        word = re.sub(r"(?<![\w.-])/(data|evidence|site|prometheus)\b(?!\.)", rf"{self.folder}/\1", word)
        word = re.sub(r"/etc/(variorum|prometheus)(?=/)", str(self.folder), word)
        if word.startswith("/run/secrets/"):
            return "/dev/null"
        return re.sub(r"\b(8000|8080|9090|9464)\b", lambda found: self.ports[found[1]], word)

    def words(self, service: str, key: str = "command") -> list[str]:
        """Return a command of a service: its entry point and what follows, or its health check."""
        one = SERVICES[service]
        if key == "health":
            kind, *words = one["healthcheck"]["test"]
            assert kind == "CMD"
        else:
            entry = one.get("entrypoint")
            if entry is None and "build" in one:
                (line,) = re.findall(r"^ENTRYPOINT (.*)$", one["build"]["dockerfile_inline"], re.MULTILINE)
                entry = json.loads(line)
            words = [*(entry or ["prometheus"]), *one[key]]
        first, *rest = map(self.put, words)
        own = PROGRAMS / first
        return [str(own) if own.exists() else first, *rest]

    def surroundings(self, service: str) -> dict[str, str]:
        given = {
            name: self.put(str(value)) for name, value in SERVICES[service].get("environment", {}).items()
        }
        known = {"PATH": os.environ["PATH"], "HOME": str(self.folder / "data")}
        archive = {"VARIORUM_ARCHIVE_URL": str(WARC), "VARIORUM_ARCHIVE_DIALECT": "warc"}
        return known | given | (archive if "VARIORUM_STORE" in given else {})

    @contextmanager
    def running(self, service: str) -> Iterator[subprocess.Popen[bytes]]:
        log = (self.folder / f"{service}.log").open("wb")
        command, env = self.words(service), self.surroundings(service)
        with subprocess.Popen(command, env=env, cwd=self.folder, stdout=log, stderr=log) as process:
            try:
                yield process
            finally:
                process.terminate()
                try:
                    process.wait(30)
                except subprocess.TimeoutExpired:
                    process.kill()
                log.close()

    def run(self, *words: str) -> str:
        """Run a command in the daemon's place, as `docker compose exec` does."""
        command = [str(PROGRAMS / words[0]), *map(self.put, words[1:])]
        done = subprocess.run(
            command,
            env=self.surroundings("daemon"),
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def is_healthy(self, service: str) -> bool:
        done = subprocess.run(
            self.words(service, "health"),
            env=self.surroundings(service),
            cwd=self.folder,
            capture_output=True,
            timeout=60,
            check=False,
        )
        return done.returncode == 0

    def said(self, service: str) -> str:
        return (self.folder / f"{service}.log").read_text("utf-8", "replace")


@pytest.fixture
def place(tmp_path) -> Place:
    return Place(tmp_path)


def until(what: Callable[[], Any], *, seconds: float = 90, say: Callable[[], str] = str) -> Any:
    """Wait until something is true; gives it."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            found = what()
        except OSError:
            found = None
        if found:
            return found
        time.sleep(0.3)
    raise AssertionError(f"not in time: {say()}")


def read(address: str) -> str:
    with urllib.request.urlopen(address, timeout=20) as reply:
        return reply.read().decode()


def test_daemon_site_and_prometheus_work_together_and_are_healthy(place):
    assert not place.is_healthy("daemon")
    place.run("variorum", "track", PAGE)
    with place.running("daemon") as daemon:
        index = place.folder / "site" / "index.html"
        until(
            lambda: index.exists() and list((place.folder / "data" / "reports").glob("*.md")),
            say=lambda: place.said("daemon"),
        )
        assert place.is_healthy("daemon")
        with place.running("site"):
            home = f"http://127.0.0.1:{place.ports['8000']}/"
            # The daemon writes the site at most once a minute.
            until(lambda: "meridian-courier" in read(home), seconds=150, say=lambda: place.said("daemon"))
            assert place.is_healthy("site")
        assert not place.is_healthy("site")
        with place.running("prometheus"):
            ask = f"http://127.0.0.1:{place.ports['9090']}/api/v1"
            figures = until(
                lambda: json.loads(read(f"{ask}/query?query=variorum_targets"))["data"]["result"],
                say=lambda: place.said("prometheus"),
            )
            assert figures[0]["value"][1] == "1"
            rules = json.loads(read(f"{ask}/rules"))["data"]["groups"][0]["rules"]
            assert {rule["health"] for rule in rules} <= {"ok", "unknown"}
            assert len(rules) >= 10
            assert place.is_healthy("prometheus")
        assert not place.is_healthy("prometheus")
    assert daemon.returncode == 0
    assert "failed" not in place.said("daemon")
    assert not place.is_healthy("daemon")


def test_what_is_exported_is_replayed_and_again_after_a_further_export(place):
    export = ("variorum", "export", "--out", "/evidence/collections/kept/archive")
    base = f"http://127.0.0.1:{place.ports['8080']}/kept"
    place.run("variorum", "backfill", PAGE, "--to", "2025-03-11")
    place.run(*export)
    with place.running("replay"):
        first, later = f"{base}/20250311064000id_/{PAGE}", f"{base}/20250313080000id_/{PAGE}"
        until(lambda: "seven people" in read(first), say=lambda: place.said("replay"))
        assert place.is_healthy("replay")
        exact = f"{base}/cdx?url={PAGE}&output=json&from=20250313&to=20250313"
        assert not [line for line in read(exact).splitlines() if line.strip()]
        place.run("variorum", "backfill", PAGE, "--every-capture")
        place.run(*export)
        until(
            lambda: [line for line in read(exact).splitlines() if line.strip()],
            say=lambda: place.said("replay"),
        )
        assert "people" in read(later)
    assert not place.is_healthy("replay")


def test_the_health_check_of_the_database_and_a_store_named_by_a_secret(place):
    server = Server()
    try:
        where = server.url(server.new_database())
        secret = place.folder / "store"
        secret.write_text(f"{where}\n")
        env = place.surroundings("daemon") | {"VARIORUM_STORE": "", "VARIORUM_STORE_FILE": str(secret)}
        command = [str(PROGRAMS / "variorum"), "track", PAGE]
        done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=90, check=False)
        assert done.returncode == 0, done.stderr
        _, program, *options = SERVICES["database"]["healthcheck"]["test"]
        ask = [str(server.programs / program), f"--host={server.folder}", *options]
        assert subprocess.run(ask, capture_output=True, timeout=60, check=False).returncode == 0
        ask[1] = f"--host={place.folder}"
        assert subprocess.run(ask, capture_output=True, timeout=60, check=False).returncode == 2
    finally:
        server.stop()


@pytest.mark.soak
@pytest.mark.timeout(900)
@pytest.mark.parametrize(("service", "asked"), [("daemon", ["--version"]), ("replay", ["--version"])])
def test_the_images_programs_are_installed_by_their_own_lines(tmp_path, service, asked):
    """The lines of pip, in an environment of their own; those that make a user and folders need root and are left out."""
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "env")], check=True, timeout=120)
    text = SERVICES[service]["build"]["dockerfile_inline"].replace("\\\n", " ")
    runs = [
        part.strip() for line in re.findall(r"^RUN (.*)$", text, re.MULTILINE) for part in line.split("&&")
    ]
    own = {"PATH": f"{tmp_path / 'env' / 'bin'}:{os.environ['PATH']}"}
    for run in (run for run in runs if run.startswith("pip ")):
        subprocess.run(run.split(), check=True, cwd=ROOT, env=os.environ | own, timeout=600)
    (entry,) = json.loads(re.findall(r"^ENTRYPOINT (.*)$", text, re.MULTILINE)[0])
    program = tmp_path / "env" / "bin" / entry
    assert subprocess.run([str(program), *asked], cwd=tmp_path, timeout=60, check=False).returncode == 0


# Everything is read-only but /tmp and the folder that stands for the volumes; what runs holds no capability.
READ_ONLY = """
set -eu
mount --make-rprivate /
mount --bind / /
mount --bind /tmp /tmp
mount --bind "$HOME" "$HOME"
cat /proc/self/mounts | while read -r _ place _; do
    case $place in /proc*|/sys*|/dev*|/tmp*|$HOME*) ;; *) mount -o remount,bind,ro "$place" ;; esac
done
cd /
mount -o remount,bind,ro /
cd "$HOME"
exec setpriv --bounding-set=-all --inh-caps=-all --no-new-privs "$@"
"""
WRITING = """
set -eu
! touch /var/tmp/x 2>&1
variorum daemon > daemon.log 2>&1 & daemon=$!
until variorum status --max-age 300 > /dev/null 2>&1; do sleep 0.5; done
variorum track "$PAGE" --story Ferry
variorum backfill "$PAGE" --every-capture
variorum report
variorum rebuild --all --jobs 2
variorum verify
variorum backup backup.db
variorum export --out evidence/collections/kept/archive
variorum site --out site
variorum demo --out demo
kill -TERM $daemon; wait $daemon
timeout 10 wayback --port "$PORT" --directory evidence --autoindex --auto-interval 2 > replay.log 2>&1 & replay=$!
until python -c "import urllib.request as r; r.urlopen('http://127.0.0.1:$PORT/kept/', timeout=5)" 2> /dev/null; do sleep 0.5; done
wait $replay || test $? = 124
! grep -il "read-only file system" *.log
echo all done
"""


@pytest.mark.soak
@pytest.mark.program("unshare", "setpriv")
@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount")
def test_the_commands_write_to_their_folders_and_to_tmp_alone(tmp_path):
    ours = [str(PROGRAMS), os.environ["PATH"]]
    surroundings = {
        "PATH": os.pathsep.join(ours),
        "HOME": str(tmp_path),
        "VARIORUM_CONFIG": str(ROOT / "config" / "variorum.toml"),
        "VARIORUM_STORE": str(tmp_path / "variorum.db"),
        "VARIORUM_REPORTS": str(tmp_path / "reports"),
        "VARIORUM_SITE_OUT": str(tmp_path / "site"),
        "VARIORUM_ARCHIVE_URL": str(WARC),
        "VARIORUM_ARCHIVE_DIALECT": "warc",
        "PAGE": PAGE,
        "PORT": str(free_port()),
    }
    done = subprocess.run(
        [
            "unshare",
            "--mount",
            "--pid",
            "--fork",
            "--mount-proc",
            "sh",
            "-c",
            READ_ONLY,
            "sh",
            "sh",
            "-c",
            WRITING,
        ],
        cwd=tmp_path,
        env=surroundings,
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    if "Operation not permitted" in done.stderr and "touch" not in done.stdout + done.stderr:
        pytest.skip("this machine lets nobody mount")
    assert "Read-only file system" in done.stdout + done.stderr
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("all done\n")
