"""A revision that fails after it has changed something."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("half", sa.Column("id", sa.String, primary_key=True))
    op.execute("INSERT INTO half (id) VALUES ('x')")
    op.execute("INSERT INTO missing (id) VALUES ('x')")
