"""Dated rules of publishers, and the hostile pages that no rule foresees."""

import re
import time
from datetime import UTC, datetime

import pytest

from crawler.parser import parse
from crawler.parser.publishers import all_rules, rules_for, rules_in, xpath_of
from crawler.parser.wording import furniture_reason

BODY = (
    "<p>The river council said on Monday that 12 people were rescued near the bridge.</p>"
    "<p>Two of them were children, a doctor at the valley hospital said.</p>"
)
FURNITURE = "The lamps along the quay were counted again, and 40 of them were found to be dark."


CASES = [
    ("www.nbcnews.com", 2016, "<div class='widget_video'>"),
    ("www.nytimes.com", 2016, "<div id='newsletter-promo'>"),
    ("www.nytimes.com", 2022, "<div class='inline-trust-module'>"),
    ("www.washingtonpost.com", 2014, "<div class='inline-content inline-promo'>"),
    ("edition.cnn.com", 2016, "<div class='el__embedded'>"),
    ("edition.cnn.com", 2024, "<div class='video-resource'>"),
    ("www.bbc.co.uk", 2015, "<div class='story-more'>"),
    ("www.theguardian.com", 2019, "<aside class='element-rich-link'>"),
    ("abcnews.go.com", 2016, "<div class='inline-related'>"),
]


@pytest.mark.parametrize(("host", "year", "opening"), CASES)
def test_a_rule_holds_between_its_dates_only(host: str, year: int, opening: str) -> None:
    closing = "</" + opening[1:].split(maxsplit=1)[0] + ">"
    markup = f"<html><body><h1>Flood in the valley town</h1><div>{BODY}{opening}<p>{FURNITURE}</p>{closing}{BODY.replace('12', '13')}</div></body></html>"
    url = f"http://{host}/flood"
    then = parse(markup.encode(), url=url, captured_at=datetime(year, 6, 1, tzinfo=UTC))
    assert FURNITURE not in then.text
    assert "12 people" in then.text
    assert any(
        item.text == FURNITURE and item.reason.startswith(("publisher", "aside")) for item in then.removed
    )
    assert rules_for(url, datetime(2001, 1, 1, tzinfo=UTC)) == ()


def test_a_selector_that_cannot_be_read_says_what_can() -> None:
    with pytest.raises(ValueError, match="use tags"):
        xpath_of("p:first-child")
    assert xpath_of("div.a > p[data-x^='y']").startswith("//div[contains(")


@pytest.mark.parametrize("levels", [260, 400, 2500, 10_000])
@pytest.mark.parametrize("tag", ["div", "span", "blockquote", "h1"])
def test_text_nested_deeper_than_lxml_keeps_is_read(levels: int, tag: str) -> None:
    body = f"<html><body><h1>Flood in the valley</h1>{f'<{tag}>' * levels}{BODY}{f'</{tag}>' * levels}</body></html>"
    article = parse(body.encode(), url="http://x.example/a")
    assert "12 people" in article.text
    assert "valley hospital" in article.text


@pytest.mark.parametrize(
    "body",
    [
        b"<div>" * 400_000,
        b"<html><body>" + b"word<br><br>" * 200_000,
        b"<p>" + b"1:1 " * 400_000,
        b"&" * 1_000_000,
        b"<!--" * 300_000,
        b"<a href='" + b"x" * 1_000_000,
        b"<script type='application/ld+json'>" + b"[" * 400_000 + b"</script>",
        b"Related " * 200_000,
    ],
    ids=["levels", "breaks", "clocks", "entities", "comments", "attribute", "json", "text"],
)
def test_a_hostile_page_is_read_in_bounded_time(body: bytes) -> None:
    started = time.process_time()
    article = parse(body, url="http://x.example/a")
    assert time.process_time() - started < 20
    assert article.url == "http://x.example/a"


@pytest.mark.soak
@pytest.mark.parametrize("unit", [b"<div>x</div>", BODY.encode(), b"<b>a</b><i></i>", b"word "])
def test_twenty_megabytes_take_less_than_four_seconds(unit: bytes) -> None:
    body = b"<html><body><h1>Flood</h1>" + unit * (20_000_000 // len(unit))
    started = time.process_time()
    parse(body, url="http://x.example/a")
    assert time.process_time() - started < 4


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize(
    "doctype",
    [
        f'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY l0 "lol">{LAUGHS}]>',
        '<?xml version="1.0"?><!DOCTYPE html [<!ENTITY l9 SYSTEM "file:///etc/passwd">]>',
        '<?xml version="1.0"?><!DOCTYPE html [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x">%x;<!ENTITY l9 "y">]>',
        '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "file:///etc/passwd">',
    ],
    ids=["laughs", "a file", "a parameter", "a document type"],
)
def test_entities_that_a_page_declares_are_not_expanded(doctype: str) -> None:
    page = f"{doctype}<html xmlns='http://www.w3.org/1999/xhtml'><body><h1>Flood</h1>{BODY}<p>And then &l9; it said so.</p></body></html>"
    started = time.process_time()
    article = parse(page.encode(), url="http://x.example/a", content_type="application/xhtml+xml")
    assert time.process_time() - started < 20  # all of it would be a thousand million words
    assert "12 people" in article.text
    assert "lollol" not in str(article)
    assert "root:" not in str(article)


def test_every_rule_has_a_case() -> None:
    tried = {
        id(rule)
        for host, year, _ in CASES
        for rule in rules_for(f"https://{host}/a", datetime(year, 6, 1, tzinfo=UTC))
    }
    assert [rule.host for rule in all_rules() if id(rule) not in tried] == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            '[[rule]]\nhost = "a.example"\nremoves.ad = "div.ad"\n',
            "unknown key 'removes' in the rule for a.example; known are",
        ),
        ('[[rules]]\nhost = "a.example"\n', "unknown table 'rules'; every rule is a"),
        ('[[rule]]\nremove.ad = "div.ad"\n', "a rule names no host"),
        ('[[rule]]\nhost = "a.example"\nremove.ad = "div:hover"\n', "cannot read the selector"),
    ],
)
def test_a_rule_with_a_slip_is_refused_with_its_name(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        rules_in(text)


@pytest.mark.parametrize(
    "line", ["✅ Thank you for completing the survey!", "🔔 Subscribe to our newsletter"]
)
def test_a_sign_before_a_widgets_message_does_not_hide_it(line):
    assert furniture_reason(line) == "appeal"


def test_a_sign_before_a_sentence_with_a_figure_hides_nothing():
    assert furniture_reason("✅ Thank you for the 12 lives you saved, the minister said.") is None
