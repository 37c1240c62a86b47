"""How long and how much memory the report of a long history takes.

By default 500 captures that show 60 versions; `bench_report.py 1600` takes that many versions, of two captures each,
and holds Markdown, chart, JSON and CSV together to 8 CPU seconds. Garbage is looked for as seldom as the command does.
"""

import resource
import sys
import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from difflib import SequenceMatcher
from itertools import pairwise

from diff_match_patch import diff_match_patch

from crawler.garbage import look_seldom
from diffs.history import history_of, revisions_in
from diffs.model import Article, Block, BlockKind, Citation, History, Observation, Outcome
from diffs.reports import (
    json_chunks,
    render_atom,
    render_chart,
    report_of,
)
from diffs.reports.html import html_pieces
from diffs.reports.markdown import document_pieces
from diffs.reports.tables import changes_csv_lines, claims_csv_lines

CAPTURES, REVISIONS = 500, 60
LIMIT_SECONDS, LIMIT_MEGABYTES = 3.0, 300
LONG_SECONDS = 8.0  # of 1,600 versions, without the history itself
URL = "https://courier.example/world/long-story"
START = datetime(2024, 1, 1, tzinfo=UTC)
ENGINE = diff_match_patch()
ENGINE.Diff_Timeout = 0


def article(number: int) -> Article:
    """Make one version of about 900 words, in which a few figures and sentences move."""
    paragraphs = [
        f"At least {100 + number} people were killed and {300 + 2 * number} wounded, the ministry said.",
        f"The army said {number // 4} soldiers were killed. Rebels said they killed {40 + number // 7} soldiers.",
    ]
    paragraphs += [
        f"In district {place} the road to the harbour was closed for day {place + number // 9}, residents said, and the "
        f"market by the old mill opened late. “We wait for the boats,” said the keeper of lock {place}."
        for place in range(25)
    ]
    blocks = tuple(Block(kind=BlockKind.PARAGRAPH, text=text) for text in paragraphs)
    return Article(
        headline=f"{100 + number} dead on the coast", publisher="The Courier", language="en", blocks=blocks
    )


def history(versions: int, captures: int) -> History:
    """Make the history: every version stands for as many captures as the next."""
    known = {one.fingerprint: one for one in (article(number) for number in range(versions))}
    prints = list(known)
    observations = []
    for index in range(captures):
        at = START + timedelta(minutes=37 * index)
        shown = prints[index * versions // captures]
        capture = Citation(
            at=at,
            url=URL,
            archive="wayback",
            link=f"https://web.archive.org/web/{at:%Y%m%d%H%M%S}/{URL}",
            digest=shown[:32].upper(),
            sha256=shown,
        )
        observations.append(Observation(capture=capture, outcome=Outcome.FETCHED, fingerprint=shown))
    return history_of(revisions_in(observations, known), observations, url=URL)


def plain_comparisons() -> None:
    """Print what bare libraries take to compare the same versions with their neighbours, words only."""
    texts = [article(number).text.split() for number in range(REVISIONS)]
    began = time.process_time()
    for old, new in pairwise(texts):
        codes: dict[str, str] = {}
        coded = [
            "".join(codes.setdefault(word, chr(0xF0000 + len(codes))) for word in side) for side in (old, new)
        ]
        ENGINE.diff_main(*coded, checklines=False)
    print(f"    diff-match-patch, words only, no report: {time.process_time() - began:.2f} s")
    began = time.process_time()
    for old, new in pairwise(texts):
        SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    print(f"    difflib, words only, no report:          {time.process_time() - began:.2f} s")


def written(pieces: Iterable[str]) -> int:
    """Return how many bytes the pieces of a file are, which are written as they come."""
    return sum(len(piece.encode()) for piece in pieces)


def main() -> int:
    """Print what each part takes; return 1 where all of them together exceed the limits."""
    look_seldom()
    versions = int(sys.argv[1]) if len(sys.argv) > 1 else REVISIONS
    captures = CAPTURES if versions == REVISIONS else 2 * versions
    began = time.process_time()
    known = history(versions, captures)
    compared = time.process_time() - began
    print(f"history_of  {compared:6.2f} s  claims and comparisons of all {versions} versions")
    forms = {
        "Markdown": lambda: written(document_pieces(report_of(known, chart="chart.svg"))),
        "chart": lambda: len((render_chart(known) or "").encode()),
        "JSON": lambda: written(json_chunks(known)),
        "claims CSV": lambda: written(claims_csv_lines(known)),
        "changes CSV": lambda: written(changes_csv_lines(known)),
        "HTML": lambda: written(html_pieces(report_of(known))),
        "Atom": lambda: len(render_atom([known], title="bench").encode()),
    }
    rendered = 0.0
    for name, render in forms.items():
        began = time.process_time()
        size = render()
        took = time.process_time() - began
        rendered += took if name not in ("HTML", "Atom") else 0
        print(f"{name:<11} {took:6.2f} s  {size / 1024:9,.0f} KB")
    long = versions != REVISIONS
    total, limit = (rendered, LONG_SECONDS) if long else (rendered + compared, LIMIT_SECONDS)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"together    {total:6.2f} s  (limit {limit} s)   peak memory {memory:,.0f} MB (limit {LIMIT_MEGABYTES})"
    )
    if not long:
        plain_comparisons()
    return int(total > limit or memory > LIMIT_MEGABYTES)


if __name__ == "__main__":
    sys.exit(main())
