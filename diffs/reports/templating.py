"""The only door to Jinja2: report templates, in which every string is made inert unless it is ours."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from diffs.reports.safe import Markdown, markdown_code, markdown_text, yaml_text


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("diffs.reports"),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - `finalize` escapes every value for Markdown, which HTML escaping would not
        finalize=_inert,
        keep_trailing_newline=True,
        trim_blocks=False,
    )
    environment.filters["code"] = markdown_code
    environment.filters["yaml"] = lambda text: Markdown(yaml_text(text))
    environment.filters["join_md"] = _joined
    return environment


def render_template(template: str, /, **values: Any) -> str:
    """Fill a Markdown template; a value that is not `Markdown` already is escaped wherever it is printed."""
    text = _environment().get_template(template).render(**values)
    return re.sub("\n{3,}", "\n\n", text).rstrip("\n") + "\n"


def _inert(value: Any) -> Any:
    return markdown_text(value) if isinstance(value, str) else value


def _joined(items: Iterable[str], separator: str) -> Markdown:
    return Markdown(separator.join(markdown_text(item) for item in items))
