"""What is planted in the seeds is there, and the list of it is true."""

import gzip
import hashlib
import itertools
import json
import re
import runpy
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

SEEDS = Path(__file__).parents[2] / "seeds"
DEMO = runpy.run_path(str(SEEDS / "demo" / "make_demo.py"))
PLANTED: dict[str, Any] = json.loads((SEEDS / "demo" / "planted.json").read_text("utf-8"))
ARCHIVE = SEEDS / "demo" / "meridian-courier.warc.gz"
SHAPE: dict[str, Any] = json.loads((SEEDS / "shape" / "expected.json").read_text("utf-8"))


def words_at(at: str) -> list[str]:
    """Everything an editor wrote in the version that a capture shows: headline, paragraphs, notes."""
    shot = next(shot for shot in DEMO["SHOTS"] if shot.at == at)
    figures = DEMO["FIGURES"]
    body = DEMO["parts_of"](shot.version, figures)
    return [DEMO["headline_of"](shot.version, figures)] + [
        words for kind, words, _ in body if kind in ("paragraph", "correction")
    ]


def furniture() -> list[str]:
    """Every furniture text of every version."""
    versions = [shot.version for shot in DEMO["SHOTS"] if shot.version]
    parts = [part for version in versions for part in DEMO["parts_of"](version, DEMO["FIGURES"])]
    return [words for kind, words, _ in parts if kind in ("video", "related")] + DEMO["STORY"]["most_read"]


def body_at(at: str) -> bytes:
    body: bytes = next(page.body for page in DEMO["pages_in"]() if page.shot.at == at)
    return body


def trap(name: str) -> str:
    """The capture at which a trap that is a whole capture lies."""
    captures = PLANTED["captures_without_a_change"] + PLANTED["captures_of_something_else"]
    return str(next(capture["at"] for capture in captures if capture["trap"] == name))


# --------------------------------------------------------------------------- the starting list


def test_the_starting_list_holds_addresses_and_moments_and_no_other_word():
    lines = (SEEDS / "targets.txt").read_text("utf-8").splitlines()
    targets = [line.split() for line in lines if line and not line.startswith("#")]

    assert [
        "http://www.nbcnews.com/news/world/u-s-led-airstrikes-may-have-hit-syrian-troops-russia-n649906",
        "20160918022640",
    ] in targets
    assert all(
        len(target) == 2 and target[0].startswith("http") and re.fullmatch(r"\d{14}", target[1])
        for target in targets
    )


# --------------------------------------------------------------------------- the archive


def test_the_archive_in_the_checkout_is_what_the_script_makes(tmp_path):
    made = DEMO["build"](tmp_path / "made.warc.gz")

    assert gzip.decompress(ARCHIVE.read_bytes()) == gzip.decompress(made.read_bytes())


def test_the_archive_is_made_alike_twice(tmp_path):
    once = DEMO["build"](tmp_path / "once.warc.gz").read_bytes()
    again = DEMO["build"](tmp_path / "again.warc.gz").read_bytes()

    assert hashlib.sha256(once).digest() == hashlib.sha256(again).digest()


def test_a_figure_changed_in_one_place_changes_every_page_that_prints_it():
    def differing(name: str) -> set[str]:
        plain, other = DEMO["pages_in"](), DEMO["pages_in"]({name: 19})
        return {
            old.shot.at
            for old, new in zip(plain, other, strict=True)
            if old.shot.version and old.body != new.body
        }

    assert differing("association_silent") == {
        "20250312091533",
        "20250312124007",
        "20250312190544",
        "20250313080019",
        "20250313120036",
        "20250313164550",
    }
    assert differing("ministry_first") == {"20250311064012", "20250311075530"}


def test_a_figure_that_the_story_lacks_is_refused_by_name():
    with pytest.raises(KeyError, match=r"no figure called ministry_fifth; it has ministry_first"):
        DEMO["pages_in"]({"ministry_fifth": 3})


def test_the_archive_holds_the_captures_that_the_list_counts():
    with ARCHIVE.open("rb") as stream:
        records = [
            (record.rec_headers["WARC-Record-ID"], record.rec_type, record.rec_headers["WARC-Target-URI"])
            for record in ArchiveIterator(stream)
        ]

    assert len({identity for identity, _, _ in records}) == len(records)
    assert [url for _, _, url in records if url] == [PLANTED["url"]] * PLANTED["captures"]
    assert [kind for _, kind, _ in records].count("revisit") == 1


def test_the_versions_are_as_many_as_the_list_says():
    stood = [tuple(words_at(shot.at)) for shot in DEMO["SHOTS"] if shot.version]

    assert len(set(stood)) == PLANTED["revisions"]


# --------------------------------------------------------------------------- the list


def test_every_kind_of_change_and_trap_that_a_tracker_meets_is_planted():
    lists = ("changes", "contradictions", "traps", "captures_without_a_change", "captures_of_something_else")
    planted = {each.get("id") or each["trap"] for name in lists for each in PLANTED[name]}
    declared = {each["declared"] for each in PLANTED["changes"] if each["kind"] == "casualty"}

    assert declared == {True, False}
    assert planted >= {
        *("feedback", "video-captions", "related-toll", "most-read"),
        *("toll-rises", "toll-is-qualified", "toll-falls", "toll-goes-back", "second-source-disagrees"),
        *("stale-headline", "headline-softened", "correction-note", "silent-figure"),
        *("redesign", "paragraph-moved", "encoding"),
        *("revisit", "redirect", "not-found", "bot-block", "bot-challenge"),
    }


@pytest.mark.parametrize("planted", PLANTED["changes"], ids=lambda planted: planted["id"])
def test_each_planted_change_lies_between_its_two_captures(planted):
    old, new = "\n".join(words_at(planted["after"])), "\n".join(words_at(planted["until"]))
    before, after = planted["words"]
    captures = [shot.at for shot in DEMO["SHOTS"] if shot.version]

    assert captures.index(planted["until"]) == captures.index(planted["after"]) + 1
    if planted["types"] == ["moved"]:
        assert old.index(before) != new.index(after)
    else:
        assert before is None or (before in old and before not in new.replace(str(after), ""))
        assert after is None or (after in new and after not in old)


def test_nothing_an_editor_wrote_changes_but_where_the_list_says_so():
    captures = [shot.at for shot in DEMO["SHOTS"] if shot.version]
    changed = {(old, new) for old, new in itertools.pairwise(captures) if words_at(old) != words_at(new)}

    assert changed == {(planted["after"], planted["until"]) for planted in PLANTED["changes"]}


@pytest.mark.parametrize("planted", PLANTED["changes"], ids=lambda planted: planted["id"])
def test_a_change_is_silent_exactly_where_the_modified_stamp_stands_still(planted):
    versions = {shot.at: shot.version for shot in DEMO["SHOTS"]}
    moved = versions[planted["after"]].modified != versions[planted["until"]].modified

    assert planted["declared"] is moved


@pytest.mark.parametrize("planted", PLANTED["traps"], ids=lambda planted: planted["id"])
def test_the_words_of_each_trap_are_furniture_in_the_archive(planted):
    pages = "".join(page.body.decode("utf-8", "replace") for page in DEMO["pages_in"]())
    known = [*furniture(), "Feedback"]

    assert all(words in known and words in pages for words in planted["words"])


def test_the_page_that_claims_utf_8_is_not_utf_8():
    body = body_at(trap("encoding"))

    assert b'charset="utf-8"' in body
    with pytest.raises(UnicodeDecodeError):
        body.decode("utf-8")
    assert all(mark in body.decode("cp1252") for mark in "“”’—é")


def test_the_redesign_keeps_the_words_and_none_of_the_class_names():
    after = trap("redesign")
    captures = [shot.at for shot in DEMO["SHOTS"] if shot.version]
    before = captures[captures.index(after) - 1]

    def names(at: str) -> set[str]:
        return set(" ".join(re.findall(r'class="([^"]+)"', body_at(at).decode())).split())

    assert words_at(before) == words_at(after)
    assert names(before)
    assert not names(before) & names(after)


def test_the_most_read_box_turns_in_every_capture_with_a_page():
    def box(at: str) -> list[str]:
        text = body_at(at).decode("utf-8", "replace")
        found = [(text.find(f">{words}</a>"), words) for words in DEMO["STORY"]["most_read"]]
        return [words for place, words in sorted(found) if place >= 0]

    shots = [shot.at for shot in DEMO["SHOTS"] if shot.version and not shot.revisits]
    boxes = [box(at) for at in shots]

    assert all(len(each) == 5 for each in boxes)
    assert all(old != new for old, new in itertools.pairwise(boxes))


# --------------------------------------------------------------------------- the shape


def test_the_copied_page_holds_its_paragraphs_and_furniture_and_nothing_else():
    lines = [line for line in (SEEDS / "shape" / "page.txt").read_text("utf-8").splitlines() if line]
    known = [SHAPE["headline"], *SHAPE["paragraphs"], *(removed["text"] for removed in SHAPE["removed"])]

    assert sorted(lines) == sorted(known)
    assert lines[:4] == [*(removed["text"] for removed in SHAPE["removed"][:3]), SHAPE["headline"]]


def test_the_page_as_html_holds_the_same_paragraphs_in_the_same_order():
    page = (SEEDS / "shape" / "page.html").read_text("utf-8").replace("&amp;", "&")
    places = [page.find(f"<p> {words} </p>") for words in SHAPE["paragraphs"]]

    assert -1 not in places
    assert places == sorted(places)
