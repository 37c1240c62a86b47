"""Which findings enter the outbox, and what becomes of them there, with their findings and between two senders."""

from dataclasses import replace
from datetime import timedelta

import pytest
from alert_samples import FACTS, STAMP, change, send_all, states, wanted

from crawler.parser import Template
from crawler.store import AlertState
from crawler.store.outbox import About, Withdrawal
from crawler.store.troubles import Cause, TroubleFacts
from diffs.claims import claims_in_text
from diffs.model import Note, Outcome
from store_samples import NOW, keep, listed, served, told, tracked


def test_only_what_is_new_enters_the_outbox_and_only_once(store):
    target = tracked(store)
    store.findings.record(target, [change(1)], **STAMP)
    alerts = wanted(1, fresh=False) | wanted(2)
    for _ in range(2):
        store.findings.record(target, [change(1), change(2)], alerts=alerts, **STAMP)

    assert states(store, 1) == []
    assert states(store, 2) == [(About.FOUND, AlertState.PENDING)]


def test_a_finding_and_its_alert_are_stored_together_or_not_at_all(store):
    target = tracked(store)

    def interrupted() -> None:
        with store.together():
            store.findings.record(target, [change(1)], alerts=wanted(1), **STAMP)
            assert states(store) == [(About.FOUND, AlertState.PENDING)]
            raise RuntimeError

    with pytest.raises(RuntimeError):
        interrupted()

    assert store.findings.of(target) == ()
    assert states(store) == []


def test_a_newer_parser_floods_nobody_but_what_was_fetched_meanwhile_is_announced(store):
    target = tracked(store)
    store.findings.record(target, [], **STAMP)
    alerts = wanted(1, fresh=False) | wanted(2, fresh=True)
    later = STAMP | {"parser": "2"}
    store.findings.record(target, [change(1), change(2)], alerts=alerts, **later)

    assert states(store, 1) == []
    assert states(store, 2) == [(About.FOUND, AlertState.PENDING)]


def test_a_template_learnt_late_floods_nobody(store):
    target = tracked(store)
    store.findings.record(target, [], **STAMP)
    store.templates.adopt(target, Template.learn([(FACTS.url, b"<p>Subscribe to the Gazette</p>")] * 3))
    alerts = wanted(1, fresh=False) | wanted(2, fresh=True)
    store.findings.record(target, [change(1), change(2)], alerts=alerts, **STAMP)

    assert states(store, 1) == []
    assert states(store, 2) == [(About.FOUND, AlertState.PENDING)]
    store.findings.record(target, [change(1), change(2), change(3)], alerts=wanted(3, fresh=False), **STAMP)
    assert states(store, 3) == []


def test_what_was_recorded_without_announcing_is_announced_by_the_next_look_that_finds_it_fresh(store):
    target = tracked(store)
    store.findings.record(target, [change(1), change(2)], **STAMP)
    assert store.alerts.counts() == {}
    alerts = wanted(1) | wanted(2, fresh=False)
    store.findings.record(target, [change(1), change(2)], alerts=alerts, **STAMP)

    assert states(store, 1) == [(About.FOUND, AlertState.PENDING)]
    assert states(store, 2) == []


def test_a_withdrawal_says_why_and_what_the_reader_wrote_who_dismissed(store):
    target = tracked(store)
    store.findings.record(target, [change(1), change(2), change(3)], alerts=wanted(1, 2, 3), **STAMP)
    send_all(store)
    store.findings.record(target, [change(2), change(3)], alerts={}, **STAMP)
    store.findings.record(target, [change(3)], alerts={}, **STAMP | {"parser": "2"})
    store.findings.add_note(Note(change="change-3", text="a misprint", dismissed=True, at=NOW))

    facts = [store.alerts.of(f"change-{number}")[1].facts for number in (1, 2, 3)]
    assert [one.withdrawn for one in facts] == [
        Withdrawal.CAPTURES,
        Withdrawal.REREAD,
        Withdrawal.DISMISSED,
    ]
    assert [one.remark for one in facts] == [None, None, "a misprint"]


def moved(number: int, sentence: str):
    """Return a finding of one number whose words stand at another place."""
    claims = [
        replace(claims_in_text(f"The fire killed {dead} people.")[0], sentence=sentence) for dead in (2, 3)
    ]
    return change(number, claim_before=claims[0], claim_after=claims[1])


@pytest.mark.parametrize("is_sent", [True, False])
def test_a_finding_that_only_moved_under_a_new_release_keeps_its_alert(store, is_sent):
    target = tracked(store)
    store.findings.record(target, [moved(1, "one")], alerts=wanted(1), **STAMP)
    if is_sent:
        send_all(store)
    before = states(store, 1)
    for alerts in (None, wanted(2, fresh=True), wanted(2, fresh=False)):
        store.findings.record(target, [moved(2, "two")], alerts=alerts, **STAMP | {"parser": "2"})

    assert states(store, 1) == []
    assert states(store, 2) == before
    store.findings.record(target, [], alerts={}, **STAMP | {"parser": "2"})
    assert [about for about, _ in states(store, 2)] == [About.FOUND, About.WITHDRAWN][: 1 + is_sent]


def test_a_dismissed_finding_that_moves_under_a_new_release_stays_withdrawn(store):
    target = tracked(store)
    store.findings.record(target, [moved(1, "one")], alerts=wanted(1), **STAMP)
    send_all(store)
    store.findings.add_note(Note(change="change-1", text="wrong", dismissed=True, at=NOW))
    later = STAMP | {"parser": "2"}
    store.findings.record(target, [moved(2, "two")], alerts=wanted(2, fresh=False), **later)

    assert states(store, 2) == []
    assert [about for about, _ in states(store, 1)] == [About.FOUND, About.WITHDRAWN]


def test_another_finding_of_the_same_words_by_new_captures_is_no_move(store):
    target = tracked(store)
    store.findings.record(target, [moved(1, "one")], alerts=wanted(1), **STAMP)
    send_all(store)
    store.findings.record(target, [moved(2, "two")], alerts=wanted(2), **STAMP)

    assert [about for about, _ in states(store, 1)] == [About.FOUND, About.WITHDRAWN]
    assert states(store, 2) == [(About.FOUND, AlertState.PENDING)]


def test_what_a_rebuild_finds_again_is_not_withdrawn_meanwhile(store):
    target = tracked(store)
    store.findings.record(target, [change(1)], alerts=wanted(1), **STAMP)
    send_all(store)
    for found in ([], [change(1)]):
        store.findings.record(target, found, **STAMP)

    assert states(store) == [(About.FOUND, AlertState.SENT)]


def test_what_was_withdrawn_and_stands_again_by_a_rebuild_is_announced_again_by_the_next_look(store):
    target = tracked(store)
    store.findings.record(target, [change(1)], alerts=wanted(1), **STAMP)
    send_all(store)
    store.findings.record(target, [], **STAMP)
    send_all(store)
    store.findings.record(target, [change(1)], **STAMP | {"parser": "2"})
    store.findings.record(target, [change(1)], alerts=wanted(1, fresh=False), **STAMP | {"parser": "2"})

    assert states(store) == [(About.FOUND, AlertState.PENDING)]


def test_what_vanishes_unsent_is_never_sent_and_what_was_sent_is_withdrawn_once(store):
    target = tracked(store)
    store.findings.record(target, [change(1)], alerts=wanted(1), **STAMP)
    send_all(store)
    store.findings.record(target, [change(1), change(2)], alerts=wanted(1, 2), **STAMP)
    store.findings.record(target, [], **STAMP)

    assert states(store, 1) == [(About.FOUND, AlertState.SENT), (About.WITHDRAWN, AlertState.PENDING)]
    assert states(store, 2) == [(About.FOUND, AlertState.WITHDRAWN)]
    send_all(store)
    store.findings.record(target, [], **STAMP)
    assert [state for _, state in states(store, 1)] == [AlertState.SENT] * 2


def test_a_dismissed_finding_is_withdrawn_from_those_who_were_sent_it(store):
    target = tracked(store)
    store.findings.record(target, [change(1)], alerts=wanted(1), **STAMP)
    send_all(store)
    store.findings.add_note(Note(change="change-1", text="seen", dismissed=False, at=NOW))
    assert len(states(store)) == 1
    store.findings.add_note(Note(change="change-1", text="wrong", dismissed=True, at=NOW))

    assert states(store)[1:] == [(About.WITHDRAWN, AlertState.PENDING)]


def test_a_dismissed_finding_that_vanishes_and_comes_back_is_not_announced_again(store):
    target = tracked(store)
    store.findings.record(target, [change(1)], alerts=wanted(1), **STAMP)
    send_all(store)
    store.findings.add_note(Note(change="change-1", text="wrong", dismissed=True, at=NOW))
    send_all(store)
    for found in ([], [change(1)]):
        store.findings.record(target, found, alerts=wanted(1), **STAMP)

    assert states(store) == [(About.FOUND, AlertState.SENT), (About.WITHDRAWN, AlertState.SENT)]


def test_a_withdrawal_that_is_on_its_way_while_the_finding_comes_back_is_noted_without_a_failure(store):
    target = tracked(store)
    store.findings.record(target, [change(1)], alerts=wanted(1), **STAMP)
    send_all(store)
    store.findings.record(target, [], **STAMP)
    (on_its_way,) = store.alerts.due(NOW, channel="desk", limit=9)
    store.alerts.claim([on_its_way], now=NOW, until=NOW + timedelta(minutes=1))
    store.findings.record(target, [change(1)], alerts=wanted(1), **STAMP)
    store.alerts.note_sent([on_its_way.id], now=NOW)

    assert states(store) == [(About.FOUND, AlertState.PENDING)]


def test_what_comes_back_before_its_withdrawal_was_sent_needs_no_message(store):
    target = tracked(store)
    for found in ([change(1)], [], [change(1)]):
        store.findings.record(target, found, alerts=wanted(1), **STAMP)
        if found and len(states(store)) == 1 and states(store)[0][1] is AlertState.PENDING:
            send_all(store)

    assert states(store) == [(About.FOUND, AlertState.SENT)]


def test_what_comes_back_is_not_withdrawn_from_a_channel_that_wants_it_no_more(store):
    target = tracked(store)
    store.findings.record(target, [change(1)], alerts=wanted(1), **STAMP)
    send_all(store)
    store.findings.record(target, [], alerts={}, **STAMP)
    assert (About.WITHDRAWN, AlertState.PENDING) in states(store)
    store.findings.record(target, [change(1)], alerts={}, **STAMP)

    assert states(store) == [(About.FOUND, AlertState.SENT)]


@pytest.mark.parametrize("behind", [timedelta(0), timedelta(seconds=1), timedelta(minutes=10)])
def test_what_a_worker_with_a_slow_clock_fetches_is_news(store, behind):
    target = tracked(store)
    store.captures.observe(target, [listed(1), listed(2)])
    first, second = store.captures.of(target)
    keep(store, first, b"one", told(1))
    store.findings.record(target, [], alerts={}, **STAMP)
    assert store.alerts.announced(target).knew(store.captures.current(first))

    shot = served(second, b"two")
    now = NOW - behind
    store.captures.keep(second, shot, outcome=Outcome.FETCHED, article=told(2), parser="p1", now=now)
    assert not store.alerts.announced(target).knew(store.captures.current(second))
    store.findings.record(target, [], alerts={}, **STAMP)
    assert store.alerts.announced(target).knew(store.captures.current(second))


def test_what_comes_back_after_its_withdrawal_was_sent_is_announced_again(store):
    target = tracked(store)
    store.findings.record(target, [change(1)], alerts=wanted(1), **STAMP)
    send_all(store)
    store.findings.record(target, [], **STAMP)
    send_all(store)
    store.findings.record(target, [change(1)], alerts=wanted(1), **STAMP)

    assert states(store) == [(About.FOUND, AlertState.PENDING)]


def test_what_vanishes_while_it_is_being_sent_is_withdrawn_whether_or_not_the_sender_lived(store):
    target = tracked(store)
    store.findings.record(target, [change(1)], alerts=wanted(1), **STAMP)
    due = store.alerts.due(NOW, channel="desk", limit=9)
    store.alerts.claim(due, now=NOW, until=NOW + timedelta(minutes=1))
    store.findings.record(target, [], **STAMP)
    assert states(store) == [(About.FOUND, AlertState.WITHDRAWN), (About.WITHDRAWN, AlertState.PENDING)]
    store.alerts.note_sent([due[0].id], now=NOW)

    assert states(store) == [(About.FOUND, AlertState.SENT), (About.WITHDRAWN, AlertState.PENDING)]


def test_what_waits_for_a_second_capture_goes_out_when_one_shows_it(store):
    target = tracked(store)
    store.findings.record(target, [change(1)], alerts=wanted(1, held=True), **STAMP)
    assert store.alerts.due(NOW, channel="desk", limit=9) == ()
    store.findings.record(target, [change(1)], alerts=wanted(1, held=True), **STAMP)
    assert states(store) == [(About.FOUND, AlertState.HELD)]
    store.findings.record(target, [change(1)], alerts=wanted(1), **STAMP)

    assert len(store.alerts.due(NOW, channel="desk", limit=9)) == 1


def test_only_what_nothing_can_follow_is_deleted_when_it_is_old(store):
    target, old, later = tracked(store), NOW + timedelta(days=400), NOW + timedelta(days=500)
    numbers = range(1, 7)
    store.findings.record(target, [change(one) for one in numbers], alerts=wanted(1, 2, 3, 4, 5), **STAMP)
    due = store.alerts.due(NOW, channel="desk", limit=99)
    for each in due[:3]:
        store.alerts.note_sent([each.id], now=NOW)
    # 1 stands, 2 is withdrawn and that was sent, 3 is withdrawn and that waits, 4 never was sent, 5 waits, 6 is new.
    kept = [change(one) for one in (1, 5, 6)]
    store.findings.record(target, kept, alerts=wanted(6), **STAMP)
    (two, three) = store.alerts.of("change-2")[1], store.alerts.of("change-3")[1]
    store.alerts.note_sent([two.id], now=NOW)
    assert store.alerts.delete_settled(before=NOW) == 0
    store.alerts.note_sent([store.alerts.of("change-6")[0].id], now=old)

    assert store.alerts.delete_settled(before=later) == 3
    assert [bool(states(store, one)) for one in numbers] == [True, False, True, False, True, True]
    assert three.state is AlertState.PENDING
    store.findings.record(target, [*kept, change(2)], alerts=wanted(2, fresh=False), **STAMP)
    assert states(store, 2) == []


def test_what_a_channel_was_sent_last_is_kept_however_old_it_is(store):
    target = tracked(store)
    store.findings.record(target, [change(1)], alerts=wanted(1), **STAMP)
    send_all(store)
    store.findings.record(target, [], alerts={}, **STAMP)
    send_all(store)

    assert store.alerts.delete_settled(before=NOW + timedelta(days=999)) == 0
    assert [one.last_sent for one in store.alerts.channel_records()] == [NOW]


def test_troubles_that_are_over_go_with_what_was_sent_of_them(store):
    day = timedelta(days=1)
    facts = [TroubleFacts(cause=Cause.PENALTY, subject=f"host-{number}.example") for number in range(3)]

    def observe(standing, now):
        store.troubles.observe(standing, causes=[Cause.PENALTY], channels=lambda _: ["desk"], now=now)

    observe(facts, NOW)
    send_all(store)
    observe(facts[1:], NOW)
    send_all(store)
    observe(facts[2:], NOW)
    last = store.alerts.due(NOW, channel="desk", limit=9)
    store.findings.record(tracked(store), [change(1)], alerts=wanted(1), **STAMP)
    store.alerts.note_sent([store.alerts.of("change-1")[0].id], now=NOW + day)

    assert [one.about for one in last] == [About.OVER]
    assert store.alerts.delete_settled(before=NOW + 2 * day) == 2
    assert store.alerts.counts() == {AlertState.PENDING: 1, AlertState.SENT: 3}
    assert store.troubles.open() == (facts[2],)


def test_an_alert_is_claimed_by_one_sender_until_its_claim_runs_out(store):
    target = tracked(store)
    store.findings.record(target, [change(1)], alerts=wanted(1), **STAMP)
    due = store.alerts.due(NOW, channel="desk", limit=9)
    until = NOW + timedelta(minutes=1)

    assert store.alerts.claim(due, now=NOW, until=until) == {due[0].id}
    assert store.alerts.claim(due, now=NOW, until=until) == set()
    assert store.alerts.claim(due, now=until, until=until + timedelta(minutes=1)) == {due[0].id}


def test_a_page_watched_later_than_it_was_known_is_tracked_since_then(store):
    known = store.targets.ensure("https://gazette.example/known", NOW)
    later = NOW + timedelta(days=9)
    target, _ = store.targets.track(known.url, now=later)
    again, _ = store.targets.track(known.url, now=later + timedelta(days=1))

    assert (target.added, target.tracked_since, again.tracked_since) == (NOW, later, later)
