"""Citations: each form is read back by a program of that form, whatever the page says of itself."""

import html
import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import bibtexparser
import pytest
import rispy
from citeproc import Citation as CiteprocCitation
from citeproc import CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON

from crawler.cli import main
from crawler.cli.working import DEMO_PAGE
from diffs.history import history_of, revisions_in
from diffs.model import Article, Citation, Observation, Outcome
from diffs.reports.affidavit import render_affidavit
from diffs.reports.citation_forms import CITATIONS
from diffs.reports.citing import cited_change, cited_page

DEMO = Path(__file__).parents[2] / "seeds" / "demo" / "meridian-courier.warc.gz"
PAGE = "https://courier.example/a?x={1}&y=%7C|'\"]"
READER = "Variorum 1, parser 2, grammar 3"
TITLES = (
    "Ferry sinks, 12 dead",
    "100% of $5 & #1 \\input{x} {open ~tilde^ under_score}",
    "a | b }} {{delete}} [[File:x]] <ref>x</ref> ''bold'' ~~~~ https://evil.example",
    "line one\nline two\r\nTY  - BOOK\nER  - \n",
    "\"><script>alert(1)</script><a href='javascript:alert(1)'> --> <!-- &quot; &lt;",
    "\x1b[2J\u202e\x00 新闻 İstanbul é",
)


def pages(title):
    made = []
    for day, toll in ((1, 12), (2, 15)):
        article = replace(
            Article.from_text(title, f"The ministry said {toll} people were killed."),
            publisher=f"The {title}",
            published=datetime(2020, 3, 1, 6, tzinfo=UTC),
            url="https://courier.example/a",
        )
        at = datetime(2020, 3, day, 7, 30, 5, tzinfo=UTC)
        link = f"https://web.archive.org/web/{at:%Y%m%d%H%M%S}/{PAGE}"
        capture = Citation(
            at=at, url=PAGE, archive="wayback", link=link, digest=f"DIGEST{day}", sha256=f"{day}" * 64
        )
        made.append((article, capture))
    return made


def history(title, *, link=True):
    known = [(a, c if link else replace(c, link=None, archive="warc")) for a, c in pages(title)]
    seen = [Observation(capture=c, outcome=Outcome.FETCHED, fingerprint=a.fingerprint) for a, c in known]
    return history_of(revisions_in(seen, {a.fingerprint: a for a, _ in known}), seen, url=PAGE)


def cited(title, *, link=True):
    known = history(title, link=link)
    step = known.transitions[0]
    change = next(one for one in step.changes if one.claim_after)
    return change.id, cited_change(known, step, change.id, reader=READER)


def said(title):
    """What is left of a title in print: one line, controls named."""
    shown = title.replace("\x1b", "‹U+001B›").replace("\u202e", "‹U+202E›").replace("\x00", "‹U+0000›")
    return " ".join(shown.split())


def untex(text):
    for word, sign in (
        ("textbackslash", "\\"),
        ("textbraceleft", "{"),
        ("textbraceright", "}"),
        ("textasciitilde", "~"),
        ("textasciicircum", "^"),
    ):
        text = text.replace(f"\\{word}{{}}", sign)
    return re.sub(r"\\([#$%&_])", r"\1", text)


@pytest.mark.parametrize("title", TITLES)
def test_csl_is_read_back_by_citeproc(title):
    name, captures = cited(title)
    items = json.loads(CITATIONS["csl"](captures))
    assert [item["title"] for item in items] == [said(title)] * 2
    assert [item["accessed"]["date-parts"] for item in items] == [[[2020, 3, 1]], [[2020, 3, 2]]]
    assert all(
        re.match(r"https://web\.archive\.org/web/2020030[12]073005/https://", item["URL"]) for item in items
    )
    assert name in items[0]["note"]
    assert "12 → 15" in items[0]["note"]
    assert "DIGEST1" in items[0]["note"]
    assert "2" * 64 in items[1]["note"]
    assert READER in items[1]["note"]
    source = CiteProcJSON(items)
    style = CitationStylesStyle("harvard-cite-them-right", validate=False)
    bibliography = CitationStylesBibliography(style, source, formatter.plain)
    for item in items:
        bibliography.register(CiteprocCitation([CitationItem(item["id"])]))
    printed = [str(entry) for entry in bibliography.bibliography()]
    assert len(printed) == 2
    assert all("2020" in entry for entry in printed)


@pytest.mark.parametrize("title", TITLES)
def test_bibtex_is_read_back(title):
    _, captures = cited(title)
    entries = bibtexparser.loads(CITATIONS["bibtex"](captures)).entries
    assert len(entries) == 2
    assert [entry["ENTRYTYPE"] for entry in entries] == ["misc", "misc"]
    assert [untex(entry["title"].removeprefix("{").removesuffix("}")) for entry in entries] == [
        said(title)
    ] * 2
    assert entries[0]["urldate"] == "2020-03-01"
    assert entries[1]["url"].startswith("https://web.archive.org/web/20200302073005/")
    assert not set(entries[1]["url"]) & set("{} \\")
    assert READER in untex(entries[1]["note"])


@pytest.mark.parametrize("title", TITLES)
def test_ris_is_read_back(title):
    _, captures = cited(title)
    entries = rispy.loads(CITATIONS["ris"](captures))
    assert len(entries) == 2
    assert [entry["type_of_reference"] for entry in entries] == ["ELEC", "ELEC"]
    assert [entry["title"] for entry in entries] == [said(title)] * 2
    assert entries[0]["access_date"] == "2020/03/01"
    assert "20200302073005" in str(entries[1]["urls"])


def test_an_address_with_a_semicolon_is_one_address_in_ris():
    _, (one, _) = cited("Ferry")
    held = replace(one, replay="https://web.archive.org/web/20200301073005/https://courier.example/a;b=1;c")
    (entry,) = rispy.loads(CITATIONS["ris"]([held]))
    assert entry["urls"] == ["https://web.archive.org/web/20200301073005/https://courier.example/a%3Bb=1%3Bc"]


@pytest.mark.parametrize(
    "address",
    [
        "ftp://evil.example/x",
        "IRC://evil.example",
        "git+ssh://evil.example",
        "mailto:a@evil.example",
        "tel:1",
        "URN:x",
    ],
)
def test_no_address_in_a_title_becomes_a_link_in_a_wiki(address):
    _, captures = cited(f"See {address} now")
    line = CITATIONS["wikipedia"](captures).splitlines()[0]
    fields = dict(part.split("=", 1) for part in line.partition("}}")[0].split(" |")[1:])
    assert address not in fields["title"]
    assert html.unescape(fields["title"]) == f"See {address} now"


def test_a_version_is_dated_by_itself_and_not_by_a_later_one():
    made = history("Ferry")
    moved = datetime(2020, 3, 2, 6, tzinfo=UTC)
    first, last = made.revisions
    later = replace(last, article=replace(last.article, published=moved))
    dated = replace(made, revisions=(first, later), transitions=(replace(made.transitions[0], after=later),))
    ends = cited_change(dated, dated.transitions[0], "x", reader=READER)
    assert [one.published.day for one in ends] == [1, 2]
    assert [one.published.day for one in cited_page(dated, reader=READER)] == [1, 2]
    none = replace(first, article=replace(first.article, published=None))
    bare = replace(
        dated, revisions=(none, later), transitions=(replace(made.transitions[0], before=none, after=later),)
    )
    assert cited_change(bare, bare.transitions[0], "x", reader=READER)[0].published is None


@pytest.mark.parametrize("title", TITLES)
def test_a_wiki_template_holds_its_fields_and_nothing_of_the_page_becomes_markup(title):
    _, captures = cited(title)
    lines = CITATIONS["wikipedia"](captures).splitlines()
    assert len(lines) == 2
    for line, date, status in zip(lines, ("2020-03-01", "2020-03-02"), ("deviated", "live"), strict=True):
        template, _, comment = line.partition("}}")
        fields = dict(part.split("=", 1) for part in template.removeprefix("{{cite web |").split(" |"))
        assert set(fields) == {"url", "title", "website", "date", "archive-url", "archive-date", "url-status"}
        assert fields["archive-date"] == date
        assert fields["url-status"] == status
        assert "web.archive.org/web/2020030" in fields["archive-url"]
        for value in fields.values():
            assert not re.search(r"[{}\[\]<>|]|''|~~|\s{2}", value)
        assert re.fullmatch(r"<!-- [^<>]*[^<>-] -->", comment)
        assert "{{" not in comment


class Links(HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.found, self.text, self.others = [], [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        (self.found if tag == "a" else self.others).append(dict(attrs))

    def handle_data(self, data):
        self.text.append(data)


@pytest.mark.parametrize("title", TITLES)
def test_robust_links_have_their_attributes_and_no_other_element(title):
    _, captures = cited(title)
    page = Links(CITATIONS["robustlink"](captures))
    assert len(page.found) == 2
    assert page.others == []
    assert [link["data-versiondate"] for link in page.found] == [
        "2020-03-01T07:30:05Z",
        "2020-03-02T07:30:05Z",
    ]
    for link in page.found:
        assert set(link) == {"href", "data-originalurl", "data-versionurl", "data-versiondate", "title"}
        assert link["href"] == link["data-originalurl"]
        assert link["href"].startswith("https://courier.example/a?")
        assert link["data-versionurl"].startswith("https://web.archive.org/web/2020")
    assert "".join(page.text).splitlines() == [said(title)] * 2


def test_captures_without_an_address_are_cited_by_the_page_alone():
    _, captures = cited("Ferry", link=False)
    assert "archive-url" not in CITATIONS["wikipedia"](captures)
    assert "data-versionurl" not in CITATIONS["robustlink"](captures)
    assert json.loads(CITATIONS["csl"](captures))[0]["URL"].startswith("https://courier.example/")


def test_a_page_is_cited_by_its_first_and_its_newest_capture():
    first, last = cited_page(history("Ferry"), reader=READER)
    assert (first.at.day, last.at.day) == (1, 2)
    assert (first.current, last.current) == (False, True)
    assert first.key != last.key
    only = history("Ferry")
    one = replace(only, revisions=only.revisions[:1], transitions=())
    assert len(cited_page(one, reader=READER)) == 1
    assert cited_page(one, reader=READER)[0].current
    assert timedelta() < last.at - first.at


@pytest.fixture
def known(tmp_path, monkeypatch, capsys):
    """A store of the demo's page, and the ids of its findings."""
    monkeypatch.setenv("VARIORUM_STORE", str(tmp_path / "variorum.db"))
    monkeypatch.setenv("VARIORUM_ARCHIVE_DIALECT", "warc")
    monkeypatch.setenv("VARIORUM_ARCHIVE_URL", str(DEMO))
    assert main(["backfill", DEMO_PAGE, "--every-capture"]) == 0
    capsys.readouterr()
    assert main(["report", DEMO_PAGE, "--format", "csv"]) == 0
    return [line.split(",")[0] for line in capsys.readouterr().out.splitlines()[1:]]


def test_the_command_cites_a_finding_and_a_page(known, capsys):
    assert len(known) > 10
    for form in CITATIONS:
        assert main(["cite", known[0], "--format", form]) == 0
        assert (known[0] if form != "affidavit" else DEMO_PAGE) in capsys.readouterr().out
    assert main(["cite", DEMO_PAGE]) == 0
    first, last = json.loads(capsys.readouterr().out)
    assert (first["accessed"]["date-parts"], last["accessed"]["date-parts"]) == (
        [[2025, 3, 11]],
        [[2025, 3, 13]],
    )


def test_what_cannot_be_cited_gets_a_clear_error(known, capsys):
    assert main(["cite", "deadbeefdeadbeef"]) == 1
    assert "No finding has the id deadbeefdeadbeef" in capsys.readouterr().err
    assert main(["cite", "https://other.example/page"]) == 1
    assert "is not known yet" in capsys.readouterr().err
    assert main(["cite", known[0], "--format", "mla"]) == 2
    assert "csl, bibtex, ris" in " ".join(capsys.readouterr().err.split())


def test_the_affidavit_s_list_has_exact_addresses_and_sets_other_archives_apart():
    at = datetime(2026, 3, 1, 12, 0, 5, tzinfo=UTC)
    own = Citation(at=at, url=PAGE, archive="wayback", link="https://web.archive.org/web/20260301120005/" + PAGE,
                   digest="ABC", sha256="12ab", source="spn2-1/a.warc.gz")  # fmt: skip
    other = Citation(
        at=at,
        url="https://a.example/\n9. forged\u202e",
        archive="arquivo",
        link="https://arquivo.example/wayback/1/x",
    )
    text = render_affidavit([other, own, own])
    first, second = text.split("Captures of other archives")

    assert "1. https://web.archive.org/web/20260301120005/https://courier.example/" in first
    assert all(part in first for part in ("2026-03-01 12:00:05 UTC", "ABC", "12ab", "spn2-1/a.warc.gz"))
    assert "2. " not in first
    assert "not named by the archive" in second
    assert "\n9. " not in text
    assert "\u202e" not in text
    assert "None of the captures" in render_affidavit([other])
