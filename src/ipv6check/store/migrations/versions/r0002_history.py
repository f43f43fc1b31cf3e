"""Frozen counts and dropped evidence."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Two new tables; nothing that is stored changes."""
    op.create_table(
        "frozen",
        _scan_number(),
        sa.Column("mandate", _KEY, primary_key=True),
        sa.Column("days", sa.Text, nullable=False),
        sa.Column("observed", sa.Text, nullable=False),
        sa.Column("confirmed", sa.Text, nullable=False),
        sa.Column("readiness", sa.Text, nullable=False),
    )
    op.create_table(
        "dropped",
        _scan_number(),
        sa.Column("entries", sa.BigInteger, nullable=False),
        sa.Column("at", sa.Float, nullable=False),
    )
    op.execute("UPDATE ipv6check_meta SET value = '2' WHERE key = 'schema'")


def _scan_number() -> sa.Column[int]:
    return sa.Column("scan", _NUMBER, sa.ForeignKey("scan.number"), primary_key=True, autoincrement=False)
