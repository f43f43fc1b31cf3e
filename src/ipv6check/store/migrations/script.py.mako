"""${message}."""

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Raise ``schema`` in ipv6check_meta, and SCHEMA and HEAD in tables.py, with every step."""
    ${upgrades if upgrades else "pass"}
