"""Pages from which nothing may be claimed."""

import pytest

from crawler.parser import parse


def suspect(markup: str) -> str | None:
    return parse(markup.encode(), url="http://x.example/a").suspect


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        (
            "<html><title>Access Denied</title><body><h1>Access Denied</h1><p>You don't have permission to see this page here.</p></body></html>",
            "block page",
        ),
        (
            "<html><title>Just a moment...</title><body><p>Checking your browser before you go on to the site.</p></body></html>",
            "block page",
        ),
        (
            "<html><title>Page not found</title><body><h1>Page not found</h1><p>Perhaps the story that you look for has moved.</p></body></html>",
            "soft 404",
        ),
        (
            "<html><body><h1>Flood in the valley</h1><p>Subscribe to continue reading this story and all others.</p></body></html>",
            "consent or login wall",
        ),
        ("<html><body>" + "<div><span></span></div>" * 40 + "</body></html>", "empty shell"),
        ("<html><body></body></html>", "no article text"),
        ("   ", "empty page"),
    ],
)
def test_a_page_that_shows_no_article_says_why(markup: str, reason: str) -> None:
    assert suspect(markup) == reason


def test_a_page_that_breaks_off_is_suspect() -> None:
    sentence = "<p>The river council said on Monday that 12 people were rescued near the bridge.</p>"
    assert suspect(f"<html><body><h1>Flood</h1>{sentence * 3}<p>The mayor sa") == "the page breaks off"
    assert suspect(f"<html><body><h1>Flood</h1>{sentence * 3}</body></html>") is None


def test_a_long_report_about_a_denial_is_not_doubted() -> None:
    text = "".join(
        f"<p>The minister said on day {n} that access to the dam was denied to the press.</p>"
        for n in range(12)
    )
    assert suspect(f"<html><body><h1>Access denied, reporters say</h1>{text}</body></html>") is None


@pytest.mark.parametrize(
    "text", ["1" * 20_000, " " * 20_000 + "x", "1 " * 10_000, " - " * 7_000, "a | " * 5_000]
)
def test_no_pattern_dwells_on_a_long_line(text):
    page = f"<title>{text}</title><h1>{text}</h1><p>{text}</p>"
    assert parse(page.encode(), url="https://courier.example/a").url == "https://courier.example/a"
