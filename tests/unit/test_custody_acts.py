"""What is done with evidence enters the log of custody, with its time and the digests of what left the store."""

import hashlib
from pathlib import Path

import pytest
from replaying import LATER, PAGE, Replaying, kept_in, page, serving, stamp

from crawler.cli import main
from crawler.evidence.custody import custody_problems


@pytest.fixture
def kept(tmp_path, monkeypatch):
    with serving(Replaying(6)) as archive:
        yield kept_in(tmp_path, archive, monkeypatch)


def entries(kept, act=None):
    with kept.open() as tracker:
        assert list(custody_problems(tracker.store)) == []
        found = list(tracker.store.custody.of(tracker.target(PAGE)))
    return [one for one in found if act in (None, one.act)]


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_every_act_of_a_pass_has_its_time(kept):
    main(["visit"])
    kept.archive.pages[stamp(1)] = page(4) + b" "
    main(["witness", PAGE])
    assert main(["rebuild", "--all"]) == 0
    assert [one.act for one in entries(kept) if one.at is None] == []
    assert {"listed", "fetched", "findings", "reported", "witnessed", "derived"} <= {
        one.act for one in entries(kept)
    }


def test_a_report_that_was_written_is_entered_with_the_digest_of_each_file(kept):
    (first,) = entries(kept, "reported")
    written = [*kept.settings.reports.glob("*.md"), *kept.settings.reports.glob("*.svg")]
    assert first.at == LATER
    assert first.facts["files"] == {path.name: sha256(path) for path in written}
    assert len(written) == 2
    with kept.open() as tracker:
        tracker.report(PAGE)
        assert len(entries(kept, "reported")) == 1
        paths = tracker.report(PAGE, formats=("html", "json")).paths
    (_, second) = entries(kept, "reported")
    assert second.facts["files"] == {path.name: sha256(path) for path in paths}


def test_a_comparison_of_a_story_is_entered_for_each_of_its_pages(kept):
    with kept.open() as tracker:
        tracker.track(PAGE, story="dam")
        tracker.story("dam")
    (last,) = entries(kept, "reported")[1:]
    assert any(name.startswith("story-dam") for name in last.facts["files"])


def test_what_was_exported_is_entered_with_its_digest(kept, tmp_path, capsys):
    with kept.open() as tracker:
        name = tracker.store.findings.of(tracker.target(PAGE))[0].id
    assert main(["export", "--finding", name, "--out", str(tmp_path / "one.wacz")]) == 0
    assert main(["export", PAGE, "--out", str(tmp_path / "warc")]) == 0
    package, folder = entries(kept, "exported")
    assert (package.facts["form"], package.facts["digest"]) == (
        "wacz",
        f"sha256:{sha256(tmp_path / 'one.wacz')}",
    )
    (warc,) = (tmp_path / "warc").glob("*.warc.gz")
    assert (folder.facts["form"], folder.facts["digest"]) == ("warc", f"sha256:{sha256(warc)}")
    assert package.at is not None is not folder.at


def test_verify_prints_the_newest_link_to_write_down(kept, capsys):
    with kept.open() as tracker:
        link = tracker.store.custody.bind(LATER)
    assert main(["verify"]) == 0
    told = capsys.readouterr()
    assert "newest link of the log of custody: 1, 2026-03-01 06:00" in told.err
    assert f"{link.hash}, not stamped" in told.err
    assert main(["verify", PAGE]) == 0
    assert link.hash not in capsys.readouterr().err


def test_a_restored_store_says_so_and_from_which_backup(kept, tmp_path, capsys):
    backup = tmp_path / "backup.db"
    assert main(["backup", str(backup)]) == 0
    with kept.open() as tracker:
        tracker.note(tracker.store.findings.of(tracker.target(PAGE))[0].id, "read")
    assert main(["restore", str(backup)]) == 0
    (restored,) = entries(kept, "restored")
    assert restored.facts["backup"] == sha256(backup)
    assert restored.at is not None
    assert entries(kept)[-1] == restored
