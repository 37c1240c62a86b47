"""An export holds what the site sent, names the archive it is from, and read back is the same evidence again."""

import gzip
import json
from dataclasses import replace
from pathlib import Path

import pytest
from held_archive import LATER, filled, page, shot, sources
from warcio.archiveiterator import ArchiveIterator

from crawler.archive.warc import WarcArchive
from crawler.archive.warc.origin import FIELD, MADE, read_origin
from crawler.evidence.transfer import export_warc, import_warc
from crawler.model import StoredCapture
from crawler.store import Store, open_store
from crawler.tracking.pipeline import Pipeline
from diffs.model import Outcome
from diffs.reports import render_markdown
from store_samples import NOW, URL


def told_by(store: Store) -> list[tuple[object, ...]]:
    """Return all that is known of the captures, but for who brought them here and when."""
    target = store.targets.find(URL)
    assert target is not None
    return [_told(store, seen) for seen in store.captures.of(target)]


def _told(store: Store, seen: StoredCapture) -> tuple[object, ...]:
    served = (seen.served_at, seen.served_status, seen.content_type, seen.final_url, seen.redirects)
    raw = (seen.raw_sha256, seen.recipe, seen.content_coding, seen.retrieved_at, seen.archive_src)
    shown = (seen.outcome, seen.sha256, seen.fingerprint, seen.digest_fits)
    return (seen.capture, *served, *raw, *shown, store.raw.headers(seen.id))


def exported(store: Store, folder: Path) -> Path:
    archives = {each.name: each for each in sources()}
    targets = list(store.targets.all(include_untracked=True))
    return export_warc(store, targets, folder, now=LATER, archives=archives).warc


def test_an_export_read_into_another_store_is_the_same_evidence_again(tmp_path) -> None:
    with filled(tmp_path / "one.db") as one, open_store(str(tmp_path / "two.db")) as two:
        taken = import_warc(two, exported(one, tmp_path / "out"), only=[], now=LATER)
        before, after = told_by(one), told_by(two)

        assert (taken.pages, taken.captures, taken.new, taken.damage) == (1, 7, 7, ())
        for old, new in zip(before, after, strict=True):
            assert new == old
        assert {seen.imported_at for seen in two.captures.of(two.targets.find(URL)) if seen.sha256} == {LATER}
        ids = [[change.id for change in store.findings.of(store.targets.find(URL))] for store in (one, two)]
        assert ids[0] == ids[1] != []
        assert list(two.verify()) == []
        assert exported(two, tmp_path / "again").read_bytes() == exported(one, tmp_path / "out").read_bytes()


def test_an_export_read_into_its_own_store_adds_nothing(tmp_path) -> None:
    with filled(tmp_path / "one.db") as store:
        before = told_by(store)
        taken = import_warc(store, exported(store, tmp_path / "out"), only=[], now=LATER)

        assert (taken.captures, taken.new) == (7, 0)
        assert told_by(store) == before
        assert [target.url for target in store.targets.all(include_untracked=True)] == [URL]


def test_a_record_holds_what_the_site_sent_and_names_its_archive(tmp_path) -> None:
    with filled(tmp_path / "one.db") as store, exported(store, tmp_path / "out").open("rb") as file:
        records = [
            (record.rec_headers, record.http_headers, record.raw_stream.read())
            for record in ArchiveIterator(file, check_digests="raise")
            if record.rec_type == "response"
        ]
    first, http, payload = records[0]

    assert first.get_header("WARC-Source-URI") == f"https://web.archive.org/web/20260301130000/{URL}"
    assert first.get_header("WARC-Creation-Date") == "2026-03-03T12:00:01Z"
    assert first.get_header("WARC-Payload-Digest") == f"sha1:{shot(1, 2).capture.digest}"
    assert json.loads(first.get_header(FIELD))["archive"] == "web.archive.org"
    assert (http.statusline, payload) == ("200 OK", shot(1, 2).raw)
    assert [value for name, value in http.headers if name == "Set-Cookie"] == ["a=1", "b=2"]
    assert http.get_header("Content-Encoding") == "gzip"
    assert http.get_header("Transfer-Encoding") is None
    made = [headers for headers, *_ in records if headers.get_header(MADE)]
    assert [headers.get_header("WARC-Target-URI") for headers in made] == [URL]


def test_a_claim_about_the_digest_counts_only_where_the_bytes_bear_it_out(tmp_path) -> None:
    forged = replace(shot(1, 2), body=page(9), raw=gzip.compress(page(9), mtime=0))
    with open_store(str(tmp_path / "one.db")) as one, open_store(str(tmp_path / "two.db")) as two:
        target = one.targets.track(URL, now=NOW)[0]
        one.captures.observe(target, [forged.capture])
        seen = next(one.captures.of(target))
        one.captures.keep(seen, forged, outcome=Outcome.NOT_ARTICLE, now=NOW)
        import_warc(two, exported(one, tmp_path / "out"), only=[], now=LATER)

        assert [seen.digest_fits for seen in two.captures.of(two.targets.find(URL))] == [False]


def test_read_as_an_archive_of_its_own_an_export_is_one_archive_and_its_digests_fit(tmp_path) -> None:
    with filled(tmp_path / "one.db") as store:
        files = WarcArchive("files", exported(store, tmp_path / "out"))
    rows = list(files.all_captures())

    assert {row.archive for row in rows} == {"files"}
    assert files.unread() == ()
    bodies = {files.fetch(row).body for row in rows if not row.is_revisit}
    assert bodies == {page(dead) for dead in (2, 3, 4, 5, 6)}
    (revisit,) = [row for row in rows if row.is_revisit]
    assert files.fetch(revisit).body == page(3)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        "x" * 70_000,
        '{"page":"https://a.example/","archive":1}',
        '{"page":[],"at":"2026-03-01T00:00:00"}',
    ],
)
def test_what_cannot_be_read_of_an_origin_is_said(text) -> None:
    with pytest.raises(ValueError, match="origin"):
        read_origin(text, now=NOW)


def test_a_forged_origin_is_named_and_the_rest_is_taken(tmp_path) -> None:
    with filled(tmp_path / "one.db") as store:
        warc = exported(store, tmp_path / "out")
    lines = gzip.decompress(warc.read_bytes())
    for old, new in ((b'"page":"https://', b'"page":"gopher:/'), (b'"at":"2026', b'"at":"2226')):
        (tmp_path / "forged.warc").write_bytes(lines.replace(old, new, 1))
        with open_store(str(tmp_path / f"{new[1:3].decode()}.db")) as store:
            taken = import_warc(store, tmp_path / "forged.warc", only=[], now=LATER)
            assert (taken.captures, len(taken.damage)) == (6, 1), taken.damage


def test_a_report_says_which_bytes_a_file_brought_and_no_archive_was_asked_for(tmp_path) -> None:
    said = "were imported from a file, which names their archive; the archive itself was not asked for them."
    reports = []
    with filled(tmp_path / "one.db") as one, open_store(str(tmp_path / "two.db")) as two:
        import_warc(two, exported(one, tmp_path / "out"), only=[], now=LATER)
        for store in (one, two):
            pipeline = Pipeline(store, sources())
            reports.append(render_markdown(pipeline.history(store.targets.find(URL))))
    assert said not in reports[0]
    assert said in reports[1]
