"""The first schema. Written out, not taken from tables.py: that file moves on, this step must not."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make all tables and sign them."""
    meta = op.create_table(
        "ipv6check_meta",
        sa.Column("key", _KEY, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
    op.bulk_insert(meta, [{"key": "application", "value": "ipv6check"}, {"key": "schema", "value": "1"}])
    _inventories()
    _scans()
    _results()


def _inventories() -> None:
    op.create_table(
        "inventory",
        sa.Column("revision", _NUMBER, primary_key=True),
        sa.Column("digest", _KEY, nullable=False, unique=True),
        sa.Column("name", _KEY, nullable=False),
        sa.Column("mandate", _KEY, nullable=False),
        sa.Column("agencies", sa.Text, nullable=False),
        sa.Column("seed", sa.BigInteger, nullable=False),
        sa.Column("asset_count", sa.BigInteger, nullable=False),
        sa.Column("skipped", sa.BigInteger, nullable=False),
        sa.Column("created", sa.Float, nullable=False),
    )
    op.create_table(
        "asset",
        sa.Column("revision", _NUMBER, sa.ForeignKey("inventory.revision"), primary_key=True),
        sa.Column("id", _KEY, primary_key=True),
        sa.Column("order_key", sa.BigInteger, nullable=False),
        sa.Column("agency", _KEY, nullable=False),
        sa.Column("kind", _KEY, nullable=False),
        sa.Column("tags", _KEY, nullable=False),
        sa.Column("name", _KEY, nullable=False),
        sa.Column("host", _KEY, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_index("asset_in_order", "asset", ["revision", "order_key", "id"])


def _scans() -> None:
    op.create_table(
        "scan",
        sa.Column("number", _NUMBER, primary_key=True),
        sa.Column("id", _KEY, nullable=False, unique=True),
        sa.Column("revision", _NUMBER, sa.ForeignKey("inventory.revision"), nullable=False),
        sa.Column("started", sa.Float, nullable=False),
        sa.Column("ended", sa.Float),
        sa.Column("state", _KEY, nullable=False),
        sa.Column("mandate", _KEY, nullable=False),
        sa.Column("inventory", _KEY, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_index("scan_by_start", "scan", ["started"])
    op.create_table(
        "lease",
        _scan_number(),
        sa.Column("token", _KEY, nullable=False),
        sa.Column("host", _KEY, nullable=False),
        sa.Column("pid", sa.BigInteger, nullable=False),
        sa.Column("born", _KEY, nullable=False),
        sa.Column("renewed", sa.Float, nullable=False),
    )


def _results() -> None:
    op.create_table(
        "verdict",
        _scan_number(),
        sa.Column("asset", _KEY, primary_key=True),
        sa.Column("rule", _KEY, primary_key=True),
        sa.Column("status", _KEY, nullable=False),
        sa.Column("tag", _KEY, nullable=False),
        sa.Column("args", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "evidence",
        _scan_number(),
        sa.Column("target", _KEY, primary_key=True),
        sa.Column("type", _KEY, primary_key=True),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_table(
        "asset_result",
        _scan_number(),
        sa.Column("asset", _KEY, primary_key=True),
        sa.Column("pending", sa.Integer, nullable=False),
        sa.Column("judged_at", sa.Float, nullable=False),
        sqlite_with_rowid=False,
    )


def _scan_number() -> sa.Column[int]:
    return sa.Column("scan", _NUMBER, sa.ForeignKey("scan.number"), primary_key=True, autoincrement=False)
