"""Reads pages that a coverage-guided fuzzer makes out of our fixtures: `make fuzz`, an hour unless MINUTES says otherwise.

A finding is an exception, a page that `parse` gives up on, one read differently the second time, or one that
takes more than ten seconds. The fuzzer keeps the input that shows it in `fuzz/` (`crash-…`, `timeout-…`).
"""

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["crawler.parser", "diffs.model"]):
    from crawler.parser import Template, parse

URL = "http://valley.example/news/a"
PAGES = sorted(Path(__file__).parents[1].joinpath("fixtures", "parser").rglob("*.html"))
TEMPLATE = Template.learn((f"{URL}{number}", path.read_bytes()) for number, path in enumerate(PAGES))


def read(body: bytes) -> None:
    """Hold what must be true of any bytes."""
    for template in (None, TEMPLATE):
        article = parse(body, url=URL, template=template)
        assert article == parse(body, url=URL, template=template)
        assert not (article.suspect or "").startswith("could not be read"), article.suspect


if __name__ == "__main__":
    atheris.Setup(sys.argv, read)
    atheris.Fuzz()
