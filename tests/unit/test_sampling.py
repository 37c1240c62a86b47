"""Sampling finds every change of a history in which no text returns, with few requests."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from math import ceil, log2
from random import Random
from types import SimpleNamespace

import pytest

from crawler.archive.sampling import Sample, estimate, next_captures
from crawler.model import Capture, StoredCapture
from crawler.tracking import fetch_pass
from crawler.tracking.fetch_pass import FetchPass
from diffs.model import Outcome

START = datetime(2026, 3, 1, tzinfo=UTC)


def unread(texts, *, digests=None):
    digests = digests or [f"D{i}" for i in range(len(texts))]
    return [Sample(at=START + timedelta(hours=i), digest=digests[i]) for i in range(len(texts))]


def read_all(texts, samples, *, every=False, whole_batches=False):
    """Fetch as told until nothing is asked for; give the order of requests and what is known then."""
    samples, asked = list(samples), []
    while chosen := next_captures(samples, every=every):
        for index in chosen if whole_batches else chosen[:1]:
            assert samples[index].fingerprint is None
            asked.append(index)
            samples[index] = replace(samples[index], fingerprint=texts[index])
    return asked, samples


def texts_with(revisions, captures, random):
    cuts = sorted(random.sample(range(1, captures), revisions - 1))
    return [f"text {sum(cut <= i for cut in cuts)}" for i in range(captures)]


def transitions_pinned(texts, samples):
    known = [i for i, s in enumerate(samples) if s.fingerprint]
    return {(a, b) for a, b in pairwise(known) if texts[a] != texts[b]}


@pytest.mark.parametrize("captures", [10, 11, 12, 40, 300, 2000])
@pytest.mark.parametrize("revisions", [1, 2, 3, 7])
@pytest.mark.parametrize("whole_batches", [False, True])
def test_every_revision_is_found_within_the_aim_where_no_text_returns(captures, revisions, whole_batches):
    texts = texts_with(revisions, captures, Random(captures * 31 + revisions))
    asked, samples = read_all(texts, unread(texts), whole_batches=whole_batches)
    aim = revisions * (log2(captures / revisions) + 2) + 2 * log2(captures)
    assert {texts[i] for i in asked} == set(texts)
    assert all(b - a == 1 for a, b in transitions_pinned(texts, samples))
    assert len(asked) + 1 <= aim


def test_the_newest_capture_is_asked_for_first_and_the_oldest_next():
    assert next_captures(unread(["a"] * 100)) == (99, 0)


def test_the_newest_change_is_pinned_before_older_ones():
    texts = ["a"] * 300 + ["b"] * 300 + ["c"] * 400
    asked, _ = read_all(texts, unread(texts))
    assert asked.index(600) < asked.index(300)


def test_captures_of_equal_digest_cost_one_request():
    texts = ["a"] * 50 + ["b"] * 50
    asked, _ = read_all(texts, unread(texts, digests=texts))
    assert asked == [99, 0]


def test_one_capture_alone_is_asked_for_once():
    assert next_captures(unread(["a"])) == (0,)


def test_unusable_captures_are_never_asked_for_and_the_next_one_stands_in():
    samples = unread(["a"] * 5)
    samples[4] = replace(samples[4], usable=False)
    samples[0] = replace(samples[0], usable=False)
    assert next_captures(samples) == (3, 1)


def test_a_text_hidden_between_equal_neighbours_is_met_by_a_probe_when_it_stood_long_enough():
    captures = 1000
    piece = ceil(captures / log2(captures))
    texts = ["a"] * 400 + ["b"] * (piece + 1) + ["a"] * (600 - piece - 1)
    asked, samples = read_all(texts, unread(texts))
    assert "b" in {texts[i] for i in asked}
    assert all(b - a == 1 for a, b in transitions_pinned(texts, samples))


def test_no_stretch_between_equal_neighbours_stays_longer_unread_than_promised():
    texts = ["a"] * 1000
    _, samples = read_all(texts, unread(texts))
    known = [i for i, s in enumerate(samples) if s.fingerprint]
    assert max(b - a for a, b in pairwise(known)) <= 1000 / log2(1000)


def test_every_capture_is_read_when_all_are_wanted():
    texts = ["a"] * 40
    asked, _ = read_all(texts, unread(texts), every=True, whole_batches=True)
    assert sorted(asked) == list(range(40))


def test_a_short_history_is_read_whole():
    asked, _ = read_all(["a"] * 11, unread(["a"] * 11))
    assert sorted(asked) == list(range(11))


def test_a_plan_can_be_dropped_and_taken_up_anywhere():
    texts = texts_with(5, 500, Random(5))
    straight, _ = read_all(texts, unread(texts))
    samples = unread(texts)
    for index in straight[:9]:
        samples[index] = replace(samples[index], fingerprint=texts[index])
    rest, _ = read_all(texts, samples)
    assert straight == straight[:9] + rest


def test_an_estimate_spans_what_a_quiet_and_a_restless_page_cost():
    texts = ["a"] * 200
    asked, _ = read_all(texts, unread(texts), whole_batches=True)
    assert estimate(unread(texts)).fewest == len(asked)
    assert estimate(unread(texts)).most == 200
    assert estimate(unread(texts), every=True).fewest == 200


def test_nothing_is_asked_for_where_nothing_is_listed():
    assert next_captures([]) == ()
    assert estimate([]).most == 0


def test_a_pass_asks_as_the_plan_says_and_looks_at_each_capture_a_few_times_at_most(monkeypatch):
    captures, made = 1500, []
    texts = texts_with(12, captures, Random(5))
    samples = unread(texts)
    rows = [
        StoredCapture(
            id=number,
            target=1,
            outcome=Outcome.PENDING,
            capture=Capture(
                archive="one",
                url="https://news.example/a",
                urlkey="example,news)/a",
                at=sample.at,
                mimetype="text/html",
                status=200,
                digest=sample.digest,
                length=900,
            ),
        )
        for number, sample in enumerate(samples)
    ]
    monkeypatch.setattr(fetch_pass, "Sample", lambda **known: made.append(1) or Sample(**known))
    one = FetchPass(
        rows,
        {"one": SimpleNamespace(remote=False)},
        fetch=lambda row: replace(row, outcome=Outcome.FETCHED, sha256="0", fingerprint=texts[row.id]),
        repeat=lambda row, text: replace(row, outcome=Outcome.UNCHANGED, fingerprint=text),
        now=START,
    )
    asked = [step.seen.id for step in one.steps()]
    assert asked == read_all(texts, samples)[0]
    assert len(made) <= 2 * captures
