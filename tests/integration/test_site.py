"""The site of the demo: every link leads somewhere, feeds are feeds, nothing runs, nothing is written twice."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from posixpath import normpath

import feedparser
import pytest

from crawler.cli import main
from crawler.cli.working import DEMO_PAGE
from crawler.site import opening
from diffs.reports.citation_forms import CITATIONS

DEMO = Path(__file__).parents[2] / "seeds" / "demo" / "meridian-courier.warc.gz"
STORY = "Silver Tern: <b>ferry</b> & more/../.."


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A store of the demo's page, and its site."""
    folder = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VARIORUM_STORE", str(folder / "variorum.db"))
        patch.setenv("VARIORUM_ARCHIVE_DIALECT", "warc")
        patch.setenv("VARIORUM_ARCHIVE_URL", str(DEMO))
        patch.setenv("VARIORUM_SITE_OUT", str(folder / "site"))
        patch.setenv("VARIORUM_SITE_BASE_URL", "https://reading.example/room")
        assert main(["track", DEMO_PAGE, "--story", STORY]) == 0
        assert main(["backfill", DEMO_PAGE, "--every-capture"]) == 0
        assert main(["site"]) == 0
        yield folder


class Seen(HTMLParser):
    """What a page links to, its anchors and its elements."""

    def __init__(self, text):
        super().__init__()
        self.links, self.anchors, self.elements, self.policy = [], set(), [], ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.elements.append((tag, frozenset(given)))
        self.links += [given[name] for name in ("href", "src") if given.get(name)]
        if "id" in given:
            self.anchors.add(given["id"])
        if given.get("http-equiv") == "Content-Security-Policy":
            self.policy = given["content"]


def pages_of(site):
    return {
        path.relative_to(site).as_posix(): Seen(path.read_text(encoding="utf-8"))
        for path in site.rglob("*.html")
    }


def files_of(site):
    return {
        path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("[!.]*") if path.is_file()
    }


def test_no_link_inside_the_site_is_dead(home):
    site = home / "site"
    pages = pages_of(site)
    assert len(pages) > 50
    dead, outside = [], set()
    for name, page in pages.items():
        for link in page.links:
            if re.match("[a-z]+:", link):
                outside.add(link)
                continue
            path, _, anchor = link.partition("#")
            target = normpath(f"{name.rpartition('/')[0]}/{path}").lstrip("/") if path else name
            missing = target.startswith("..") or not (site / target).is_file()
            if missing or (anchor and anchor not in pages[target].anchors):
                dead.append((name, link))
    assert dead == []
    assert all(link.startswith(("http://", "https://")) for link in outside)


def test_every_finding_of_the_report_has_its_page_with_citations(home, capsys):
    assert main(["report", DEMO_PAGE, "--format", "csv"]) == 0
    ids = [line.split(",")[0] for line in capsys.readouterr().out.splitlines()[1:]]
    assert len(ids) > 20
    for one in ids:
        text = (home / "site" / "findings" / f"{one}.html").read_text(encoding="utf-8")
        assert text.count('<details class="form">') == len(CITATIONS)
        assert f"variorum-{one}-before" in text


def test_nothing_runs_but_the_search_and_nothing_is_asked_of_elsewhere(home):
    for name, page in pages_of(home / "site").items():
        assert page.policy.startswith("default-src 'none'"), name
        assert ("script-src" in page.policy) == (name == "search.html"), name
        scripts = [tag for tag, _ in page.elements if tag == "script"]
        assert len(scripts) == (name == "search.html"), name
        tags = {tag for tag, _ in page.elements}
        assert not tags & {"iframe", "object", "embed", "form", "base", "video", "audio"}, name
        assert not [
            attributes for _, attributes in page.elements if any(a.startswith("on") for a in attributes)
        ]
        assert not [attributes for _, attributes in page.elements if "style" in attributes], name


def test_the_pages_are_small_and_hold_no_capture_as_it_was_served(home):
    files = files_of(home / "site")
    sizes = {name: len(data) for name, data in files.items() if name.endswith(".html")}
    assert {name: size for name, size in sizes.items() if size > 40_000} == {}
    assert not any(b"</article>" in data or b"application/ld+json" in data for data in files.values())
    kinds = {name.rpartition(".")[2] for name in files}
    assert kinds <= {
        "html", "css", "svg", "atom", "json", "js", "pagefind", "pf_meta", "pf_index", "pf_fragment", "pf_filter",
    }  # fmt: skip


def test_the_filters_are_pages(home):
    pages = {
        name: (home / "site" / f"{name}.html").read_text(encoding="utf-8")
        for name in ("casualty", "headline", "silent", "corrected")
    }
    assert "9 → 11" in pages["silent"]
    assert "9 → 11" not in pages["corrected"]
    assert "≥ 15 → ≥ 13".replace("≥ ", "≥\u00a0") in pages["corrected"]
    headline = (
        "Headline: “Overloaded Ferry Capsizes Off Port Sarel; Ministry Says 12 Dead” → “Ferry That Capsized"
    )
    assert headline in pages["headline"]
    assert headline not in pages["casualty"]


def test_atom_and_json_feeds_are_read_by_readers_of_feeds(home):
    site = home / "site"
    atoms, jsons = sorted(site.rglob("*.atom")), [site / "index.json", *sorted(site.glob("[os]*/*.json"))]
    assert len(atoms) == len(jsons) == 3
    for path in atoms:
        feed = feedparser.parse(path.read_bytes())
        assert not feed.bozo
        assert feed.version == "atom10"
        assert feed.feed.id.startswith("urn:sha256:")
        assert len(feed.entries) == len({entry.id for entry in feed.entries}) > 5
        for entry in feed.entries:
            assert entry.link.startswith("https://reading.example/room/findings/")
            assert entry.updated_parsed
            assert entry.author == "The Meridian Courier"
            assert "<script" not in entry.content[0].value
        assert any("≥ 13" in entry.title for entry in feed.entries)
    for path in jsons:
        feed = json.loads(path.read_text(encoding="utf-8"))
        # Required by JSON Feed 1.1: version, title, items; of an item its id and one of the contents.
        assert feed["version"] == "https://jsonfeed.org/version/1.1"
        assert isinstance(feed["title"], str)
        assert feed["feed_url"] == f"https://reading.example/room/{path.relative_to(site).as_posix()}"
        assert len({item["id"] for item in feed["items"]}) == len(feed["items"]) > 5
        for item in feed["items"]:
            assert isinstance(item["content_html"], str)
            assert item["url"].startswith("https://reading.example/room/findings/")
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", item["date_published"])
            assert all(isinstance(author["name"], str) for author in item["authors"])
    assert len({feedparser.parse(path.read_bytes()).feed.id for path in atoms}) == 3


def test_a_second_build_writes_nothing_and_one_elsewhere_gives_the_same_bytes(home, capsys):
    assert main(["site"]) == 0
    assert ": 0 files written" in capsys.readouterr().err
    assert main(["site", "--out", str(home / "again")]) == 0
    assert files_of(home / "again") == files_of(home / "site")


def test_a_note_changes_the_pages_of_its_finding_alone(home, capsys):
    site = home / "noted"
    assert main(["site", "--out", str(site), "--no-search"]) == 0
    before = files_of(site)
    name = next(one for one in sorted(before) if one.startswith("findings/"))
    assert main(["note", Path(name).stem, "asked the desk <b>twice</b>"]) == 0
    assert main(["site", "--out", str(site), "--no-search"]) == 0
    after = files_of(site)
    changed = {one for one in after if after[one] != before.get(one)}
    assert name in changed
    assert all(one == name or one.startswith("pages/") for one in changed)
    assert b"asked the desk &lt;b&gt;twice&lt;/b&gt;" in after[name]


def test_without_pagefind_the_site_is_built_without_search_and_says_so(home, capsys, monkeypatch):
    monkeypatch.setattr(opening, "can_search", lambda: False)
    assert main(["site", "--out", str(home / "plain")]) == 0
    assert "pip install '.[site]'" in capsys.readouterr().err
    files = files_of(home / "plain")
    assert not [name for name in files if name.endswith(".js") or name.startswith("pagefind/")]
    assert "search.html" not in files
    assert b"search.html" not in files["index.html"]


def test_a_folder_must_be_named(home, capsys, monkeypatch):
    monkeypatch.delenv("VARIORUM_SITE_OUT")
    assert main(["site"]) == 1
    assert "--out" in capsys.readouterr().err
