"""The forms of a citation: CSL JSON, BibTeX, RIS, wikitext, a link for a web page, a list for an affidavit."""

import html
import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote

from diffs.reports.affidavit import render_affidavit
from diffs.reports.citing import Cited
from diffs.reports.safe import json_text
from diffs.reports.wording import stamp

_TEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",  # BibTeX counts braces behind a backslash too
        "}": r"\textbraceright{}",
        "#": r"\#",
        "$": r"\$",
        "%": r"\%",
        "&": r"\&",
        "_": r"\_",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
    }
)
# What begins a template, link, tag, entity, mark of emphasis or signature in wikitext; and what begins an address there.
_WIKI = re.compile(r"[{}\[\]<>|~&]|'(?=')|(?<=')'|(?<=_)_|_(?=_)")
_WIKI_SCHEMES = (
    "bitcoin:",
    "geo:",
    "magnet:",
    "mailto:",
    "matrix:",
    "news:",
    "sip:",
    "sips:",
    "sms:",
    "tel:",
    "urn:",
    "xmpp:",
)
_WIKI_ADDRESS = re.compile(rf"[a-z][a-z0-9+.-]*:(?=//)|\b(?:{'|'.join(_WIKI_SCHEMES)})", re.IGNORECASE)
_WIKI_URL = re.compile(r"[{}\[\]<>|'\"\s~]")


class _Shown(NamedTuple):
    """What all citations of one capture share; they differ in key and note."""

    title: str
    outlet: str
    archive: str
    live: str | None
    replay: str | None
    published: datetime | None
    at: datetime
    current: bool


def _shown(one: Cited) -> _Shown:
    return _Shown(
        one.title, one.outlet, one.archive, one.live, one.replay, one.published, one.at, one.current
    )


def render_csl(captures: Sequence[Cited]) -> str:
    """Return the captures as CSL JSON (citationstyles.org, schema 1.0), a list of items of type `webpage`."""
    lines = (json_text(f"{{{_csl(one)}}}") for one in captures)
    return "[\n" + ",\n".join(lines) + "\n]\n"


def _csl(one: Cited) -> str:
    shown = _csl_shown(_shown(one))
    return f'"id": {_json(one.key)}, {shown}, "note": "{_json(one.said)[1:-1]}; {_json_proof(one.proof)}"'


# All findings of a step are proved by the same two captures.
@lru_cache(maxsize=64)
def _csl_shown(one: _Shown) -> str:
    item = {
        "type": "webpage",
        "title": one.title,
        "container-title": one.outlet,
        "archive": one.archive,
        "URL": one.replay or one.live,
        "issued": _csl_date(one.published),
        "accessed": _csl_date(one.at),
    }
    return _json({name: value for name, value in item.items() if value})[1:-1]


_json = json.JSONEncoder(ensure_ascii=False).encode


@lru_cache(maxsize=64)
def _json_proof(proof: str) -> str:
    return _json(proof)[1:-1]


def _csl_date(at: datetime | None) -> dict[str, list[list[int]]] | None:
    return {"date-parts": [[at.year, at.month, at.day]]} if at else None


def render_bibtex(captures: Sequence[Cited]) -> str:
    """Return the captures as BibTeX, an `@misc` each with the fields of biblatex that name an archive."""
    return "\n".join(map(_bibtex, captures))


def _bibtex(one: Cited) -> str:
    shown = _bibtex_shown(_shown(one))
    return f"@misc{{{one.key},\n{shown}  note = {{{_tex(one.said)}; {_tex_proof(one.proof)}}},\n}}\n"


@lru_cache(maxsize=64)
def _bibtex_shown(one: _Shown) -> str:
    date = one.published or one.at
    fields = {
        "title": "{" + _tex(one.title) + "}",
        "organization": "{" + _tex(one.outlet) + "}",
        "howpublished": _tex(f"Archive: {one.archive}"),
        "year": f"{date:%Y}",
        "date": f"{date:%Y-%m-%d}",
        "urldate": f"{one.at:%Y-%m-%d}",
        "url": one.replay or one.live or "",
    }
    return "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)


def _tex(text: str) -> str:
    return text.translate(_TEX)


_tex_proof = lru_cache(maxsize=64)(_tex)


def render_ris(captures: Sequence[Cited]) -> str:
    """Return the captures as RIS, a record of type `ELEC` each; a `;` parts addresses there, so that it is encoded."""
    return "\n".join(map(_ris, captures))


def _ris(one: Cited) -> str:
    shown = _ris_shown(_shown(one))
    return f"TY  - ELEC\nID  - {one.key}\n{shown}N1  - {one.said}; {one.proof}\nER  - \n"


@lru_cache(maxsize=64)
def _ris_shown(one: _Shown) -> str:
    fields = (
        ("TI", one.title),
        ("T2", one.outlet),
        ("PB", one.outlet),
        ("DA", f"{one.published:%Y/%m/%d}" if one.published else ""),
        ("PY", f"{one.published:%Y}" if one.published else ""),
        ("Y2", f"{one.at:%Y/%m/%d}"),
        ("DB", one.archive),
        ("UR", (one.replay or one.live or "").replace(";", "%3B")),
    )
    return "".join(f"{tag}  - {value}\n" for tag, value in fields if value)


def render_wikipedia(captures: Sequence[Cited]) -> str:
    """Return the captures as `{{cite web}}` templates, a line each.

    `url-status` is `live` for the newest version known, whose page still shows what is cited, and `deviated` for an
    earlier one, as the template's documentation asks (read 2026-11).
    """
    return "".join(map(_wiki, captures))


def _wiki(one: Cited) -> str:
    shown = _wiki_shown(_shown(one))
    return f"{{{{cite web{shown}}}}}<!-- {_comment(one.said)}; {_comment_proof(one.proof)} -->\n"


@lru_cache(maxsize=64)
def _wiki_shown(one: _Shown) -> str:
    fields = {
        "url": _wiki_address(one.live) or _wiki_address(one.replay),
        "title": _wiki_text(one.title),
        "website": _wiki_text(one.outlet),
        "date": f"{one.published:%Y-%m-%d}" if one.published else "",
    }
    if one.replay and one.live:
        fields |= {
            "archive-url": _wiki_address(one.replay),
            "archive-date": f"{one.at:%Y-%m-%d}",
            "url-status": "live" if one.current else "deviated",
        }
    return "".join(f" |{name}={value}" for name, value in fields.items() if value)


def _wiki_text(text: str) -> str:
    shown = _WIKI.sub(_entities, text)
    lower = shown.casefold()
    if "://" in shown or any(scheme in lower for scheme in _WIKI_SCHEMES):
        return _WIKI_ADDRESS.sub(_entities, shown)
    return shown


def _entities(match: re.Match[str]) -> str:
    return _encoded(match[0])


@lru_cache(maxsize=256)
def _encoded(text: str) -> str:
    return "".join(f"&#{ord(character)};" for character in text)


def _wiki_address(address: str | None) -> str:
    return _WIKI_URL.sub(lambda match: quote(match[0], safe=""), address or "")


def _comment(text: str) -> str:
    """Return a text that cannot end the comment it stands in."""
    return _wiki_text(re.sub("-{2,}", lambda match: "‐" * len(match[0]), text))


_comment_proof = lru_cache(maxsize=64)(_comment)


def render_robustlink(captures: Sequence[Cited]) -> str:
    """Return the captures as links with the attributes of Robust Links (robustlinks.mementoweb.org), a line each."""
    return "".join(map(_robust, captures))


def _robust(one: Cited) -> str:
    shown, title = _robust_shown(_shown(one))
    return f'<a {shown}{html.escape(one.said)}; {html.escape(one.proof)}">{title}</a>\n'


@lru_cache(maxsize=64)
def _robust_shown(one: _Shown) -> tuple[str, str]:
    """Return the attributes up to where the note stands, and the words of the link."""
    attributes = {
        "href": one.live or one.replay,
        "data-originalurl": one.live,
        "data-versionurl": one.replay,
        "data-versiondate": stamp(one.at),
    }
    given = "".join(f'{name}="{html.escape(value)}" ' for name, value in attributes.items() if value)
    return f'{given}title="{html.escape(one.outlet)}. ', html.escape(one.title)


CITATIONS: Mapping[str, Callable[[Sequence[Cited]], str]] = {
    "csl": render_csl,
    "bibtex": render_bibtex,
    "ris": render_ris,
    "wikipedia": render_wikipedia,
    "robustlink": render_robustlink,
    "affidavit": lambda captures: render_affidavit([one.capture for one in captures]),
}
