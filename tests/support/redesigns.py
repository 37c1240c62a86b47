"""Makes pages of made-up stories in designs of many content systems, with and without the furniture that comes with a design."""

import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path

from crawler.parser import parse
from diffs.model import Article

STORIES = tomllib.loads(
    (Path(__file__).parents[1] / "fixtures" / "redesigns" / "stories.toml").read_text(encoding="utf-8")
)
AT = datetime(2026, 8, 1, tzinfo=UTC)
_NAV = '<nav><ul><li><a href="/">Home</a></li><li><a href="/world">World</a></li></ul></nav>'
_FOOT = '<footer><p>© Marrow Media</p><a href="/about">About</a></footer>'


@dataclass(frozen=True, slots=True)
class Design:
    """How one content system sets a page.

    Attributes:
        frame: The page, with {title}, {byline} and {body}.
        paragraph: A paragraph, with {text}.
        box: A box among the paragraphs, with {name} and {inner}.
    """

    frame: str
    paragraph: str = "<p>{text}</p>"
    box: str = '<div class="{name}">{inner}</div>'


DESIGNS = {
    "post": Design(
        '<body class="single single-post"><header id="masthead">{nav}</header><main id="main"><article class="post hentry"><header class="entry-header">'
        '<h1 class="entry-title">{title}</h1><span class="byline">{byline}</span></header><div class="entry-content">{body}</div></article></main>{foot}'
    ),
    "blocks": Design(
        '<body class="wp-embed"><div class="wp-site-blocks"><header class="wp-block-template-part">{nav}</header><main class="wp-block-group"><h1 '
        'class="wp-block-post-title">{title}</h1><div class="wp-block-post-author__name">{byline}</div><div class="wp-block-post-content">{body}</div>'
        "</main>{foot}</div>",
        box='<div class="wp-block-group {name}">{inner}</div>',
    ),
    "node": Design(
        '<body class="node-type-article"><div class="region-header">{nav}</div><div class="region region-content"><div class="node"><h1 class="page-title">'
        '{title}</h1><div class="submitted">{byline}</div><div class="field field--name-body"><div class="field__item">{body}</div></div></div></div>{foot}'
    ),
    "components": Design(
        '<body><div id="root"><div class="ssr-nav">{nav}</div><main id="main-content"><article class="ssr-pv1rh6-Wrapper"><div data-component="headline-block">'
        '<h1>{title}</h1></div><div data-component="byline-block"><span>{byline}</span></div>{body}</article></main>{foot}</div>',
        '<div data-component="text-block" class="ssr-uf6wea-Rich"><div class="ssr-7uxr49"><p class="ssr-1q0x1q">{text}</p></div></div>',
        '<div data-component="{name}-block" class="ssr-91ab2c">{inner}</div>',
    ),
    "fusion": Design(
        '<body><div id="fusion-app"><header class="b-header">{nav}</header><section class="b-it"><h1 class="b-headline">{title}</h1><div class="b-byline">'
        '{byline}</div><article class="article-wrapper">{body}</article></section>{foot}</div>',
        '<p class="b-article__text c-paragraph">{text}</p>',
        '<div class="b-{name}">{inner}</div>',
    ),
    "table": Design(
        '<body bgcolor="#ffffff"><table width="780"><tr><td width="150"><a href="/">Home</a><br><a href="/world">World</a></td><td width="480"><h1>{title}'
        '</h1><font size="1">{byline}</font><br><br><div class="storytext">{body}</div></td></tr></table>',
        "{text}<br><br>",
    ),
    "portal": Design(
        '<body><div class="wrapper"><div class="topmenu">{nav}</div><div class="article"><h1 class="article__title">{title}</h1><span class="article__author">'
        '{byline}</span><div class="article__text" itemprop="articleBody">{body}</div></div>{foot}</div>',
        '<p class="text">{text}</p>',
        '<div class="article__{name}">{inner}</div>',
    ),
    "modules": Design(
        '<body><div id="__next"><div class="header_a81">{nav}</div><main><div class="hero_q1"><h1>{title}</h1><address>{byline}</address></div><section '
        'class="body_p0">{body}</section></main>{foot}</div>',
        '<div class="_1x4mdh4 paragraph_x9k2"><p>{text}</p></div>',
        '<div class="{name}_k2x">{inner}</div>',
    ),
    "amp": Design(
        '<body><header class="amp-wp-header"><a href="/">Courier</a></header><article class="amp-wp-article"><h1 class="amp-wp-title">{title}</h1><div '
        'class="amp-wp-meta">{byline}</div><div class="amp-wp-article-content">{body}</div></article><footer class="amp-wp-footer">Courier</footer>',
        '<p class="amp-p">{text}</p>',
        '<div class="amp-{name}">{inner}</div>',
    ),
    "rows": Design(
        '<body><div class="navbar">{nav}</div><div class="container article-page"><h1>{title}</h1><div class="info"><span class="author">{byline}</span></div>'
        '<div class="article-content">{body}</div></div>{foot}',
        '<div class="row"><div class="col-md-8 col-text"><p>{text}</p></div></div>',
        '<div class="row"><div class="col-md-8 {name}">{inner}</div></div>',
    ),
    "plain": Design(
        "<body><header>{nav}</header><main><article><h1>{title}</h1><p>{byline}</p><section>{body}</section></article></main>{foot}",
        '<p data-testid="paragraph-7">{text}</p>',
    ),
}
NAMES = tuple(DESIGNS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """One capture of a story.

    Attributes:
        language: Its language, which names the story.
        design: The name of the design.
        paragraphs: The text, each paragraph a text or, where it has markup of its own, ready markup that begins with "<".
        furniture: What the design sets among them: place, build, name, lines.
        headline: Its headline, the story's own unless given.
    """

    language: str
    design: str
    paragraphs: Sequence[str]
    furniture: Sequence[Sequence[str]] = field(default=())
    headline: str | None = None

    def page(self) -> bytes:
        """Return the page."""
        story, design = STORIES[self.language], DESIGNS[self.design]
        held: dict[str, list[str]] = {}
        for place, build, name, *lines in self.furniture:
            held.setdefault(place, []).append(_BUILDS[build](design, name, lines))
        parts = [*held.get("top", [])]
        for number, text in enumerate(self.paragraphs):
            parts += [text if text.startswith("<") else design.paragraph.format(text=text)]
            parts += held.get(str(number), [])
        body = "\n".join([*parts, *held.get("end", [])])
        title = escape(self.headline or story["title"], quote=False)
        frame = design.frame.format(title=title, byline=story["byline"], body=body, nav=_NAV, foot=_FOOT)
        head = f'<head><meta charset="utf-8"><title>{title}</title></head>'
        return f'<!doctype html><html lang="{self.language}">{head}{frame}</body></html>'.encode()

    def article(self, day: int) -> Article:
        """Return the page as it is read, captured some days after the first of August."""
        return parse(
            self.page(), url="https://courier.example/news/story", captured_at=AT + timedelta(days=day)
        )


def _in_box(design: Design, name: str, inner: str) -> str:
    return design.box.format(name=name, inner=inner)


def _lines(lines: Sequence[str]) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


_BUILDS: dict[str, Callable[[Design, str, Sequence[str]], str]] = {
    "box": lambda design, name, lines: _in_box(design, name, _lines(lines)),
    "headed": lambda design, name, lines: _in_box(design, name, f"<h3>{lines[0]}</h3>{_lines(lines[1:])}"),
    "list": lambda design, name, lines: _in_box(
        design, name, f"<h3>{lines[0]}</h3><ul>{''.join(f'<li>{line}</li>' for line in lines[1:])}</ul>"
    ),
    "aside": lambda _, __, lines: f"<aside>{_lines(lines)}</aside>",
    "class": lambda _, name, lines: "".join(f'<p class="{name}">{line}</p>' for line in lines),
    "dressed": lambda design, _, lines: "".join(
        (f"<p>{text}</p>" if design.paragraph.startswith("{") else design.paragraph.format(text=text))
        for text in (f"<em>{line}</em>" for line in lines)
    ),
}


def same_pairs() -> Iterator[tuple[Capture, Capture]]:
    """Yield two captures of one text for each piece of furniture: in one design without it, in another with it."""
    number = 0
    for language, story in STORIES.items():
        for piece in story["furniture"]:
            number += 1
            old = NAMES[number % len(NAMES)]
            new = NAMES[(3 * number + 1 + number // len(NAMES)) % len(NAMES)]
            if new == old:
                new = NAMES[(NAMES.index(new) + 4) % len(NAMES)]
            bare = Capture(language=language, design=old, paragraphs=story["paragraphs"])
            yield bare, replace(bare, design=new, furniture=[piece])
