"""What must hold of the parser whatever the page."""

import random
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.parser import Template, parse
from crawler.sandbox import SandboxedParser

PAGES = sorted((Path(__file__).parents[1] / "fixtures" / "parser").rglob("*.html"))
URL = "http://valley.example/news/landslide-n100"
TOOLBAR = (
    "<!-- BEGIN WAYBACK TOOLBAR INSERT --><div id='wm-ipp'><p>Counted {} times between two dates, said the archive.</p>"
    "</div><!-- END WAYBACK TOOLBAR INSERT -->"
)
words = st.text(alphabet="abcdeéß 0123456789.,“”'&;", min_size=1, max_size=90)
tags = st.sampled_from(["p", "div", "h1", "h2", "li", "ul", "blockquote", "section", "aside", "span", "a", "em", "td", "tr", "table", "figure"])  # fmt: skip
trees = st.recursive(
    words.map(lambda text: text.replace("&", "&amp;")),
    lambda inner: st.builds(
        lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag}>", tags, st.lists(inner, min_size=1, max_size=5)
    ),
    max_leaves=25,
)
quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@quick
@given(
    st.binary(max_size=400),
    st.sampled_from([None, "text/html", "text/html; charset=utf-16", "x/y; charset=?"]),
)
def test_no_bytes_make_it_raise_and_reading_twice_is_equal(body: bytes, content_type: str | None) -> None:
    first = parse(body, url=URL, content_type=content_type)
    assert first == parse(body, url=URL, content_type=content_type)


@quick
@given(trees)
def test_every_character_of_the_text_comes_from_the_page(markup: str) -> None:
    page = f"<html><body>{markup}</body></html>"
    article = parse(page.encode(), url=URL)
    printed = re.sub(r"\s+|<[^>]*>", "", page.replace("&amp;", "&"))
    for block in article.blocks:
        assert all(word in printed for word in block.text.split())


@quick
@given(trees, st.integers(1, 99))
def test_the_toolbar_of_an_archive_changes_nothing(markup: str, count: int) -> None:
    raw = parse(f"<html><body>{markup}</body></html>".encode(), url=URL)
    replayed = parse(f"<html><body>{TOOLBAR.format(count)}{markup}</body></html>".encode(), url=URL)
    assert (raw.headline, raw.blocks, raw.suspect) == (replayed.headline, replayed.blocks, replayed.suspect)


@pytest.mark.parametrize(
    "path", [path for path in PAGES if path.suffix == ".html"], ids=lambda path: path.stem
)
@given(seed=st.integers(0, 2**16))
@settings(max_examples=8, deadline=None)
def test_the_order_of_attributes_changes_nothing(path: Path, seed: int) -> None:
    def shuffled(match: re.Match[str]) -> str:
        parts = re.findall(r"[\w:-]+=\"[^\"]*\"", match[2])
        random.Random(seed).shuffle(parts)
        return f"<{match[1]} {' '.join(parts)}>"

    raw = path.read_text()
    permuted = re.sub(r"<(\w+)((?: [\w:-]+=\"[^\"]*\")+)>", shuffled, raw)
    assert parse(raw.encode(), url=URL) == parse(permuted.encode(), url=URL)


def mutant(rng: random.Random) -> bytes:
    """Make a page by cutting, doubling, flipping and joining pieces of our fixtures."""
    body = bytearray(rng.choice(PAGES).read_bytes())
    for _ in range(rng.randint(1, 12)):
        start, size = rng.randrange(len(body)), rng.randint(1, 400)
        what = rng.randrange(5)
        if what == 0:
            del body[start : start + size]
        elif what == 1:
            body[start:start] = body[start : start + size] * rng.randint(1, 6)
        elif what == 2:
            body[start] = rng.randrange(256)
        elif what == 3:
            other = rng.choice(PAGES).read_bytes()
            body[start:start] = other[rng.randrange(len(other)) :][:size]
        else:
            body[start:start] = rng.choice([b"<div>", b"</div>", b"\x00", b"<!--", b"]]>", b"<table>", b"\xff\xfe", b"&#x"]) * rng.randint(1, 300)  # fmt: skip
        if not body:
            body += b"<p>"
    return bytes(body)


def fuzz(rounds: int, seed: int) -> int:
    """Read mutants; return how many, having checked that each is read twice alike and with a template."""
    rng = random.Random(seed)
    template = Template.learn([(f"{URL}{n}", path.read_bytes()) for n, path in enumerate(PAGES)])
    for _ in range(rounds):
        body = mutant(rng)
        article = parse(body, url=URL, template=template)
        assert article == parse(body, url=URL, template=template), body
        assert article.suspect is None or article.suspect.split(":")[0] != "could not be read", body
    return rounds


def test_mutants_of_our_pages_are_read() -> None:
    assert fuzz(150, 7) == 150


def test_a_thousand_mutants_leave_the_process_that_reads_them_alive() -> None:
    rng = random.Random(5)
    with SandboxedParser() as parser:
        first = parser.parse(mutant(rng), url=URL)
        child = parser._child
        read = [first, *(parser.parse(mutant(rng), url=URL) for _ in range(999))]
        assert child is not None
        assert parser._child is child
        assert child.poll() is None
    assert [article.suspect for article in read if (article.suspect or "").startswith("quarantined")] == []


@pytest.mark.soak
@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", range(8))
def test_many_mutants_of_our_pages_are_read(seed: int) -> None:
    assert fuzz(12_000, 1000 + seed) == 12_000
