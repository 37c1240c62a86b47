"""Site templates on their way out of the house and in, next to the WARC file they belong to."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler.address import page_key
from crawler.model import Target
from crawler.store import Store

if TYPE_CHECKING:
    from crawler.parser import Template

NAME = "templates.json"
FORM = 1
# Six pages of a site teach some hundred lines and shapes; a file past this size was made to fill a memory.
LARGEST = 50_000_000


def write_templates(store: Store, targets: Sequence[Target], folder: Path) -> Path | None:
    """Write what each target is read with, so that whoever takes the captures in reads the same articles.

    The same templates give the same bytes.

    Returns:
        The file, or None where no target has a template.

    Raises:
        StoreError: A template cannot be read back.
        OSError: The folder cannot be written.
    """
    held = {target.url: found for target in targets if (found := store.templates.of(target)) is not None}
    path = folder / NAME
    if not held:
        path.unlink(missing_ok=True)
        return None
    form = {
        "form": FORM,
        "templates": {url: {"hash": one.hash, "template": asdict(one)} for url, one in sorted(held.items())},
    }
    path.write_text(json.dumps(form, ensure_ascii=True, sort_keys=True, indent=0) + "\n", encoding="ascii")
    return path


def templates_beside(path: Path, refused: list[str]) -> dict[str, Template]:
    """Return the templates that stand next to a WARC file, or in a folder of them, by `page_key`.

    What cannot be read, does not fit its hash or calls a sentence about casualties furniture is put down in
    `refused`, a line each; the captures are then read without it.
    """
    file = (path if path.is_dir() else path.parent) / NAME
    if not file.is_file():
        return {}
    try:
        entries = _entries(file)
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        refused.append(f"{file.name} left out, its pages are read without a template: {error}")
        return {}
    found = {}
    for url, entry in entries.items():
        try:
            found[page_key(url)] = _template_of(entry)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            refused.append(f"the template of {url} in {file.name} left out: {error}")
    return found


def _entries(file: Path) -> Mapping[str, Any]:
    """Return what a file holds by address.

    Raises:
        ValueError: It is too large, or of another form.
    """
    if file.stat().st_size > LARGEST:
        raise ValueError(f"it has more than {LARGEST} bytes")
    form = json.loads(file.read_text(encoding="utf-8"))
    if form["form"] != FORM:
        raise ValueError(f"it is of form {form['form']}, this version reads {FORM}")
    return dict(form["templates"])


def _template_of(entry: Any) -> Template:
    """Read one template.

    Raises:
        ValueError: It is damaged, or would take away what is never furniture.
    """
    from crawler.parser import Template  # noqa: PLC0415  it loads the parser, which `list` has no use for

    parts = {
        name: {str(key): tuple(map(str, urls)) for key, urls in held.items()}
        for name, held in entry["template"].items()
    }
    template = Template(**parts)
    if template.hash != entry["hash"]:
        raise ValueError("it does not fit its hash")
    if template.overreaches():
        raise ValueError("it calls a sentence about casualties or a correction furniture")
    return template


def adopt_carried(store: Store, target: Target, carried: Mapping[str, Template], *, now: datetime) -> bool:
    """Read a target with the template that came with its captures, unless it was read before; return whether it is."""
    template = carried.get(page_key(target.url))
    if template is None or store.templates.of(target) is not None:
        return False
    if any(row.fingerprint for row in store.captures.of(target)):
        return False
    store.templates.adopt(target, template, now=now)
    return True
