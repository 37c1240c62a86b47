"""Marks tell that a target's pages would read otherwise, on whatever database the `where` fixture names."""

import pytest

from crawler.errors import InputError
from crawler.store.marks import marks_in
from diffs.model import Change, ChangeKind, ChangeType, Note, Weight
from store_samples import NOW, tracked


def states(store):
    return {mark.target.url: mark.state for mark in marks_in(store.database)}


def finding(name):
    return Change(id=name, kind=ChangeKind.TEXT, type=ChangeType.EDITED, weight=Weight.SUBSTANTIVE)


def test_a_mark_changes_with_story_aliases_and_notes_and_with_nothing_else(store):
    target = tracked(store)
    other, _ = store.targets.track("https://other.example/b", now=NOW)
    store.findings.record(target, [finding("one")], grammar="1", parser="1", now=NOW)
    seen = [states(store)]

    def changed():
        seen.append(states(store))
        return {url for url in seen[-1] if seen[-1][url] != seen[-2][url]}

    assert changed() == set()
    store.targets.untrack(other.url)
    assert changed() == set()
    store.findings.add_note(Note(change="one", text="seen", dismissed=False, at=NOW))
    assert changed() == {target.url}
    store.targets.add_alias(target, "https://mirror.example/a")
    assert changed() == {target.url}
    store.targets.track(other.url, story="Storm", now=NOW)
    assert changed() == {other.url}


def test_marks_come_in_order_page_by_page_and_leave_siblings_out(store, monkeypatch):
    monkeypatch.setattr("crawler.store.marks._PAGE", 2)
    urls = [f"https://news.example/{number}" for number in range(5)]
    for url in reversed(urls):
        store.targets.track(url, now=NOW)
    store.targets.ensure_sibling("https://news.example/sibling", NOW)
    marks = list(marks_in(store.database))
    assert [mark.target.url for mark in marks] == urls
    assert not any(mark.seen for mark in marks)


def test_a_finding_is_traced_to_the_targets_that_have_or_had_it(store):
    target = tracked(store)
    store.findings.record(target, [finding("one")], grammar="1", parser="1", now=NOW)
    store.findings.record(target, [], grammar="1", parser="1", now=NOW)
    assert store.findings.holders("one") == (target.url,)
    with pytest.raises(InputError, match=r"(?i)no finding has the id two"):
        store.findings.holders("two")
