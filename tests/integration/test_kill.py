"""Killed at any moment, the store has lost nothing it acknowledged, and needs no repair."""

import hashlib
import itertools
import json
import random
import signal
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import func, select

from crawler.store import Store, open_store
from crawler.store.schema import article, body, capture
from diffs.model import Outcome

# A process that has imported everything forks one crawler for each order it reads. The crawler asks a local
# archive, whose log (a line for each page served) is the oracle, and writes a line for each capture that the
# store acknowledged. It kills itself at the `at`-th statement or commit; where `at` is 0, the kernel kills it once it has used
# so many seconds of processor time, which no busy machine lengthens much.
PROGRAM = """
import hashlib, json, os, random, signal, sys
from datetime import UTC, datetime, timedelta
from sqlalchemy import Engine, event
from sqlalchemy.pool import Pool
from crawler.model import Capture, Snapshot
from crawler.tracking.scheduler import run_once
from crawler.store import open_store
from diffs.model import Article, Outcome

START = datetime(2026, 3, 1, tzinfo=UTC)

def page(url, number):
    rng = random.Random(url)
    words = [f"{rng.getrandbits(32):x}" for _ in range(400)]
    words[number] = "changed"
    return " ".join(words).encode()

def note(path, *words):
    with open(path, "a") as log:
        log.write(" ".join(words) + chr(10))

def die_at(at):
    points = 0
    def point(*_):
        nonlocal points
        points += 1
        if points == at:
            os.kill(os.getpid(), signal.SIGKILL)
    for name in ("before_cursor_execute", "after_cursor_execute", "commit"):
        event.listen(Engine, name, point)
    # After the commit, before the caller hears of it.
    event.listen(Pool, "checkin", point)

def crawl(where, served, acknowledged, clock, at, seconds):
    now = START + timedelta(days=clock)
    if at:
        die_at(at)
    elif seconds:
        signal.setitimer(signal.ITIMER_PROF, seconds)
    store = open_store(where)
    def work(target):
        captures = (
            Capture(archive="local", url=target.url, urlkey="k", at=START + timedelta(hours=n), digest=str(n))
            for n in range(12)
        )
        store.captures.observe(target, captures)
        for seen in store.captures.of(target, outcome=Outcome.PENDING):
            number = seen.capture.at.hour
            data = page(target.url, number)
            note(served, target.url, str(number))
            shot = Snapshot(capture=seen.capture, served_at=seen.capture.at, url=target.url, status=200,
                            content_type="text/html", body=data)
            text = Article.from_text("Fire", data.decode())
            kept = store.captures.keep(seen, shot, outcome=Outcome.FETCHED, article=text, parser="p", now=now)
            note(acknowledged, target.url, str(number), kept.sha256)
    for number in range(3):
        store.targets.track(f"https://gazette.example/{number}", now=START)
    store.queue.release_daemons()
    while run_once(store, work, now=lambda: now, limit=2, stop=lambda: False, worker="daemon host 1", lease_seconds=3600):
        pass
    store.close()

for line in sys.stdin:
    order = json.loads(line)
    if "wait" in order:
        print(os.waitstatus_to_exitcode(os.waitpid(order["wait"], 0)[1]), flush=True)
        continue
    child = os.fork()
    if not child:
        crawl(*order["crawl"])
        os._exit(0)
    print(child, flush=True)
"""
CAPTURES = 36


class Scene:
    """One store, its archive's log, and the crawlers that are killed on it."""

    def __init__(self, mother, folder: Path) -> None:
        self.mother = mother
        self.where = str(folder / "variorum.db")
        self.served, self.acknowledged = folder / "served", folder / "acknowledged"
        for place in (self.served, self.acknowledged):
            place.touch()
        self.clock = 0

    def ask(self, **order: object) -> int:
        self.mother.stdin.write(json.dumps(order) + "\n")
        self.mother.stdin.flush()
        return int(self.mother.stdout.readline())

    def crawl(self, *, at: int = 0, after: float | None = None) -> int:
        """Run a crawler; gives its exit code. It dies at a point of its own, or after some seconds of its work."""
        self.clock += 1
        child = self.ask(crawl=[self.where, str(self.served), str(self.acknowledged), self.clock, at, after])
        return self.ask(wait=child)

    def lines(self, place: Path) -> list[str]:
        return place.read_text().splitlines()

    def check(self) -> None:
        """Nothing acknowledged is lost or torn, nothing is there twice, and the store opens as it is."""
        with open_store(self.where) as store:
            kept = kept_in(store)
            for line in self.lines(self.acknowledged):
                url, number, sha256 = line.split()
                assert kept[url, int(number)] == sha256, f"lost: {line}"
            assert list(store.verify()) == []
            assert all(
                hashlib.sha256(store.bodies.read(name)).hexdigest() == name for name in store.bodies.names()
            )
            with store.database.reading() as connection:
                key = (capture.c.target_id, capture.c.archive, capture.c.at, capture.c.url, capture.c.digest)
                twice = select(*key).group_by(*key).having(func.count() > 1)
                assert connection.execute(twice).all() == []
                fetched = connection.execute(
                    select(func.count()).where(capture.c.sha256.is_not(None))
                ).scalar()
                assert connection.execute(select(func.count()).select_from(article)).scalar() == fetched
                orphans = select(body.c.sha256).where(
                    body.c.sha256.not_in(select(capture.c.sha256).where(capture.c.sha256.is_not(None)))
                )
                assert connection.execute(orphans).all() == []

    def check_the_end(self) -> None:
        """Everything is there, and no page was asked for again once it was acknowledged."""
        assert self.crawl() == 0
        self.check()
        with open_store(self.where) as store:
            assert len(kept_in(store)) == CAPTURES
            asked = len(self.lines(self.served))
        assert self.crawl() == 0
        assert len(self.lines(self.served)) == asked

    def check_the_log(self, kills: int) -> None:
        """A page in hand when the crawler died is asked for again, none besides."""
        again = sum(count - 1 for count in Counter(self.lines(self.served)).values())
        assert again <= kills


def kept_in(store: Store) -> dict[tuple[str, int], str]:
    return {
        (seen.capture.url, seen.capture.at.hour): seen.sha256
        for target in store.targets.all()
        for seen in store.captures.of(target, outcome=Outcome.FETCHED)
    }


@pytest.fixture
def scene(mother, tmp_path):
    return Scene(mother, tmp_path)


def kill_at_points(scene: Scene, points: list[int]) -> int:
    """Kill a crawler at each point; gives how many died before they were done."""
    died = 0
    for point in points:
        died += scene.crawl(at=point) == -signal.SIGKILL
        scene.check()
    return died


def kill_at_moments(scene: Scene, seed: int, times: int) -> int:
    rng = random.Random(seed)
    died = 0
    for _ in range(times):
        died += scene.crawl(after=rng.uniform(0.001, 0.12)) == -signal.SIGPROF
        scene.check()
    return died


def test_killed_at_random_moments_it_loses_nothing_it_acknowledged(scene):
    died = kill_at_moments(scene, 1, 7)

    assert died > 1
    scene.check_the_log(died)
    scene.check_the_end()


def test_killed_while_the_store_is_made_it_is_made_by_the_next(scene):
    died = kill_at_points(scene, [1, 17, 43])

    assert died == 3
    scene.check_the_end()


def test_killed_at_points_spread_over_the_write_path_it_loses_nothing(scene):
    assert scene.crawl(at=150) == -signal.SIGKILL
    died = kill_at_points(scene, [*range(1, 60, 10), 90, 120])

    assert died > 5
    scene.check_the_log(died)
    scene.check_the_end()


@pytest.mark.soak
def test_killed_at_every_point_of_the_write_path_it_loses_nothing(mother, tmp_path):
    """Each statement and commit of a whole crawl, one after the other, on stores in every state before it."""
    died = 0
    for round_ in range(12):
        folder = tmp_path / str(round_)
        folder.mkdir()
        scene = Scene(mother, folder)
        points = list(range(1 + round_, 520, 12))
        killed = kill_at_points(scene, points)
        scene.check_the_log(killed)
        scene.check_the_end()
        died += killed

    print(f"{died} kills at named points, nothing lost")  # noqa: T201  a long test tells its figure
    assert died >= 200


@pytest.mark.soak
def test_killed_hundreds_of_times_at_random_moments_it_loses_nothing(mother, tmp_path):
    died, rounds = 0, itertools.count()
    while died < 200:
        round_ = next(rounds)
        folder = tmp_path / str(round_)
        folder.mkdir()
        scene = Scene(mother, folder)
        killed = kill_at_moments(scene, round_, 25)
        scene.check_the_log(killed)
        scene.check_the_end()
        died += killed
        assert round_ < 60, "the crawlers end before they are killed"

    print(f"{died} kills at random moments, nothing lost")  # noqa: T201  a long test tells its figure
