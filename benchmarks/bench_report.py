"""How long and how much memory the report of a long history takes: 500 captures, 60 revisions."""

import resource
import sys
import time
from datetime import UTC, datetime, timedelta
from difflib import SequenceMatcher
from itertools import pairwise

from diff_match_patch import diff_match_patch

from diffs.history import history_of, revisions_in
from diffs.model import Article, Block, BlockKind, Citation, History, Observation, Outcome
from diffs.reports import (
    render_atom,
    render_changes_csv,
    render_chart,
    render_claims_csv,
    render_json,
    render_markdown,
)

CAPTURES, REVISIONS = 500, 60
LIMIT_SECONDS, LIMIT_MEGABYTES = 3.0, 300
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


def history() -> History:
    """Make the history: every version stands for eight or nine captures."""
    articles = [article(number) for number in range(REVISIONS)]
    observations = []
    for index in range(CAPTURES):
        at = START + timedelta(minutes=37 * index)
        shown = articles[index * REVISIONS // CAPTURES]
        capture = Citation(
            at=at,
            url=URL,
            archive="wayback",
            link=f"https://web.archive.org/web/{at:%Y%m%d%H%M%S}/{URL}",
            digest=shown.fingerprint[:32].upper(),
            sha256=shown.fingerprint,
        )
        observations.append(
            Observation(capture=capture, outcome=Outcome.FETCHED, fingerprint=shown.fingerprint)
        )
    known = {one.fingerprint: one for one in articles}
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


def main() -> int:
    """Print what each part takes; give 1 where all of them together exceed the limits."""
    total = 0.0
    began = time.process_time()
    known = history()
    total += time.process_time() - began
    print(f"history_of  {total:6.2f} s  claims and comparisons of all versions")
    forms = {
        "Markdown": lambda: render_markdown(known, chart="chart.svg"),
        "chart": lambda: render_chart(known) or "",
        "JSON": lambda: render_json(known),
        "claims CSV": lambda: render_claims_csv(known),
        "changes CSV": lambda: render_changes_csv(known),
        "Atom": lambda: render_atom([known], title="bench"),
    }
    for name, render in forms.items():
        began = time.process_time()
        size = len(render().encode())
        took = time.process_time() - began
        total += took
        print(f"{name:<11} {took:6.2f} s  {size / 1024:9,.0f} KB")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"everything  {total:6.2f} s  (limit {LIMIT_SECONDS} s)   peak memory {memory:,.0f} MB (limit {LIMIT_MEGABYTES})"
    )
    plain_comparisons()
    return int(total > LIMIT_SECONDS or memory > LIMIT_MEGABYTES)


if __name__ == "__main__":
    sys.exit(main())
