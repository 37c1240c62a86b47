"""JSON is held against its schema, and feeds are read, by libraries that others use for it."""

import json
from pathlib import Path
from typing import Any

import feedparser  # type: ignore[import-untyped]
import jsonschema  # type: ignore[import-untyped]
import pytest
from twenty_outlets import twenty_outlets

from diffs.changes import changes_between
from diffs.claims import claims_in
from diffs.model import Article, Disclosure, History, to_json
from diffs.reports import render_atom, render_json
from diffs.reports.schema import render_schema

SCHEMA: dict[str, Any] = json.loads(render_schema())


@pytest.fixture(scope="module")
def known() -> History:
    return twenty_outlets()[8]


def part(name: str) -> Any:
    """Return a validator for one record of the schema, or a list of it."""
    items = {"$ref": f"#/$defs/{name}"}
    schema = {"$defs": SCHEMA["$defs"], "anyOf": [items, {"type": "array", "items": items}]}
    return jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())


def test_no_field_of_version_1_was_removed() -> None:
    kept = (Path(__file__).parents[1] / "golden" / "report-fields-1.txt").read_text(encoding="utf-8").split()
    now = {f"{name}.{field}" for name, one in SCHEMA["$defs"].items() for field in one.get("properties", ())}
    assert set(kept) <= now
    assert len(kept) > 100


def test_the_schema_is_one_and_names_its_version() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$id"] == "urn:variorum-report:1"


def test_a_report_is_valid_and_says_under_which_version(known: History) -> None:
    document = json.loads(render_json(known))
    jsonschema.Draft202012Validator(SCHEMA).validate(document)
    assert (document["format"], document["version"]) == ("variorum-report", 1)
    del document["transitions"][0]["changes"][0]["disclosure"]
    assert not jsonschema.Draft202012Validator(SCHEMA).is_valid(document)


def test_what_verbs_print_is_made_of_records_of_the_same_schema() -> None:
    old = Article.from_text("Ferry sinks", "The ministry said at least 12 people were killed.")
    new = Article.from_text("Ferry sinks", "The ministry said 15 people were killed.")
    part("Article").validate(to_json(new))
    part("Claim").validate(to_json(claims_in(new)))
    part("Change").validate(to_json(changes_between(old, new)))
    assert not part("Claim").is_valid(to_json(new))


def test_a_feed_is_well_formed_and_has_an_entry_a_step_with_links_and_figures(known: History) -> None:
    feed = feedparser.parse(render_atom([known], title="Ferry"))
    assert not feed.bozo
    assert feed.version == "atom10"
    assert len(feed.entries) == len(known.transitions)
    assert feed.feed.updated == feed.entries[0].updated
    for entry in feed.entries:
        assert entry.link.startswith("https://web.archive.org/web/")
        assert {link.rel for link in entry.links} == {"alternate", "related"}
        assert " → " in entry.title
        assert entry.updated_parsed is not None
        assert entry.content[0].type == "application/xhtml+xml"
    assert len({entry.id for entry in feed.entries}) == len(feed.entries)
    terms = {tag.term for tag in feed.entries[0].tags}
    assert {"casualty", "decreased", Disclosure.CORRECTION.value} <= terms
