"""Planted keys, tokens and passwords are in no output, no file that leaves the house, and nothing that other processes can see."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from alert_receivers import receiving, settings_file
from time_authority import authority, make_authority

VARIORUM = str(Path(sys.executable).parent / "variorum")
DEMO = Path(__file__).parents[2] / "seeds" / "demo" / "meridian-courier.warc.gz"
PASSWORD, TOKEN, NOTARY = "planted-password-81", "planted-token-7261", "planted-notary-5530"
pytestmark = [pytest.mark.soak, pytest.mark.timeout(600)]


def family(root: int) -> set[int]:
    """Return a process and those that descend from it."""
    parents = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(entry.parent.name)] = int(entry.read_text().rpartition(")")[2].split()[1])
        except (OSError, IndexError):
            continue
    found = {root}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def watched(words: list[str], folder: Path, seen: dict[int, bytes]) -> tuple[int, str]:
    """Run a command; note the arguments and surroundings of it and of each process that it starts."""
    with (folder / "said").open("wb") as said:
        running = subprocess.Popen([VARIORUM, *words], stdout=said, stderr=said, cwd=folder)
        while running.poll() is None:
            for number in family(running.pid):
                for name in ("cmdline", "environ"):
                    try:
                        data = Path(f"/proc/{number}/{name}").read_bytes()
                    except OSError:
                        continue
                    seen[number] = seen.get(number, b"") + (
                        data if data not in seen.get(number, b"") else b""
                    )
            time.sleep(0.02)
    return running.returncode, (folder / "said").read_text("utf-8", "replace")


def test_no_planted_secret_is_seen_by_others_whatever_is_done_with_it(server, tmp_path):
    make_authority(tmp_path / "authority")
    store = server.url(server.new_database()).replace("postgres@", f"postgres:{PASSWORD}@")
    seen: dict[int, bytes] = {}
    printed: list[str] = []
    with authority(tmp_path / "authority") as stamps, receiving() as hook:
        secret = hook.address.replace("s3cret", TOKEN)
        config = settings_file(tmp_path, {"hook": (secret, ""), "lost": (secret.replace("127.", "127.9."), "")},
                               store=store)  # fmt: skip
        more = f'[evidence]\nkey = "{tmp_path}/key.pem"\ntimestamp_url = "{stamps}?key={NOTARY}"\n'
        config.write_text(
            config.read_text().replace("store =", f'reports = "{tmp_path}/reports"\nstore =') + more
        )
        config.chmod(0o600)

        def run(*words: str, code: int | None = 0) -> str:
            got, said = watched(["--config", str(config), *words], tmp_path, seen)
            printed.append(said)
            assert code is None or got == code, said
            return said

        run("keys", "new")
        run("import", str(DEMO))
        run("report", "--format", "json", "--out", str(tmp_path / "reports"))
        (report,) = (path for path in (tmp_path / "reports").rglob("*.json") if "courier" in path.name)
        steps = json.loads(report.read_text("utf-8"))["transitions"]
        finding = next(change["id"] for step in steps for change in step["changes"])
        run("export", "--finding", finding, "--out", str(tmp_path / "one.wacz"), "--sign", "--stamp")
        run("verify", str(tmp_path / "one.wacz"), "--json")
        run("notify", "--test", code=None)
        run("status", "--json")
        run("doctor", "--json", code=None)
    for refused in ("error", "refuse"):
        with authority(tmp_path / "authority", refused) as stamps:
            config.write_text(config.read_text().partition("[evidence]")[0] + more.partition("timestamp_url")[0]
                              + f'timestamp_url = "{stamps}?key={NOTARY}"\n')  # fmt: skip
            run("export", "--finding", finding, "--out", str(tmp_path / "two.wacz"), "--stamp", code=1)
    config.write_text(config.read_text().replace("?host=", "?host=/nowhere"))
    run("list", code=1)

    body = "".join((tmp_path / "key.pem").read_text().splitlines()[1:-1])
    assert len(seen) > len(printed)  # pages were read in processes of their own
    written = [path for path in (tmp_path / "reports").rglob("*") if path.is_file()] + [tmp_path / "one.wacz"]
    for planted in (PASSWORD, TOKEN, NOTARY, body[8:40], body[40:72]):
        assert [text for text in printed if planted in text] == []
        assert [data for data in seen.values() if planted.encode() in data] == []
        assert [path.name for path in written if planted.encode() in path.read_bytes()] == []
    for name in ("key.pem", "hook.url"):
        assert (tmp_path / name).stat().st_mode & 0o077 == 0


# Each process writes down with what words it was started, and what it starts.
SPY = """
import os, sys
_log = open(os.environ["STARTED"], "ab", buffering=0)
_log.write(open("/proc/self/cmdline", "rb").read() + b"\\n")

def _note(name, given):
    if name in {"subprocess.Popen", "os.exec", "os.posix_spawn"}:
        _log.write(repr(given[:2]).encode("utf-8", "replace") + b"\\n")
    elif name == "os.system":
        _log.write(repr(given).encode("utf-8", "replace") + b"\\n")

sys.addaudithook(_note)
"""


def test_secrets_of_the_surroundings_are_in_no_command_line_output_or_package(server, tmp_path):
    make_authority(tmp_path / "authority")
    (tmp_path / "spy").mkdir()
    (tmp_path / "spy" / "sitecustomize.py").write_text(SPY)
    access, secret = "planted-access-6402", "planted-secret-9917"
    printed: list[str] = []
    with authority(tmp_path / "authority") as stamps, receiving() as hook:
        (tmp_path / "hook.url").write_text(hook.address.replace("s3cret", TOKEN))
        (tmp_path / "hook.url").chmod(0o600)
        surroundings = os.environ | {
            "PYTHONPATH": str(tmp_path / "spy"),
            "STARTED": str(tmp_path / "started"),
            "VARIORUM_STORE": server.url(server.new_database()).replace("postgres@", f"postgres:{PASSWORD}@"),
            "VARIORUM_REPORTS": str(tmp_path / "reports"),
            "VARIORUM_EVIDENCE_KEY": str(tmp_path / "key.pem"),
            "VARIORUM_EVIDENCE_TIMESTAMP_URL": f"{stamps}?key={NOTARY}",
            "VARIORUM_SAVE_ACCESS_KEY": access,
            "VARIORUM_SAVE_SECRET_KEY": secret,
            "VARIORUM_ALERTS_CHANNELS": json.dumps(
                [{"name": "hook", "url_file": str(tmp_path / "hook.url")}]
            ),
        }

        def run(*words: str, code: int | None = 0) -> None:
            done = subprocess.run([VARIORUM, *words], cwd=tmp_path, env=surroundings, capture_output=True, text=True,
                                  timeout=200, check=False)  # fmt: skip
            printed.append(done.stdout + done.stderr)
            assert code is None or done.returncode == code, printed[-1]

        run("keys", "new")
        run("import", str(DEMO))
        run("report", "--format", "json", "--out", str(tmp_path / "reports"))
        (report,) = (path for path in (tmp_path / "reports").rglob("*.json") if "courier" in path.name)
        steps = json.loads(report.read_text("utf-8"))["transitions"]
        finding = next(change["id"] for step in steps for change in step["changes"])
        run("export", "--finding", finding, "--out", str(tmp_path / "one.wacz"), "--sign", "--stamp")
        run("verify", str(tmp_path / "one.wacz"), "--json")
        run("notify", "--test", code=None)
        run("status", "--json")
        run("doctor", "--json", code=None)
        surroundings["VARIORUM_STORE"] = surroundings["VARIORUM_STORE"].replace("?host=", "?host=/nowhere")
        run("list", code=1)

    started = (tmp_path / "started").read_bytes()
    assert started.count(VARIORUM.encode()) == len(printed)
    assert b"crawler.sandbox" in started  # pages were read in a process of its own
    written = [path for path in (tmp_path / "reports").rglob("*") if path.is_file()] + [tmp_path / "one.wacz"]
    for planted in (PASSWORD, TOKEN, NOTARY, access, secret):
        assert [text for text in printed if planted in text] == []
        assert planted.encode() not in started
        assert [path.name for path in written if planted.encode() in path.read_bytes()] == []
