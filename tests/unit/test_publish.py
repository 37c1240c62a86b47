"""Reports reach the disk whole, under names that no page can choose, and only when they changed."""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import crawler.publish
from crawler.errors import InputError, PublishError
from crawler.ownership import OWNERS
from crawler.publish import Owner, publish, publish_index, publish_story, write
from diffs.history import history_of, revisions_in
from diffs.model import Article, Citation, History, Note, Observation, Outcome
from diffs.reports import file_stem

START = datetime(2024, 3, 5, 7, tzinfo=UTC)
URL = "https://courier.example/ferry"


def history(url: str = URL, *tolls: int) -> History:
    observations, articles = [], {}
    for hour, toll in enumerate(tolls or (12, 13)):
        article = Article.from_text(
            f"Ferry sinks, {toll} dead", f"The coast guard said {toll} people were killed."
        )
        articles[article.fingerprint] = article
        at = START + timedelta(hours=hour)
        link = f"https://web.archive.org/web/{at:%Y%m%d%H%M%S}/{url}"
        capture = Citation(at=at, url=url, archive="wayback", link=link)
        observations.append(
            Observation(capture=capture, outcome=Outcome.FETCHED, fingerprint=article.fingerprint)
        )
    return history_of(revisions_in(observations, articles), observations, url=url)


def test_a_report_is_written_in_every_format(tmp_path: Path) -> None:
    files = publish(history(), tmp_path / "new" / "folder")
    stem = file_stem(URL)
    endings = (".svg", ".md", ".html", ".json", ".claims.csv", ".changes.csv", ".atom")
    assert [file.name for file in files] == [stem + ending for ending in endings]
    assert all(file.stat().st_size > 100 for file in files)
    assert f"]({stem}.svg)" in (files[1]).read_text(encoding="utf-8")


def test_only_the_formats_asked_for_are_written(tmp_path: Path) -> None:
    publish(history(), tmp_path, formats=["json"])
    assert [file.suffix for file in tmp_path.iterdir()] == [".json"]


def test_a_format_that_does_not_exist_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no report format pdf; there are md, html, json, csv, atom"):
        publish(history(), tmp_path, formats=["md", "pdf"])
    assert not list(tmp_path.iterdir())


def test_a_second_run_touches_nothing(tmp_path: Path) -> None:
    files = [*publish(history(), tmp_path), *publish_index([history()], tmp_path)]
    for file in files:
        os.utime(file, (1, 1))
    assert [*publish(history(), tmp_path), *publish_index([history()], tmp_path)] == files
    assert {file.stat().st_mtime for file in files} == {1}
    assert len(list(tmp_path.iterdir())) == len(files)


def test_a_note_rewrites_the_report_and_leaves_the_chart_alone(tmp_path: Path) -> None:
    known = history()
    chart, report = publish(known, tmp_path, formats=["md"])
    os.utime(chart, (1, 1))
    finding = known.transitions[0].changes[0].id
    publish(
        known,
        tmp_path,
        formats=["md"],
        notes=[Note(change=finding, text="Checked.", dismissed=False, at=START)],
    )
    assert "Checked." in report.read_text(encoding="utf-8")
    assert chart.stat().st_mtime == 1


def test_a_crash_while_writing_leaves_the_old_bytes_and_no_scrap(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write(tmp_path / "report.md", "old")

    def pull_the_plug(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(crawler.publish.os, "fsync", pull_the_plug)
    with pytest.raises(KeyboardInterrupt):
        write(file, "new")
    assert file.read_text() == "old"
    assert list(tmp_path.iterdir()) == [file]


def test_a_folder_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(PublishError, match=r"cannot write .*; choose another folder"):
        publish(history(), tmp_path / "taken")


def test_a_link_in_the_folder_is_replaced_and_never_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_text("keep me")
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "index.md").symlink_to(outside)
    publish_index([history()], folder)
    assert outside.read_text() == "keep me"
    assert not (folder / "index.md").is_symlink()


HOSTILE = (
    "https://x.example/../../../etc/passwd",
    "https://x.example/%2e%2e/%2e%2e/a",
    "https://x.example/a\0b",
    "https://x.example/" + "a" * 3000,
    "https://CON.example/aux",
    "https://x.example/\u202egpj.md",
    "https://x.example/\\\\server\\share",
    "https://x.example/C:\\Windows",
    "https://[half/an/address",
    "/etc/passwd",
    "..",
    "",
    "~root/.ssh",
    "-rf *",
    "story\nname",
)


@pytest.mark.parametrize("url", HOSTILE)
def test_no_address_or_story_name_can_leave_the_folder(tmp_path: Path, url: str) -> None:
    folder = tmp_path / "reports"
    files = [*publish(history(url), folder, formats=["md", "json"]), *publish_story(url, [history()], folder)]
    assert {file.parent for file in files} == {folder}
    assert {file.resolve().parent for file in files} == {folder.resolve()}
    assert all(len(file.name) <= 100 and file.name.isascii() for file in files)
    assert [entry.name for entry in tmp_path.iterdir()] == ["reports"]


def test_ten_thousand_addresses_share_no_file_name() -> None:
    urls = [f"https://x.example/{'A' if n % 2 else 'a'}/{'é' * (n % 3)}?{n // 2}" for n in range(10_000)]
    assert len({file_stem(url).casefold() for url in urls}) == len(set(urls)) == 10_000


@pytest.mark.parametrize(
    ("store", "folder", "named"),
    [
        ("home/anna/.local/v.db", "srv/reports", "~/.local/v.db"),
        ("home/anna/.local/v.db", "home/anna/reports", "../.local/v.db"),
        ("srv/v.db", "srv/reports", "../v.db"),
        ("srv/v.db", "home/anna/reports", "../../../srv/v.db"),
    ],
)
def test_what_is_published_names_no_store_by_its_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, store: str, folder: str, named: str
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home" / "anna"))
    place, where = tmp_path / store, tmp_path / folder
    place.parent.mkdir(parents=True, exist_ok=True)
    place.touch()
    publish(history(), where, formats=["md"], owner=Owner(store=str(place)))
    text = (where / OWNERS).read_text(encoding="utf-8")
    assert named in text
    assert "anna" not in text
    assert str(tmp_path) not in text
    other = tmp_path / "other.db"
    with pytest.raises(PublishError, match="another store"):
        publish(history(URL, 1, 2, 3), where, formats=["md"], owner=Owner(store=str(other)))
    place.unlink()
    publish(history(URL, 1, 2, 3), where, formats=["md"], owner=Owner(store=str(other)))


def test_a_database_is_named_by_a_digest_and_a_full_path_of_before_is_known(tmp_path: Path) -> None:
    publish(history(), tmp_path, formats=["md"], owner=Owner(store="postgresql://anna@db.example/v"))
    assert "anna" not in (tmp_path / OWNERS).read_text(encoding="utf-8")
    with pytest.raises(PublishError, match="another store"):
        publish(
            history(URL, 1, 2, 3),
            tmp_path,
            formats=["md"],
            owner=Owner(store="postgresql://ben@db.example/v"),
        )
    store = tmp_path / "v.db"
    store.touch()
    (tmp_path / OWNERS).write_text(json.dumps({f"{file_stem(URL)}.md": str(store)}), encoding="utf-8")
    publish(history(URL, 1, 2, 3), tmp_path, formats=["md"], owner=Owner(store=str(store)))
    assert str(store) not in (tmp_path / OWNERS).read_text(encoding="utf-8")


def test_a_story_is_written_with_its_chart_and_feed(tmp_path: Path) -> None:
    files = publish_story("Ferry off Talmar", [history(), history("https://ledger.example/f", 12)], tmp_path)
    assert [file.suffix for file in files] == [".svg", ".md", ".atom"]
    assert files[0].name.startswith("story-ferry-off-talmar-")


def test_a_story_without_figures_has_no_chart(tmp_path: Path) -> None:
    empty = History(url=URL)
    assert [file.suffix for file in publish_story("Quiet", [empty], tmp_path)] == [".md", ".atom"]


@pytest.mark.parametrize(("mask", "mode"), [(0o077, 0o600), (0o022, 0o644), (0o002, 0o664)])
def test_a_report_may_be_read_by_whom_the_umask_says(tmp_path: Path, mask: int, mode: int) -> None:
    before = os.umask(mask)
    try:
        crawler.publish._replace(tmp_path / "r.md", ("text",))
    finally:
        os.umask(before)
    assert (tmp_path / "r.md").stat().st_mode & 0o777 == mode
    assert [path.name for path in tmp_path.iterdir()] == ["r.md"]
