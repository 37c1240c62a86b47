"""Addresses and moments as people type them."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler import address
from crawler.address import _PLAIN, moment, page_address, spellings_of, typed_address
from crawler.errors import InputError


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("courier.example/x#part", "https://courier.example/x"),
        ("HTTP://WWW.Courier.example:80/A?b=C", "http://www.courier.example/A?b=C"),
        ("https://courier.example:8443", "https://courier.example:8443/"),
        ("courier.example:8080/a", "https://courier.example:8080/a"),
        ("  http://courier.example/a%20b  ", "http://courier.example/a%20b"),
        ("http://köln.example/straße", "http://xn--kln-sna.example/stra%C3%9Fe"),
        ("https://web.archive.org/web/20160918022640/http://courier.example/x", "http://courier.example/x"),
        (
            "https://web.archive.org/web/20160918022640id_/http://courier.example/x",
            "http://courier.example/x",
        ),
    ],
)
def test_an_address_has_one_spelling(typed: str, read: str) -> None:
    assert page_address(typed) == read
    assert page_address(read) == read


@pytest.mark.parametrize(
    "typed",
    [
        "", "http://", "ftp://courier.example/", "javascript:alert(1)", "file:///etc/passwd", "https://user:pw@courier.example/",
        "http://courier.example\\@169.254.169.254/", "http://courier.example/a b", "http://courier.example/\nx", "http://[::1",
        "http://courier.example:99999/", "data:text/html,x", "courier", "http://a|b.example/", "https://courier.example/\udcff",
    ],
)  # fmt: skip
def test_what_is_no_page_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(InputError, match=r"http|user name|host"):
        page_address(typed)


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("2016", datetime(2016, 1, 1, tzinfo=UTC), datetime(2016, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ("2016-12", datetime(2016, 12, 1, tzinfo=UTC), datetime(2016, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ("201602", datetime(2016, 2, 1, tzinfo=UTC), datetime(2016, 2, 29, 23, 59, 59, tzinfo=UTC)),
        ("2016-09-18", datetime(2016, 9, 18, tzinfo=UTC), datetime(2016, 9, 18, 23, 59, 59, tzinfo=UTC)),
        ("2016091802", datetime(2016, 9, 18, 2, tzinfo=UTC), datetime(2016, 9, 18, 2, 59, 59, tzinfo=UTC)),
        ("2016-09-18T02:26", datetime(2016, 9, 18, 2, 26, tzinfo=UTC), datetime(2016, 9, 18, 2, 26, 59, tzinfo=UTC)),
        ("20160918022640", datetime(2016, 9, 18, 2, 26, 40, tzinfo=UTC), datetime(2016, 9, 18, 2, 26, 40, tzinfo=UTC)),
        ("2016-09-18T04:26:40+02:00", datetime(2016, 9, 18, 2, 26, 40, tzinfo=UTC), datetime(2016, 9, 18, 2, 26, 40, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_a_moment_names_a_period_with_two_ends(typed: str, first: datetime, last: datetime) -> None:
    assert moment(typed) == first
    assert moment(typed, end=True) == last


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "yesterday",
        "20161318",
        "2016-02-30",
        "123",
        "20160918022",
        "9" * 40,
        "9999",
        "9999-12-31",
        "0001-01-01T00:00+05:00",
    ],
)
def test_what_is_no_date_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(InputError, match="2016-09-18"):
        moment(typed)


def test_an_address_has_the_spellings_that_archives_fold() -> None:
    found = spellings_of("http://www.courier.example/a/")
    assert found[0] == "http://www.courier.example/a/"
    assert len(found) == 8
    assert "https://courier.example/a" in found
    assert len(spellings_of("https://courier.example/")) == 4
    assert len(spellings_of("https://courier.example/a?b=1")) == 4


@given(st.from_regex(_PLAIN, fullmatch=True))
def test_an_address_that_stands_in_the_one_spelling_is_read_the_same_in_short_and_at_length(text):
    short = typed_address(text)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(address, "_PLAIN", re.compile("(?!)"))
        assert short == typed_address(text)


@pytest.mark.parametrize(
    "text",
    [
        "https://example.org",
        "https://Example.org/x",
        "https://example.org/./x",
        "https://example.org/x/../y",
        "https://example.org/%7Ex",
        "https://example.org/x?utm_source=a",
        "https://example.org/x#y",
        "https://localhost/x",
        "https://example.org:443/x",
        "https://web.archive.org/web/2016/example.org",
        "https://www.web.archive.org/save/example.org",
        "https://example.org/x\n",
    ],
)
def test_any_other_address_takes_the_long_way(text):
    assert not _PLAIN.fullmatch(text) or "web.archive.org/" in text
