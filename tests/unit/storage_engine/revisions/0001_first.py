"""The first tables of the tests."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "heads",
        sa.Column("organization_id", sa.String, primary_key=True),
        sa.Column("position", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "notes",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("done", sa.Boolean, nullable=False),
        sa.Column("body", sa.LargeBinary),
        sa.Column("parent_id", sa.String, sa.ForeignKey("notes.id")),
        sa.UniqueConstraint("size", "body", name="uq_notes_size_body"),
    )
    op.execute("INSERT INTO heads (organization_id, position) VALUES ('a', 0), ('b', 0)")
