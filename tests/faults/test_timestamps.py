"""A row whose time cannot be is set aside and told, and the rows around it are kept."""

from datetime import UTC, datetime, timedelta

import pytest

from crawler.archive import Saver, SaveState, open_archive
from crawler.archive.sources import ArchiveSource
from crawler.archive.timestamps import repaired, time_of
from crawler.archive.warc import WarcArchive, write_warc
from crawler.errors import UnexpectedReplyError
from crawler.model import Capture, Snapshot

PAGE = "https://www.example.org/news/story"
BEFORE, AFTER = "20160101000000", "20170101000000"
IMPOSSIBLE = [
    "2016091802264", "201609180226401", "2016", "20160918", "", "-", "20161399999999", "20160931000000", "20170229000000", "20160918246000",
    "20161231235960", "20150630235960", "00010101000000", "00000000000000", "19700101000000", "19901231235959", "20991231235959",
    "99991231235959", "20261125120001", "2016091802264x", "٢٠١٦٠٩١٨٠٢٢٦٤٠", "+2016091802264", "2016-09-18T02:2", "1474165600",
]  # fmt: skip


def row(at):
    return f"org,example)/news/story {at} {PAGE} text/html 200 {at[:8] or 'NONE'} 1000"


def listed(bench, *lines):
    bench.server.play = lambda _: [bench.answer(200, ("\n".join(lines) + "\n").encode())]
    archive = open_archive(
        ArchiveSource.of("a", dialect="wayback", url=bench.server.url), session=bench.session
    )
    return list(archive.captures(PAGE)), archive


@pytest.mark.parametrize("at", IMPOSSIBLE)
def test_a_row_with_an_impossible_time_is_set_aside_and_the_others_are_kept(bench, at):
    captures, archive = listed(bench, row(BEFORE), row(at), row(AFTER))

    assert [c.timestamp for c in captures] == [BEFORE, AFTER]
    assert archive.quarantine.count == 1
    assert "1 index row could not be read" in archive.complaints()[0]


def test_times_that_can_be_are_kept(bench):
    # The bench's clock stands at noon of 2026-11-23; an archive's may be ahead of it by up to a day.
    fine = ["19960510000000", "20000008241731", "20160229235959", "20261123120000", "20261124115959"]
    captures, archive = listed(bench, *map(row, fine))

    assert [c.timestamp for c in captures] == [*map(repaired, fine)]
    assert archive.quarantine.count == 0


def test_rows_out_of_order_are_all_kept_and_folded_as_in_order(bench):
    stamps = ["20170101000000", "20150101000000", "20160101000000", "20150101000000", "20140101000000"]
    captures, archive = listed(bench, *map(row, stamps))

    assert {c.timestamp for c in captures} == set(stamps)
    assert archive.quarantine.count == 0


def test_a_listing_of_impossible_times_alone_is_no_empty_listing(bench):
    with pytest.raises(UnexpectedReplyError, match="ahead of this machine's clock"):
        listed(bench, row("20990101000000"))


@pytest.mark.parametrize("at", ["20161399999999", "00000000000000", "20160230000000"])
def test_an_answer_that_leads_to_an_impossible_time_is_an_error_of_the_archive_and_a_save_refused(bench, at):
    location = f"{bench.server.url}/web/{at}id_/{PAGE}"
    bench.server.play = lambda _: [bench.answer(302, b"", {"Location": location})]
    source = ArchiveSource.of("a", dialect="wayback", url=bench.server.url)
    when = datetime(2016, 9, 18, 2, 26, 40, tzinfo=UTC)
    capture = Capture(archive="a", url=PAGE, urlkey="org,example)/news/story", at=when)
    with pytest.raises(UnexpectedReplyError, match="not followed"):
        open_archive(source, session=bench.session).fetch(capture)
    assert Saver(source, session=bench.session).save(PAGE, now=when).state is SaveState.REFUSED


@pytest.mark.parametrize("odd", ["20165", "2016091", "201609180", "20160918022", "2016091802264"])
def test_half_a_part_of_a_time_is_not_filled_up(odd):
    with pytest.raises(ValueError, match="no timestamp"):
        time_of(odd)


@pytest.mark.parametrize(
    "date",
    [
        "0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59-14:00",
        "2016-00-18T02:26:40Z", "2016-13-01T00:00:00Z", "2016-12-31T23:59:60Z", "1989-01-01T00:00:00Z",
        "2026-11-25T12:00:01Z", "2016-09-18T02:26:40Zz", "yesterday", "", "1" * 5000,
    ],
)  # fmt: skip
def test_a_warc_record_with_an_impossible_time_is_damage_and_the_others_are_kept(tmp_path, date):
    now = datetime(2026, 11, 23, 12, tzinfo=UTC)
    shots = []
    for days in range(3):
        at = datetime(2016, 9, 17 + days, 2, 26, 40, tzinfo=UTC)
        row_ = Capture(archive="a", url=PAGE, urlkey="org,example)/news/story", at=at)
        page = f"<p>{days} people</p>".encode()
        shots.append(
            Snapshot(capture=row_, served_at=at, url=PAGE, status=200, content_type="text/html", body=page)
        )
    written = write_warc(tmp_path / "a.warc", shots, created=now).warc
    written.write_bytes(written.read_bytes().replace(b"2016-09-18T02:26:40Z", date.encode()))
    archive = WarcArchive("files", written, now=lambda: now)

    assert [c.at.day for c in archive.all_captures()] == [17, 19]
    (damage,) = archive.damage
    assert "its time" in damage.reason
    assert len(damage.reason) < 120


def test_a_warc_record_of_today_is_no_damage_whatever_the_zone(tmp_path):
    now = datetime(2026, 11, 23, 12, tzinfo=UTC)
    at = now + timedelta(hours=20)
    row_ = Capture(archive="a", url=PAGE, urlkey="org,example)/news/story", at=at)
    shot = Snapshot(
        capture=row_, served_at=at, url=PAGE, status=200, content_type="text/html", body=b"<p>x</p>"
    )
    written = write_warc(tmp_path / "a.warc.gz", [shot], created=now).warc

    assert [c.at for c in WarcArchive("files", written, now=lambda: now).all_captures()] == [at]
