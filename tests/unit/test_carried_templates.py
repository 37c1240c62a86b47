"""A template goes with the captures that are read with it."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.archive.warc import write_warc
from crawler.evidence.transfer import export_warc, import_warc
from crawler.maintenance.rebuild import rebuild
from crawler.model import Capture, Snapshot
from crawler.parser import Template
from crawler.store import Store, open_store
from crawler.tracking.pipeline import Pipeline
from crawler.tracking.siblings import Neighbourhood

SITE = "https://courier.example/2025/"
PAGE = SITE + "bridge-collapse-in-tarn-valley"
NOW = datetime(2025, 4, 1, tzinfo=UTC)
APPEAL = (
    "The Courier is written by twelve people above a bakery and printed on the press of their grandmothers."
)
TOLL = "The valley's mayor said four people were killed when two buses fell into the river."


def page(headline: str, *lines: str) -> bytes:
    text = "".join(f"<p>{line}</p>" for line in (*lines, APPEAL))
    return f"<html><body><h1>{headline}</h1><div>{text}</div></body></html>".encode()


PAGES = tuple(
    (
        SITE + name,
        page(
            f"{name} in the valley",
            f"The {name} of Tarn was on the council's list for the third time.",
            f"Nobody spoke against the {name}, and it was put off.",
        ),
    )
    for name in ("school", "market", "weir", "tramway", "library", "mill")
)
BRIDGE = page(
    "Bridge collapses in Tarn valley",
    "A road bridge in the Tarn valley collapsed early on Saturday after days of heavy rain.",
    TOLL,
    "Divers searched the brown water through the night, and cranes were brought from the coast.",
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(str(tmp_path / "variorum.db")) as opened:
        yield opened


def exported(store: Store, folder: Path) -> tuple[Path, Template]:
    """Export one page of a store that reads it with a template; return the folder and the template."""
    source = folder / "source"
    source.mkdir()
    row = Capture(archive="a", url=PAGE, urlkey=PAGE, at=NOW, digest="D1", status=200)
    shot = Snapshot(capture=row, served_at=NOW, url=PAGE, status=200, content_type="text/html", body=BRIDGE)
    import_warc(store, write_warc(source / "in.warc.gz", [shot], created=NOW).warc, only=[], now=NOW)
    target, template = store.targets.find(PAGE), Template.learn(PAGES)
    store.templates.adopt(target, template)
    list(rebuild(Pipeline(store, ()), [target], neighbourhood=Neighbourhood(store), now=NOW))
    out = folder / "out"
    export_warc(store, [target], out, now=NOW)
    return out, template


def test_captures_that_come_with_a_template_are_read_with_it(store, tmp_path) -> None:
    out, template = exported(store, tmp_path)
    with open_store(str(tmp_path / "other.db")) as other:
        taken = import_warc(other, out / "variorum.warc.gz", only=[], now=NOW + timedelta(days=1))
        target = other.targets.find(PAGE)
        article = other.articles.shown_by(next(other.captures.of(target)))
        assert taken.damage == ()
        assert article.parser.endswith(template.hash)
        assert APPEAL not in article.text
        assert TOLL in article.text
        list(rebuild(Pipeline(other, ()), [target], neighbourhood=Neighbourhood(other), now=NOW))
        assert other.templates.of(target) == template
        again = tmp_path / "again"
        export_warc(other, [target], again, now=NOW)
        assert (again / "templates.json").read_bytes() == (out / "templates.json").read_bytes()


@pytest.mark.parametrize("harm", ["hash", "toll", "form", "words", "nothing"])
def test_a_template_that_was_tampered_with_is_left_out_and_said(store, tmp_path, harm) -> None:
    out, template = exported(store, tmp_path)
    file = out / "templates.json"
    form = json.loads(file.read_text())
    (entry,) = form["templates"].values()
    if harm == "hash":
        entry["hash"] = "0" * 12
    elif harm == "toll":
        entry["template"]["texts"][TOLL] = [SITE + "school"]
        texts = {text: tuple(urls) for text, urls in entry["template"]["texts"].items()}
        entry["hash"] = Template(texts=texts, shapes=template.shapes, phrases=template.phrases).hash
    elif harm == "form":
        form["form"] = 99
    elif harm == "words":
        entry["template"] = ["no", "table"]
    file.write_text("{" if harm == "nothing" else json.dumps(form))
    with open_store(str(tmp_path / "other.db")) as other:
        taken = import_warc(other, out, only=[], now=NOW)
        target = other.targets.find(PAGE)
        assert len(taken.damage) == 1
        assert "templates.json" in taken.damage[0]
        assert other.templates.of(target) is None
        assert TOLL in other.articles.shown_by(next(other.captures.of(target))).text
