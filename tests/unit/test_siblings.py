"""What a site's other pages teach, when it is adopted, and what it changes."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.errors import StoreError
from crawler.maintenance.rebuild import rebuild as rebuild_targets
from crawler.model import Capture, Snapshot, Target
from crawler.parser import Template
from crawler.parser.template import Sample, sample_of
from crawler.store import Store, open_store
from crawler.store.schema import template
from crawler.tracking.classify import classify
from crawler.tracking.pipeline import Pipeline
from crawler.tracking.siblings import Neighbourhood

NOW = datetime(2025, 6, 1, tzinfo=UTC)
SITE = "https://herald.example"
BADGE = "Our newsroom is the oldest on the coast and answers to nobody else at all."
TOPICS = ["harbour", "school", "orchard", "railway", "museum", "reservoir"]


def page(topic: str) -> bytes:
    lines = [
        f"The {topic} will close for a week, the town council decided on a rainy Monday evening.",
        f"Residents who use the {topic} every day were told of the decision by post.",
        f"A spokeswoman for the council said that the {topic} had last been repaired in 1998.",
        BADGE,
        f"Work on the {topic} begins when the frost is over and the ground is dry again.",
    ]
    text = "".join(f"<p>{line}</p>" for line in lines)
    return f"<html><body><h1>Town to Close Its {topic.title()}</h1><div>{text}</div></body></html>".encode()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(str(tmp_path / "variorum.db")) as opened:
        yield opened


def keep(store: Store, topic: str, *, days: int = 0, site: str = SITE) -> Target:
    url = f"{site}/2025/{topic}-to-close"
    target = store.targets.ensure(url, NOW)
    at = NOW + timedelta(days=days)
    capture = Capture(archive="a", url=url, urlkey=url, at=at, mimetype="text/html", status=200, digest=topic)
    store.captures.observe(target, [capture])
    (seen,) = store.captures.of(target)
    snapshot = Snapshot(
        capture=capture, served_at=at, url=url, status=200, content_type="text/html", body=page(topic)
    )
    outcome, reason, article = classify(snapshot)
    store.captures.keep(seen, snapshot, outcome=outcome, reason=reason, article=article, parser="1", now=NOW)
    return target


def rebuild(store: Store, target: Target) -> str:
    pipeline = Pipeline(store, [])
    list(rebuild_targets(pipeline, [target], neighbourhood=Neighbourhood(store), now=NOW))
    return pipeline.article_at(target, None)[1].text


def test_what_other_pages_of_the_site_repeat_is_furniture_after_a_rebuild(store) -> None:
    target, *_ = [keep(store, topic) for topic in TOPICS]
    before = Pipeline(store, []).article_at(target, None)[1]
    assert BADGE in before.text
    assert BADGE not in rebuild(store, target)

    article = Pipeline(store, []).article_at(target, None)[1]
    assert article.parser.partition("+")[2] == store.templates.of(target).hash
    assert any(each.text == BADGE and SITE in each.reason for each in article.removed)
    assert "begins when the frost is over" in article.text


def test_a_rebuild_learns_the_same_whatever_the_order_of_fetching(tmp_path) -> None:
    hashes = set()
    for number, order in enumerate([TOPICS, TOPICS[::-1]]):
        with open_store(str(tmp_path / f"{number}.db")) as store:
            targets = {topic: keep(store, topic) for topic in order}
            rebuild(store, targets["harbour"])
            hashes.add(store.templates.of(targets["harbour"]).hash)
    assert len(hashes) == 1


def test_other_sites_other_years_and_too_few_pages_teach_nothing(store) -> None:
    target = keep(store, "harbour")
    keep(store, "school")
    keep(store, "orchard")
    keep(store, "railway", days=400)
    keep(store, "museum", site="https://gazette.example")

    assert BADGE in rebuild(store, target)
    assert store.templates.of(target) is None


def test_until_the_next_rebuild_new_captures_are_read_with_the_template_adopted(store) -> None:
    target, *_ = [keep(store, topic) for topic in TOPICS]
    rebuild(store, target)
    adopted = store.templates.of(target).hash
    keep(store, "lighthouse")
    read = Pipeline(store, []).reader(target)(page("harbour"), url=target.url)

    assert store.templates.of(target).hash == adopted
    assert read.parser.endswith(adopted)
    assert BADGE not in read.text


@pytest.fixture
def samples(monkeypatch) -> list[str]:
    """Return the addresses of the pages that are read for a template, as they are read."""
    read: list[str] = []

    def noting(url: str, body: bytes) -> Sample | None:
        read.append(url)
        return sample_of(url, body)

    monkeypatch.setattr("crawler.tracking.siblings.sample_of", noting)
    return read


def rebuild_all(store: Store) -> None:
    targets = list(store.targets.all(include_untracked=True))
    list(rebuild_targets(Pipeline(store, []), targets, neighbourhood=Neighbourhood(store), now=NOW))


def test_the_pages_of_a_site_are_read_once_for_the_templates_of_all_its_targets(store, samples) -> None:
    targets = [keep(store, topic) for topic in TOPICS]
    rebuild_all(store)
    assert sorted(samples) == sorted(target.url for target in targets)
    for target in targets:
        others = [
            (other.url, page(topic)) for other, topic in zip(targets, TOPICS, strict=True) if other != target
        ]
        assert store.templates.of(target) == Template.learn(others)


def test_nothing_is_learnt_again_from_the_same_pages(store, samples) -> None:
    target, *_ = [keep(store, topic) for topic in TOPICS]
    rebuild_all(store)
    samples.clear()
    rebuild_all(store)
    assert samples == []

    keep(store, "lighthouse")
    rebuild_all(store)
    assert any("lighthouse" in url for url in samples)
    assert any("lighthouse" in url for urls in store.templates.of(target).texts.values() for url in urls)


def test_another_parser_learns_from_the_same_pages_again(store, samples, monkeypatch) -> None:
    for topic in TOPICS:
        keep(store, topic)
    rebuild_all(store)
    samples.clear()
    monkeypatch.setattr("crawler.tracking.siblings.PARSER_VERSION", "later")
    rebuild_all(store)
    assert len(samples) == len(TOPICS)


def test_a_damaged_template_is_learnt_again_by_a_rebuild(store, samples) -> None:
    target, *_ = [keep(store, topic) for topic in TOPICS]
    rebuild_all(store)
    learnt = store.templates.of(target)
    with store.database.writing() as connection:
        connection.execute(template.update().values(z=b"no frame of zstd"))
    with pytest.raises(StoreError, match="learns it again"):
        store.templates.of(target)
    rebuild_all(store)
    assert store.templates.of(target) == learnt
