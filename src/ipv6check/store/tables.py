"""The one schema for SQLite and Postgres, and the number it goes by.

Texts that are compared or indexed use the collation "C" on Postgres: octet order, as in SQLite, and several times
cheaper than a language's. JSON is kept as text: nothing in the database looks into it, and jsonb would refuse an
escaped NUL and lose the order of keys. Scans and inventory revisions carry small numbers so that the largest
tables do not repeat a long id in every row.
"""

from sqlalchemy import BigInteger, Column, Float, ForeignKey, Index, Integer, MetaData, String, Table, Text

APPLICATION = "ipv6check"
APPLICATION_ID = 0x49505636  # "IPV6" in the header of a SQLite file, as file(1) shows it
SCHEMA = 3
HEAD = "0003"  # the Alembic revision that equals this metadata

metadata = MetaData()

_KEY = Text().with_variant(Text(collation="C"), "postgresql")
_NUMBER = BigInteger().with_variant(Integer(), "sqlite")  # SQLite numbers rows by itself only for INTEGER

meta = Table(
    "ipv6check_meta",
    metadata,
    Column("key", _KEY, primary_key=True),
    Column("value", Text, nullable=False),
)

# Alembic's own table, made here so that a new database needs no Alembic; its shape is Alembic's.
alembic_version = Table(
    "alembic_version",
    metadata,
    Column("version_num", String(32), nullable=False, primary_key=True),
)

inventory = Table(
    "inventory",
    metadata,
    Column("revision", _NUMBER, primary_key=True),
    Column("digest", _KEY, nullable=False, unique=True),
    Column("name", _KEY, nullable=False),
    Column("mandate", _KEY, nullable=False),
    Column("agencies", Text, nullable=False),
    Column("seed", BigInteger, nullable=False),
    Column("asset_count", BigInteger, nullable=False),
    Column("skipped", BigInteger, nullable=False),
    Column("created", Float, nullable=False),
)

asset = Table(
    "asset",
    metadata,
    Column("revision", _NUMBER, ForeignKey("inventory.revision"), primary_key=True),
    Column("id", _KEY, primary_key=True),
    Column("order_key", BigInteger, nullable=False),
    Column("agency", _KEY, nullable=False),
    Column("kind", _KEY, nullable=False),
    Column("tags", _KEY, nullable=False),
    Column("name", _KEY, nullable=False),
    Column("host", _KEY, nullable=False),
    Column("body", Text, nullable=False),
    Index("asset_in_order", "revision", "order_key", "id"),
)

scan = Table(
    "scan",
    metadata,
    Column("number", _NUMBER, primary_key=True),
    Column("id", _KEY, nullable=False, unique=True),
    Column("revision", _NUMBER, ForeignKey("inventory.revision"), nullable=False),
    Column("started", Float, nullable=False),
    Column("ended", Float),
    Column("state", _KEY, nullable=False),
    Column("mandate", _KEY, nullable=False),
    Column("inventory", _KEY, nullable=False),
    Column("body", Text, nullable=False),
    Index("scan_by_start", "started"),
)

# An asset of a scan is one row, whatever the number of its verdicts: ``outcomes`` is their rule, status and tag, a text
# that thousands of assets share letter by letter; ``open_args`` and ``settled_args`` are what is particular to this
# one, of verdicts that fail or are unknown and of the rest. Read or written, a row costs what a single verdict did when
# each had its own. No foreign key on the asset: its look-up would cost as much.
judgement = Table(
    "judgement",
    metadata,
    Column("scan", _NUMBER, ForeignKey("scan.number"), primary_key=True, autoincrement=False),
    Column("asset", _KEY, primary_key=True),
    Column("pending", Integer, nullable=False),
    Column("judged_at", Float, nullable=False),
    Column("outcomes", Text, nullable=False),
    Column("open_args", Text, nullable=False),
    Column("settled_args", Text, nullable=False),
)

evidence = Table(
    "evidence",
    metadata,
    Column("scan", _NUMBER, ForeignKey("scan.number"), primary_key=True, autoincrement=False),
    Column("target", _KEY, primary_key=True),
    Column("type", _KEY, primary_key=True),
    Column("body", Text, nullable=False),
)

lease = Table(
    "lease",
    metadata,
    Column("scan", _NUMBER, ForeignKey("scan.number"), primary_key=True, autoincrement=False),
    Column("token", _KEY, nullable=False),
    Column("host", _KEY, nullable=False),
    Column("pid", BigInteger, nullable=False),
    Column("born", _KEY, nullable=False),
    Column("renewed", Float, nullable=False),
)

# A scan counted under a mandate when it ended, and never again: what history is made of. The packed columns hold
# deflated text; ``readiness`` is a letter for each asset of the revision in the order of their ids.
frozen = Table(
    "frozen",
    metadata,
    Column("scan", _NUMBER, ForeignKey("scan.number"), primary_key=True, autoincrement=False),
    Column("mandate", _KEY, primary_key=True),
    Column("days", Text, nullable=False),
    Column("observed", Text, nullable=False),
    Column("confirmed", Text, nullable=False),
    Column("readiness", Text, nullable=False),
)

# Scans whose evidence was dropped: how many rows there were, and when.
dropped = Table(
    "dropped",
    metadata,
    Column("scan", _NUMBER, ForeignKey("scan.number"), primary_key=True, autoincrement=False),
    Column("entries", BigInteger, nullable=False),
    Column("at", Float, nullable=False),
)
