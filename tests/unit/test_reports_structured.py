"""The forms for machines: JSON under its schema, CSV, and the feed."""

import csv
import json
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from diffs.history import history_of, revisions_in
from diffs.model import Article, ChangeKind, Citation, History, Note, Observation, Outcome, to_json
from diffs.reports import render_atom, render_changes_csv, render_claims_csv, render_json
from diffs.reports.schema import render_schema, schema_of
from diffs.reports.structured import Report, record_of

ATOM = "{http://www.w3.org/2005/Atom}"
START = datetime(2024, 3, 5, 7, tzinfo=UTC)
URL = "https://courier.example/ferry"
SCHEMA = json.loads(render_schema())


def history(*tolls: int, url: str = URL) -> History:
    observations, articles = [], {}
    for hour, toll in enumerate(tolls):
        article = Article.from_text(
            f"Ferry sinks, {toll} dead", f"The coast guard said {toll} people were killed."
        )
        articles[article.fingerprint] = article
        at = START + timedelta(hours=hour)
        link = f"https://web.archive.org/web/{at:%Y%m%d%H%M%S}/{url}"
        capture = Citation(at=at, url=url, archive="wayback", link=link, sha256="ab" * 32)
        observations.append(
            Observation(capture=capture, outcome=Outcome.FETCHED, fingerprint=article.fingerprint)
        )
    return history_of(revisions_in(observations, articles), observations, url=url)


def faults(value: Any, schema: dict[str, Any], where: str = "$") -> list[str]:
    """Check a value against the part of JSON Schema that the reports use."""
    if "$ref" in schema:
        return faults(value, SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]], where)
    if "anyOf" in schema:
        tries = [faults(value, option, where) for option in schema["anyOf"]]
        return [] if [] in tries else [f"{where}: fits none of {len(tries)}"]
    types = {
        "object": dict,
        "array": list,
        "string": str,
        "integer": int,
        "number": (int, float),
        "boolean": bool,
        "null": type(None),
    }
    if not isinstance(value, types[schema["type"]]) or (
        schema["type"] == "integer" and isinstance(value, bool)
    ):
        return [f"{where}: {value!r} is no {schema['type']}"]
    found = [f"{where}: {value!r}"] if value not in schema.get("enum", [value]) else []
    if schema.get("format") == "date-time" and not re.fullmatch(r"[\d-]{10}T[\d:]{8}Z", value):
        found.append(f"{where}: {value!r} is no time")
    if isinstance(value, dict):
        found += [f"{where}: {name} is missing" for name in schema["required"] if name not in value]
        found += [f"{where}: {name} is unknown" for name in value if name not in schema["properties"]]
        for name in value.keys() & schema["properties"].keys():
            found += faults(value[name], schema["properties"][name], f"{where}.{name}")
    if isinstance(value, list):
        items = schema.get("prefixItems") or [schema["items"]] * len(value)
        assert len(items) == len(value), where
        for index, item in enumerate(value):
            found += faults(item, items[index], f"{where}[{index}]")
    return found


def test_the_published_schema_is_the_one_the_records_give() -> None:
    published = Path(__file__).parents[2] / "docs" / "report.schema.json"
    assert published.read_text(encoding="utf-8") == render_schema()


def test_the_schema_says_what_records_and_fields_mean() -> None:
    assert all(record["description"] for record in SCHEMA["$defs"].values())
    fields = SCHEMA["$defs"]["Claim"]["properties"]
    assert fields["attribution"]["description"] == "The source as printed, or null."
    assert fields["kind"]["$ref"] == "#/$defs/ClaimKind"


def test_a_report_in_json_keeps_its_schema() -> None:
    known = history(12, 13, 12)
    notes = [Note(change=known.transitions[0].changes[0].id, text="Checked.", dismissed=False, at=START)]
    document = json.loads(render_json(known, notes))
    assert faults(document, SCHEMA) == []
    assert document["format"] == "variorum-report"
    assert document["version"] == 1
    assert document == to_json(record_of(known, notes))


def test_the_schema_notices_what_does_not_fit() -> None:
    document = json.loads(render_json(history(12, 13)))
    document["revisions"][0]["claims"][0]["kind"] = "resurrected"
    document["observations"][0]["capture"]["at"] = "yesterday"
    del document["url"]
    assert len(faults(document, SCHEMA)) == 3


def test_steps_name_revisions_that_are_there() -> None:
    document = json.loads(render_json(history(12, 13, 12)))
    numbers = [revision["number"] for revision in document["revisions"]]
    steps = [(step["before"], step["after"]) for step in document["transitions"]]
    assert steps == [(1, 2), (2, 3)]
    assert numbers == [1, 2, 3]
    assert document["transitions"][1]["reverts_to"] == 1


def test_a_schema_can_be_had_for_any_record() -> None:
    assert schema_of(Note)["$ref"] == "#/$defs/Note"
    assert "Report" in schema_of(Report)["$defs"]


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text, newline="")))


def test_claims_are_a_row_each() -> None:
    rows = rows_of(render_claims_csv(history(12, 13)))
    killed = [(row["revision"], row["place"], row["value"]) for row in rows]
    assert killed == [
        ("1", "headline", "12"),
        ("1", "lead", "12"),
        ("2", "headline", "13"),
        ("2", "lead", "13"),
    ]
    assert rows[1]["attribution"].casefold() == "the coast guard"
    assert rows[1]["first_capture"] == "2024-03-05T07:00:00Z"


def test_changes_are_a_row_each_under_the_ids_of_the_other_forms() -> None:
    known = history(12, 13)
    rows = rows_of(render_changes_csv(known))
    assert [row["id"] for row in rows] == [change.id for change in known.transitions[0].changes]
    toll = next(row for row in rows if row["kind"] == "casualty")
    assert (toll["type"], toll["figure_before"], toll["figure_after"]) == ("increased", "12", "13")
    assert (toll["unit"], toll["value_before"], toll["value_after"]) == ("killed", "12", "13")
    assert (toll["low_after"], toll["high_after"], toll["qualifier_after"]) == ("13", "13", "exact")
    assert toll["source_after"].casefold() == "the coast guard"
    assert toll["disclosure"] == "unknown"
    assert toll["after_capture"] == "2024-03-05T07:00:00Z"
    assert toll["until_capture"] == "2024-03-05T08:00:00Z"


def test_a_cell_that_holds_commas_and_quotes_is_read_back_whole() -> None:
    known = history(12)
    printed = 'He said "12 people, at least, were killed".'
    article = Article.from_text("Ferry sinks", printed)
    capture = known.observations[0].capture
    seen = [Observation(capture=capture, outcome=Outcome.FETCHED, fingerprint=article.fingerprint)]
    rows = rows_of(
        render_claims_csv(history_of(revisions_in(seen, {article.fingerprint: article}), seen, url=URL))
    )
    assert {row["url"] for row in rows} == {URL}
    assert {row["sentence"] for row in rows} == {printed}


def entries_of(feed: str) -> list[ET.Element]:
    return list(ET.fromstring(feed).iter(f"{ATOM}entry"))


def test_the_feed_is_newest_first_and_dated_by_captures() -> None:
    feed = render_atom([history(12, 13, 14)], title="Ferry")
    dates = [entry.findtext(f"{ATOM}updated") for entry in entries_of(feed)]
    assert dates == sorted(dates, reverse=True)
    assert set(dates) == {"2024-03-05T08:00:00Z", "2024-03-05T09:00:00Z"}
    assert ET.fromstring(feed).findtext(f"{ATOM}updated") == "2024-03-05T09:00:00Z"


def test_an_entry_keeps_its_id_when_later_captures_come_in() -> None:
    def ids(*tolls: int) -> set[str | None]:
        return {
            entry.findtext(f"{ATOM}id") for entry in entries_of(render_atom([history(*tolls)], title="x"))
        }

    early, late = ids(12, 13), ids(12, 13, 12, 13)
    assert early < late
    assert all(name and re.fullmatch(r"urn:variorum:change:[0-9a-f]{16}", name) for name in late)


def test_no_two_entries_share_an_id() -> None:
    names = [
        e.findtext(f"{ATOM}id") for e in entries_of(render_atom([history(12, 13, 12, 13, 12)], title="x"))
    ]
    assert len(names) == len(set(names))


def test_a_reader_can_subscribe_to_tolls_alone() -> None:
    feed = render_atom([history(12, 13)], title="Ferry")
    (entry,) = entries_of(feed)
    terms = {(c.attrib["scheme"], c.attrib["term"]) for c in entry.iter(f"{ATOM}category")}
    assert ("urn:variorum:kind", "casualty") in terms
    assert ("urn:variorum:type", "increased") in terms
    assert {term for scheme, term in terms if scheme == "urn:variorum:weight"} == {"substantive"}


def test_a_step_has_one_entry_with_the_figures_in_its_title() -> None:
    feed = render_atom([history(12, 13, 12)], title="Ferry")
    titles = [entry.findtext(f"{ATOM}title", "") for entry in entries_of(feed)]
    assert [title.partition(": ")[2] for title in titles] == [
        "killed, the coast guard: 13 → 12",
        "killed, the coast guard: 12 → 13",
    ]


def test_an_entry_always_has_a_link() -> None:
    known = history(12, 13)
    step = known.transitions[0]
    ends = {name: replace(getattr(step.interval, name), link=None) for name in ("after", "until")}
    bare = replace(known, transitions=(replace(step, interval=replace(step.interval, **ends)),))
    (entry,) = entries_of(render_atom([bare], title="x"))
    assert [link.attrib["href"] for link in entry.iter(f"{ATOM}link")] == [URL]


def test_an_entry_shows_the_words_that_changed() -> None:
    feed = render_atom([history(12, 13)], title="Ferry")
    assert "said <del>12</del> <ins>13</ins> people" in feed


def test_dismissed_findings_stay_out_of_the_feed() -> None:
    known = history(12, 13)
    changes = known.transitions[0].changes
    toll = next(change.id for change in changes if change.kind is ChangeKind.CASUALTY)
    notes = [Note(change=one.id, text="no", dismissed=True, at=START) for one in changes]
    assert toll in render_atom([known], title="x")
    assert toll not in render_atom([known], title="x", notes=[one for one in notes if one.change == toll])
    assert entries_of(render_atom([known], title="x", notes=notes)) == []


def test_links_lead_to_the_published_reports_where_there_are_any() -> None:
    feed = render_atom([history(12, 13)], title="x", base_url="https://reports.example/variorum/")
    links = {
        link.attrib["href"]
        for link in entries_of(feed)[0].iter(f"{ATOM}link")
        if link.attrib["rel"] == "alternate"
    }
    assert len(links) == 1
    assert re.fullmatch(
        r"https://reports\.example/variorum/courier-example-ferry-[0-9a-f]{12}\.md", links.pop()
    )


@pytest.mark.parametrize("known", [[], [History(url=URL)]])
def test_a_feed_of_nothing_is_a_valid_feed(known: list[History]) -> None:
    feed = ET.fromstring(render_atom(known, title="Nothing yet"))
    assert feed.findtext(f"{ATOM}updated") == "1970-01-01T00:00:00Z"
    assert feed.findtext(f"{ATOM}id", "").startswith("urn:sha256:")
