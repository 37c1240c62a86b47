"""The list of whose a folder's files are: killed at any line of its code, it is as it was or as it was to become."""

import fcntl
import json
import subprocess
import sys
from pathlib import Path

import pytest

from crawler.ownership import OWNERS, owned, owners_in

# A process that has imported everything forks one that does the work and kills itself at a line of its own, until one ends.
PROGRAM = """
import os, shutil, signal, sys
from pathlib import Path
import crawler.ownership, crawler.publish
from crawler.publish import Owner, delete_stories, write

act, folder, work = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
owner, code, at = Owner(store=str(folder / "v.db")), -signal.SIGKILL, 0
mine = (crawler.ownership.__file__, crawler.publish.__file__)

def killing(frame, event, given):
    global at
    if frame.f_code.co_filename not in mine:
        return None
    if event == "line":
        at -= 1
        if not at:
            os.kill(os.getpid(), signal.SIGKILL)
    return killing

for number in range(1, 10_000):
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(folder, work)
    child = os.fork()
    if not child:
        at = number
        sys.settrace(killing)
        if act == "write":
            write(work / "new.md", "text", owner=owner)
        else:
            delete_stories(work, [], pages=[], owner=owner)
        sys.settrace(None)
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    print(code, (work / ".variorum-stores.json").read_text().replace(chr(10), " "), flush=True)
    if code == 0:
        break
"""


@pytest.mark.timeout(240)
@pytest.mark.parametrize("act", ["write", "delete"])
def test_killed_at_any_line_the_list_is_whole(tmp_path: Path, act: str) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "v.db").touch()
    before = {"page.md": str(folder / "v.db"), "story-ferry.md": str(folder / "v.db")}
    (folder / OWNERS).write_text(json.dumps(before))

    run = [sys.executable, "-c", PROGRAM, act, str(folder), str(tmp_path / "work")]
    seen = subprocess.run(run, capture_output=True, text=True, check=True, timeout=220).stdout.splitlines()

    codes, lists = zip(*(line.split(" ", 1) for line in seen), strict=True)
    assert set(codes[:-1]) == {"-9"}
    assert codes[-1] == "0"
    assert len(codes) > 20
    after = before | {"new.md": "../reports/v.db"} if act == "write" else {"page.md": before["page.md"]}
    read = [json.loads(text) for text in lists]
    assert read[-1] == after
    assert all(each in (before, after) for each in read)


def test_a_list_that_was_replaced_while_its_lock_was_awaited_is_opened_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process that replaces the list between opening and locking, made to do so at that very moment."""
    with owned(tmp_path, begin=True) as owners:
        owners["first.md"] = "v.db"
    lock, others = fcntl.flock, ["second.md"]

    def late(file: object, how: int) -> None:
        if others:
            name = others.pop()
            with owned(tmp_path, begin=True) as owners:
                owners[name] = "v.db"
        lock(file, how)  # type: ignore[arg-type]

    monkeypatch.setattr(fcntl, "flock", late)
    with owned(tmp_path, begin=True) as owners:
        owners["third.md"] = "v.db"
    assert owners_in(tmp_path) == dict.fromkeys(("first.md", "second.md", "third.md"), "v.db")


def test_what_is_not_kept_leaves_the_list_and_no_scrap(tmp_path: Path) -> None:
    with owned(tmp_path, begin=True) as owners:
        owners["first.md"] = "v.db"
    with pytest.raises(KeyError), owned(tmp_path, begin=True) as owners:
        del owners["first.md"], owners["second.md"]
    assert owners_in(tmp_path) == {"first.md": "v.db"}
    assert [path.name for path in tmp_path.iterdir()] == [OWNERS]
    with pytest.raises(FileNotFoundError), owned(tmp_path / "none", begin=False):
        pass


def test_a_list_that_others_may_write_or_that_is_kept_elsewhere_stays_so(tmp_path: Path) -> None:
    kept = tmp_path / "kept.json"
    kept.write_text("{}")
    kept.chmod(0o664)
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / OWNERS).symlink_to(kept)
    with owned(folder, begin=True) as owners:
        owners["first.md"] = "v.db"

    assert (folder / OWNERS).is_symlink()
    assert json.loads(kept.read_text()) == {"first.md": "v.db"}
    assert kept.stat().st_mode & 0o777 == 0o664
    assert [path.name for path in folder.iterdir()] == [OWNERS]
