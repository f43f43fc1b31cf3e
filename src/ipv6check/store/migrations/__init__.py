"""Steps from one release's schema to the next; only the ``db`` commands and tests import Alembic."""
