"""What a rebuild reads again, what it leaves alone, and what it says of the findings."""

import os
import shutil
import sqlite3
import textwrap
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from crawler.cli import main
from crawler.errors import StoreError
from crawler.evidence.custody import custody_problems
from crawler.maintenance.rebuild import LOST, followers, rebuild, told_apart
from crawler.maintenance.reparse import Group, process_group, process_versions
from crawler.model import Capture, Snapshot, StoredCapture
from crawler.parser import PARSER_VERSION, parse
from crawler.sandbox import SandboxedParser
from crawler.store import FindingDelta, open_store
from crawler.tracking.classify import classify
from crawler.tracking.pipeline import Pipeline
from crawler.tracking.siblings import Neighbourhood
from diffs.changes import changes_between
from diffs.model import Article, Note, Outcome

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
URL = "https://gazette.example/harbour-fire"


def page(dead: str, number: int = 0, url: str = URL) -> bytes:
    lines = [
        f"Fire broke out at the harbour on Monday evening and killed at least {dead} people, officials said.",
        "Residents of the quarter watched the flames from the hills above the town until the morning.",
        "The harbour was closed to ships, and those that were on their way were sent to other ports.",
    ]
    text = "".join(f"<p>{line}</p>" for line in lines)
    return f"<html><body><!-- {number} {url} --><h1>Fire at the harbour</h1><div>{text}</div></body></html>".encode()


def fill(store, url: str = URL, toll=("nine", "nine", "12"), parser: str = "0") -> None:
    """Keep a capture a day, read by a parser of that version, which found no figures."""
    target = store.targets.ensure(url, NOW)
    for number, dead in enumerate(toll):
        capture = Capture(
            archive="a", url=url, urlkey=url, at=NOW + timedelta(days=number), mimetype="text/html",
            status=200, digest=f"D{number}",
        )  # fmt: skip
        store.captures.observe(target, [capture])
        seen = store.captures.at(target, capture.at)
        shot = Snapshot(
            capture=capture, served_at=capture.at, url=url, status=200, content_type="text/html",
            body=page(dead, number, url),
        )  # fmt: skip
        article = (
            classify(shot)[2] if parser == PARSER_VERSION else Article.from_text("Fire", "At the harbour.")
        )
        store.captures.keep(seen, shot, outcome=Outcome.FETCHED, article=article, parser=parser, now=NOW)


@pytest.fixture
def store(tmp_path):
    with open_store(str(tmp_path / "variorum.db")) as opened:
        yield opened


def rebuilt(store, *, read=parse, **fields):
    pipeline = Pipeline(store, [], read=read)
    targets = list(store.targets.all(include_untracked=True))
    return list(rebuild(pipeline, targets, neighbourhood=Neighbourhood(store), now=NOW, **fields))


# --------------------------------------------------------------------------- what is read


def test_what_another_parser_read_is_read_again_once_and_its_findings_appear(store):
    fill(store)
    (first,) = rebuilt(store)
    (second,) = rebuilt(store)
    (whole,) = rebuilt(store, everything=True)

    assert (first.read, second.read, whole.read) == (3, 0, 3)
    assert "casualty" in {change.kind for change in first.appeared}
    assert not any((second.appeared, second.vanished, second.moved, whole.appeared, whole.vanished))


def test_a_rebuild_cut_short_goes_on_where_it_was(store):
    for number in range(3):
        fill(store, f"{URL}-{number}")
    targets = list(store.targets.all(include_untracked=True))
    begun = rebuild(Pipeline(store, []), targets, neighbourhood=Neighbourhood(store), now=NOW)
    assert next(begun).read == 3
    begun.close()

    assert [done.read for done in rebuilt(store)] == [0, 3, 3]


def test_a_page_that_showed_no_article_is_judged_again_by_a_later_parser_once(store):
    fill(store)
    target = store.targets.find(URL)
    first = next(store.captures.of(target))
    store.captures.rederive(
        first, None, "0", outcome=Outcome.NOT_ARTICLE, reason="quarantined: the parser crashed"
    )

    assert rebuilt(store)[0].read == 3
    assert next(store.captures.of(target)).outcome is Outcome.FETCHED
    store.captures.rederive(first, None, PARSER_VERSION, outcome=Outcome.NOT_ARTICLE, reason="suspect")
    assert rebuilt(store)[0].read == 0


def test_the_work_of_a_group_is_pure_and_can_be_sent_elsewhere():
    import pickle

    capture = Capture(archive="a", url=URL, urlkey=URL, at=NOW)
    shot = Snapshot(
        capture=capture, served_at=NOW, url=URL, status=200, content_type="text/html", body=page("nine")
    )
    group = Group(url=URL, pages=((7, shot),))
    work, sent = pickle.loads(pickle.dumps((process_group, group)))

    (reading,) = work(sent)
    assert (reading,) == process_group(group)
    assert (reading.number, reading.outcome) == (7, Outcome.FETCHED)
    assert pickle.loads(pickle.dumps(reading)) == reading


@pytest.fixture
def bombs(tmp_path, monkeypatch):
    """Make every process started from here on die of a page that holds a bomb."""
    (tmp_path / "sitecustomize.py").write_text(
        textwrap.dedent(
            """
            import os
            import crawler.parser
            real = crawler.parser.parse
            def parse(body, **fields):
                if b"bomb-2" in body: os._exit(139)
                return real(body, **fields)
            crawler.parser.parse = parse
            """
        )
    )
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")]))


def test_read_in_two_processes_everything_is_as_read_in_one(store):
    for number in range(2):
        fill(store, f"https://gazette-{number}.example/fire")
    done = rebuilt(store, jobs=2)
    seen = [list(store.captures.of(target)) for target in store.targets.all(include_untracked=True)]

    assert [each.read for each in done] == [3, 3]
    assert [each.appeared for each in rebuilt(store, everything=True)] == [(), ()]
    assert [list(store.captures.of(target)) for target in store.targets.all(include_untracked=True)] == seen


def dump(path):
    """Every row of every table."""
    with sqlite3.connect(path) as database:
        tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return {name: sorted(map(repr, database.execute(f'SELECT * FROM "{name}"'))) for (name,) in tables}


def test_two_processes_write_the_rows_that_one_writes_and_the_same_entries_of_custody(tmp_path):
    with open_store(str(tmp_path / "one.db")) as store:
        fill(store, toll=[str(3 + number // 7) for number in range(40)])
        fill(store, f"{URL}-2", toll=("four", "five"))
        fill(store, f"{URL}-3", toll=("six",) * 17)
        first = next(store.captures.of(store.targets.find(URL)))
        served_otherwise(
            store, number=41, body=b"%PDF-1.4", outcome=Outcome.FETCHED, reason=None, row_status=200,
            content_type="application/pdf",
        )  # fmt: skip
        store.captures.rederive(first, None, "0", outcome=Outcome.NOT_ARTICLE, reason="suspect")
    shutil.copy(tmp_path / "one.db", tmp_path / "two.db")
    done = []
    for name, jobs in (("one.db", 1), ("two.db", 2)):
        with open_store(str(tmp_path / name)) as store:
            done.append(rebuilt(store, jobs=jobs))
            assert list(custody_problems(store)) == []
            assert list(store.verify()) == []

    assert done[0] == done[1]
    assert [each.read for each in done[0]] == [41, 2, 17]
    assert len(done[0][0].appeared) >= 5
    assert dump(tmp_path / "one.db") == dump(tmp_path / "two.db")


def test_what_is_current_is_not_compared_again_until_its_evidence_changes(store, monkeypatch):
    fill(store)
    fill(store, f"{URL}-2")
    rebuilt(store)
    compared = []
    real = Pipeline.history
    monkeypatch.setattr(
        Pipeline, "history", lambda self, target: compared.append(target.url) or real(self, target)
    )
    assert [each.read for each in rebuilt(store)] == [0, 0]
    assert compared == []

    target = store.targets.find(f"{URL}-2")
    shown = next(store.captures.of(target))
    store.captures.mark(shown, Outcome.FETCHED, fingerprint=shown.fingerprint)
    rebuilt(store)
    assert compared == [f"{URL}-2"]
    monkeypatch.setattr("crawler.store.findings.version", lambda _: "99.0")
    rebuilt(store)
    assert compared == [f"{URL}-2", URL, f"{URL}-2"]


def test_findings_are_compared_again_where_others_write_meanwhile(store):
    fill(store)
    fill(store, f"{URL}-2")
    target = store.targets.find(URL)
    begun = rebuild(
        Pipeline(store, []),
        list(store.targets.all(include_untracked=True)),
        neighbourhood=Neighbourhood(store),
        now=NOW,
        engine=_late_engine(lambda: fill_later(store, target)),
    )
    done = list(begun)
    assert {change.claim_after.value for change in done[0].appeared if change.claim_after} >= {12, 40}


def fill_later(store, target) -> None:
    """Keep one more capture of the page, as a watching process would."""
    at = NOW + timedelta(days=50)
    capture = Capture(
        archive="a", url=URL, urlkey=URL, at=at, mimetype="text/html", status=200, digest="LATE"
    )
    store.captures.observe(target, [capture])
    shot = Snapshot(
        capture=capture, served_at=at, url=URL, status=200, content_type="text/html", body=page("40", 50)
    )
    seen = store.captures.at(target, at)
    store.captures.keep(
        seen, shot, outcome=Outcome.FETCHED, article=classify(shot)[2], parser=PARSER_VERSION, now=NOW
    )


def _late_engine(meanwhile):
    """Return an engine that lets somebody else write while the first versions are compared."""

    def engine(coming):
        waiting = [meanwhile]
        for work in coming:
            if isinstance(work, Group):
                yield work, process_group(work)
            elif work is not None:
                result = process_versions(work)
                while waiting:
                    waiting.pop()()
                yield work, result

    return engine


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_damaged_body_ends_a_rebuild_with_its_name(store, tmp_path, jobs):
    fill(store, toll=["nine"] * 20)
    fill(store, f"{URL}-2")
    with sqlite3.connect(tmp_path / "variorum.db") as database:
        (name,) = database.execute(
            "SELECT sha256 FROM body WHERE depth = 0 ORDER BY sha256 LIMIT 1"
        ).fetchone()
        database.execute("UPDATE body SET size = size + 1 WHERE sha256 = ?", (name,))
    with pytest.raises(StoreError, match=f"body {name} is damaged"):
        rebuilt(store, jobs=jobs)


@pytest.mark.soak
def test_in_two_processes_a_poisonous_page_costs_itself_alone(store, bombs):
    for number in range(4):
        fill(store, f"https://bomb-{number}.example/fire")
    with SandboxedParser() as alone:
        done = rebuilt(store, read=alone.parse, jobs=2)

    assert [each.read for each in done] == [3, 3, 3, 3]
    shown = {
        target.url[13]: list(store.captures.of(target))
        for target in store.targets.all(include_untracked=True)
    }
    assert {seen.outcome for number in "013" for seen in shown[number]} == {Outcome.FETCHED}
    assert {seen.reason for seen in shown["2"]} == {"quarantined: the parser crashed (exit code 139)"}


# --------------------------------------------------------------------------- captures without bytes


def row(
    number: int, shows: str | None, *, bytes_: bool = True, digest: str = "", outcome=Outcome.FETCHED
) -> StoredCapture:
    at = NOW + timedelta(hours=number)
    capture = Capture(archive="a", url=URL, urlkey=URL, at=at, digest=digest or None)
    sha256 = f"{number:064}" if bytes_ else None
    return StoredCapture(
        id=number, target=1, capture=capture, outcome=outcome, sha256=sha256, fingerprint=shows
    )


@pytest.mark.parametrize(
    ("before", "after", "becomes"),
    [
        pytest.param("old", "old", None, id="nothing was read differently"),
        pytest.param("new", "new", (Outcome.FETCHED, None, "new"), id="both sides read alike"),
        pytest.param("new", "other", (Outcome.FAILED, LOST, None), id="the sides differ now"),
        pytest.param("old", "other", None, id="one side is as it was"),
        pytest.param(None, "new", (Outcome.FAILED, LOST, None), id="one side shows no article now"),
    ],
)
def test_a_capture_whose_bytes_went_follows_those_next_to_it(before, after, becomes):
    rows = [row(1, before), row(2, "old", bytes_=False), row(3, after)]
    found = followers(rows)

    assert [(each[0].id, each[1:]) for each in found] == ([(2, becomes)] if becomes else [])


def test_a_capture_with_the_digest_of_another_follows_it():
    same = row(2, "old", bytes_=False, digest="D", outcome=Outcome.UNCHANGED)
    found = followers(
        [row(1, "new", digest="D"), same, row(3, "old", bytes_=False, digest="E", outcome=Outcome.REVISIT)]
    )

    assert found == [(same, Outcome.UNCHANGED, None, "new")]


def test_what_was_deleted_does_not_come_back_as_a_change(store):
    fill(store, toll=("nine", "nine", "nine", "nine"))
    store.drop_old_bodies(store.targets.find(URL), before=NOW + timedelta(days=9), now=NOW)
    (done,) = rebuilt(store)

    assert done.read == 2
    assert len({seen.fingerprint for seen in store.captures.of(store.targets.find(URL))}) == 1
    assert len(Pipeline(store, []).history(store.targets.find(URL)).revisions) == 1


# --------------------------------------------------------------------------- what is said


def finding(old: str, new: str, **fields):
    sides = [
        Article.from_text("Fire", f"Officials said {toll} people were killed.", **fields)
        for toll in (old, new)
    ]
    return next(change for change in changes_between(*sides) if change.kind == "casualty")


def test_a_finding_that_says_the_same_under_another_id_has_moved():
    old, other = finding("9", "12"), finding("12", "15")
    renamed = replace(old, id="f" * 16)
    done = told_apart(URL, 1, FindingDelta(appeared=(renamed, other), vanished=(old,)))

    assert done.moved == ((old, renamed),)
    assert (done.appeared, done.vanished) == ((other,), ())


def test_a_note_stays_with_a_figure_whose_source_is_read_otherwise_later(store, monkeypatch):
    from diffs.changes import between

    real = between.claims_of
    fill(store)
    rebuilt(store)
    target = store.targets.find(URL)
    noted = next(change for change in store.findings.of(target) if change.kind == "casualty")
    store.findings.add_note(Note(change=noted.id, text="a misreading", dismissed=True, at=NOW))
    reread = {"attribution": "harbour officials", "who": "sailors", "rule": "another"}
    monkeypatch.setattr(
        between, "claims_of", lambda article: tuple(replace(claim, **reread) for claim in real(article))
    )
    (done,) = rebuilt(store, everything=True)

    assert not any((done.appeared, done.vanished, done.moved))
    found = {change.id: change for change in store.findings.of(target)}
    assert found[noted.id].claim_after.attribution == "harbour officials"


def test_the_command_lists_each_finding_that_appeared_or_vanished_and_keeps_its_notes(
    store, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VARIORUM_STORE", "variorum.db")
    monkeypatch.setenv("VARIORUM_ARCHIVE_DIALECT", "warc")
    monkeypatch.setenv("VARIORUM_ARCHIVE_URL", str(tmp_path))
    fill(store)
    wrong = finding("3", "4")
    store.findings.record(store.targets.find(URL), [wrong], grammar="0", parser="0", now=NOW)
    store.findings.add_note(Note(change=wrong.id, text="a misreading", dismissed=True, at=NOW))
    assert main(["rebuild", "--jobs", "1"]) == 0

    first, *lines = capsys.readouterr().out.splitlines()
    assert first.startswith(f"{URL}: 3 bodies read again, ")
    assert first.endswith(" 1 vanished, 0 moved")
    assert f"    vanished {wrong.id} Casualty figure increased: 3 → 4" in lines
    assert any(
        "appeared" in line and "Casualty figure increased: at least 9 → at least 12" in line for line in lines
    )
    assert [note.text for note in store.findings.notes(store.targets.find(URL))] == ["a misreading"]


# --------------------------------------------------------------------------- as it was fetched


def served_otherwise(
    store, *, number: int, body: bytes, outcome: Outcome, reason: str, **served
) -> StoredCapture:
    """Keep a capture whose index row tells less, or other, than what was served."""
    target = store.targets.find(URL)
    at = NOW + timedelta(days=number)
    row = Capture(
        archive="a", url=URL, urlkey=URL, at=at, status=served.pop("row_status"), digest=f"D{number}"
    )
    store.captures.observe(target, [row])
    values = {"served_at": at, "url": URL, "status": 200, "content_type": "text/html"} | served
    shot = Snapshot(capture=row, body=body, **values)
    article = parse(body, url=URL, captured_at=at) if outcome is Outcome.FETCHED else None
    seen = store.captures.at(target, at)
    return store.captures.keep(
        seen, shot, outcome=outcome, reason=reason, article=article, parser="0", now=NOW
    )


def test_an_error_page_that_the_index_did_not_name_stays_one(store):
    fill(store)
    missing = served_otherwise(
        store, number=5, body=page("13"), outcome=Outcome.NOT_ARTICLE, reason="HTTP 404 when captured",
        row_status=None, status=404,
    )  # fmt: skip
    rebuilt(store)

    after = store.captures.current(missing)
    assert (after.outcome, after.reason) == (Outcome.NOT_ARTICLE, "HTTP 404 when captured")
    assert (after.served_status, after.fingerprint) == (404, None)


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_page_that_goes_on_under_its_new_address_does_so_after_a_rebuild(store, jobs):
    fill(store)
    fill(store, f"{URL}-2")
    moved = served_otherwise(
        store, number=5, body=page("13"), outcome=Outcome.FETCHED, reason=f"redirected to {URL}-kills-13",
        row_status=301, url=f"{URL}-kills-13", redirects=(URL,),
    )  # fmt: skip
    rebuilt(store, jobs=jobs)

    after = store.captures.current(moved)
    assert (after.outcome, after.reason) == (Outcome.FETCHED, f"redirected to {URL}-kills-13")
    assert after.fingerprint == moved.fingerprint
    assert after.redirects == (URL,)
