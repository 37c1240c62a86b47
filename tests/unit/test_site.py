"""The site: what is rebuilt and what is left alone, names that cannot leave the folder, pages of bounded size."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.errors import PublishError
from crawler.model import Target
from crawler.publish import Page
from crawler.site import SiteBuilder, build
from crawler.site.manifest import MANIFEST
from crawler.store.marks import Mark
from diffs.history import history_of, revisions_in
from diffs.model import Article, Block, BlockKind, Citation, Note, Observation, Outcome, to_json
from diffs.reports.chart import render_chart
from diffs.reports.document import Column, Item, List, Picture, Section, Table, line, plain
from diffs.reports.figures import Known
from diffs.reports.steps import rows_known, rows_of
from diffs.site.entries import card_of
from diffs.site.frame import Site, site_style
from diffs.site.listings import Listing, listing_files
from diffs.site.pages import target_files
from diffs.site.paging import pages_of
from diffs.site.places import place_of_comparison, place_of_outlet, place_of_story, place_of_target
from diffs.site.records import Tag, card_from, steps_of
from diffs.site.side_by_side import side_by_side_of

START = datetime(2024, 5, 1, 8, tzinfo=UTC)
ODD = (
    "../../etc/passwd",
    "..",
    "/",
    "a/b",
    "A/B",
    "a\\b",
    "con",
    "nul.txt",
    "",
    "\x00",
    "\n",
    "\u202e",
    "新华社",
    "Zeitung – Ü",
    "Zeitung - U",
    "x" * 500,
    "~root",
    "-rf",
    "index",
    ".variorum-site.json",
)


def history(number, *tolls, outlet="Courier", words=""):
    """A page that gave these tolls, an hour after each other."""
    url = f"https://news{number}.example/a"
    made = []
    for hour, toll in enumerate(tolls):
        text = f"The ministry said {toll} people were killed in storm {number}. {words}"
        article = replace(Article.from_text(f"Storm {number}", text), publisher=outlet, url=url)
        at = START + timedelta(days=number, hours=hour)
        link = f"https://web.archive.org/web/{at:%Y%m%d%H%M%S}/{url}"
        capture = Citation(at=at, url=url, archive="wayback", link=link, sha256="ab" * 32)
        made.append((article, capture))
    seen = [Observation(capture=c, outcome=Outcome.FETCHED, fingerprint=a.fingerprint) for a, c in made]
    return history_of(revisions_in(seen, {a.fingerprint: a for a, _ in made}), seen, url=url)


class Room:
    """A site over made histories, which counts how many of them were asked for."""

    def __init__(self, folder, *histories, owner="store"):
        self.folder, self.owner = folder, owner
        self.known = {one.url: one for one in histories}
        self.story = dict.fromkeys(self.known, "Storms")
        self.notes = dict.fromkeys(self.known, ())
        self.asked = 0
        self.site = Site()

    def put(self, *histories):
        for one in histories:
            self.known[one.url] = one
            self.story.setdefault(one.url, "Storms")
            self.notes.setdefault(one.url, ())

    def marks(self):
        for url in sorted(self.known):
            state = repr((self.story[url], self.notes[url], len(self.known[url].observations)))
            named = self.story[url]
            stories = (named,) if isinstance(named, str) else tuple(named or ())
            target = Target(
                id=1, url=url, story=None, stories=stories, since=None, added=START, next_due=START
            )
            yield Mark(target=target, state=state, seen=bool(self.known[url].observations))

    def page(self, target):
        self.asked += 1
        return Page(history=self.known[target.url], notes=self.notes[target.url])

    def build(self, *, owner_lives=True):
        self.asked = 0
        return SiteBuilder(
            folder=self.folder,
            owner=self.owner,
            owner_lives=lambda _: owner_lives,
            marks=self.marks,
            page=self.page,
            reader="Variorum 1",
            sources="",
            site=self.site,
        ).build()


def files_of(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in Path(folder).rglob("*")
        if path.is_file() and not path.name.startswith(".variorum")
    }


@pytest.fixture
def room(tmp_path):
    return Room(tmp_path / "site", *(history(number, 3, 5, 4) for number in range(6)))


def test_what_did_not_change_is_neither_read_nor_written(room):
    first = room.build()
    assert (first.pages, room.asked, first.unchanged) == (6, 6, 0)
    before = {name: (room.folder / name).stat().st_mtime_ns for name in files_of(room.folder)}
    again = room.build()
    assert (again.written, again.removed, room.asked) == (0, 0, 0)
    assert again.unchanged == first.written == len(before)
    assert {name: (room.folder / name).stat().st_mtime_ns for name in before} == before


def test_only_the_pages_of_a_changed_target_and_the_lists_that_name_it_are_written(room):
    room.story = {url: None if "news5" in url else "Storms" for url in room.story}
    room.build()
    before = files_of(room.folder)
    room.put(history(5, 3, 5, 4, 9))
    built = room.build()
    after = files_of(room.folder)
    changed = {name for name in after if after[name] != before.get(name)}
    assert (built.written, room.asked) == (len(changed), 1)
    assert place_of_target("https://news5.example/a") + ".html" in changed
    assert not any("news4" in name for name in changed)
    assert not any(name.startswith("days/2024-05-01") for name in changed)
    assert not any(name.startswith("pages/story-") for name in changed)
    assert "index.html" in changed
    assert place_of_outlet("Courier") + ".html" in changed


def test_a_site_made_anew_is_the_site_that_was_kept_fresh(room, tmp_path):
    room.build()
    room.put(history(2, 3, 8), history(9, 1, 2))
    del room.known["https://news0.example/a"]
    room.build()
    other = Room(tmp_path / "other", *room.known.values())
    other.build()
    assert files_of(room.folder) == files_of(other.folder)


def test_pages_that_cannot_be_made_anew_keep_the_style_that_they_name_until_they_can(room):
    room.build()
    style, old = site_style()[0], "style-0123456789ab.css"
    (room.folder / style).rename(room.folder / old)
    for path in (*room.folder.rglob("*.html"), room.folder / MANIFEST):
        path.write_text(path.read_text(encoding="utf-8").replace(style, old), encoding="utf-8")
    broken = {"https://news1.example/a"}
    page, room.page = room.page, lambda target: None if target.url in broken else page(target)
    room.site = Site(title="Another edition")
    for _ in range(2):
        room.build()
        assert {one.name for one in room.folder.glob("*.css")} == {style, old}
        room.site = Site(title="A third edition")
    broken.clear()
    room.build()
    assert [one.name for one in room.folder.glob("*.css")] == [style]
    pages = list(room.folder.rglob("*.html"))
    assert pages
    assert not [one for one in pages if style not in one.read_text(encoding="utf-8")]


def test_pages_of_a_target_that_is_gone_go_and_nothing_else_does(room):
    room.build()
    own = room.folder / "pages" / "mine.html"
    own.write_text("kept", encoding="utf-8")
    gone = {name for name in files_of(room.folder) if "news0" in name}
    assert gone
    del room.known["https://news0.example/a"]
    built = room.build()
    assert built.removed >= len(gone)
    assert not gone & set(files_of(room.folder))
    assert own.read_text(encoding="utf-8") == "kept"
    assert not any(b"news0" in data for data in files_of(room.folder).values())


def test_the_search_reads_no_page_that_is_gone(room, monkeypatch):
    read = []

    def index_files(folder):
        read.append({path.name for path in (folder / "pages").glob("*.html")})
        yield "pagefind/pagefind.js", b"index"

    monkeypatch.setattr(build, "index_files", index_files)
    room.site = Site(search=True)
    room.build()
    del room.known["https://news0.example/a"]
    room.build()
    before, after = read
    assert any("news0" in name for name in before)
    assert not any("news0" in name for name in after)
    assert (room.folder / "pagefind" / "pagefind.js").read_bytes() == b"index"


def test_a_page_that_was_deleted_is_made_again(room):
    room.build()
    before = files_of(room.folder)
    (room.folder / "index.html").unlink()
    next((room.folder / "steps").iterdir()).unlink()
    room.build()
    assert files_of(room.folder) == before


def test_a_manifest_cannot_make_the_builder_delete_outside_the_site(room, tmp_path):
    room.build()
    outside = tmp_path / "outside.html"
    outside.write_text("kept", encoding="utf-8")
    path = room.folder / MANIFEST
    form = json.loads(path.read_text(encoding="utf-8"))
    form["groups"]["evil"] = ["key", {"../outside.html": "00", "/etc/hostname": "00"}]
    path.write_text(json.dumps(form), encoding="utf-8")
    room.build()
    assert outside.read_text(encoding="utf-8") == "kept"


@pytest.mark.parametrize("text", ["", "{", "[]", '{"owner": "store"}', '{"owner": "store", "format": 99}'])
def test_a_damaged_manifest_has_everything_made_again(room, text):
    room.build()
    before = files_of(room.folder)
    (room.folder / MANIFEST).write_text(text, encoding="utf-8")
    built = room.build(owner_lives=False)
    assert built.written == len(before)
    assert files_of(room.folder) == before
    assert room.build().written == 0


def test_a_folder_that_is_no_site_is_left_alone(tmp_path):
    (tmp_path / "index.html").write_text("mine", encoding="utf-8")
    with pytest.raises(PublishError, match="no site of Variorum"):
        Room(tmp_path, history(1, 3, 5)).build()
    assert files_of(tmp_path) == {"index.html": b"mine"}


def test_the_site_of_another_store_is_left_alone_while_that_store_is_there(room):
    room.build()
    before = files_of(room.folder)
    other = Room(room.folder, history(40, 1, 2), owner="another")
    with pytest.raises(PublishError, match="the store store"):
        other.build()
    assert files_of(room.folder) == before
    assert other.build(owner_lives=False).pages == 1


def test_a_page_of_two_stories_stands_in_both_and_is_made_once(room):
    url = "https://news5.example/a"
    room.story[url] = ("Floods", "Storms")
    room.build()
    files = files_of(room.folder)
    assert room.asked == len(room.known) + 1  # the comparison of its second story reads it again
    for name in ("Floods", "Storms"):
        comparison = files[f"{place_of_comparison(name)}.html"].decode()
        assert "news5" in comparison
        assert "news5" in files[f"{place_of_story(name)}.html"].decode()
        assert place_of_comparison(name).rpartition("/")[2] in files[f"{place_of_target(url)}.html"].decode()
    assert "news4" not in files[f"{place_of_comparison('Floods')}.html"].decode()
    room.story[url] = ("Floods",)
    room.build()
    after = files_of(room.folder)
    assert "news5" not in after[f"{place_of_comparison('Storms')}.html"].decode()
    room.story[url] = None
    room.build()
    assert f"{place_of_comparison('Floods')}.html" not in files_of(room.folder)


def test_no_name_leaves_the_folder_or_shares_a_file_with_another(tmp_path):
    assert len({place_of_outlet(name) for name in ODD}) == len(ODD)
    assert len({place_of_story(name).casefold() for name in ODD}) == len(ODD)
    pages = [history(number, 3, 5, outlet=name) for number, name in enumerate(ODD)]
    room = Room(tmp_path / "deep" / "site", *pages)
    room.story = dict(zip(sorted(room.known), ODD, strict=True))
    room.build()
    assert [
        path.name for path in tmp_path.rglob("*") if path.is_file() and room.folder not in path.parents
    ] == []
    names = set(files_of(room.folder))
    assert all(len(name) < 120 and name.isascii() for name in names)
    assert len([name for name in names if name.startswith("pages/story-") and name.endswith(".html")]) == len(
        ODD
    )


def test_a_dismissed_finding_leaves_the_lists(room):
    room.build()
    url = "https://news3.example/a"
    first, second = room.known[url].transitions
    ids = [change.id for step in (first, second) for change in step.changes]
    assert any(one in (room.folder / "index.html").read_text(encoding="utf-8") for one in ids)
    room.notes[url] = tuple(Note(change=one, text="a misreading", dismissed=True, at=START) for one in ids)
    room.build()
    assert not any(one in (room.folder / "index.html").read_text(encoding="utf-8") for one in ids)
    finding = (room.folder / "findings" / f"{ids[0]}.html").read_text(encoding="utf-8")
    assert "a misreading" in finding


def test_a_page_that_was_not_read_yet_is_listed_without_changes(tmp_path):
    known = history(1, 3, 5)
    capture = replace(known.observations[0], outcome=Outcome.PENDING, fingerprint=None)
    unread = history_of((), [capture], url="https://other.example/b")
    nothing = history_of((), (), url="https://never.example/c")
    room = Room(tmp_path / "site", known, unread, nothing)
    assert room.build().pages == 2
    assert "never.example" not in "".join(files_of(room.folder))


def test_a_card_is_read_back_as_it_was_written():
    card = card_of(history(1, 3, 5, 4), stories=("Storms",))
    assert card.entries
    assert card_from(json.loads(json.dumps(to_json(card)))) == card


def test_no_page_is_larger_than_40_kb_however_long_the_article_and_its_past(tmp_path):
    words = " ".join(
        f"In street {number} the fire brigade found a house without a roof." for number in range(500)
    )
    long = history(1, *range(3, 20), words=words)
    wall = history(2, 3, 5, words="x" * 90_000)
    room = Room(tmp_path / "site", long, wall)
    room.build()
    sizes = {name: len(data) for name, data in files_of(room.folder).items() if name.endswith(".html")}
    assert len(sizes) > 60
    assert {name: size for name, size in sizes.items() if size > 40_000} == {}


def test_a_step_stays_on_its_page_of_a_long_list_as_new_steps_come():
    cards = [card_of(history(number, 3, 5, 4, 9, 7)) for number in range(60)]
    fewer = dict(listing_files(Site(), Listing(place="days/x", title="Days", lines=steps_of(cards[:-1]))))
    more = dict(listing_files(Site(), Listing(place="days/x", title="Days", lines=steps_of(cards))))
    assert len(more) > 4
    kept = [name for name in fewer if more[name] == fewer[name]]
    assert len(kept) >= len(fewer) - 3
    printed = "".join(text for name, text in more.items() if name != "days/x.html")
    assert all(one.entry.finding in printed for one in steps_of(cards))


def with_notes(*forms):
    """A page of these tolls and correction notes, an hour after each other."""
    url, made = "https://noted.example/a", []
    for hour, (toll, note) in enumerate(forms):
        article = Article.from_text("Storm", f"The ministry said {toll} people were killed in the storm.")
        notes = (Block(kind=BlockKind.CORRECTION, text=note),) if note else ()
        article = replace(article, blocks=(*article.blocks, *notes), url=url)
        capture = Citation(at=START + timedelta(hours=hour), url=url, archive="wayback")
        made.append((article, capture))
    seen = [Observation(capture=c, outcome=Outcome.FETCHED, fingerprint=a.fingerprint) for a, c in made]
    return history_of(revisions_in(seen, {a.fingerprint: a for a, _ in made}), seen, url=url)


def test_a_step_is_listed_as_corrected_only_where_its_line_says_so():
    note = "Correction: An earlier version said 15 people were killed. The ministry said 13."
    noted, removed = card_of(with_notes((15, ""), (13, note), (14, ""))).entries

    assert Tag.CORRECTED in noted.tags
    assert "in a correction" in noted.answer
    assert Tag.CORRECTED not in removed.tags
    assert "in a correction" not in removed.answer


def test_a_site_without_pages_has_no_index_and_that_is_no_failure(tmp_path):
    from crawler.site.search import index_files

    assert list(index_files(tmp_path)) == []


def test_the_search_reads_a_site_that_is_named_from_the_folder_at_hand(tmp_path, monkeypatch):
    pytest.importorskip("pagefind_bin")
    from crawler.site.search import index_files

    pages = tmp_path / "here" / "pages"
    pages.mkdir(parents=True)
    (pages / "one.html").write_text("<html><body><p>Ferry sinks off the cape.</p></body></html>")
    monkeypatch.chdir(tmp_path)
    assert "pagefind/pagefind.js" in dict(index_files(Path("here")))


def test_a_finding_names_both_captures_for_readers_and_for_paper():
    known = history(1, 12, 15)
    files = dict(target_files(Site(), known, notes=[], reader="Variorum"))
    page = next(text for name, text in files.items() if name.startswith("findings/"))
    cited = page.partition("<h2>Cite this</h2>")[2].partition("<details")[0]
    for title, at in (
        ("Capture before", "2024-05-02 08:00:00 UTC"),
        ("Capture after", "2024-05-02 09:00:00 UTC"),
    ):
        address = f"https://web.archive.org/web/{at[:19].translate(str.maketrans('', '', '- :'))}/{known.url}"
        shown = f'<a href="{address}" rel="noopener noreferrer">{at}</a>, the Wayback Machine; SHA-256 <code>{"ab" * 32}</code>'
        assert f"<dt>{title}</dt><dd>{shown}</dd>" in cited
    assert "<dt>Did the page say so?</dt><dd>cannot tell</dd>" in page


def test_a_long_table_is_one_table_on_each_of_its_pages():
    rows = tuple((line(f"Outlet {number}"), line("a count of the dead " * 5)) for number in range(200))
    table = Table(columns=(Column(title="Outlet"), Column(title="Says now")), rows=rows)
    items = tuple(Item(line(f"Finding {number}, {'with its words ' * 5}")) for number in range(100))
    texts = pages_of((Section(line("All"), (table, List(items=items))),), "stories/a")
    assert 1 < len(texts) < 4
    assert [text.count("<table>") for text in texts[:-1]] == [1] * (len(texts) - 1)
    whole = "".join(texts)
    assert (whole.count("<tr>"), whole.count("<li>")) == (whole.count("<thead>") + 200, 100)
    assert whole.count("<ul>") == whole.count("</ul>") <= 2
    assert all(f"Outlet {number}<" in whole and f"Finding {number}," in whole for number in range(100))


def test_a_large_chart_can_be_moved_on_a_phone():
    picture = Picture(description="By outlet", name="a.svg", svg=f"<svg>{'x' * 20_000}</svg>")
    (text,) = pages_of((picture,), "stories/a")
    assert '<div class="scroll" role="region" tabindex="0" aria-label="Chart"><a href="a.svg"><img ' in text


def test_the_chart_on_the_site_leaves_out_what_a_reader_dismissed_as_the_report_does():
    known = history(1, 3, 5)
    ids = [change.id for change in known.transitions[0].changes]
    notes = [Note(change=one, text="a misreading", dismissed=True, at=START) for one in ids]

    def chart(given):
        files = dict(target_files(Site(), known, notes=given, reader="Variorum 1"))
        return next(text for name, text in files.items() if name.endswith(".svg"))

    assert chart(notes) == render_chart(known, dismissed=frozenset(ids))
    assert chart(notes) != chart([])


def test_rows_worked_out_once_are_those_worked_out_apart():
    known = Known(history(1, 3, 5, 4))
    for step in known.history.transitions:
        assert rows_known(known, step) == rows_of(step, ())
        assert rows_known(known, step) is rows_known(known, step)


def test_a_correction_that_calls_itself_one_is_not_called_so_twice():
    notes = ("Correction: The toll was 3.", "The toll was 3.")
    first = Article.from_text("Storm", "A storm came.")
    for note in notes:
        second = replace(first, blocks=(*first.blocks, Block(kind=BlockKind.CORRECTION, text=note)))
        seen = [
            Observation(
                capture=Citation(
                    at=START + timedelta(hours=hour), url="https://a.example/", archive="wayback"
                ),
                outcome=Outcome.FETCHED,
                fingerprint=one.fingerprint,
            )
            for hour, one in enumerate((first, second))
        ]
        known = history_of(
            revisions_in(seen, {one.fingerprint: one for one in (first, second)}),
            seen,
            url="https://a.example/",
        )
        shown = plain(side_by_side_of(known.transitions[0]).rows[-1][1])
        assert shown.strip() == "Correction: The toll was 3."


def step_of(*texts):
    """The step between two versions of these blocks."""
    made = [replace(Article.from_text("Storm", "A storm came."), blocks=blocks) for blocks in texts]
    seen = [
        Observation(
            capture=Citation(at=START + timedelta(hours=hour), url="https://a.example/", archive="wayback"),
            outcome=Outcome.FETCHED,
            fingerprint=one.fingerprint,
        )
        for hour, one in enumerate(made)
    ]
    known = history_of(
        revisions_in(seen, {one.fingerprint: one for one in made}), seen, url="https://a.example/"
    )
    return known.transitions[0]


def test_of_a_paragraph_too_long_for_its_page_the_words_that_differ_are_shown():
    long = " ".join(f"On day {day} the council heard nine hours of witnesses" for day in range(200))
    texts = [
        (Block(kind=BlockKind.PARAGRAPH, text=f"{long}, and {toll} people were killed."),)
        for toll in (12, 15)
    ]
    (page,) = pages_of([side_by_side_of(step_of(*texts))], "a")
    assert "<del>12</del>" in page
    assert "<ins>15</ins>" in page
    assert len(page.encode()) < 5_000


def test_words_that_became_a_correction_are_marked_as_one_on_their_side_alone():
    text = "The toll was three, the ministry said."
    kinds = (BlockKind.PARAGRAPH, BlockKind.CORRECTION)
    step = step_of(
        *(
            (Block(kind=kind, text=text), Block(kind=BlockKind.PARAGRAPH, text=f"It was {kind}."))
            for kind in kinds
        )
    )
    (page,) = pages_of([side_by_side_of(step)], "a")
    assert f"<ins>Correction:</ins> {text}" in page
    assert "<del>Correction" not in page


@pytest.mark.parametrize("name", ["Cour\u202eier", "Courier\u2028", "Courier " * 80])
def test_a_report_links_to_the_page_of_its_outlet_whatever_that_is_called(tmp_path, name):
    room = Room(tmp_path / "site", history(1, 3, 5, outlet=name))
    room.build()
    page = (room.folder / place_of_target("https://news1.example/a")).with_suffix(".html")
    (linked,) = re.findall(r'href="\.\./(outlets/[^"]+)"', page.read_text(encoding="utf-8"))
    assert (room.folder / linked).is_file()
