"""What a target's neighbours on its site taught, as adopted by the last rebuild."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING

import zstandard
from sqlalchemy import select

from crawler.errors import StoreError
from crawler.model import Target
from crawler.store.database import Database
from crawler.store.engine import insert_into
from crawler.store.schema import template
from crawler.store.seals import seal_template, template_things

if TYPE_CHECKING:
    from crawler.parser import Template


_SOURCE = "learnt_from"


class Templates:
    """Templates by target; one transaction a method."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def adopt(
        self, of: Target, learnt: Template | None, *, source: str = "", now: datetime | None = None
    ) -> None:
        """Make this the template that the target is read with; None for none.

        Args:
            of: The target.
            learnt: The template.
            source: What tells the pages that it was learnt from, and how they were read.
            now: The time for the log of custody (aware UTC).
        """
        with self._database.writing() as connection:
            was = template_things(connection, of.id)
            if learnt is None:
                gone = connection.execute(template.delete().where(template.c.target_id == of.id))
                if gone.rowcount:
                    seal_template(connection, of.id, was=was, named=None, at=now)
                return
            named = {_SOURCE: source, **asdict(learnt)}
            form = json.dumps(named, separators=(",", ":"), sort_keys=True)
            z = zstandard.ZstdCompressor(level=9).compress(form.encode("utf-8", "surrogatepass"))
            put = insert_into(connection, template).values(target_id=of.id, hash=learnt.hash, z=z)
            change = {"hash": learnt.hash, "z": z}
            connection.execute(put.on_conflict_do_update(index_elements=[template.c.target_id], set_=change))
            seal_template(connection, of.id, was=was, named=learnt.hash, at=now)

    def of(self, target: Target) -> Template | None:
        """Return the template that the target is read with, or None where none was adopted.

        Raises:
            StoreError: It cannot be read back; a rebuild learns it again.
        """
        found = self._read(target)
        return found and found[0]

    def source_of(self, target: Target) -> str | None:
        """Return what the target's template was learnt from, or None where it has none that can be read."""
        try:
            found = self._read(target)
        except StoreError:
            return None
        return found and found[1]

    def _read(self, target: Target) -> tuple[Template, str] | None:
        from crawler.parser import Template  # noqa: PLC0415  it loads the parser, which `list` has no use for

        with self._database.reading() as connection:
            row = connection.execute(select(template).where(template.c.target_id == target.id)).one_or_none()
            if row is None:
                return None
            try:
                text = zstandard.ZstdDecompressor().decompress(row.z).decode("utf-8", "surrogatepass")
                kept = json.loads(text)
                source = str(kept.pop(_SOURCE, ""))
                form = {name: {key: tuple(urls) for key, urls in held.items()} for name, held in kept.items()}
                read = Template(**form)
            except (zstandard.ZstdError, ValueError, TypeError, AttributeError) as error:
                raise StoreError(
                    f"the template of {target.url} cannot be read: `variorum rebuild {target.url}` learns it again"
                ) from error
            if read.hash != row.hash:
                raise StoreError(
                    f"the template of {target.url} is damaged: `variorum rebuild {target.url}` learns it again"
                )
            return read, source
