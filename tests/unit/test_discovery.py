"""Feeds, sitemaps and front pages become targets: exactly the wanted ones, once each; hostile ones are refused."""

import gzip
import json
from datetime import UTC, datetime, timedelta

import pytest

from crawler.cli import main
from crawler.discovery.entries import MOST_BYTES, Entry, article_key
from crawler.discovery.follow import AGAIN, EVERY, Follower
from crawler.discovery.reading import read_source
from crawler.discovery.rules import reason_for
from crawler.errors import InputError, NoCaptureError, RateLimitError
from crawler.model import Capture, Snapshot
from crawler.store.marks import marks_in
from crawler.store.sources import SourceRules
from crawler.tracking.pipeline import Pipeline
from diffs.reports.markdown import render_document
from diffs.reports.structured import record_of
from diffs.reports.target import report_of

HOST = "https://www.harbour-ledger.example"
START = datetime(2026, 3, 2, 8, tzinfo=UTC)
FRONT, FEED, MAP = f"{HOST}/", f"{HOST}/feed.xml", f"{HOST}/news-sitemap.xml"
WANTED = SourceRules(casualty=True)


def rss(*items):
    rows = "".join(
        f"<item><title>{title}</title><link>{link}</link><description>{summary}</description>"
        f"<pubDate>{when:%a, %d %b %Y %H:%M:%S} GMT</pubDate></item>"
        for title, link, summary, when in items
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Ledger</title>{rows}</channel></rss>'.encode()


def front(*links):
    rows = "".join(f'<li><h3><a href="{link}">{title}</a></h3></li>' for title, link in links)
    return (
        f'<!doctype html><html><body><nav><a href="/weather">Weather and tides for today</a></nav>'
        f"<main><ul>{rows}</ul></main></body></html>"
    ).encode()


def sitemap(*rows):
    inner = "".join(
        f"<url><loc>{link}</loc><news:news><news:title>{title}</news:title>"
        f"<news:publication_date>{when.isoformat()}</news:publication_date></news:news></url>"
        for title, link, when in rows
    )
    return (
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        f'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">{inner}</urlset>'
    ).encode()


class Shelf:
    """An archive that holds what it is given."""

    name, remote = "shelf", True

    def __init__(self):
        self.held = {}
        self.failing = None

    def put(self, url, at, body, content_type=None):
        self.held.setdefault(url, []).append((at, body, content_type))

    def link(self, capture):
        return f"https://shelf.example/{capture.timestamp}/{capture.url}"

    def captures(self, url, *, since=None, until=None):
        if self.failing is not None:
            raise self.failing
        if url not in self.held:
            raise NoCaptureError(f"{url}: none")
        for at, *_ in sorted(self.held[url], key=lambda one: one[0]):
            if (since is None or at >= since) and (until is None or at <= until):
                yield Capture(
                    archive=self.name,
                    url=url,
                    urlkey=url,
                    at=at,
                    mimetype=None,
                    status=200,
                    digest="",
                    length=None,
                )

    def fetch(self, capture):
        body, kind = next((b, k) for at, b, k in self.held[capture.url] if at == capture.at)
        return Snapshot(
            capture=capture, served_at=capture.at, url=capture.url, status=200, content_type=kind, body=body
        )


class Watch:
    def __init__(self, at):
        self.at = at

    def __call__(self):
        return self.at


@pytest.fixture
def bench(store):
    shelf, clock = Shelf(), Watch(START)
    return store, shelf, clock, Follower(store, [shelf], live=None, clock=clock)


def test_of_400_links_over_three_days_exactly_the_wanted_are_tracked_and_none_twice(bench):
    store, shelf, clock, follower = bench
    for url in (FRONT, FEED, MAP):
        store.sources.follow(url, WANTED, now=START)
    wanted = set()
    for day in range(3):
        at = START + timedelta(days=day)
        links = []
        for number in range(134):
            hit = number % 10 == 3
            title = (
                f"At least {number + 2} killed as ferry sinks"
                if hit
                else f"Council agrees plan number {number}"
            )
            link = f"{HOST}/{day}/story-of-the-day-{number}"
            links.append((title, link))
            if hit:
                wanted.add(link)
        shelf.put(FRONT, at, front(*[(t, f"{u}?utm_source=front") for t, u in links]))
        shelf.put(
            FEED, at, rss(*[(t, f"{u.replace('https://www.', 'http://')}/amp", "", at) for t, u in links])
        )
        shelf.put(MAP, at, sitemap(*[(t, f"{u}/", at) for t, u in links]))
        clock.at = at + timedelta(hours=1)
        readings = list(follower.readings())
        assert [reading.error for reading in readings] == [None] * 3
    tracked = [target.url for target in store.targets.all()]
    assert len(tracked) == len(wanted)
    assert {article_key(url) for url in tracked} == {article_key(url) for url in wanted}


def test_what_is_discovered_says_why_and_retires(bench):
    store, shelf, clock, follower = bench
    store.sources.follow(FEED, SourceRules(casualty=True, story="Ferry", expires_days=3), now=START)
    shelf.put(FEED, START, rss(("Ferry sinks, 12 dead", f"{HOST}/ferry-sinks-off-harbour", "", START)))
    (reading,) = follower.readings()
    (target,) = store.targets.all()
    assert (target.url, target.story) == (reading.tracked[0], "Ferry")
    found = store.sources.discovery(target)
    assert found.source == FEED
    assert "killed 12" in found.why
    assert store.sources.all()[0].named == 1
    clock.at = START + timedelta(days=3, minutes=1)
    list(follower.readings())
    assert list(store.targets.all()) == []


def test_a_discovered_page_that_somebody_asks_for_by_name_stays(bench):
    store, shelf, clock, follower = bench
    store.sources.follow(FEED, SourceRules(expires_days=1), now=START)
    shelf.put(FEED, START, rss(("A plan for the new quay", f"{HOST}/a-plan-for-the-quay", "", START)))
    list(follower.readings())
    store.targets.track(f"{HOST}/a-plan-for-the-quay", now=START)
    clock.at = START + timedelta(days=2)
    list(follower.readings())
    assert len(list(store.targets.all())) == 1


def test_a_source_adds_its_story_to_pages_that_are_tracked_already_and_says_why(bench):
    store, shelf, clock, follower = bench
    typed, found, odd = (f"{HOST}/ferry-sinks-off-{place}" for place in ("harbour", "the-island", "the-cape"))
    store.targets.track(typed, story="Storms", now=START)
    store.sources.follow(FEED, SourceRules(casualty=True), now=START)
    shelf.put(FEED, START, rss(("Ferry sinks, 12 dead", found, "", START)))
    list(follower.readings())
    store.targets.track(odd, now=START)
    store.sources.follow(FRONT, SourceRules(casualty=True, story="Ferry"), now=START)
    titles = [("Ferry sinks, 12 dead", typed), ("Ferry sinks, 12 dead", found), ("A ferry for sale", odd)]
    shelf.put(FRONT, START, front(*titles))
    clock.at = START + timedelta(hours=1)
    list(follower.readings())

    assert store.targets.find(typed).stories == ("Ferry", "Storms")
    assert store.targets.find(found).stories == ("Ferry",)
    assert store.targets.find(odd).stories == ()
    (why,) = store.stories.reasons(store.targets.find(typed)).values()
    assert why.startswith(f"{FRONT}: ")
    assert "killed 12" in why
    assert store.stories.all() == ("Ferry", "Storms")
    assert store.sources.discovery(store.targets.find(typed)) is None


def test_a_page_that_somebody_took_out_of_a_story_is_not_added_again_by_its_source(bench):
    store, shelf, clock, follower = bench
    typed = f"{HOST}/ferry-sinks-off-harbour"
    store.targets.track(typed, now=START)
    store.sources.follow(FRONT, SourceRules(casualty=True, story="Ferry"), now=START)
    for hour in range(3):
        clock.at = START + timedelta(hours=hour)
        shelf.put(FRONT, clock.at, front(("Ferry sinks, 12 dead", typed)))
        list(follower.readings())
        assert store.targets.find(typed).stories == (("Ferry",) if hour == 0 else ())
        store.targets.leave(typed, "Ferry")
    store.targets.track(typed, story="Ferry", now=clock.at)
    assert store.targets.find(typed).stories == ("Ferry",)


def test_a_page_that_was_untracked_is_not_found_again(bench):
    store, shelf, clock, follower = bench
    store.sources.follow(FEED, WANTED, now=START)
    item = ("Ferry sinks, 12 dead", f"{HOST}/ferry-sinks-off-harbour", "", START)
    shelf.put(FEED, START, rss(item))
    list(follower.readings())
    store.targets.untrack(item[1])
    clock.at = START + EVERY
    shelf.put(FEED, clock.at, rss(item))
    list(follower.readings())
    assert list(store.targets.all()) == []


def test_the_headline_under_which_a_front_page_links_is_kept_each_time_it_changes(bench):
    store, shelf, clock, follower = bench
    store.sources.follow(FRONT, SourceRules(words=("ferry",)), now=START)
    titles = [
        "Ferry sinks with 12 dead",
        "Ferry sinks with 12 dead",
        "Ferry sinks with 15 dead",
        "Ferry sinks with 12 dead",
    ]
    for hour, title in enumerate(titles):
        shelf.put(FRONT, START + timedelta(hours=hour), front((title, "/news/ferry-sinks-off-harbour")))
    clock.at = START + timedelta(hours=4)
    (reading,) = follower.readings()
    (target,) = store.targets.all()
    seen = store.linked.of(target)
    assert [(each.first.at.hour, each.last.at.hour, each.headline) for each in seen] == [
        (8, 9, titles[0]),
        (10, 10, titles[2]),
        (11, 11, titles[3]),
    ]
    assert {(look.url, look.archive) for each in seen for look in (each.first, each.last)} == {
        (FRONT, shelf.name)
    }
    assert reading.headlines == 3


def test_a_link_that_got_other_words_is_a_change_of_its_own_in_report_and_json(bench):
    store, shelf, clock, follower = bench
    store.sources.follow(FRONT, SourceRules(words=("ferry",)), now=START)
    page = "/news/ferry-sinks-off-harbour"
    for hour, toll in enumerate((12, 12, 15)):
        shelf.put(
            FRONT, START + timedelta(hours=hour), front((f"<b>Ferry</b> sinks, {toll} people dead", page))
        )
    clock.at = START + timedelta(hours=4)
    before = [target.id for target in store.targets.all()]
    list(follower.readings())
    (target,) = store.targets.all()
    assert before == []
    history = Pipeline(store, [shelf]).history(target)
    assert history.transitions == ()
    report = record_of(history)
    (change,) = report.linked_changes
    assert (change.before.headline, change.after.headline) == (
        "Ferry sinks, 12 people dead",
        "Ferry sinks, 15 people dead",
    )
    assert (change.before.last.at.hour, change.after.first.at.hour) == (9, 10)
    assert ("casualty", "increased") in {(each.kind.value, each.type.value) for each in change.changes}
    text = render_document(report_of(history))
    assert "Headlines as linked" in text
    assert "Ferry sinks, 12 people dead" in text
    assert change.id in text
    assert change.after.first.link == "https://shelf.example/20260302100000/" + FRONT
    assert change.after.first.link in text
    assert change.before.last.link in text


def test_a_new_wording_makes_the_report_due_again_and_a_look_at_the_same_does_not(bench):
    store, shelf, clock, follower = bench
    store.sources.follow(FRONT, SourceRules(words=("ferry",)), now=START)
    page = "/news/ferry-sinks-off-harbour"
    states = []
    for hour, toll in enumerate((12, 12, 15)):
        clock.at = START + timedelta(hours=hour)
        shelf.put(FRONT, clock.at, front((f"Ferry sinks, {toll} dead", page)))
        list(follower.readings())
        (mark,) = marks_in(store.database)
        states.append(mark.state)
    assert states[0] == states[1] != states[2]


def test_no_more_than_so_many_a_day(bench):
    store, shelf, clock, follower = bench
    store.sources.follow(FEED, SourceRules(max_per_day=3), now=START)
    shelf.put(FEED, START, rss(*[(f"Story {n}", f"{HOST}/a/{n}", "", START) for n in range(9)]))
    list(follower.readings())
    assert len(list(store.targets.all())) == 3
    clock.at = START + timedelta(days=1)
    shelf.put(FEED, clock.at, rss(*[(f"Story {n}", f"{HOST}/a/{n}", "", START) for n in range(9)]))
    list(follower.readings())
    assert len(list(store.targets.all())) == 6


def test_a_source_without_captures_says_so_and_waits(bench):
    store, _, _, follower = bench
    store.sources.follow(FEED, WANTED, now=START)
    (reading,) = follower.readings()
    assert isinstance(reading.error, NoCaptureError)
    (source,) = store.sources.all()
    assert source.next_due == START + AGAIN
    assert source.last_error
    assert list(follower.readings()) == []


def test_a_rate_limit_ends_the_round(bench):
    store, shelf, _, follower = bench
    shelf.failing = RateLimitError("slow down", retry_after=60)
    for url in (FEED, FRONT):
        store.sources.follow(url, WANTED, now=START)
    assert len(list(follower.readings())) == 1


def test_two_processes_read_a_source_once(bench):
    store, _, _, _ = bench
    store.sources.follow(FEED, WANTED, now=START)
    (source,) = store.sources.due(START)
    assert store.sources.claim(source, now=START, until=START + EVERY)
    assert not store.sources.claim(source, now=START, until=START + EVERY)


@pytest.mark.parametrize(
    "variant",
    [
        "http://harbour-ledger.example/world/ferry",
        "https://www.harbour-ledger.example/world/ferry/",
        "https://www.harbour-ledger.example/world/ferry?utm_source=feed&fbclid=1",
        "https://amp.harbour-ledger.example/world/ferry",
        "https://m.harbour-ledger.example/world/ferry",
        "https://www.harbour-ledger.example/world/ferry/amp/",
        "https://www.harbour-ledger.example/amp/world/ferry",
        "https://www.harbour-ledger.example/world/ferry?amp=1",
        "https://www.harbour-ledger.example/world/ferry?outputType=amp",
        "https://www.harbour-ledger.example/world/ferry#comments",
    ],
)
def test_variants_of_an_address_are_one_article(variant):
    assert article_key(variant) == article_key("https://www.harbour-ledger.example/world/ferry")


@pytest.mark.parametrize(
    "other",
    [
        "https://www.harbour-ledger.example/world/ferry-amp",
        "https://m.example/world/ferry",
        f"{HOST}/world/camp",
    ],
)
def test_other_articles_stay_apart(other):
    assert article_key(other) != article_key("https://www.harbour-ledger.example/world/ferry")


def test_atom_and_json_feeds_are_read():
    atom = (
        b'<feed xmlns="http://www.w3.org/2005/Atom"><title>L</title><entry><title>Ferry sinks</title>'
        b'<link href="/ferry"/><id>1</id><updated>2026-03-02T08:00:00Z</updated><summary>12 dead</summary></entry></feed>'
    )
    (entry,) = read_source(atom, url=FEED).entries
    assert (entry.url, entry.headline, entry.summary) == (f"{HOST}/ferry", "Ferry sinks", "12 dead")
    assert entry.published == START
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "items": [
            {"url": "/ferry", "title": "Ferry sinks", "date_published": "2026-03-02T09:00:00+01:00"},
            {"url": 7},
            "x",
        ],
    }
    read = read_source(json.dumps(feed).encode(), url=FEED)
    assert [(each.url, each.published) for each in read.entries] == [(f"{HOST}/ferry", START)]
    assert read.complaints == ("2 items lead to no http(s) page",)


def test_an_index_of_sitemaps_leads_on_once_and_never_round(bench):
    store, shelf, _, follower = bench
    index = f"<sitemapindex><sitemap><loc>{MAP}</loc></sitemap><sitemap><loc>{HOST}/index.xml</loc></sitemap></sitemapindex>"
    store.sources.follow(f"{HOST}/index.xml", WANTED, now=START)
    shelf.put(f"{HOST}/index.xml", START, index.encode())
    shelf.put(MAP, START, gzip.compress(sitemap(("Ferry sinks, 12 dead", f"{HOST}/ferry", START))))
    (reading,) = follower.readings()
    assert reading.tracked == (f"{HOST}/ferry",)


BOMB = b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><rss version="2.0"><channel><item><title>&b;</title></item></channel></rss>'
FILE = b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><urlset><url><loc>&x;</loc></url></urlset>'


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (BOMB, "declares entities"),
        (FILE, "declares entities"),
        (FILE.decode().encode("utf-16"), "declares entities"),
        (b" " * (MOST_BYTES + 1), "larger than 10 MB"),
        (gzip.compress(b"<urlset>" + b" " * 50_000_000), "more than 10 MB"),
        (b"\x1f\x8bnonsense", "damaged gzip"),
        (b"%PDF-1.7", "neither a feed"),
        (b'{"items": 4}', "no JSON Feed"),
        (b"[" * 100_000, "no JSON"),
        (b"", "neither a feed"),
    ],
)
def test_a_hostile_source_is_refused_with_a_line(body, words):
    with pytest.raises(InputError, match=words.replace("(", r"\(")) as caught:
        read_source(body, url=FEED)
    assert "\n" not in str(caught.value)


def test_a_hostile_capture_is_passed_over_with_a_complaint_and_not_asked_for_again(bench):
    store, shelf, clock, follower = bench
    store.sources.follow(FEED, WANTED, now=START)
    shelf.put(FEED, START, BOMB)
    (reading,) = follower.readings()
    assert "declares entities" in reading.troubles[0]
    assert "declares entities" in store.sources.all()[0].last_error
    clock.at = START + EVERY
    shelf.put(FEED, clock.at, rss(("Ferry sinks, 12 dead", f"{HOST}/ferry", "", START)))
    (reading,) = follower.readings()
    assert reading.troubles == ()
    assert len(reading.tracked) == 1
    assert store.sources.all()[0].last_error is None


def test_links_of_other_schemes_are_left_out():
    links = [
        ("Ferry sinks with 12 dead aboard", link)
        for link in (
            "javascript:alert(1)",
            "file:///etc/passwd",
            "data:text/html,x",
            "ftp://a.example/x",
            "//user:word@harbour-ledger.example/a",
            "https://elsewhere.example/ferry",
        )
    ]
    assert read_source(front(*links), url=FRONT).entries == ()
    assert read_source(rss(("T", "javascript:alert(1)", "", START)), url=FEED).entries == ()


@pytest.mark.parametrize(
    ("rules", "wanted"),
    [
        (SourceRules(), True),
        (SourceRules(words=("ferry", "train")), True),
        (SourceRules(words=("ferr",)), False),
        (SourceRules(section="world"), True),
        (SourceRules(section="Shipping"), True),
        (SourceRules(section="sport"), False),
        (SourceRules(casualty=True), True),
        (SourceRules(casualty=True, words=("train",)), False),
        (SourceRules(max_age_hours=2), True),
        (SourceRules(max_age_hours=1), False),
    ],
)
def test_rules_choose(rules, wanted):
    entry = Entry(
        url=f"{HOST}/world/ferry",
        headline="Ferry sinks",
        summary="12 people were killed.",
        published=START,
        sections=("shipping",),
    )
    assert (reason_for(entry, rules, now=START + timedelta(minutes=90)) is not None) is wanted


def test_a_source_that_is_followed_again_keeps_its_rules_unless_one_is_given(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("VARIORUM_STORE", str(tmp_path / "variorum.db"))

    def followed(*words):
        assert main(["follow", FEED, *words]) == 0
        return capsys.readouterr()

    assert "casualty figures; words ferry" in followed("--casualty", "--words", "ferry").err
    again = followed()
    assert "rules kept" in again.out
    assert "rules in force: casualty figures; words ferry" in again.err
    assert "rules in force: words port\n" in followed("--words", "port").err
    assert main(["unfollow", FEED]) == 0
    assert "rules in force: every article" in followed().err


@pytest.mark.parametrize("words", ["", " , "])
def test_words_that_name_none_are_refused(words, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("VARIORUM_STORE", str(tmp_path / "variorum.db"))
    assert main(["follow", FEED, "--words", words]) == 2
    assert "names no word" in capsys.readouterr().err
    assert not (tmp_path / "variorum.db").exists()
