"""Write the demo archive: three days of one invented story, as a WARC that is the same at every run."""

import argparse
import base64
import hashlib
import html
import io
import json
import tomllib
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from string import Template
from typing import Any

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

HERE = Path(__file__).parent
OUTPUT = HERE / "meridian-courier.warc.gz"

# --------------------------------------------------------------------------- the story

SITE = "https://www.meridian-courier.example"
URL = f"{SITE}/world/2025/03/11/silver-tern-ferry-port-sarel"
CONSENT = f"{SITE}/consent"
PUBLISHED = "2025-03-11T05:52:00Z"

STORY: Mapping[str, Any] = tomllib.loads((HERE / "story.toml").read_text("utf-8"))
FIGURES: Mapping[str, int] = STORY["figures"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One state of the story, by the names that `story.toml` gives its figures and words."""

    modified: str
    headline: str
    headline_toll: str
    ministry: str
    at_least: bool = False
    association: str | None = None
    missing: str = "missing_first"
    mine: str = "mine_early"
    video: str = "crews"
    restored: bool = False
    correction: bool = False
    heron_early: bool = False
    template: str = "article-2019"


FIRST = Version(
    modified="2025-03-11T06:20:00Z",
    headline="sharp",
    headline_toll="ministry_first",
    ministry="ministry_first",
)
RISEN = replace(
    FIRST,
    modified="2025-03-11T09:02:00Z",
    headline_toll="ministry_second",
    ministry="ministry_second",
    association="association_first",
)
QUALIFIED = replace(RISEN, modified="2025-03-11T11:31:00Z", at_least=True)
STALE = replace(
    QUALIFIED,
    modified="2025-03-11T14:58:00Z",
    ministry="ministry_third",
    missing="missing_second",
    mine="mine_late",
    video="drone",
)
SOFTENED = replace(STALE, headline="soft")
REDESIGNED = replace(SOFTENED, template="article-2025")
SILENT = replace(REDESIGNED, association="association_silent")
CORRECTED = replace(
    SILENT,
    modified="2025-03-12T18:40:00Z",
    headline_toll="ministry_lowered",
    ministry="ministry_lowered",
    correction=True,
)
RETURNED = replace(
    CORRECTED,
    modified="2025-03-13T07:22:00Z",
    headline_toll="ministry_third",
    ministry="ministry_third",
    restored=True,
    correction=False,
)
MOVED = replace(RETURNED, modified="2025-03-13T11:40:00Z", heron_early=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """One capture: when, and what the crawler was served."""

    at: str
    version: Version | None = None
    page: str = ""
    status: str = "200 OK"
    location: str | None = None
    charset: str = "utf-8"
    revisits: str | None = None


SHOTS = (
    Shot(at="20250311064012", version=FIRST),
    Shot(at="20250311075530", version=FIRST, revisits="20250311064012"),
    Shot(at="20250311092041", version=RISEN),
    Shot(at="20250311100500", page="denied", status="403 Forbidden"),
    Shot(at="20250311114518", version=QUALIFIED),
    Shot(at="20250311153027", version=STALE),
    Shot(at="20250311181009", status="302 Found", location=CONSENT),
    Shot(at="20250311210455", version=SOFTENED),
    Shot(at="20250312063020", version=REDESIGNED),
    Shot(at="20250312091533", version=SILENT),
    Shot(at="20250312124007", version=SILENT, charset="cp1252"),
    Shot(at="20250312162012", page="not-found", status="404 Not Found"),
    Shot(at="20250312190544", version=CORRECTED),
    Shot(at="20250313051102", page="challenge"),
    Shot(at="20250313080019", version=RETURNED),
    Shot(at="20250313120036", version=MOVED),
    Shot(at="20250313164550", version=MOVED),
)

# --------------------------------------------------------------------------- the pages

SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def _spelt(number: int) -> str:
    return SMALL[number] if 0 <= number < len(SMALL) else f"{number:,}"


def _values(version: Version, figures: Mapping[str, int]) -> dict[str, str]:
    """Return what stands in the braces of the story's sentences."""
    count = _spelt(figures[version.ministry])
    return {name: _spelt(number) for name, number in figures.items()} | {
        "headline_toll": str(figures[version.headline_toll]),
        "ministry": f"at least {count}" if version.at_least else count,
        "association": _spelt(figures[version.association]) if version.association else "",
        "missing": _spelt(figures[version.missing]),
        "restored": STORY["restored"] if version.restored else "",
    }


def _order(version: Version) -> list[str]:
    """Return the names of the body's parts as they follow one another, furniture as `video:` or `related:`."""
    order = ["lead", "ministry", f"video:{version.video}", "association", "missing"]
    order += [f"related:{version.mine}", "quote", "licence", "operator", "shelter", "video:fog"]
    order += ["survivor", "heron", "mourning", "related:safety", "correction"]
    if version.heron_early:
        order.remove("heron")
        order.insert(order.index("quote"), "heron")
    if not version.association:
        order.remove("association")
    if not version.correction:
        order.remove("correction")
    return order


def parts_of(version: Version, figures: Mapping[str, int]) -> Iterator[tuple[str, str, str]]:
    """Yield kind, words and detail (a video's length) of each part of the body, in order.

    Kinds are `paragraph`, `correction`, `video` and `related`; the last two are furniture.
    """
    values = _values(version, figures)
    for name in _order(version):
        kind, _, key = name.partition(":")
        if kind == "video":
            title, length = STORY["videos"][key]
            yield kind, title.format_map(values), length
        elif kind == "related":
            yield kind, STORY["related"][key].format_map(values), ""
        elif kind == "correction":
            yield kind, STORY["correction"].format_map(values), ""
        else:
            yield "paragraph", STORY["paragraphs"][name].format_map(values), ""


def headline_of(version: Version, figures: Mapping[str, int]) -> str:
    """Return the displayed headline of a version."""
    headline: str = STORY["headlines"][version.headline].format_map(_values(version, figures))
    return headline


MARKUP: Mapping[str, Mapping[str, str]] = {
    "article-2019": {
        "paragraph": "      <p>{words}</p>",
        "video": (
            '      <div class="player player--inline"><button class="player__play" type="button"><span '
            'class="sr-only">Play</span></button><div class="player__caption"><strong>{words}</strong> '
            "<span>{detail}</span></div></div>"
        ),
        "related": '      <p><a href="/related/{slug}">Related: {words}</a></p>',
        "correction": '      <p class="story__correction"><em>{words}</em></p>',
        "most_read": '        <li><a href="/read/{slug}">{words}</a></li>',
    },
    "article-2025": {
        "paragraph": '<div class="Text_root__Q2mZc"><p class="Text_p__L8sVn">{words}</p></div>',
        "video": (
            '<figure class="Video_root__E5hTr"><div class="Video_stage__D0fYp"><button aria-label="Play">'
            '</button></div><figcaption class="Video_title__U4kWb">{words} <span>{detail}</span></figcaption>'
            "</figure>"
        ),
        "related": (
            '<div class="InlineLink_root__Z9cKj"><p>Related: <a href="/related/{slug}">{words}</a></p></div>'
        ),
        "correction": '<div class="Note_root__M6vXe"><p class="Text_p__L8sVn">{words}</p></div>',
        "most_read": '<li class="MostRead_item__B7gNu"><a href="/read/{slug}">{words}</a></li>',
    },
}


def _marked_up(template: str, kind: str, words: str, detail: str = "") -> str:
    slug = "-".join("".join(c if c.isalnum() else " " for c in words.lower()).split())
    return MARKUP[template][kind].format(words=html.escape(words), detail=detail, slug=html.escape(slug))


def _clock(stamp: str) -> str:
    moment = datetime.fromisoformat(stamp)
    half = "a.m." if moment.hour < 12 else "p.m."
    return f"{moment:%B} {moment.day}, {moment.year} at {moment.hour % 12 or 12}:{moment:%M} {half} UTC"


def _json_ld(version: Version, headline: str) -> str:
    newsroom = {"@type": "NewsMediaOrganization", "name": "The Meridian Courier", "url": SITE}
    record = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": URL,
        "headline": headline,
        "description": STORY["standfirst"],
        "datePublished": PUBLISHED,
        "dateModified": version.modified,
        "author": {"@type": "Organization", "name": "Courier World Desk"},
        "publisher": newsroom,
    }
    return json.dumps(record, ensure_ascii=False)


def article_page(version: Version, figures: Mapping[str, int], *, turn: int) -> str:
    """Return the whole page of a version as HTML; `turn` rotates the most-read box."""
    headline = headline_of(version, figures)
    body = (_marked_up(version.template, *part) for part in parts_of(version, figures))
    popular = (STORY["most_read"][(turn + place) % len(STORY["most_read"])] for place in range(5))
    page = Template((HERE / "pages" / f"{version.template}.html").read_text("utf-8"))
    return page.substitute(
        headline=html.escape(headline),
        social=STORY["social_headline"],
        standfirst=html.escape(STORY["standfirst"]),
        photo_caption=html.escape(STORY["photo_caption"]),
        url=URL,
        published=PUBLISHED,
        published_words=_clock(PUBLISHED),
        modified=version.modified,
        modified_words=_clock(version.modified),
        json_ld=_json_ld(version, headline),
        body="\n".join(body),
        most_read="\n".join(_marked_up(version.template, "most_read", each) for each in popular),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """What the site sent for one capture, bytes and all."""

    shot: Shot
    body: bytes
    headers: tuple[tuple[str, str], ...] = field(default=())


def pages_in(overrides: Mapping[str, int] | None = None) -> tuple[Served, ...]:
    """Return what each capture holds, in order of time.

    Args:
        overrides: Other values for some of the story's figures, by name.

    Raises:
        KeyError: An override names no figure of the story.
    """
    figures = dict(FIGURES)
    for name, number in (overrides or {}).items():
        if name not in figures:
            raise KeyError(f"the story has no figure called {name}; it has {', '.join(figures)}")
        figures[name] = number
    served: dict[str, Served] = {}
    for turn, shot in enumerate(SHOTS):
        if shot.revisits:
            served[shot.at] = replace(served[shot.revisits], shot=shot)
            continue
        text = ""
        if shot.version:
            text = article_page(shot.version, figures, turn=turn)
        elif shot.page:
            source = (HERE / "pages" / f"{shot.page}.html").read_text("utf-8")
            text = Template(source).substitute(url=URL)
        body = text.encode(shot.charset)
        headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))]
        if shot.location:
            headers.insert(0, ("Location", shot.location))
        served[shot.at] = Served(shot=shot, body=body, headers=tuple(headers))
    return tuple(served.values())


# --------------------------------------------------------------------------- the archive


def _moment(at: str) -> str:
    return datetime.strptime(at, "%Y%m%d%H%M%S").replace(tzinfo=UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _warc_headers(name: str, at: str) -> dict[str, str]:
    identity = uuid.uuid5(uuid.NAMESPACE_URL, f"{URL}#{name}")
    return {"WARC-Record-ID": f"<urn:uuid:{identity}>", "WARC-Date": _moment(at)}


def _record(writer: WARCWriter, page: Served) -> Any:
    shot = page.shot
    http = StatusAndHeaders(shot.status, list(page.headers), protocol="HTTP/1.1")
    digest = "sha1:" + base64.b32encode(hashlib.sha1(page.body, usedforsecurity=False).digest()).decode()
    headers = _warc_headers(shot.at, shot.at)
    if shot.revisits:
        return writer.create_revisit_record(
            URL,
            digest,
            URL,
            _moment(shot.revisits),
            http_headers=http,
            warc_headers_dict=headers,
        )
    return writer.create_warc_record(
        URL,
        "response",
        payload=io.BytesIO(page.body),
        length=len(page.body),
        http_headers=http,
        warc_headers_dict=headers,
    )


def build(path: Path, *, overrides: Mapping[str, int] | None = None) -> Path:
    """Write the archive and give its path; the same arguments give the same records, byte for byte.

    Args:
        path: The WARC to write; compressed where the name ends in `.gz`.
        overrides: Other values for some of the story's figures, by name.

    Raises:
        KeyError: An override names no figure of the story.
    """
    pages = pages_in(overrides)
    with path.open("wb") as stream:
        writer = WARCWriter(stream, gzip=path.suffix == ".gz", warc_version="WARC/1.1")
        info = {"software": "seeds/demo/make_demo.py", "format": "WARC File Format 1.1"}
        opening = writer.create_warcinfo_record(OUTPUT.name, info)
        for name, value in _warc_headers("warcinfo", SHOTS[0].at).items():
            opening.rec_headers.replace_header(name, value)
        writer.write_record(opening)
        for page in pages:
            writer.write_record(_record(writer, page))
    return path


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", nargs="?", type=Path, default=OUTPUT)
    print(build(parser.parse_args().path))
