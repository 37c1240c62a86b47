"""WARC files read into tables: what each row says, how shares divide, and what damage costs."""

import json
import shutil
import subprocess
import sys
from datetime import timedelta

import pyarrow.parquet as pq
import pytest
from made_site import SITE, SLUGS, START, address, page, write_warc
from warc_records import records

from crawler.archive.warc import WarcArchive
from crawler.cli import main
from crawler.cluster.extract import TABLES, extract
from crawler.cluster.shards import Share
from crawler.errors import InputError
from crawler.parser import parse
from diffs.claims import claims_in

ALL = Share(number=1, of=1)
TOLL = "At least 12 people were killed and 30 wounded when the pier collapsed, the ministry said on Monday."


def rows(folder, table):
    found = [pq.read_table(path).to_pylist() for path in sorted(folder.glob(f"{table}-*.parquet"))]
    return [row for each in found for row in each]


def read(paths, folder, share=ALL, **fields):
    return extract(paths, folder, share=share, read=parse, **fields)


@pytest.fixture(scope="module")
def warcs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("warcs")
    captures = [
        (address(number), START + timedelta(days=number), page(number, number, edit=TOLL))
        for number in range(len(SLUGS))
    ]
    for number in range(3):
        write_warc(folder / f"part-{number}.warc.gz", captures[number::3])
    return folder


# --------------------------------------------------------------------------- rows


def test_each_page_is_a_row_with_what_the_parser_and_the_grammar_read(warcs, tmp_path):
    done = read([warcs], tmp_path)
    captures, articles, claims = (rows(tmp_path, name) for name in TABLES)

    assert (done.captures, done.articles, done.damaged) == (len(SLUGS), len(SLUGS), 0)
    assert len(captures) == len(articles) == len(SLUGS)
    assert len(claims) == done.claims >= 2 * len(SLUGS)
    for number, slug in enumerate(SLUGS):
        body = page(number, number, edit=TOLL)
        article = parse(body, url=address(number), captured_at=START + timedelta(days=number))
        row = next(one for one in articles if one["url"].endswith(slug))
        assert (row["headline"], row["text"], row["fingerprint"]) == (
            article.headline,
            article.text,
            article.fingerprint,
        )
        mine = [one for one in claims if one["fingerprint"] == article.fingerprint]
        assert [(one["kind"], one["value"], one["sentence"]) for one in mine] == [
            (claim.kind.value, claim.value, claim.sentence) for claim in claims_in(article)
        ]


def test_what_is_no_article_is_a_row_of_captures_alone(tmp_path):
    at = START
    file = tmp_path / "a.warc.gz"
    file.write_bytes(
        records(
            {
                "at": at,
                "url": f"{SITE}/picture",
                "headers": [("Content-Type", "image/png")],
                "body": b"\x89PNG",
            },
            {"at": at, "url": f"{SITE}/moved", "status": "301 Moved", "headers": [("Location", "/x")]},
            {"at": at, "url": f"{SITE}/gone", "status": "404 Not Found", "body": b"<p>gone</p>"},
            {"at": at, "url": "dns:example.org", "kind": "resource", "body": b"1.2.3.4"},
            {"at": at, "url": f"{SITE}/again", "kind": "revisit"},
            {"at": at, "url": address(1), "body": page(1, 1)},
        )
    )
    done = read([file], tmp_path / "out")
    seen = {row["url"].removeprefix(SITE): row for row in rows(tmp_path / "out", "captures")}

    assert set(seen) == {"/picture", "/moved", "/gone", address(1).removeprefix(SITE)}
    assert [seen[each]["outcome"] for each in ("/moved", "/gone")] == ["redirect", "not_article"]
    assert seen["/gone"]["status"] == 404
    assert done.articles == len(rows(tmp_path / "out", "articles")) == 1


def test_a_body_that_cannot_be_had_is_a_failed_row_and_the_next_is_read(tmp_path):
    file = tmp_path / "a.warc.gz"
    coded = [("Content-Type", "text/html"), ("Content-Encoding", "gzip")]
    file.write_bytes(
        records(
            {"at": START, "url": address(0), "headers": coded, "body": b"\x1f\x8b\x08\x00 no gzip at all"},
            {"at": START, "url": address(2), "body": b"x" * 5000},
            {"at": START, "url": address(1), "body": page(1, 1)},
        )
    )
    done = read([file], tmp_path / "out", body_bytes=4000)
    outcomes = {row["url"]: row["outcome"] for row in rows(tmp_path / "out", "captures")}

    assert outcomes[address(1)] == "fetched"
    assert outcomes[address(2)] == "failed"
    assert done.damaged >= 1


def test_hostile_text_becomes_a_value_and_nothing_else(tmp_path):
    file = tmp_path / "a.warc.gz"
    text = f"<h1>=cmd|'/c calc'!A0 \x1b[31m</h1><p>{TOLL}</p><p>&#xD800; {'9' * 40} people were killed, officials said.</p>"
    file.write_bytes(records({"at": START, "url": address(0), "body": text.encode() * 3}))
    read([file], tmp_path / "out")
    assert len(rows(tmp_path / "out", "captures")) == 1
    values = [row["value"] for row in rows(tmp_path / "out", "claims")]
    assert {value for value in values if value is not None} <= {12, 30}


# --------------------------------------------------------------------------- shares


@pytest.mark.parametrize("of", [2, 3, 7])
def test_shares_together_are_the_whole_and_none_is_read_twice(warcs, tmp_path, of):
    read([warcs], tmp_path / "whole")
    for number in range(1, of + 1):
        read([warcs], tmp_path / "shared", Share(number=number, of=of))
    key = lambda row: json.dumps(row, default=str, sort_keys=True)  # noqa: E731
    for table in TABLES:
        assert sorted(rows(tmp_path / "shared", table), key=key) == sorted(
            rows(tmp_path / "whole", table), key=key
        )


def test_the_same_files_give_the_same_bytes_and_a_manifest_that_fits_them(warcs, tmp_path):
    import hashlib

    first, second = (read([warcs], tmp_path / name).paths for name in ("a", "b"))
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
    held = json.loads(first[-1].read_text())
    for table in held["tables"]:
        data = (tmp_path / "a" / table["file"]).read_bytes()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (table["bytes"], table["sha256"])


# --------------------------------------------------------------------------- damage


def test_a_file_cut_short_gives_its_whole_records_and_says_what_is_missing(warcs, tmp_path):
    cut = tmp_path / "cut.warc.gz"
    whole = (warcs / "part-0.warc.gz").read_bytes()
    cut.write_bytes(whole[:-200])
    done = read([cut], tmp_path / "out")
    assert (done.captures, done.damaged) == (2, 1)
    assert "cut off" in done.damage[0]


def test_what_is_not_there_is_an_error_that_names_it(tmp_path):
    with pytest.raises(InputError, match="nowhere"):
        read([tmp_path / "nowhere"], tmp_path / "out")
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="no WARC"):
        read([tmp_path / "empty"], tmp_path / "out")


def test_it_reads_what_an_import_reads(warcs, tmp_path):
    archive = WarcArchive("import", warcs)
    read([warcs], tmp_path)
    assert {row["url"] for row in rows(tmp_path, "captures")} == {one.url for one in archive.all_captures()}


# --------------------------------------------------------------------------- the command, and memory


def test_the_command_needs_no_store_and_prints_the_tables(warcs, tmp_path, capsys):
    words = ["--store", str(tmp_path / "none.db"), "extract", str(warcs), "--parquet", str(tmp_path / "out")]
    assert main(words) == 0
    told = capsys.readouterr()
    assert [line.rpartition("/")[2] for line in told.out.splitlines()] == [
        "captures-1-of-1.parquet",
        "articles-1-of-1.parquet",
        "claims-1-of-1.parquet",
        "extract-1-of-1.json",
    ]
    assert f"{len(SLUGS)} captures in 3 files" in told.err
    assert not (tmp_path / "none.db").exists()
    assert main([*words, "--shard", "4/3"]) == 1


def test_memory_does_not_grow_with_the_files(tmp_path):
    """Measured in processes of their own: ten times the records take at most 24 MiB more."""
    captures = [
        (address(1), START + timedelta(hours=n), page(1, n) + b"<!--" + b"x" * 40_000) for n in range(60)
    ]
    write_warc(tmp_path / "0.warc.gz", captures)
    ask = (
        "import resource, sys; from pathlib import Path; from crawler.parser import parse;"
        "from crawler.cluster.extract import extract; from crawler.cluster.shards import Share;"
        "extract([Path(p) for p in sys.argv[2:]], Path(sys.argv[1]), share=Share(number=1, of=1), read=parse);"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    peaks = []
    for many in (1, 8):
        files = [tmp_path / f"{n}.warc.gz" for n in range(many)]
        for file in files[1:]:
            shutil.copy(files[0], file)
        words = [sys.executable, "-c", ask, str(tmp_path / f"out-{many}"), *map(str, files)]
        done = subprocess.run(words, check=True, capture_output=True, text=True, timeout=110)
        peaks.append(int(done.stdout) / 1024)
    assert peaks[1] - peaks[0] < 24, peaks
