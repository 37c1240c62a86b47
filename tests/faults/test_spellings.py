"""Two pages stay two, though an index files them under one key."""

from datetime import UTC, datetime, timedelta

import pytest

from crawler.address import page_address, page_key, typed_address
from crawler.archive import ArchiveSource, open_archive
from crawler.errors import NoCaptureError, UnexpectedReplyError

SITE = "https://www.example.org"
TWO_PAGES = [
    ("/story?id=Ab1", "/story?id=aB1"),
    ("/Story", "/story"),
    ("/a%2Fb", "/a/b"),
    ("/a%252Fb", "/a%2Fb"),
    ("/find?q=%253F", "/find?q=%3F"),
    ("/find?q=%3F", "/find?q=?"),
    ("/story?a=1&b=2", "/story?b=2&a=1"),
    ("/story//part", "/story/part"),
    ("/story?page=", "/story?page"),
    ("/story?ref=home", "/story"),
]
ONE_PAGE = [
    ("http://example.org:80/story", "https://www.example.org/story/"),
    ("https://EXAMPLE.org:443/story#comments", "http://example.org/story"),
    ("https://example.org", "https://example.org/"),
    ("https://example.org/%7Eann/caf%c3%a9", "https://example.org/~ann/caf\u00e9"),
    ("https://example.org/a/./b/../story", "https://example.org/a/story"),
    ("https://example.org/story?utm_source=letter&id=3&fbclid=x", "https://example.org/story?id=3"),
    ("https://example.org/story?gclid=1", "https://example.org/story"),
    ("https://b\u00fccher.example/x", "https://xn--bcher-kva.example/x"),
]


def row(url, stamp="20160918022640", digest="A" * 32):
    return f"org,example)/story {stamp} {url} text/html 200 {digest} 100\n"


def archive(bench, body):
    bench.server.play = lambda _: [bench.answer(200, body.encode())]
    return open_archive(ArchiveSource.of("x", dialect="wayback", url=bench.server.url), session=bench.session)


@pytest.mark.parametrize(("one", "other"), TWO_PAGES)
def test_what_tells_two_pages_apart_is_kept(one, other):
    assert page_key(SITE + one) != page_key(SITE + other)
    assert page_address(SITE + one) != page_address(SITE + other)


def test_numbered_hosts_are_sites_of_their_own():
    assert len({page_key(f"https://{host}example.org/") for host in ("www1.", "www2.", "m.", "")}) == 4


@pytest.mark.parametrize(("one", "other"), ONE_PAGE)
def test_spellings_of_one_page_are_equal(one, other):
    assert page_key(one) == page_key(other)
    assert page_key(page_address(one)) == page_key(one)


@pytest.mark.parametrize("url", ["", "http://", "http://[half", "::::", "http://\ud800.example/", "\x00"])
def test_what_is_no_address_is_its_own_key(url):
    assert page_key(url) == page_key(url) != page_key(SITE)


def test_only_the_pages_own_captures_are_listed_and_the_others_are_counted(bench):
    mine, other = f"{SITE}/story?id=Ab1", f"{SITE}/story?id=aB1"
    stamps = [f"201609180226{n:02}" for n in range(6)]
    urls = [mine, other, "http://example.org:80/story?id=Ab1&utm_source=x", other, f"{mine}#top", other]
    found = archive(bench, "".join(row(u, s, s) for u, s in zip(urls, stamps, strict=True)))
    assert [c.timestamp for c in found.captures(mine)] == stamps[::2]
    (line,) = found.complaints()
    assert "3 captures under other spellings" in line
    assert other in line
    assert [c.timestamp for c in found.captures(other)] == stamps[1::2]


def test_an_index_row_of_another_page_does_not_hide_the_pages_own(bench):
    """Both rows name one second and one digest, so that one of them is folded away."""
    mine, other = f"{SITE}/Story", f"{SITE}/story"
    found = archive(bench, row(other) + row(mine))
    assert [c.url for c in found.captures(mine)] == [mine]


def test_where_only_other_pages_are_listed_that_is_said(bench):
    found = archive(bench, row(f"{SITE}/story?id=aB1"))
    with pytest.raises(NoCaptureError, match=r"1 are of other spellings, such as .*aB1"):
        list(found.captures(f"{SITE}/story?id=Ab1"))


@pytest.mark.parametrize("grows", [True, False])
def test_an_index_whose_resume_key_always_changes_ends(bench, grows):
    body = (
        row(f"{SITE}/story") if not grows else "".join(row(f"{SITE}/story", f"2016{n:010}") for n in (1, 2))
    )
    asked = []

    def play(request):
        asked.append(request.path)
        return [bench.answer(200, f"{body}\nkey-{len(asked)}".encode())]

    bench.server.play = play
    found = open_archive(
        ArchiveSource.of("x", dialect="wayback", url=bench.server.url), session=bench.session
    )
    with pytest.raises(UnexpectedReplyError, match="circle"):
        list(found.captures(f"{SITE}/story"))
    assert len(asked) <= 3


@pytest.mark.parametrize(
    ("typed", "page", "at"),
    [
        ("https://web.archive.org/web/20160918022640/{}", "{}", datetime(2016, 9, 18, 2, 26, 40, tzinfo=UTC)),
        ("https://web.archive.org/web/2016id_/{}", "{}", datetime(2016, 1, 1, tzinfo=UTC)),
        ("web.archive.org/web/2016/{}", "{}", datetime(2016, 1, 1, tzinfo=UTC)),
        ("https://web.archive.org/web/2/{}", "{}", None),
        ("https://web.archive.org/web/*/{}", "{}", None),
        ("https://web.archive.org/web/20160000000000*/{}", "{}", None),
        ("https://web.archive.org/save/{}", "{}", None),
        ("web.archive.org/web/diff/20160918022640/20170918022640/{}", "{}", None),
        ("https://web.archive.org/web/2016/http:/courier.example/x", "http://courier.example/x", datetime(2016, 1, 1, tzinfo=UTC)),
        ("http://127.0.0.1:8080/news/20160918022640id_/{}", "{}", datetime(2016, 9, 18, 2, 26, 40, tzinfo=UTC)),
        ("localhost:8080/news/*/{}", "{}", None),
        ("{}\u200b", "{}", None),
        ("\ufeff{}%E2%80%8B", "{}", None),
        (" <{}> ", "{}", None),
        ("\u201c{}\u201d", "{}", None),
        ("https://courier.example/share/https://other.example/x", "https://courier.example/share/https://other.example/x", None),
        ("https://web.archive.org/", "https://web.archive.org/", None),
    ],
)  # fmt: skip
def test_a_pasted_address_is_taken_for_the_page_it_is_about(typed, page, at):
    story = "https://www.courier.example/news/story"
    found = typed_address(typed.format(story))
    assert (found.page, found.at) == (page.format(story), at)
    assert page_address(found.page) == found.page


def test_tracking_fields_are_left_out_and_named():
    found = typed_address("https://courier.example/x?utm_source=letter&id=3&FBCLID=abc")
    assert (found.page, found.dropped) == ("https://courier.example/x?id=3", ("utm_source", "FBCLID"))


def test_a_row_of_2000_that_lacks_its_seconds_is_served_with_them(bench):
    page = f"{SITE}/story"

    def play(asked):
        if "/cdx" in asked.path:
            return [bench.answer(200, row(page, "20000008241731").encode())]
        if "20000824173100" in asked.path:
            return [bench.answer(302, headers={"Location": f"/web/20000824173151id_/{page}"})]
        return [bench.memento(b"page", at="20000824173151")]

    bench.server.play = play
    found = open_archive(
        ArchiveSource.of("x", dialect="wayback", url=bench.server.url), session=bench.session
    )
    (capture,) = found.captures(page)
    assert found.fetch(capture).served_at == capture.at + timedelta(seconds=51)
