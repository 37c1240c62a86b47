"""Runs the steps on the connection, in the transaction, that `crawler.store.upgrade` opened."""

from alembic import context

from crawler.store.partial_indexes import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    compare_type=True,
)
context.run_migrations()
