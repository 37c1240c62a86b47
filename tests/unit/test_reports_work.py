"""The work of a report grows with the history, not with its square: counted, never timed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from diffs.changes import readings
from diffs.history import history_of, revisions_in
from diffs.model import Article, Block, BlockKind, Citation, History, Observation, Outcome
from diffs.reports import (
    entries,
    json_chunks,
    render_atom,
    render_changes_csv,
    render_chart,
    render_claims_csv,
    render_markdown,
)

START = datetime(2024, 3, 5, 7, tzinfo=UTC)
URL = "https://courier.example/ferry"


def article(*paragraphs: str) -> Article:
    blocks = tuple(Block(kind=BlockKind.PARAGRAPH, text=text) for text in paragraphs)
    return Article(headline="Ferry sinks", blocks=blocks, publisher="The Courier", language="en", url=URL)


def history(*articles: Article) -> History:
    seen = [
        Observation(
            capture=Citation(at=START + timedelta(hours=number), url=URL, archive="wayback"),
            outcome=Outcome.FETCHED,
            fingerprint=one.fingerprint,
        )
        for number, one in enumerate(articles)
    ]
    return history_of(revisions_in(seen, {one.fingerprint: one for one in articles}), seen, url=URL)


def test_no_form_reads_the_claims_of_a_long_history_again(monkeypatch: pytest.MonkeyPatch) -> None:
    known = history(
        *(article(f"The coast guard said {number} people were killed.") for number in range(2, 1102))
    )
    read: list[Article] = []
    monkeypatch.setattr(readings, "claims_in", lambda one: read.append(one) or ())
    render_markdown(known)
    render_chart(known)
    render_claims_csv(known)
    render_changes_csv(known)
    render_atom([known], title="x")
    assert sum(map(len, json_chunks(known))) > 1_000_000
    assert read == []


def compared(monkeypatch: pytest.MonkeyPatch, sentences: int, *, blocks: int) -> int:
    """Return how many pairs of passages a step of so many changed sentences compares."""
    size = sentences // blocks
    pages = [
        article(
            *(
                " ".join(f"At least {number % 90 + 10 + more} people were killed in hall {number}." for number in range(start, start + size))
                for start in range(0, sentences, size)
            )
        )
        for more in (0, 1)
    ]  # fmt: skip
    known = history(*pages)
    real, calls = entries._shows, [0]

    def counted(*args: object, **choices: object) -> bool:
        calls[0] += 1
        return bool(real(*args, **choices))  # type: ignore[arg-type]

    monkeypatch.setattr(entries, "_shows", counted)
    render_markdown(known)
    monkeypatch.setattr(entries, "_shows", real)
    return calls[0]


@pytest.mark.parametrize("blocks", [1, 40])
def test_twice_the_changes_of_a_step_are_about_twice_the_comparisons(
    monkeypatch: pytest.MonkeyPatch, blocks: int
) -> None:
    small, large = (compared(monkeypatch, number, blocks=blocks) for number in (160, 320))
    assert small > 0
    assert large <= 2.5 * small


def test_json_comes_in_pieces_of_a_record() -> None:
    known = history(
        *(article(f"The coast guard said {number} people were killed.") for number in range(2, 52))
    )
    pieces = list(json_chunks(known))
    assert max(map(len, pieces)) < len("".join(pieces)) / 20


@pytest.mark.parametrize(
    ("minutes", "kept"),
    [
        ((None,), "all times UTC"),
        ((-240,), "all times UTC; the page's own clock: UTC−4"),
        ((330,), "all times UTC; the page's own clock: UTC+5:30"),
        ((-240, -300), "all times UTC; the page's own clock: UTC−4 and UTC−5"),
    ],
)
def test_the_page_s_own_clock_is_named_once(minutes: tuple[int | None, ...], kept: str) -> None:
    shown = history(
        *(replace(article(f"The ferry sank on day {n}."), utc_offset=one) for n, one in enumerate(minutes))
    )

    assert f" · {kept}" in render_markdown(shown).splitlines()[2]
