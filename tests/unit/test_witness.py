"""Captures that findings cite are fetched again from an archive on loopback that alters, loses and garnishes some."""

import json
from datetime import datetime, timedelta

import pytest
from replaying import LATER, PAGE, START, Replaying, kept_in, page, serving, stamp

from crawler.cli import main
from crawler.evidence.contents import chosen_findings
from crawler.evidence.custody import custody_problems
from crawler.evidence.witness import cited_by_findings, witness
from crawler.maintenance.jobs import witness_jobs
from crawler.tracker import Tracker
from diffs.model import Verdict
from diffs.reports import render_atom

NUMBER = 100
ALTERED, LOST = 41, (17, 63)


@pytest.fixture
def kept(request, tmp_path, monkeypatch):
    with serving(Replaying(getattr(request, "param", 6))) as archive:
        yield kept_in(tmp_path, archive, monkeypatch)


def rows_of(tracker: Tracker):
    return cited_by_findings(tracker.pipeline, tracker.target(PAGE)).rows


def again(tracker: Tracker, now: datetime = LATER):
    target = tracker.target(PAGE)
    return {
        f"{seen.capture.timestamp}": witness(tracker.pipeline, target, seen, now=now)
        for seen in rows_of(tracker)
    }


@pytest.mark.timeout(120)
@pytest.mark.parametrize("kept", [NUMBER], indirect=True)
def test_exactly_the_altered_and_the_lost_of_a_hundred_are_told(kept, capsys):
    for number, (at, body) in enumerate(list(kept.archive.pages.items())):
        noise = f"<script>var served='{number}-{at}';</script><!-- cache {number * 7} -->"
        kept.archive.pages[at] = body.replace(b"<head>", b"<head>" + noise.encode())
    kept.archive.pages[stamp(ALTERED)] = page(900)
    for number in LOST:
        kept.archive.pages[stamp(number)] = None
    assert main(["witness", PAGE, "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert len(told) == NUMBER
    odd = {one["capture"]["at"][:13]: one["verdict"] for one in told if one["verdict"] != "same_article"}
    hours = {number: f"{START + timedelta(hours=number):%Y-%m-%dT%H}" for number in (ALTERED, *LOST)}
    assert odd == {hours[ALTERED]: "altered", **{hours[number]: "gone" for number in LOST}}
    assert main(["status"]) == 0
    assert "97 with the same article in other bytes, 2 no longer served, 1 altered" in " ".join(
        capsys.readouterr().out.split()
    )
    with kept.open() as tracker:
        paths = tracker.publish(tracker.target(PAGE)).paths
        text = next(path for path in paths if path.suffix == ".md").read_text("utf-8")
        assert list(custody_problems(tracker.store)) == []
    assert "100 captures that findings cite were fetched again by" in text
    assert text.count("is no longer served, found on") == 2
    assert text.count("is served with another text or none, found on") == 1


def test_the_same_bytes_are_told_from_the_same_article(kept):
    kept.archive.pages[stamp(2)] = page(5, "<script>1</script>")
    with kept.open() as tracker:
        found = again(tracker)
        kinds = [one.verdict for _, one in sorted(found.items())]
        acts = [entry.act for entry in tracker.store.custody.of(tracker.target(PAGE))]
        again(tracker)
        still = [entry.act for entry in tracker.store.custody.of(tracker.target(PAGE))]
    same = [Verdict.SAME_BYTES] * 2
    assert kinds == [*same, Verdict.SAME_ARTICLE, *same, Verdict.SAME_BYTES]
    assert acts.count("witnessed") == 6
    assert still == acts


def test_an_archive_that_fails_brings_no_verdict_and_takes_none_back(kept):
    good = dict(kept.archive.pages)
    kept.archive.pages[stamp(1)] = 503
    with kept.open() as tracker:
        first = again(tracker)[stamp(1)]
        assert (first.verdict, first.is_answered, first.is_lost) == (None, False, False)
        kept.archive.pages = good
        assert again(tracker, LATER + timedelta(days=1))[stamp(1)].verdict is Verdict.SAME_BYTES
        kept.archive.pages = {**good, stamp(1): 503}
        third = again(tracker, LATER + timedelta(days=2))[stamp(1)]
    assert (third.verdict, third.is_answered) == (Verdict.SAME_BYTES, False)
    assert third.answered == LATER + timedelta(days=1)


def test_what_is_gone_is_asked_for_again_and_may_come_back(kept):
    good = dict(kept.archive.pages)
    kept.archive.pages[stamp(1)] = None
    with kept.open() as tracker:
        again(tracker)
        lost = again(tracker, LATER + timedelta(days=1))[stamp(1)]
        kept.archive.pages = good
        back = again(tracker, LATER + timedelta(days=2))[stamp(1)]
    assert (lost.verdict, lost.times, lost.since) == (Verdict.GONE, 2, LATER)
    assert (back.verdict, back.times, back.since) == (Verdict.SAME_BYTES, 1, LATER + timedelta(days=2))


def test_a_lost_capture_is_a_finding_of_its_own_wherever_findings_are_read(kept, capsys):
    with kept.open() as tracker:
        before = tracker.history(PAGE)
        target = tracker.target(PAGE)
        kept.archive.pages[stamp(1)] = None
        again(tracker)
        (one,) = tracker.store.witnesses.findings(target)
        history = tracker.history(PAGE)
        (shown,) = history.evidence
        changes = tracker.store.findings.of(target)
        feed = render_atom([history], title="t")
        paths = tracker.report(PAGE, formats=("md", "json", "html"), folder=kept.settings.reports).paths
        texts = {path.suffix: path.read_text("utf-8") for path in paths}
        assert tracker.store.witnesses.findings(standing=True, since=LATER) == (one,)
        assert tracker.store.witnesses.findings(since=LATER + timedelta(seconds=1)) == ()
    assert (one.type, one.resolved, one.appeared) == (Verdict.GONE, None, LATER)
    ends = [step for step in history.transitions if stamp(1) in {f"{end.at:%Y%m%d%H%M%S}" for end in
            (step.interval.after, step.interval.until)}]  # fmt: skip
    assert shown.changes == tuple(change.id for step in ends for change in step.changes) != ()
    assert history.transitions == before.transitions
    assert one.id not in {change.id for change in changes}
    assert json.loads(texts[".json"])["evidence"][0]["id"] == one.id
    assert f"`{one.id}`" in texts[".md"]
    assert one.id in texts[".html"]
    assert f"<id>urn:variorum:{one.id}</id>" in feed
    assert feed.count('<category term="evidence"') == 1
    assert main(["status"]) == 0
    assert "1 finding about cited captures: 1 no longer served" in " ".join(capsys.readouterr().out.split())
    assert main(["status", "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert (record["lost"], record["findings"]) == ({"gone": 1}, len(changes))
    assert main(["status", PAGE, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["evidence"][0]["type"] == "gone"


def test_a_finding_about_a_capture_is_cited_noted_and_packaged_like_others(kept, capsys):
    with kept.open() as tracker:
        kept.archive.pages[stamp(1)] = None
        again(tracker)
        (one,) = tracker.history(PAGE).evidence
    typed = one.id[:-6]
    assert main(["cite", typed, "--format", "ris"]) == 0
    cited = capsys.readouterr().out
    assert (one.id in cited, "no longer served" in cited, one.capture.sha256 in cited) == (True, True, True)
    assert main(["note", typed, "the archive was asked why"]) == 0
    assert main(["export", "--finding", typed, "--out", str(kept.settings.reports / "lost.wacz")]) == 0
    assert main(["verify", str(kept.settings.reports / "lost.wacz")]) == 0
    capsys.readouterr()
    assert main(["verify"]) == 0
    with kept.open() as tracker:
        notes = tracker.store.findings.notes(tracker.target(PAGE))
        (packaged,) = chosen_findings(tracker, [typed])
    assert [(note.change, note.text) for note in notes] == [(one.id, "the archive was asked why")]
    assert {change.id for change, _ in packaged.findings} == set(one.changes) != set()
    assert main(["cite", "evidence-0123456789abcdef"]) == 1
    assert "No finding has the id" in capsys.readouterr().err


def test_a_finding_about_a_capture_ends_when_something_else_becomes_of_it(kept):
    good = dict(kept.archive.pages)
    served = ({stamp(1): None}, {stamp(1): page(900)}, {stamp(1): page(901)}, {}, {stamp(1): None})
    days = [LATER + timedelta(days=number) for number in range(len(served))]
    with kept.open() as tracker:
        target = tracker.target(PAGE)
        for day, other in zip(days, served, strict=True):
            kept.archive.pages = {**good, **other}
            again(tracker, day)
        found = tracker.store.witnesses.findings(target)
        assert list(custody_problems(tracker.store)) == []
    assert [(one.type, one.appeared, one.resolved) for one in found] == [
        (Verdict.GONE, days[0], days[1]),
        (Verdict.ALTERED, days[1], days[3]),
        (Verdict.GONE, days[4], None),
    ]
    assert len({one.id for one in found}) == 3


def test_a_finding_about_a_capture_that_was_changed_outside_is_named(kept):
    kept.archive.pages[stamp(1)] = None
    with kept.open() as tracker:
        again(tracker)
        (one,) = tracker.store.witnesses.findings()
        for change in ("type = 'altered'", "appeared = appeared - 1", "resolved = 5", "reason = 'x'"):
            with tracker.store.together(), tracker.store.database.writing() as connection:
                connection.exec_driver_sql(f"UPDATE evidence_finding SET {change}")
                found = [f"{each.what} {each.name}" for each in custody_problems(tracker.store)]
                connection.exec_driver_sql("ROLLBACK")
                connection.exec_driver_sql("BEGIN")
            assert found == [f"evidence {PAGE} {one.id}"]
        with tracker.store.database.writing() as connection:
            connection.exec_driver_sql("DELETE FROM evidence_finding")
        assert [each.what for each in custody_problems(tracker.store)] == ["evidence"]


def test_only_what_a_named_finding_cites_is_fetched(kept, capsys):
    with kept.open() as tracker:
        steps = tracker.history(PAGE).transitions
        name = steps[1].changes[0].id
    assert main(["witness", "--finding", name]) == 0
    assert sorted(set(kept.archive.asked)) == [stamp(1), stamp(2)]
    assert "2 captures fetched again: 2 with the same bytes" in capsys.readouterr().out


def test_the_daemon_fetches_a_few_an_hour_those_longest_unasked_first(kept):
    now = [LATER]
    ((_, job),) = witness_jobs(kept.settings, clock=lambda: now[0]).values()
    with kept.open() as tracker:
        said = job(tracker.store, lambda: False)
        assert sorted(kept.archive.asked) == [stamp(each) for each in range(4)]
        now[0] += timedelta(hours=1)
        job(tracker.store, lambda: False)
        assert sorted(kept.archive.asked) == [stamp(each) for each in range(6)]
        now[0] += timedelta(hours=1)
        assert job(tracker.store, lambda: False) is None
        assert len(kept.archive.asked) == 6
        now[0] += timedelta(days=31)
        job(tracker.store, lambda: False)
        assert kept.archive.asked[6:] == [stamp(each) for each in range(4)]
    assert said == "fetched 4 cited captures again"
