"""What `variorum cite` cites: the captures of a finding, or of a page, as the store knows them."""

from importlib.metadata import version

from crawler.errors import InputError
from crawler.parser import PARSER_VERSION
from crawler.tracker import Tracker
from diffs.claims import GRAMMAR_VERSION
from diffs.reports.citing import Cited, cited_finding, cited_page


def reader_version() -> str:
    """Return what reads captures, with the versions of program, parser and claim grammar."""
    return f"Variorum {version('variorum')}, parser {PARSER_VERSION}, grammar {GRAMMAR_VERSION}"


def citation_of(tracker: Tracker, what: str) -> tuple[Cited, ...]:
    """Return the captures to cite: of a finding those that prove it, of a page its first and its newest.

    Args:
        tracker: Whose store is asked.
        what: A finding's id or how it begins, or a page's address.

    Raises:
        InputError: No finding has an id that begins so, or several have, what has it stands no longer, or the page is not known or not read.
    """
    text = what.strip()
    if any(sign in text for sign in ".:/"):
        history = tracker.history(text)
        if not history.revisions:
            raise InputError(
                f"No capture of {history.url} is read yet: `variorum backfill {history.url}` fetches its past."
            )
        return cited_page(history, reader=reader_version())
    text = tracker.store.findings.whole_id(text)
    for url in tracker.store.findings.holders(text):
        history = tracker.history(url)
        found = cited_finding(history, text, reader=reader_version())
        if found:
            return found
    raise InputError(
        f"the finding {text} stands no longer: captures fetched since, or a newer reader, show it otherwise. "
        f"`variorum report {url}` lists what stands."
    )
