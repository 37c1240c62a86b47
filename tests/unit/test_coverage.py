"""How well an archive covers a page or an outlet: what is counted, and each gap's cause with its proof."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from shelf import PAGE, START, Shelf, page
from sqlalchemy import update

from crawler.archive.urlkey import urlkey_of
from crawler.cli import main
from crawler.errors import BlockedError, InputError, NoCaptureError, UnreachableError
from crawler.maintenance.outlets import look_at, look_at_outlets, outlets_due
from crawler.store import open_store
from crawler.store.schema import coverage
from crawler.tracking.coverage import coverage_of_host, coverage_of_page
from crawler.tracking.pipeline import Pipeline
from crawler.tracking.robots import MOST_BODIES, closures_in, kept_out, rules_over_time
from crawler.tracking.robots_rules import may_read
from diffs.model import GapCause
from diffs.reports import coverage_document, render_markdown, render_terminal

WARC = Path(__file__).parents[2] / "seeds" / "demo" / "meridian-courier.warc.gz"
HOST = "courier.example"
ROBOTS = f"https://{HOST}/robots.txt"
OPEN = b"User-agent: *\nDisallow: /admin\n"
SHUT = b"User-agent: archive.org_bot\nDisallow: /\n\nUser-agent: *\nDisallow: /admin\n"
IA = "Internet Archive"
MONTH = 24 * 30
NOW = START + timedelta(hours=12 * MONTH)


class Site(Shelf):
    """An archive that can be asked about a whole outlet."""

    def __init__(self, name="shelf"):
        super().__init__(name)
        self.asked = []

    def captures_under(self, prefix, *, since=None, until=None):
        self.asked.append((since, until))
        if self.listing_error:
            raise self.listing_error
        host = urlkey_of(prefix).partition(")")[0]
        rows = [
            row
            for row in self.rows
            if row.urlkey.partition(")")[0] == host
            and (since is None or row.at >= since)
            and (until is None or row.at <= until)
        ]
        if not rows:
            raise NoCaptureError("none")
        yield from rows


def story(number):
    return f"https://{HOST}/2025/a-story-of-the-day-{number}"


def a_page(shelf, **about):
    return coverage_of_page(shelf, PAGE, now=NOW, operator=IA, **about)


@pytest.mark.parametrize(
    ("text", "agent"),
    [
        ("", None),
        ("User-agent: *\nDisallow:\n", None),
        ("User-agent: *\nDisallow: /\n", "*"),
        ("User-agent: archive.org_bot\nDisallow: /\n", "archive.org_bot"),
        ("User-agent: ia_archiver\nDisallow: /2025/\n", "ia_archiver"),
        (
            "User-agent: *\nDisallow: /\n\nUser-agent: archive.org_bot\nUser-agent: ia_archiver\nAllow: /\n",
            None,
        ),
        ("User-agent: GPTBot\nDisallow: /\n", None),
        ("<html>not found</html>", None),
        ("\x00\ufffd:::\nUser-agent\nDisallow", None),
    ],
)
def test_whom_a_robots_txt_keeps_out(text, agent):
    assert kept_out(text, PAGE, operator=IA) == agent


@pytest.mark.parametrize(
    ("rules", "page", "may"),
    [
        ("Disallow: /\nAllow: /news/", "/news/a.html", True),
        ("Allow: /news/\nDisallow: /", "/news/a.html", True),
        ("Allow: /\nDisallow: /news/", "/news/a.html", False),
        ("Allow: /news\nDisallow: /news", "/news/a.html", True),
        ("Disallow: /*.html$", "/news/a.html", False),
        ("Disallow: /*.html$", "/news/a.html?page=2", True),
        ("Disallow: /n*/", "/news/a.html", False),
        ("Disallow: /news/*?print", "/news/a.html?print=1", False),
        ("Disallow: /caf%c3%a9/", "/café/a.html", False),
        ("Disallow: /%7Ecafé/", "/~caf%C3%A9/a.html", False),
        ("Disallow: /a%24", "/a", True),
        ("Disallow:", "/news/a.html", True),
        ("Disallow: / # all of it", "/news/a.html", False),
    ],
)
def test_the_longest_rule_of_a_robots_txt_decides(rules, page, may):
    assert may_read(f"User-agent: *\n{rules}\n", "archive.org_bot", f"https://{HOST}{page}") is may


@pytest.mark.parametrize("name", ["bot", "archive.org", "ia", "archive.org_bot2", ""])
def test_a_crawler_is_known_by_its_whole_name(name):
    assert kept_out(f"User-agent: {name}\nDisallow: /\n", PAGE, operator=IA) is None


def test_the_groups_of_one_crawler_are_read_together_and_instead_of_those_for_everybody():
    text = "User-agent: *\nDisallow: /\n\nUser-agent: x\nUser-agent: IA_Archiver/1.0\nDisallow: /admin\n"
    assert may_read(text, "ia_archiver", PAGE)
    assert not may_read(f"{text}\nUser-agent: ia_archiver\nDisallow: /\n", "ia_archiver", PAGE)


def test_another_archives_crawler_is_kept_out_by_what_is_said_to_everybody():
    assert kept_out(SHUT.decode(), PAGE, operator="FCT, Portugal") is None
    assert kept_out("User-agent: *\nDisallow: /\n", PAGE, operator="FCT, Portugal") == "*"


def test_a_page_captured_every_month_has_no_gap_but_the_last_days():
    shelf = Shelf()
    for month in range(12):
        shelf.put(month * MONTH, page("four"))
    found = a_page(shelf)
    assert (found.captures, found.unusable_share) == (12, 0.0)
    assert [gap.until for gap in found.gaps] == [None]
    shelf.put(12 * MONTH - 24, page("four"))
    assert a_page(shelf).gaps == ()


def test_a_gap_is_blocked_where_an_archived_robots_txt_says_so_with_both_captures_as_proof():
    shelf = Shelf()
    for month in (0, 1, 2, 8, 9, 10, 11):
        shelf.put(month * MONTH + 5, page("four"))
    shelf.put(12 * MONTH - 30, page("four"))
    for month, text in ((0, OPEN), (2, OPEN), (3, SHUT), (6, SHUT), (8, OPEN), (11, OPEN)):
        shelf.put(month * MONTH, text, url=ROBOTS, mimetype="text/plain", digest=f"R{month}")
    (gap,) = a_page(shelf).gaps
    assert (gap.cause, gap.rule, gap.certain) == (GapCause.BLOCKED, "archive.org_bot", True)
    assert gap.proof.at == gap.in_force == START + timedelta(hours=3 * MONTH)
    assert gap.allowed.at == START + timedelta(hours=2 * MONTH)
    assert gap.proof.url == ROBOTS
    shown = render_terminal(coverage_document([a_page(shelf)]))
    assert "blocked by the outlet: its robots.txt keeps archive.org_bot out since" in shown


def test_a_robots_txt_that_shut_long_after_the_last_capture_does_not_explain_it_all():
    shelf = Shelf()
    shelf.put(0, page("four"))
    for month, text in ((4, OPEN), (6, SHUT), (11, SHUT)):
        shelf.put(month * MONTH, text, url=ROBOTS, digest=f"R{month}")
    (gap,) = a_page(shelf).gaps
    assert (gap.cause, gap.certain) == (GapCause.BLOCKED, False)


def test_a_robots_txt_first_captured_long_after_the_last_capture_does_not_explain_it_all():
    shelf = Shelf()
    shelf.put(0, page("four"))
    for month in (6, 11):
        shelf.put(month * MONTH, SHUT, url=ROBOTS, digest=f"R{month}")
    (gap,) = a_page(shelf).gaps
    assert (gap.cause, gap.certain) == (GapCause.BLOCKED, False)


def test_a_gap_that_ended_before_the_rules_changed_is_not_their_doing():
    shelf = Shelf()
    for month in (0, 5):
        shelf.put(month * MONTH, page("four"))
    for month, text in ((1, OPEN), (4, OPEN), (6, SHUT)):
        shelf.put(month * MONTH + 1, text, url=ROBOTS, digest=f"R{month}")
    assert [gap.cause for gap in a_page(shelf).gaps] == [GapCause.NEVER, GapCause.BLOCKED]


def test_a_gap_of_refusals_shows_one():
    shelf = Shelf()
    shelf.put(0, page("four"))
    refusal = shelf.put(3 * MONTH, None, status=403)
    (gap,) = a_page(shelf).gaps
    assert (gap.cause, gap.rule, gap.proof.at) == (GapCause.REFUSED, "HTTP 403", refusal.at)
    assert a_page(shelf).unusable_share == 0.5


def test_a_capture_that_was_fetched_and_is_no_article_counts_as_unreadable():
    shelf = Shelf()
    seen = shelf.put(0, page("four"))
    shelf.put(1, page("four"))
    assert a_page(shelf, unreadable={seen.at: True}).unusable_share == 0.5


def test_a_page_kept_out_of_the_index_is_excluded_in_the_archives_words():
    shelf = Shelf()
    shelf.listing_error = BlockedError("kept out by its owner")
    (gap,) = a_page(shelf).gaps
    assert (gap.cause, gap.certain, gap.rule) == (GapCause.EXCLUDED, True, "kept out by its owner")


@pytest.mark.parametrize(("days", "causes"), [(2, []), (5, [GapCause.LATE]), (20, [GapCause.NEVER])])
def test_the_last_days_may_not_be_listed_yet(days, causes):
    shelf = Shelf()
    shelf.put(0, page("four"))
    found = coverage_of_page(shelf, PAGE, now=START + timedelta(days=days), operator=IA)
    assert [gap.cause for gap in found.gaps] == causes


def test_a_page_never_captured_is_said_to_be_so():
    (gap,) = a_page(Shelf()).gaps
    assert (gap.cause, gap.since, gap.until) == (GapCause.NEVER, None, None)


def test_captures_before_the_months_asked_for_are_not_said_to_be_none():
    old = an_outlet(months=3)
    found = coverage_of_host(old, HOST, now=START + timedelta(days=900), operator=IA, months=2)
    shown = render_terminal(coverage_document([found]))
    assert "never captured" not in shown
    assert "no usable capture in that time; earlier ones were not asked for." in shown
    assert "never captured, as far as the index says" in render_terminal(coverage_document([a_page(Shelf())]))


@pytest.mark.parametrize("host", [False, True])
def test_the_columns_of_a_month_add_up_to_its_captures(host):
    site = an_outlet(months=1)
    site.put(1, page("four"), url=f"https://{HOST}/")
    for hours, status in ((2, 302), (3, 403), (4, 200)):
        site.put(hours, page("four"), url=PAGE, status=status)
    found = a_host(site, months=60) if host else a_page(site)
    rows = [one.split("\t") for one in render_terminal(coverage_document([found])).split("\n") if "\t" in one]
    assert len(rows) == 2
    _, captures, *parts = rows[1]
    assert len(rows[0]) == len(rows[1])
    assert int(captures) == sum(map(int, parts))


def test_few_copies_of_robots_txt_find_when_the_rules_changed():
    shelf = Shelf()
    for hours in range(500):
        shelf.put(hours, SHUT if hours >= 321 else OPEN, url=ROBOTS, digest=f"R{hours}")
    rules = rules_over_time(shelf, HOST, PAGE, operator=IA)
    (closure,) = closures_in(rules)
    assert len(shelf.fetched) <= MOST_BODIES
    assert closure.first.at == START + timedelta(hours=321)
    assert closure.allowed.at == START + timedelta(hours=320)


def test_an_archive_that_fails_over_robots_txt_leaves_the_rest_and_says_so():
    shelf = Shelf()
    shelf.put(0, page("four"))
    shelf.put(1, UnreachableError("no answer"), url=ROBOTS)
    found = a_page(shelf)
    assert found.captures == 1
    assert "no answer" in found.remarks[0]


def an_outlet(months=12, **kinds):
    site = Site()
    for month in range(months):
        for number in range(3):
            site.put(month * MONTH + number, page("four"), url=story(month * 10 + number), **kinds)
    return site


def a_host(site, **about):
    return coverage_of_host(site, HOST, now=NOW, operator=IA, **about)


def test_an_outlet_is_asked_about_month_by_month():
    site = an_outlet()
    found = a_host(site, months=6)
    assert len(site.asked) == 6
    assert [month.articles for month in found.months][:3] == [3, 3, 3]
    assert all(until is None or since < until for since, until in site.asked)


def test_an_outlet_whose_home_page_alone_is_listed_may_be_excluded():
    site = an_outlet(months=8)
    for month in (9, 10, 11):
        site.put(month * MONTH, page("four"), url=f"https://{HOST}/")
    gap = a_host(site).gaps[-1]
    assert (gap.cause, gap.certain, gap.proof.url) == (GapCause.EXCLUDED, False, f"https://{HOST}/")
    assert "home page was captured and no article" in render_terminal(coverage_document([a_host(site)]))


def test_an_outlet_that_goes_dark_is_kept_with_when_that_was_noticed_until_it_comes_back(store):
    site = an_outlet(months=10)
    pipeline = Pipeline(store, [site])
    look_at(pipeline, HOST, now=START + timedelta(hours=9 * MONTH + 48))
    assert store.coverage.dark_outlets() == ()
    for later in (0, 7):
        look_at(pipeline, HOST, now=NOW + timedelta(days=later))
    (dark,) = store.coverage.dark_outlets()
    assert (dark.host, dark.since, dark.noticed) == (HOST, START + timedelta(hours=9 * MONTH + 2), NOW)
    assert dark.looked == NOW + timedelta(days=7)
    site.put(12 * MONTH + 24 * 8, page("four"), url=story(999))
    look_at(pipeline, HOST, now=NOW + timedelta(days=9))
    assert store.coverage.dark_outlets() == ()


def test_the_daemon_looks_at_outlets_of_tracked_pages_once_a_week_and_stops_at_a_failure(store):
    site = an_outlet()
    pipeline = Pipeline(store, [site])
    for number in range(3):
        store.targets.track(f"https://outlet-{number}.example/a-story-of-the-day", now=START)
    tried = {}

    def round_(now):
        return look_at_outlets(pipeline, now=now, stop=lambda: False, tried=tried)

    assert round_(START) == ()
    assert len(round_(NOW)) == 3
    assert round_(NOW + timedelta(days=6)) == ()
    site.listing_error = UnreachableError("no answer")
    assert round_(NOW + timedelta(days=8)) == ()
    assert len(outlets_due(store, now=NOW + timedelta(days=8, hours=1), tried=tried)) == 2


def test_one_archive_that_fails_stops_no_other(store):
    ill, well = Site("ill"), an_outlet()
    ill.listing_error = UnreachableError("no answer")
    looked = look_at(Pipeline(store, [ill, well]), HOST, now=NOW)
    assert [one.archive for one in looked.coverage] == ["shelf"]
    assert [failure.archive for failure in looked.failures] == ["ill"]
    with pytest.raises(UnreachableError):
        look_at(Pipeline(store, [ill]), HOST, now=NOW)
    with pytest.raises(InputError):
        look_at(Pipeline(store, [well]), "no address", now=NOW)


def test_a_report_has_a_line_of_what_is_known(store):
    site = an_outlet()
    site.put(1, page("four"))
    pipeline, target = Pipeline(store, [site]), store.targets.ensure(PAGE, NOW)
    pipeline.list_captures(target)
    list(pipeline.backfill(target, now=NOW))
    assert "Coverage of" not in render_markdown(pipeline.history(target))
    look_at(pipeline, HOST, now=NOW)
    report = render_markdown(pipeline.history(target))
    assert f"in shelf, looked at {NOW:%Y-%m-%d}: 37 captures" in report


def test_a_damaged_look_is_named_and_stops_no_report(store):
    site = an_outlet()
    site.put(1, page("four"))
    pipeline, target = Pipeline(store, [site]), store.targets.ensure(PAGE, NOW)
    pipeline.list_captures(target)
    list(pipeline.backfill(target, now=NOW))
    look_at(pipeline, HOST, now=NOW)
    with store.database.writing() as connection:
        connection.execute(update(coverage).values(z=b"damaged"))
    assert pipeline.history(target).coverage == ()
    assert [problem.name for problem in store.scrub() if problem.what == "coverage"] == [HOST]


def test_text_from_a_robots_txt_is_inert_in_every_form():
    shelf = Shelf()
    shelf.put(0, page("four"))
    shelf.listing_error = BlockedError("<script>alert(1)</script> | \x1b[31m")
    document = coverage_document([a_page(shelf)])
    assert "\x1b" not in render_terminal(document)


def test_the_command_prints_the_same_as_json(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("VARIORUM_STORE", str(tmp_path / "v.db"))
    monkeypatch.setenv("VARIORUM_ARCHIVE_DIALECT", "warc")
    monkeypatch.setenv("VARIORUM_ARCHIVE_URL", str(WARC))
    url = "https://www.meridian-courier.example/world/2025/03/11/silver-tern-ferry-port-sarel"
    assert main(["coverage", url]) == 0
    assert "Captures a month" in capsys.readouterr().out
    assert main(["coverage", url, "--json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)
    assert found["scope"] == url
    assert datetime.fromisoformat(found["last_article"]) < datetime.now(UTC)
    assert main(["coverage", "www.meridian-courier.example", "--months", "2", "--markdown"]) == 0
    assert capsys.readouterr().out.startswith("# Coverage of meridian-courier")


PAGE_OF_DEMO = "https://www.meridian-courier.example/world/2025/03/11/silver-tern-ferry-port-sarel"


def test_without_a_network_the_store_answers_and_says_what_it_cannot(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    store = ["--store", str(tmp_path / "v.db")]
    assert main([*store, "demo"]) == 0
    monkeypatch.setenv("VARIORUM_ARCHIVE_URL", "http://127.0.0.1:9/web")
    monkeypatch.setenv("VARIORUM_ARCHIVE_DIALECT", "pywb")
    capsys.readouterr()

    for what in (PAGE_OF_DEMO, "www.meridian-courier.example"):
        assert main([*store, "coverage", what]) == 0
        printed = capsys.readouterr()
        assert "2025-03\t17\t13\t3\t1" in printed.out
        assert "gaps and their causes need the network" in printed.out
        assert "This is what was known before" in printed.err
    assert main([*store, "coverage", "nowhere.example"]) == 1
    with open_store(store[1]) as opened:
        assert opened.coverage.looked() == {}, "what was counted is no look"


def test_a_time_after_the_last_capture_is_said_to_be_unknown(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    store = ["--store", str(tmp_path / "v.db")]
    assert main([*store, "demo"]) == 0
    assert "33 findings in all, and 1 contradiction" in capsys.readouterr().out
    for verb in ("claims", "show"):
        assert main([*store, verb, PAGE_OF_DEMO, "2099-01-01"]) == 0
        printed = capsys.readouterr()
        assert printed.err == (
            "variorum: no capture is known after 2025-03-13 16:45 UTC; that of 2025-03-13 16:45 UTC is printed.\n"
        )
        assert "captured 2025-03-13 16:45:50 UTC" in printed.out
        for typed in ("2025-03-13", "version 2"):
            assert main([*store, verb, PAGE_OF_DEMO, typed]) == 0
            assert "no capture is known" not in capsys.readouterr().err
