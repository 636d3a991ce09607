"""Alembic's way in: the transaction of `storage.record.migrating` is used, none of its own."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], transactional_ddl=True)
context.run_migrations()
