"""Two real pywb as two archives, one of them listed by TimeMap: one history, and where they disagree."""

import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.cli import main

PAGE = "https://www.gazette.example/2025/03/02/bridge-collapse-in-the-tarn-valley"
ROBOTS = "https://www.gazette.example/robots.txt"
SENTENCES = (
    "A road bridge in the Tarn valley collapsed early on Saturday after days of heavy rain.",
    "At least {toll} people were killed when two buses fell into the river, the police said.",
    "Divers searched the brown water through the night, and cranes were brought from the coast.",
    "The bridge had been closed twice last year for repairs that the province called routine.",
)


def day(number: int, hours: float = 0) -> datetime:
    return datetime(2025, 3, number, 12, tzinfo=UTC) + timedelta(hours=hours)


def page(toll: int) -> bytes:
    text = "".join(f"<p>{sentence.format(toll=toll)}</p>" for sentence in SENTENCES)
    headline = "Bridge collapses in the Tarn valley"
    return f"<html lang=en><head><title>{headline}</title></head><body><article><h1>{headline}</h1>{text}</article></body></html>".encode()


def write(path: Path, *records: tuple[datetime, str, bytes, str]) -> Path:
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True, warc_version="WARC/1.1")
        for at, url, body, kind in records:
            headers = StatusAndHeaders("200 OK", [("Content-Type", kind)], protocol="HTTP/1.1")
            writer.write_record(
                writer.create_warc_record(
                    url,
                    "response",
                    payload=io.BytesIO(body),
                    length=len(body),
                    http_headers=headers,
                    warc_headers_dict={"WARC-Date": f"{at:%Y-%m-%dT%H:%M:%SZ}"},
                )
            )
    return path


@pytest.fixture(scope="module")
def library(tmp_path_factory, serve) -> str:
    """An archive of its own crawls that also holds, of the third day, a copy in which somebody changed the toll."""
    folder = tmp_path_factory.mktemp("library")
    html = "text/html"
    return serve(
        write(
            folder / "library.warc.gz",
            (day(1), PAGE, page(12), html),
            (day(3), PAGE, page(90), html),
            (day(4), PAGE, page(15), html),
            (day(6, 1), PAGE, page(19), html),
        )
    )


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory, serve) -> str:
    folder = tmp_path_factory.mktemp("newsroom")
    html, shut = "text/html", b"User-agent: *\nDisallow: /\n"
    return serve(
        write(
            folder / "newsroom.warc.gz",
            (day(1), PAGE, page(12), html),
            (day(2), ROBOTS, b"User-agent: *\nDisallow:\n", "text/plain"),
            (day(3), PAGE, page(15), html),
            (day(6), PAGE, page(19), html),
            (day(9), ROBOTS, shut, "text/plain"),
        )
    )


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, newsroom: str, library: str) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "variorum.toml").write_text(
        f'store = "v.db"\nreports = "reports"\nsiblings = false\n'
        f'[archive]\ndialect = "pywb"\nurl = "{newsroom}"\n'
        f'[[archives]]\nname = "library"\ndialect = "memento"\nurl = "{library}"\noperator = "A library"\n'
    )
    monkeypatch.setenv("VARIORUM_CONFIG", str(tmp_path / "variorum.toml"))
    return tmp_path


@pytest.mark.timeout(600)
def test_two_archives_make_one_history_and_their_disagreement_is_a_finding(home, capsys) -> None:
    assert main(["backfill", PAGE, "--every-capture"]) == 0
    capsys.readouterr()
    assert main(["report", PAGE, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)

    archives = [seen["capture"]["archive"] for seen in told["observations"]]
    assert sorted(archives) == ["library"] * 4 + ["pywb"] * 3
    assert len(told["revisions"]) == 3
    tolls = [
        (
            change["claim_before"]["value"],
            change["claim_after"]["value"],
            change["archives"],
            change["independent"],
        )
        for step in told["transitions"]
        for change in step["changes"]
        if change["kind"] == "casualty"
    ]
    assert tolls == [(12, 15, ["library", "pywb"], 2), (15, 19, ["library", "pywb"], 2)]
    (disagreement,) = told["disagreements"]
    assert (disagreement["stands"]["archive"], disagreement["other"]["archive"]) == ("pywb", "library")
    assert disagreement["stands"]["at"] == disagreement["other"]["at"] == "2025-03-03T12:00:00Z"
    assert 90 in [(change["claim_after"] or {}).get("value") for change in disagreement["changes"]]

    (report,) = (home / "reports").glob("*.md")
    text = report.read_text("utf-8")
    assert "Archives that disagree" in text
    assert "seen in 2 independent archives" in text
    assert main(["verify", PAGE]) == 0


@pytest.mark.timeout(600)
def test_a_history_is_the_same_by_bisection_and_an_ill_archive_stops_no_other(home, capsys, newsroom) -> None:
    assert main(["backfill", PAGE]) == 0
    capsys.readouterr()
    assert main(["report", PAGE, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert len(told["revisions"]) == 3
    assert {change["independent"] for step in told["transitions"] for change in step["changes"]} == {2}

    settings = (home / "variorum.toml").read_text().replace(newsroom, "http://127.0.0.1:9/gone")
    (home / "other.toml").write_text(settings.replace("v.db", "other.db").replace('"reports"', '"others"'))
    assert main(["--config", "other.toml", "backfill", PAGE, "--every-capture"]) == 0
    assert "refuses connections" in capsys.readouterr().err
    assert main(["--config", "other.toml", "report", PAGE, "--json"]) == 0
    assert {seen["capture"]["archive"] for seen in json.loads(capsys.readouterr().out)["observations"]} == {
        "library"
    }


@pytest.mark.timeout(600)
def test_coverage_is_asked_of_each_archive_and_shows_the_robots_txt_that_shut_it_out(home, capsys) -> None:
    assert main(["coverage", PAGE, "--json"]) == 0
    found = {one["archive"]: one for one in json.loads(capsys.readouterr().out)}
    assert [found[name]["months"][0]["captures"] for name in ("pywb", "library")] == [3, 4]
    gap = found["pywb"]["gaps"][-1]
    assert (gap["cause"], gap["rule"], gap["proof"]["url"]) == ("blocked", "*", ROBOTS)
    assert gap["allowed"]["at"] == "2025-03-02T12:00:00Z"
    assert found["library"]["gaps"][-1]["cause"] == "never"
    assert main(["coverage", "www.gazette.example", "--months", "24"]) == 0
    told = capsys.readouterr().out
    assert "lists one page at a time" in told
    assert "blocked by the outlet" in told
