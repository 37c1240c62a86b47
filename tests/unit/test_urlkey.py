"""Variants of one address share a key, different pages do not."""

import pytest

from crawler.address import page_address
from crawler.archive.timestamps import repaired, time_of
from crawler.archive.urlkey import urlkey_of


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://www.Example.org:443/News/Story/?b=2&a=1#part", "org,example)/news/story?a=1&b=2"),
        ("http://example.org:8080/", "org,example:8080)/"),
        ("example.org", "org,example)/"),
        ("http://example.org/a//b/../c/", "org,example)/a/c"),
        ("https://www2.example.co.uk/caf%C3%A9/ü", "uk,co,example)/caf%c3%a9/%c3%bc"),
        ("http://1.2.3.4/x", "4,3,2,1)/x"),
        ("http://example.org/?", "org,example)/"),
        (f"http://example.org/a?PHPSESSID={'0' * 32}&z=1", "org,example)/a?z=1"),
        ("http://www.example.org/a%2520b", "org,example)/a%20b"),
        ("https://www.B\u00fccher.example/x", "example,xn--bcher-kva)/x"),
    ],
)
def test_a_key_is_the_one_cdx_servers_compute(url, key):
    # The expected keys are those of the Python library surt 0.3.1, read 2026-11-23.
    assert urlkey_of(url) == key


@pytest.mark.parametrize("url", ["", "http://", "http://[half", "   ", "::::"])
def test_an_address_that_is_none_has_a_key_of_its_own(url):
    assert urlkey_of(url) == urlkey_of(url)
    assert urlkey_of(url) != urlkey_of("https://example.org/")


def test_an_international_name_and_its_ascii_form_are_one_page():
    assert urlkey_of("https://b\u00fccher.example/x") == urlkey_of(
        page_address("https://b\u00fccher.example/x")
    )


@pytest.mark.timeout(60)
@pytest.mark.parametrize("path", ["%" + "25" * 400_000 + "41", "%25" * 300_000])
def test_an_address_escaped_over_and_over_costs_no_more_than_its_length(path):
    assert urlkey_of(f"https://example.org/{path}").startswith("org,example)/")


def test_scheme_host_spelling_and_slash_do_not_tell_pages_apart_but_paths_and_queries_do():
    same = {
        urlkey_of(f"{scheme}://{www}example.org{port}/story{end}")
        for scheme, port in (("http", ":80"), ("https", ":443"), ("https", ""))
        for www in ("", "www.", "WWW.")
        for end in ("", "/", "#comments")
    }
    assert len(same) == 1
    assert len({urlkey_of(f"https://example.org/{page}") for page in ("a", "b", "a?p=1", "a?p=2")}) == 4


@pytest.mark.parametrize("stamp", ["", "201", "2016091802264x", "20161332000000", "²016", "201609180226401"])
def test_a_timestamp_that_names_no_time_is_refused(stamp):
    with pytest.raises(ValueError):  # noqa: PT011  which of the two messages does not matter here
        time_of(stamp)


@pytest.mark.parametrize(
    ("stamp", "full"),
    [("2016", "20160101000000"), ("201609", "20160901000000"), ("20160918022640", "20160918022640")],
)
def test_a_short_timestamp_means_the_start_of_its_period(stamp, full):
    assert repaired(stamp) == full
