"""The public names of Variorum: what `import variorum` offers, loaded when first used.

Compare two texts; nothing is fetched and nothing stored:

>>> from variorum import Article, changes_between, claims_in
>>> old = Article.from_text("Ferry sinks", "The ministry said at least 12 people were killed.")
>>> new = Article.from_text("Ferry sinks", "The ministry said 15 people were killed.")
>>> [(claim.kind.value, claim.value, claim.qualifier.value, claim.attribution) for claim in claims_in(old)]
[('killed', 12, 'at_least', 'The ministry')]
>>> change, *_ = changes_between(old, new)
>>> print(change.kind, change.type, change.weight, change.claim_before.value, change.claim_after.value)
casualty increased substantive 12 15

Read a page; `parse` never raises, and `suspect` says why a page is not believed:

>>> from variorum import parse
>>> sentence = b"Rescuers found no survivors on Tuesday, the coastguard said in the evening."
>>> page = b"<html><body><h1>Ferry sinks</h1><article><p>" + sentence + b"</p></article></body></html>"
>>> article = parse(page, url="https://courier.example/news/ferry")
>>> article.headline, article.suspect
('Ferry sinks', None)

Put versions into order, with the interval in which each change happened, and render them:

>>> from datetime import UTC, datetime
>>> from variorum import Citation, Observation, Outcome, history_of, render_markdown, revisions_in
>>> def seen(day, article):
...     url = "https://courier.example/news/ferry"
...     capture = Citation(archive="wayback", url=url, at=datetime(2020, 3, day, tzinfo=UTC))
...     return Observation(capture=capture, outcome=Outcome.FETCHED, fingerprint=article.fingerprint)
>>> observations = [seen(1, old), seen(4, new)]
>>> revisions = revisions_in(observations, {article.fingerprint: article for article in (old, new)})
>>> history = history_of(revisions, observations, url="https://courier.example/news/ferry")
>>> (step,) = history.transitions
>>> str(step.interval.after.at.date()), str(step.interval.until.at.date())
('2020-03-01', '2020-03-04')
>>> "at least 12" in render_markdown(history)
True

`Tracker` does all of it for a page of a web archive, and keeps the evidence:

>>> from variorum import Tracker
>>> with Tracker.open() as tracker:  # doctest: +SKIP
...     history = tracker.backfill("https://www.example.org/news/story").history
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crawler.config import Settings
    from crawler.errors import VariorumError
    from crawler.parser import Template, parse
    from crawler.tracker import Tracker
    from diffs.changes import changes_between
    from diffs.claims import claims_in, claims_in_text
    from diffs.history import history_of, revisions_in
    from diffs.model import Article, Change, Citation, Claim, History, Observation, Outcome, Revision
    from diffs.reports import (
        render_atom,
        render_changes_csv,
        render_chart,
        render_claims_csv,
        render_index,
        render_json,
        render_markdown,
        render_story,
        render_story_chart,
    )

__version__ = "0.1.0"

__all__ = [
    "Article",
    "Change",
    "Citation",
    "Claim",
    "History",
    "Observation",
    "Outcome",
    "Revision",
    "Settings",
    "Template",
    "Tracker",
    "VariorumError",
    "__version__",
    "changes_between",
    "claims_in",
    "claims_in_text",
    "history_of",
    "parse",
    "render_atom",
    "render_changes_csv",
    "render_chart",
    "render_claims_csv",
    "render_index",
    "render_json",
    "render_markdown",
    "render_story",
    "render_story_chart",
    "revisions_in",
]

_MODULES = {
    "crawler.config": ("Settings",),
    "crawler.errors": ("VariorumError",),
    "crawler.parser": ("Template", "parse"),
    "crawler.tracker": ("Tracker",),
    "diffs.changes": ("changes_between",),
    "diffs.claims": ("claims_in", "claims_in_text"),
    "diffs.history": ("history_of", "revisions_in"),
    "diffs.model": (
        "Article",
        "Change",
        "Citation",
        "Claim",
        "History",
        "Observation",
        "Outcome",
        "Revision",
    ),
}
_MODULE_OF = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for; `import variorum` alone loads nothing else."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(_MODULE_OF.get(name, "diffs.reports")), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted(__all__)
