"""One row for all verdicts of an asset, where there was a row for each."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

# Codes, statuses and tags are plain words, so quoting them is all that JSON asks; args are JSON already.
_OUTCOME = """'["' || rule || '","' || status || '","' || tag || '"]'"""
_ARGS = """CASE WHEN args <> '{{}}' AND status {} ('fail', 'unknown') THEN '"' || rule || '":' || args END"""
_FILL = """
INSERT INTO judgement (scan, asset, pending, judged_at, outcomes, open_args, settled_args)
SELECT result.scan, result.asset, result.pending, result.judged_at,
       '[' || coalesce(said.outcomes, '') || ']',
       '{{' || coalesce(said.open_args, '') || '}}', '{{' || coalesce(said.settled_args, '') || '}}'
FROM asset_result AS result
LEFT JOIN (
    SELECT scan, asset, {outcomes} AS outcomes, {open_args} AS open_args, {settled_args} AS settled_args
    FROM (SELECT * FROM verdict ORDER BY scan, asset, rule) AS ordered
    GROUP BY scan, asset
) AS said ON said.scan = result.scan AND said.asset = result.asset
"""


def upgrade() -> None:
    """Gather the verdicts of each asset, in the order of their rules, and let go of the old tables."""
    op.create_table(
        "judgement",
        sa.Column("scan", _NUMBER, sa.ForeignKey("scan.number"), primary_key=True, autoincrement=False),
        sa.Column("asset", _KEY, primary_key=True),
        sa.Column("pending", sa.Integer, nullable=False),
        sa.Column("judged_at", sa.Float, nullable=False),
        sa.Column("outcomes", sa.Text, nullable=False),
        sa.Column("open_args", sa.Text, nullable=False),
        sa.Column("settled_args", sa.Text, nullable=False),
    )
    joined = "group_concat({}, ',')" if op.get_bind().dialect.name == "sqlite" else "string_agg({}, ',' ORDER BY rule)"
    columns = {
        "outcomes": joined.format(_OUTCOME),
        "open_args": joined.format(_ARGS.format("IN")),
        "settled_args": joined.format(_ARGS.format("NOT IN")),
    }
    op.get_bind().exec_driver_sql(_FILL.format(**columns))
    op.drop_table("verdict")
    op.drop_table("asset_result")
    op.execute("UPDATE ipv6check_meta SET value = '3' WHERE key = 'schema'")
