"""Listings of a site's articles by section and quarter, from which siblings are chosen."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

import zstandard
from sqlalchemy import select

from crawler.errors import StoreError
from crawler.model import Capture
from crawler.store.database import Database
from crawler.store.engine import insert_into
from crawler.store.schema import site_listing


class Sites:
    """Listings by address prefix and quarter; one transaction a method."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put_listing(self, prefix: str, quarter: str, captures: Sequence[Capture], *, now: datetime) -> None:
        """Keep what an archive listed; the first answer stays, since siblings are chosen from it.

        Args:
            prefix: The address prefix that was asked about.
            quarter: The calendar quarter, such as `2016Q3`.
            captures: One capture of each article, in the archive's order.
            now: When it was listed (aware UTC).
        """
        rows = [asdict(each) | {"at": each.at.isoformat()} for each in captures]
        text = json.dumps(rows, separators=(",", ":"))
        z = zstandard.ZstdCompressor(level=9).compress(text.encode("ascii"))
        with self._database.writing() as connection:
            row = {"prefix": prefix, "quarter": quarter, "listed": now, "z": z}
            connection.execute(insert_into(connection, site_listing).values(row).on_conflict_do_nothing())

    def listing(self, prefix: str, quarter: str) -> tuple[Capture, ...] | None:
        """Return the listing of a section in a quarter, or None where none was asked for.

        Raises:
            StoreError: It cannot be read back.
        """
        with self._database.reading() as connection:
            query = select(site_listing.c.z).where(
                site_listing.c.prefix == prefix, site_listing.c.quarter == quarter
            )
            z = connection.execute(query).scalar()
        if z is None:
            return None
        try:
            rows = json.loads(zstandard.ZstdDecompressor().decompress(z))
            return tuple(Capture(**row | {"at": datetime.fromisoformat(row["at"])}) for row in rows)
        except (zstandard.ZstdError, ValueError, TypeError, KeyError) as error:
            raise StoreError(
                f"the listing of {prefix} in {quarter} cannot be read back: restore a backup"
            ) from error
