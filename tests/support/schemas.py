"""What a database's schema is, to hold one that was made at once against one that was migrated."""

from typing import Any

from sqlalchemy import Engine, inspect

from crawler.store.engine import engine_for, url_of
from crawler.store.upgrade import known_revisions, upgrade


def migrated(where: str) -> Engine:
    """Return an empty database brought from the first schema to the newest, one migration after the other."""
    engine = engine_for(url_of(where))
    upgrade(engine, where, create=True, to=known_revisions()[-1])
    upgrade(engine, where, create=False)
    return engine


def schema_in(engine: Engine) -> dict[str, Any]:
    """Return columns, keys, conditions and indexes of every table; the order of columns makes no difference."""
    found = inspect(engine)
    return {
        table: {
            "columns": {each["name"]: _plain(each) for each in found.get_columns(table)},
            "key": _plain(found.get_pk_constraint(table)),
            "references": sorted(map(_plain, found.get_foreign_keys(table)), key=str),
            "unique": sorted(map(_plain, found.get_unique_constraints(table)), key=str),
            "conditions": sorted(map(_plain, found.get_check_constraints(table)), key=str),
            "indexes": sorted(map(_plain, found.get_indexes(table)), key=str),
        }
        for table in found.get_table_names()
    }


def _plain(fact: Any) -> Any:
    if isinstance(fact, dict):
        return {name: _plain(fact[name]) for name in sorted(fact)}
    return fact if isinstance(fact, (list, int)) else str(fact)
