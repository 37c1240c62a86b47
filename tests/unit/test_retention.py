"""Old bytes go only where that is asked for, and never those that prove a change."""

from datetime import UTC, datetime, timedelta

import pytest

from crawler.cli import main
from crawler.config import Settings
from crawler.daemon import jobs_of
from crawler.maintenance.retention import drop_old_bodies
from crawler.model import Capture, Snapshot
from crawler.store import Retained, open_store
from diffs.history import history_of, revisions_in
from diffs.model import Article, Citation, Observation, Outcome

NOW = datetime.now(UTC)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
PAGES = ("https://gazette.example/harbour-fire", "https://gazette.example/ferry")


@pytest.fixture
def store(tmp_path):
    """Two pages, each captured daily for nine days, twelve dead from the fifth day on."""
    with open_store(str(tmp_path / "variorum.db")) as opened:
        for url in PAGES:
            target, _ = opened.targets.track(url, now=NOW)
            ages = range(9, 0, -1)
            opened.captures.observe(
                target,
                [
                    Capture(archive="a", url=url, urlkey="k", at=NOW - n * DAY + HOUR, digest=f"{n}")
                    for n in ages
                ],
            )
            for number, seen in enumerate(list(opened.captures.of(target))):
                text = "Nine people died." if number < 4 else "Twelve people died."
                shot = Snapshot(
                    capture=seen.capture,
                    served_at=seen.capture.at,
                    url=url,
                    status=200,
                    content_type="text/html",
                    body=f"{text} {url} {number}".encode(),
                )
                article = Article.from_text("Fire", text)
                opened.captures.keep(
                    seen, shot, outcome=Outcome.FETCHED, article=article, parser="p", now=NOW
                )
        yield opened


def history(store, url):
    target = store.targets.find(url)
    seen = [
        Observation(
            capture=Citation(at=each.capture.at, url=url, archive="a", digest=each.capture.digest),
            outcome=each.outcome,
            fingerprint=each.fingerprint,
        )
        for each in store.captures.of(target)
    ]
    return history_of(revisions_in(seen, store.articles.of(target)), seen, url=url)


def kept(store, url) -> list[bool]:
    return [each.sha256 is not None for each in store.captures.of(store.targets.find(url))]


def test_the_captures_on_both_sides_of_a_change_keep_their_bytes_and_its_history_stays(store):
    before = [history(store, url) for url in PAGES]
    gone = drop_old_bodies(store, days=3, now=NOW, stop=lambda: False)

    assert (gone.captures, gone.bodies) == (6, 6)
    for url in PAGES:
        assert kept(store, url) == [True, False, False, True, True, False, True, True, True]
    assert [history(store, url) for url in PAGES] == before
    assert store.status().dropped == 6
    assert list(store.verify()) == []
    assert drop_old_bodies(store, days=3, now=NOW, stop=lambda: False) == Retained()


def test_it_stops_between_two_targets_when_asked_to(store):
    asked = iter([False, True])

    assert drop_old_bodies(store, days=1, now=NOW, stop=lambda: next(asked)).captures > 0
    assert all(kept(store, max(PAGES)))


def test_the_daemon_forgets_no_bytes_unless_asked_to(store):
    assert "retention" not in jobs_of(Settings.model_validate({}), clock=lambda: NOW)
    jobs = jobs_of(Settings.model_validate({"retention": {"bodies_days": 3}}), clock=lambda: NOW)
    seconds, forget = jobs["retention"]

    assert seconds == 86_400
    assert forget(store, lambda: False) == "let the bytes of 6 captures go"
    assert forget(store, lambda: False) is None


def test_status_tells_the_rule_and_what_went(store, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VARIORUM_STORE", "variorum.db")
    assert main(["status"]) == 0
    assert "everything is kept" in capsys.readouterr().out
    monkeypatch.setenv("VARIORUM_RETENTION_BODIES_DAYS", "3")
    drop_old_bodies(store, days=3, now=NOW, stop=lambda: False)
    assert main(["status"]) == 0

    told = "bytes that prove no change go after 3 days; those of 6 captures went so far"
    assert told in capsys.readouterr().out


def test_bodies_that_stay_know_how_deep_they_lie_when_those_between_are_gone(tmp_path):
    with open_store(str(tmp_path / "deep.db")) as store:
        target = store.targets.ensure(PAGES[0], NOW)
        frame = " ".join(str(number * 7919) for number in range(900))
        bodies = [f"{frame} {number}".encode() for number in range(32)]
        # The first one fetched, on which several chains begin, lies inside a stretch of one text.
        for number in (6, *(n for n in range(32) if n != 6)):
            at = NOW - (40 - number) * DAY
            listed = Capture(archive="a", url=PAGES[0], urlkey="k", at=at, digest=f"{number}")
            store.captures.observe(target, [listed])
            shot = Snapshot(
                capture=listed,
                served_at=at,
                url=PAGES[0],
                status=200,
                content_type="text/html",
                body=bodies[number],
            )
            shown = Article.from_text("Fire", f"{number // 8} people died.")
            seen = store.captures.at(target, at)
            store.captures.keep(seen, shot, outcome=Outcome.FETCHED, article=shown, parser="p", now=NOW)
        assert store.custody.bodies_amiss() == ()

        assert drop_old_bodies(store, days=1, now=NOW, stop=lambda: False).bodies == 24

        assert store.custody.bodies_amiss() == ()
        left = [each.sha256 for each in store.captures.of(target) if each.sha256]
        assert [store.bodies.read(name) for name in left] == [
            bodies[number] for number in range(32) if number % 8 in {0, 7}
        ]
        assert store.status().stored_bytes < 4 * len(frame)
