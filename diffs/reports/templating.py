"""The frames of whole pages, by Jinja2: what stands around the rendered blocks of a document."""

from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("diffs.reports"),
        undefined=StrictUndefined,
        autoescape=select_autoescape(enabled_extensions=("html.j2",), default_for_string=True, default=False),
        keep_trailing_newline=True,
    )


def read_template(name: str) -> str:
    """Return a file of the templates' folder as it is."""
    return files("diffs.reports").joinpath("templates", name).read_text(encoding="utf-8")


def render_template(template: str, /, **values: Any) -> str:
    """Fill a frame; a template of HTML escapes each value that is not marked as HTML already.

    The values of other templates are escaped by their renderer, which alone knows how.
    """
    return _environment().get_template(template).render(**values)


def template_pieces(template: str, /, **values: Any) -> Iterator[str]:
    """Yield a frame as `render_template` fills it piece by piece, so that a long page is never held whole."""
    return _environment().get_template(template).generate(**values)
