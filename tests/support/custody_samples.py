"""A store of two pages with every kind of evidence, for the tests of the log of custody."""

from datetime import timedelta

from crawler.store import Store
from diffs.model import Change, ChangeKind, ChangeType, Note, Outcome, Weight
from store_samples import NOW, URL, listed, served, told, tracked

OTHER = "https://gazette.example/flood"


def fill(store: Store) -> None:
    """Keep two pages with captures, articles, findings and notes, bound in the store's chain."""
    for place, url in enumerate((URL, OTHER)):
        target = tracked(store, url)
        store.captures.observe(target, [listed(number, url=url) for number in range(1, 6)])
        rows = list(store.captures.of(target))
        for number, seen in enumerate(rows[:3], start=1 + place):
            shot = served(
                seen, b"page %d " % number * 20, headers=(("Server", f"s{number}"),), content_type="text/html"
            )
            article = told(number)
            store.captures.keep(
                seen, shot, outcome=Outcome.FETCHED, article=article, parser=f"p{number}", now=NOW
            )
        store.captures.mark(rows[3], Outcome.UNCHANGED, fingerprint=told(3).fingerprint)
        changes = [change(f"c{place}{number}") for number in range(2)]
        store.findings.record(target, changes, grammar="g", parser="p", now=NOW)
        store.findings.record(target, changes[:1], grammar="g2", parser="p", now=NOW + timedelta(hours=1))
        for number in range(2):
            at = NOW + timedelta(minutes=number)
            store.findings.add_note(
                Note(change=f"c{place}0", text=f"read {number}", dismissed=bool(number), at=at)
            )
    assert store.custody.bind(NOW) is not None


def change(name: str) -> Change:
    return Change(id=name, kind=ChangeKind.TEXT, type=ChangeType.ADDED, weight=Weight.MINOR)
