"""A TimeMap lists a page's captures, whatever archive wrote it; nothing in it leads elsewhere."""

from datetime import UTC, datetime

import pytest

from crawler.archive import ArchiveSource, open_archive
from crawler.errors import BlockedError, NoCaptureError, UnexpectedReplyError
from crawler.model import RequestKind

PAGE = "https://www.example.org/news/story"


def stamp(day):
    return f"201609{day:02}022640"


def link(base, day, *, url=PAGE, rel="memento", flags="", when=None):
    at = when or f"{datetime(2016, 9, day, 2, 26, 40, tzinfo=UTC):%a, %d %b %Y %H:%M:%S GMT}"
    said = f'; rel="{rel}"' if rel else ""
    return f'<{base}/{stamp(day)}{flags}/{url}>{said}; datetime="{at}"'


def timemap(base, *links, page=PAGE):
    head = [
        f'<{page}>; rel="original"',
        f'<{base}/timemap/link/{page}>; rel="self"; type="application/link-format"; from="Thu, 01 Sep 2016 02:26:40 GMT"',
        f'<{base}/{page}>; rel="timegate"',
    ]
    return (",\n".join([*head, *links]) + "\n").encode()


@pytest.fixture
def base(bench):
    return f"{bench.server.url}/all"


def opened(bench, base, *links, **answer):
    body = timemap(base, *links)
    bench.server.play = lambda _: [bench.answer(answer.pop("status", 200), body)]
    return open_archive(ArchiveSource.of("x", dialect="memento", url=base), session=bench.session)


def test_every_capture_is_listed_in_order_of_time(bench, base):
    links = [
        link(base, 3, rel="memento"),
        link(base, 1, rel="first memento", flags="mp_"),
        link(base, 2, rel=None),
        link(base, 4, rel="last memento", url="http://example.org:80/news/story/"),
        link(base, 4, rel="memento", url="http://example.org:80/news/story/"),
    ]
    captures = list(opened(bench, base, *links).captures(PAGE))
    assert [c.timestamp for c in captures] == [stamp(day) for day in (1, 2, 3, 4)]
    assert {(c.status, c.digest, c.mimetype) for c in captures} == {(None, None, None)}
    assert captures[-1].url == "http://example.org:80/news/story/"
    assert [asked.path for asked in bench.server.log] == [f"/all/timemap/link/{PAGE}"]


def test_a_capture_is_fetched_as_it_was_captured(bench, base):
    archive = opened(bench, base, link(base, 1))
    (capture,) = archive.captures(PAGE)
    bench.server.play = lambda _: [bench.memento(b"page", at=stamp(1))]
    assert archive.fetch(capture).body == b"page"
    assert bench.server.log[-1].path == f"/all/{stamp(1)}id_/{PAGE}"
    assert archive.link(capture) == f"{base}/{stamp(1)}/{PAGE}"


def test_a_time_can_be_named(bench, base):
    archive = opened(bench, base, *(link(base, day) for day in (1, 2, 3, 4)))
    since, until = (datetime(2016, 9, day, 2, 26, 40, tzinfo=UTC) for day in (2, 3))
    assert [c.timestamp for c in archive.captures(PAGE, since=since, until=until)] == [stamp(2), stamp(3)]


def test_further_timemaps_of_the_page_are_read_and_no_others(bench, base):
    more = f"{base}/timemap/link/2/{PAGE}"
    away = [
        f'<http://127.0.0.1:1/timemap/link/{PAGE}>; rel="timemap"',
        f'<{base}/timemap/link/https://other.example/>; rel="timemap"',
        f'<{base}/timemap/json/{PAGE}>; rel="timemap"; type="application/json"',
    ]
    first = timemap(base, link(base, 1), f'<{more}>; rel="timemap"; from="x"', *away)
    second = timemap(base, link(base, 2), f'<{base}/timemap/link/{PAGE}>; rel="timemap"')
    bench.server.play = lambda asked: [bench.answer(200, second if "/2/" in asked.path else first)]
    archive = open_archive(ArchiveSource.of("x", dialect="memento", url=base), session=bench.session)
    assert [c.timestamp for c in archive.captures(PAGE)] == [stamp(1), stamp(2)]
    assert len(bench.server.log) == 2


def test_timemaps_that_name_each_other_for_ever_end(bench, base):
    def play(asked):
        number = len(bench.server.log)
        assert asked.method == "GET"
        return [bench.answer(200, timemap(base, f'<{base}/timemap/link/{number}/{PAGE}>; rel="timemap"'))]

    bench.server.play = play
    archive = open_archive(ArchiveSource.of("x", dialect="memento", url=base), session=bench.session)
    with pytest.raises(UnexpectedReplyError, match="names more than"):
        list(archive.captures(PAGE))


@pytest.mark.parametrize(
    "bad",
    [
        '<http://x.example/about>; rel="memento"; datetime="Thu, 01 Sep 2016 02:26:40 GMT"',
        '<http://x.example/20160901022640/https://www.example.org/news/story>; rel="memento"; datetime="Fri, 31 Dec 9999 23:59:59 -1400"',
        '<http://x.example/20160901022640/https://www.example.org/news/story>; rel="memento"; datetime="Fri, 02 Sep 2016 02:26:40 GMT"',
        '<http://x.example/20990901022640/https://www.example.org/news/story>; rel="memento"; datetime="Tue, 01 Sep 2099 02:26:40 GMT"',
        '<http://x.example/20160901022640/http://[::1/>; rel="memento"; datetime="Thu, 01 Sep 2016 02:26:40 GMT"',
        '<http://x.example/20160901022640/http://a:b@www.example.org/>; rel="memento"; datetime="Thu, 01 Sep 2016 02:26:40 GMT"',
        '<http://x.example/20169999999999/https://www.example.org/news/story>; rel="memento"; datetime="\u00b2"',
    ],
)  # fmt: skip
def test_a_link_that_cannot_be_read_is_set_aside_and_the_others_are_kept(bench, base, bad):
    archive = opened(bench, base, bad, link(base, 2))
    assert [c.timestamp for c in archive.captures(PAGE)] == [stamp(2)]
    assert len(archive.complaints()) == 1
    alone = opened(bench, base, bad)
    with pytest.raises(UnexpectedReplyError, match="none of which"):
        list(alone.captures(PAGE))


def test_another_page_under_the_same_timemap_is_counted(bench, base):
    archive = opened(bench, base, link(base, 1), link(base, 2, url="https://www.example.org/News/Story"))
    assert [c.timestamp for c in archive.captures(PAGE)] == [stamp(1)]
    assert "other spellings" in archive.complaints()[0]


def test_absence_and_its_causes_are_distinguished(bench, base):
    archive = open_archive(ArchiveSource.of("x", dialect="memento", url=base), session=bench.session)
    bench.server.play = lambda asked: [bench.answer(404 if "timemap" in asked.path else 200, b"nothing here")]
    with pytest.raises(NoCaptureError):
        list(archive.captures(PAGE))
    bench.server.play = lambda _: [bench.answer(404, b"no such collection")]
    with pytest.raises(UnexpectedReplyError, match="no collection"):
        list(archive.captures(PAGE))
    bench.server.play = lambda _: [bench.answer(451)]
    with pytest.raises(BlockedError):
        list(archive.captures(PAGE))


def test_many_pages_are_not_asked_for_at_once(bench, base):
    archive = opened(bench, base, link(base, 1))
    with pytest.raises(UnexpectedReplyError, match="asked for alone"):
        list(archive.captures_under("https://www.example.org/news/"))
    assert not bench.server.log


def test_a_timemap_is_paced_like_an_index(bench, base):
    list(opened(bench, base, link(base, 1)).captures(PAGE))
    assert {kind for _, kind in bench.pacing.free} == {RequestKind.CDX}
