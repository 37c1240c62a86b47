"""A report as HTML is a sound document: nested tags, one of each id, links that lead somewhere, headings in order."""

from html.parser import HTMLParser

import pytest
from twenty_outlets import twenty_outlets

from diffs.reports import FORMATS, Options

EMPTY = {"meta", "br", "img", "link"}
DRAWN = {"rect", "line", "path", "circle", "polygon"}


class Outline(HTMLParser):
    """Reads a page and writes down what is wrong with its structure."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.faults: list[str] = []
        self.ids: list[str] = []
        self.jumps: list[str] = []
        self.levels: list[int] = []

    def handle_startendtag(self, tag: str, _: list[tuple[str, str | None]]) -> None:
        if tag not in EMPTY | DRAWN:
            self.faults.append(f"<{tag}/> closes itself")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if len(given) != len(attrs):
            self.faults.append(f"<{tag}> has an attribute twice")
        if "style" in given or ("role" in given and tag in ("table", "tr", "td", "th")):
            self.faults.append(f"<{tag}> has an attribute that is not allowed")
        self.ids += [given["id"] or ""] if "id" in given else []
        self.jumps += [name[1:] for name in [given.get("href") or ""] if name.startswith("#")]
        if tag in {"h1", "h2", "h3", "h4"}:
            self.levels.append(int(tag[1]))
        if (tag == "a" and "a" in self.open) or (tag == "a" and "summary" in self.open):
            self.faults.append("a link within a control")
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> closes nothing")


def pages() -> dict[str, str]:
    known = twenty_outlets()
    form = FORMATS["html"]
    assert form.story is not None
    files = {"target": form.target(known[8], Options()), "story": form.story("Ferry", known, Options())}
    return {name: "".join("".join(pieces) for _, pieces in made) for name, made in files.items()}


@pytest.mark.parametrize("name", ["target", "story"])
def test_a_page_is_nested_and_linked_soundly(name: str) -> None:
    page = Outline()
    page.feed(pages()[name])
    assert page.faults == []
    assert page.open == []
    assert len(page.ids) == len(set(page.ids))
    assert set(page.jumps) <= set(page.ids)
    assert page.levels[0] == 1
    assert all(new <= old + 1 for old, new in zip(page.levels, page.levels[1:], strict=False))
