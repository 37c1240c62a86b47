"""No page can make a report do anything: whatever its words, they are read as words."""

import csv
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from io import StringIO

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from diffs.model import (
    Alternation,
    Article,
    Block,
    BlockKind,
    Certainty,
    Change,
    ChangeKind,
    ChangeType,
    Citation,
    Claim,
    ClaimKind,
    Contradiction,
    Disclosure,
    Edit,
    EditOp,
    Evidence,
    History,
    Interval,
    Note,
    Observation,
    Outcome,
    Qualifier,
    Revision,
    Stretch,
    Transition,
    Weight,
)
from diffs.reports import (
    index_of,
    render_atom,
    render_changes_csv,
    render_chart,
    render_claims_csv,
    render_index,
    render_json,
    render_markdown,
    render_story,
    render_story_chart,
    report_of,
    story_of,
)
from diffs.reports.figures import Known
from diffs.reports.html import render_html
from diffs.reports.markdown import markdown_line, markdown_text
from diffs.reports.marking import marked
from diffs.reports.safe import terminal_text, visible
from diffs.site.entries import card_of
from diffs.site.frame import Site
from diffs.site.listings import day_files, directory_files, front_files, outlet_files, story_files
from diffs.site.pages import target_files
from diffs.site.places import day_of
from diffs.site.stories import comparison_files

PAYLOADS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<!-- ",
    "</svg><script>",
    "&lt;b&gt; &#60;b> &copy;",
    "[click](javascript:alert(1))",
    "![x](https://evil.example/p.png)",
    "[a]: https://evil.example 'title'",
    "[^1]",
    "[^1]: mine",
    "[[wiki]] ![[embed]]",
    "<https://evil.example>",
    "http://evil.example/x",
    "HTTPS://EVIL.EXAMPLE",
    "ftp://evil.example",
    "www.evil.example",
    "mail me@evil.example",
    "mailto:me@evil.example",
    "evil.example/path",
    "a | b | c",
    "\\| x \\\\| y",
    "ends with backslash \\",
    "`code` ``two``",
    "```\nfence",
    "~~~\nfence",
    "# heading",
    "title\n===",
    "title\n---",
    "---",
    "***",
    "- item",
    "+ item",
    "* item",
    "1. item",
    "12) item",
    "> quote",
    "    indented code",
    "\tindented code",
    "*em* _em_ __strong__ **strong** ~~del~~ ==mark== %%note%% ^block",
    "$x$ $$y$$",
    "{{ site.secret }} {% include x %} {{< ref >}}",
    "{: .class }",
    "=cmd|' /C calc'!A0",
    "+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "＝1",
    'say "so", twice',
    "\x1b]8;;https://evil.example\x07link\x1b]8;;\x07",
    "\x1b]52;c;ZXZpbA==\x07",
    "\x1b[2J\x9b2J\x00\x08\x7f",
    "\u202egnp.exe\u202c \u2066a\u2069 \u200f\u061c",
    "one\ntwo\r\nthree\u2028four\x85five",
    "Wow!",
    ": definition",
    "|---|---|",
    "*[HTML]: abbreviation",
    "\ud800 lone \ufffe \ufdd0",
    "]]> ]]&gt;",
    "'\"></title>",
)
START = datetime(2024, 5, 1, 8, tzinfo=UTC)
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
Word = Callable[[str], str]


def words_of(payload: str) -> Word:
    return lambda tag: f"{payload} {tag}"


def plain(tag: str) -> str:
    return f"word {tag}"


def capture(minutes: int, word: Word) -> Citation:
    at = START + timedelta(minutes=minutes)
    url = "https://news.example/" + word("address")
    link = f"https://web.archive.org/web/{at:%Y%m%d%H%M%S}/{url}"
    return Citation(
        at=at, url=url, archive=word("archive"), link=link, digest=word("digest"), sha256="ab" * 32
    )


def claim(value: int, word: Word) -> Claim:
    return Claim(
        kind=ClaimKind.KILLED,
        value=value,
        low=value,
        high=None,
        qualifier=Qualifier.AT_LEAST,
        number_text=str(value),
        who=word("people"),
        attribution=word("source"),
        hedge=word("hedge"),
        sentence=f"{value} {word('sentence')}",
        start=0,
        end=len(str(value)),
        cue="killed",
        rule="made",
        confidence=1.0,
    )


def article(number: int, word: Word) -> Article:
    blocks = (
        Block(kind=BlockKind.PARAGRAPH, text=f"At least {number} people were killed, {word('police')} said."),
        Block(kind=BlockKind.PARAGRAPH, text=word(f"paragraph{number}")),
        Block(kind=BlockKind.CORRECTION, text=word(f"correction{number}")),
    )
    return Article(
        headline=word(f"headline{number}"),
        standfirst=word("standfirst"),
        byline=word("byline"),
        publisher=word("outlet"),
        language="en",
        parser=word("parser"),
        blocks=blocks,
        notes=(word("remark"),),
    )


def change(name: str, word: Word, **fields: object) -> Change:
    given = {
        "kind": ChangeKind.TEXT,
        "type": ChangeType.EDITED,
        "weight": Weight.SUBSTANTIVE,
        "before": Evidence(place="paragraph", block=0, text=word("old")),
        "after": Evidence(place="paragraph", block=1, text=word("new")),
        "terms_after": (word("detail"),),
    }
    return Change(id=name, **(given | fields))


def changes(word: Word) -> tuple[Change, ...]:
    edits = (
        Edit(op=EditOp.EQUAL, text=word("same") + " "),
        Edit(op=EditOp.DELETE, text=word("gone")),
        Edit(op=EditOp.INSERT, text=word("come")),
        Edit(op=EditOp.EQUAL, text=" " + word("rest")),
    )
    figure = {"claim_before": claim(12, word), "claim_after": claim(15, word)}
    return (
        change(
            "c1",
            word,
            kind=ChangeKind.CASUALTY,
            type=ChangeType.INCREASED,
            disclosure=Disclosure.SILENT,
            **figure,
        ),
        change("c2", word, edits=edits),
        change("c3", word, type=ChangeType.MOVED),
        change("c4", word, type=ChangeType.ADDED, before=None),
        change("c5", word, type=ChangeType.REMOVED, after=None),
        change("c6", word, kind=ChangeKind.HEADLINE, edits=edits[1:3]),
    )


def history(word: Word) -> History:
    one, two = (
        Revision(
            number=n,
            article=article(11 + n, word),
            first=capture(60 * n, word),
            last=capture(60 * n + 9, word),
        )
        for n in (1, 2)
    )
    bad = Revision(
        number=3,
        article=article(0, word),
        first=capture(200, word),
        last=capture(200, word),
        suspect=word("reason"),
    )
    refused = Observation(capture=capture(90, word), outcome=Outcome.FAILED, reason=word("failure"))
    read = tuple(
        Observation(capture=c, outcome=Outcome.FETCHED) for c in (one.first, one.last, two.first, two.last)
    )
    return History(
        url="https://news.example/" + word("address"),
        revisions=(one, two, bad),
        transitions=(
            Transition(
                before=one,
                after=two,
                interval=Interval(after=one.last, until=two.first, widened=(refused,)),
                changes=changes(word),
            ),
        ),
        stretches=(
            Stretch(revision=1, since=one.first, until=one.last, certainty=Certainty.BRACKETED, unread=1),
        ),
        observations=(*read, refused),
        aliases=("https://alias.example/" + word("alias"),),
        contradictions=(
            Contradiction(
                id="d1", one=claim(12, word), other=claim(15, word), stale_headline=True, since=1, until=2
            ),
        ),
        alternations=(Alternation(headlines=(word("h1"), word("h2")), revisions=(1, 2)),),
    )


def notes(word: Word) -> list[Note]:
    return [
        Note(change="c2", text=word("note"), dismissed=False, at=START),
        Note(change="c5", text=word("dismissal"), dismissed=True, at=START),
    ]


def markdown_of(word: Word) -> dict[str, str]:
    known = history(word)
    return {
        "report": render_markdown(
            known, notes=notes(word), chart="chart.svg", full_text=True, front_matter=True
        ),
        "index": render_index([known]),
        "story": render_story(word("story"), [known]),
    }


def body_of(report: str) -> str:
    if not report.startswith("---\n"):
        return report
    _, front, body = report.split("---\n", 2)
    assert yaml.safe_load(front)
    return body


def skeleton(report: str) -> list[str]:
    """Return everything a parser sees in a report but the words: blocks, marks, links, cells."""
    shape = []
    for token in MARKDOWN.parse(body_of(report)):
        if token.type != "inline":
            shape.append(f"{token.type} {token.tag}")
        shape += [child.type for child in token.children or () if child.type not in ("text", "softbreak")]
    return shape


def links_in(report: str) -> set[str]:
    tokens = [child for token in MARKDOWN.parse(body_of(report)) for child in token.children or ()]
    return {
        str(token.attrs.get("href", token.attrs.get("src")))
        for token in tokens
        if token.type in ("link_open", "image")
    }


SHAPES = {name: skeleton(text) for name, text in markdown_of(plain).items()}


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_hostile_page_gives_a_markdown_report_of_the_same_shape_as_a_harmless_one(payload: str) -> None:
    for name, text in markdown_of(words_of(payload)).items():
        assert skeleton(text) == SHAPES[name], name
        assert all(
            link.startswith(("https://web.archive.org/web/", "https://news.example/"))
            or re.fullmatch(r"[a-z0-9-]+\.(md|svg)|#[a-z0-9-]+", link)
            for link in links_in(text)
        )
        assert not CONTROL.search(text.replace("\n", ""))


@settings(max_examples=20, deadline=None)
@given(st.lists(st.sampled_from(PAYLOADS) | st.text(max_size=6), min_size=1, max_size=4).map("".join))
def test_payloads_glued_together_are_as_harmless(payload: str) -> None:
    assume("denied" not in payload.casefold())  # a figure that a page denies has no row, by its meaning
    text = render_markdown(
        history(words_of(payload)),
        notes=notes(words_of(payload)),
        chart="chart.svg",
        full_text=True,
        front_matter=True,
    )
    assert skeleton(text) == SHAPES["report"]


class Skeleton(HTMLParser):
    """The elements of a page with the names of their attributes, and its links."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.shape: list[str] = []
        self.links: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.shape.append(" ".join([tag, *(name for name, _ in attrs)]))
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]

    def handle_endtag(self, tag: str) -> None:
        self.shape.append(f"/{tag}")

    def handle_comment(self, data: str) -> None:
        self.shape.append(f"comment {data}")

    def handle_pi(self, data: str) -> None:
        self.shape.append(f"instruction {data}")


def html_of(word: Word) -> dict[str, str]:
    known = history(word)
    return {
        "report": render_html(report_of(known, notes=notes(word), full_text=True)),
        "index": render_html(index_of([known])),
        "story": render_html(story_of(word("story"), [known])),
    }


HTML_SHAPES = {name: Skeleton(text).shape for name, text in html_of(plain).items()}
ACTIVE = {"script", "iframe", "object", "embed", "form", "img", "link", "base", "video", "audio", "input"}


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_hostile_page_gives_an_html_report_of_the_same_shape_as_a_harmless_one(payload: str) -> None:
    for name, text in html_of(words_of(payload)).items():
        page = Skeleton(text)
        assert page.shape == HTML_SHAPES[name], name
        assert not ACTIVE.intersection(one.partition(" ")[0] for one in page.shape)
        assert not any(" on" in one for one in page.shape)
        allowed = ("https://web.archive.org/web/", "https://news.example/", "#")
        assert all(link.startswith(allowed) or re.fullmatch(r"[a-z0-9-]+\.html", link) for link in page.links)
        assert not CONTROL.search(text.replace("\n", ""))


def site_files(word: Word) -> list[tuple[str, str]]:
    """Every file of a site over the page, in the order in which they are made."""
    known, site = history(word), Site(title=word("site"), base_url="https://reading.example/")
    card = card_of(known, stories=(word("story"),), notes=notes(word))
    day = day_of(card.entries[-1].at)
    return [
        *target_files(site, known, stories=(word("story"),), notes=notes(word), reader=word("reader")),
        *comparison_files(site, word("story"), [Known(known)]),
        *front_files(site, [card]),
        *outlet_files(site, card.outlet, [card]),
        *story_files(site, word("story"), [card]),
        *day_files(site, day, [card]),
        *directory_files(site, [card]),
    ]


def pages_in(files: list[tuple[str, str]]) -> list[str]:
    return [text for name, text in files if name.endswith(".html")]


# Which words are marked depends on the words; which elements there are, with which attributes, does not.
SITE_ELEMENTS = {one for text in pages_in(site_files(plain)) for one in Skeleton(text).shape}
SITE_LINK = re.compile(
    r"(?:\.\./)?(?:(?:[a-z]+/)?[a-z0-9-]+\.(?:html|svg|atom|json)|style-[0-9a-f]{12}\.css)"
)
NAME = re.compile(r"(?:[a-z]+/)?[a-z0-9-]+\.(?:html|svg|atom|json)")


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_hostile_page_gives_a_site_of_the_same_elements_as_a_harmless_one(payload: str) -> None:
    files = site_files(words_of(payload))
    assert all(NAME.fullmatch(name) for name, _ in files)
    for text in pages_in(files):
        page = Skeleton(text)
        assert set(page.shape) <= SITE_ELEMENTS
        assert not (ACTIVE - {"img", "link"}).intersection(one.partition(" ")[0] for one in page.shape)
        assert not any(" on" in one for one in page.shape)
        allowed = ("https://web.archive.org/web/", "https://news.example/", "#")
        assert all(link.startswith(allowed) or SITE_LINK.fullmatch(link) for link in page.links)
        assert not CONTROL.search(text.replace("\n", ""))
    for name, text in files:
        if name.endswith((".svg", ".atom")):
            assert not {"script", "foreignObject"} & {
                one.tag.rpartition("}")[2] for one in ET.fromstring(text).iter()
            }
            assert not CONTROL.search(text.replace("\n", ""))
        elif name.endswith(".json"):
            assert not CONTROL.search(text.replace("\n", ""))
            for item in json.loads(text)["items"]:
                assert set(Skeleton(item["content_html"]).shape) <= FEED_TAGS


FEED_TAGS = {
    f"{end}{tag}" for tag in ("p", "ul", "li", "blockquote", "ins", "del", "strong") for end in ("", "/")
}


AUTOLINK = re.compile(r"(?:https?|ftp)://|www\.|\w@\w|mailto:\w|\w\.[a-z]{2}", re.IGNORECASE)


@settings(max_examples=120, deadline=None)
@given(st.lists(st.sampled_from(PAYLOADS) | st.text(max_size=8), max_size=4).map("".join))
def test_an_escaped_text_reads_as_it_was_and_no_viewer_finds_an_address_in_it(payload: str) -> None:
    viewer = MarkdownIt("commonmark").enable(["table", "strikethrough"]).disable("text_join")
    tokens = [
        child for token in viewer.parse("x " + markdown_text(payload)) for child in token.children or ()
    ]
    assert all(token.type in ("text", "text_special") for token in tokens)
    assert not [token for token in tokens if AUTOLINK.search(token.content)]
    shown = "".join(token.content for token in tokens).replace("\u2060", "")
    assert shown.split() == ("x " + visible(payload)).replace("\u2060", "").split()


edits = st.lists(
    st.builds(
        Edit,
        op=st.sampled_from(EditOp),
        text=st.sampled_from(PAYLOADS) | st.text(alphabet="ab 12.,“”()*~世界。　", min_size=1, max_size=8),
    ),
    max_size=6,
)


def spelled(pieces: list[Edit], keep: EditOp) -> str:
    return "".join(visible(edit.text) for edit in pieces if edit.op in (EditOp.EQUAL, keep))


@settings(max_examples=120, deadline=None)
@given(edits)
def test_a_parser_reads_old_and_new_text_back_out_of_the_marks(pieces: list[Edit]) -> None:
    depth, old, new = {"s": 0, "strong": 0}, "", ""
    for token in MARKDOWN.parseInline("x " + markdown_line(marked(pieces, full=True)))[0].children or ():
        assert token.type in ("text", "s_open", "s_close", "strong_open", "strong_close"), token.type
        if token.type == "text":
            old += token.content * (not depth["strong"])
            new += token.content * (not depth["s"])
        else:
            depth[token.tag] += token.nesting
    bare = lambda text: "".join(text.replace("\u2060", "").split())  # noqa: E731 - three uses, one line
    assert bare(old) == "x" + bare(spelled(pieces, EditOp.DELETE))
    assert bare(new) == "x" + bare(spelled(pieces, EditOp.INSERT))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_hostile_page_gives_pictures_and_feeds_without_foreign_elements(payload: str) -> None:
    known = history(words_of(payload))
    chart, story = render_chart(known), render_story_chart(words_of(payload)("story"), [known])
    assert chart is not None
    assert story is not None
    drawn = {"svg", "title", "desc", "rect", "text", "line", "path", "polygon", "circle"}
    for text in (chart, story):
        elements = list(ET.fromstring(text).iter())
        assert {element.tag.rpartition("}")[2] for element in elements} <= drawn
        assert not [
            name for element in elements for name in element.attrib if "href" in name or name.startswith("on")
        ]
    feed = ET.fromstring(render_atom([known], title=words_of(payload)("feed")))
    fed = {
        "feed",
        "id",
        "title",
        "updated",
        "published",
        "author",
        "name",
        "link",
        "entry",
        "category",
        "content",
    }
    assert {e.tag.rpartition("}")[2] for e in feed.iter()} <= fed | {
        "div",
        "p",
        "ul",
        "li",
        "blockquote",
        "strong",
        "del",
        "ins",
    }
    links = [e.attrib["href"] for e in feed.iter("{http://www.w3.org/2005/Atom}link")]
    assert all(link.startswith("https://web.archive.org/") for link in links)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_hostile_page_gives_tables_without_formulas_and_records_without_controls(payload: str) -> None:
    known = history(words_of(payload))
    widths = set()
    for text in (render_claims_csv(known), render_changes_csv(known)):
        rows = list(csv.reader(StringIO(text, newline="")))
        widths |= {len(row) == len(rows[0]) for row in rows}
        assert not [
            cell for row in rows for cell in row if cell.lstrip().startswith(tuple("=+-@\t\r\n＝＋－＠"))
        ]
    assert widths == {True}
    encoded = render_json(known, notes(words_of(payload)))
    assert json.loads(encoded)["revisions"][0]["article"]["headline"] == known.revisions[0].article.headline
    assert not CONTROL.search(encoded.replace("\n", ""))
    assert encoded.encode()


@given(st.text())
def test_a_terminal_is_sent_one_line_without_controls(text: str) -> None:
    assert not CONTROL.search(terminal_text(text))
