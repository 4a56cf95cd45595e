"""The first tables."""

import sqlalchemy as sa
from alembic import op

from plainly.store.types import JSON_TYPE, Moment

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """To this version."""
    op.create_table(
        "conversation",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("owner", sa.String(length=120), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("context", JSON_TYPE, nullable=False),
        sa.Column("facts", JSON_TYPE, nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("customer", sa.String(length=200), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("updated_at", Moment(), nullable=False),
        sa.Column("touched", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversation")),
    )
    op.create_index(op.f("ix_conversation_customer"), "conversation", ["customer"], unique=False)
    op.create_index(op.f("ix_conversation_owner"), "conversation", ["owner"], unique=False)
    op.create_index(op.f("ix_conversation_touched"), "conversation", ["touched"], unique=False)
    op.create_table(
        "escalation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("packet", JSON_TYPE, nullable=False),
        sa.Column("contact", JSON_TYPE, nullable=True),
        sa.Column("told_seq", sa.Integer(), nullable=False),
        sa.Column("acknowledged", sa.Boolean(), nullable=False),
        sa.Column("opened_at", Moment(), nullable=False),
        sa.Column("taken_at", Moment(), nullable=True),
        sa.Column("taken_by", sa.String(length=120), nullable=True),
        sa.Column("closed_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_escalation_conversation_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalation")),
    )
    op.create_index(op.f("ix_escalation_conversation_id"), "escalation", ["conversation_id"], unique=False)
    op.create_index(op.f("ix_escalation_taken_at"), "escalation", ["taken_at"], unique=False)
    op.create_index(
        "uq_escalation_one_open",
        "escalation",
        ["conversation_id"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "ledger",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("message_seq", sa.Integer(), nullable=False),
        sa.Column("holder", sa.String(length=220), nullable=False),
        sa.Column("policy", sa.String(length=120), nullable=False),
        sa.Column("lever", sa.String(length=120), nullable=False),
        sa.Column("amount", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("granted_by", sa.String(length=120), nullable=False),
        sa.Column("granted_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_ledger_conversation_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger")),
    )
    op.create_index("ix_ledger_holder_policy_lever", "ledger", ["holder", "policy", "lever"], unique=False)
    op.create_table(
        "message",
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("author_kind", sa.String(length=16), nullable=False),
        sa.Column("author", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=True),
        sa.Column("buttons", JSON_TYPE, nullable=False),
        sa.Column("tapped", JSON_TYPE, nullable=True),
        sa.Column("citations", JSON_TYPE, nullable=False),
        sa.Column("receipt", JSON_TYPE, nullable=True),
        sa.Column("details", JSON_TYPE, nullable=True),
        sa.Column("reply_to", sa.String(length=80), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_message_conversation_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("conversation_id", "seq", name=op.f("pk_message")),
        sa.UniqueConstraint("conversation_id", "id", name=op.f("uq_message_conversation_id_id")),
    )
    op.create_index(
        "uq_message_answered_once",
        "message",
        ["conversation_id", "reply_to"],
        unique=True,
        sqlite_where=sa.text("author_kind = 'bot' AND reply_to IS NOT NULL"),
        postgresql_where=sa.text("author_kind = 'bot' AND reply_to IS NOT NULL"),
    )
    op.create_table(
        "receipt",
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("message_seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("policy", sa.String(length=120), nullable=False),
        sa.Column("version", sa.String(length=80), nullable=False),
        sa.Column("decision", sa.String(length=200), nullable=False),
        sa.Column("outcome", sa.String(length=120), nullable=False),
        sa.Column("data", JSON_TYPE, nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_receipt_conversation_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("conversation_id", "message_seq", name=op.f("pk_receipt")),
    )
    op.create_index(op.f("ix_receipt_id"), "receipt", ["id"], unique=False)
    op.create_table(
        "record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("message_seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("data", JSON_TYPE, nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_record_conversation_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record")),
    )
    op.create_index(op.f("ix_record_conversation_id"), "record", ["conversation_id"], unique=False)
    op.create_index(op.f("ix_record_kind"), "record", ["kind"], unique=False)
    op.create_table(
        "turn",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("message_seq", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("reruns", sa.Integer(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=True),
        sa.Column("lease_by", sa.String(length=40), nullable=True),
        sa.Column("lease_until", sa.Float(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("finished_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_turn_conversation_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_turn")),
        sa.UniqueConstraint("conversation_id", "message_seq", name=op.f("uq_turn_conversation_id_message_seq")),
    )
    op.create_index(
        "ix_turn_open",
        "turn",
        ["id"],
        unique=False,
        sqlite_where=sa.text("state IN ('pending', 'running')"),
        postgresql_where=sa.text("state IN ('pending', 'running')"),
    )


def downgrade() -> None:
    """Back to the version before."""
    op.drop_index(
        "ix_turn_open",
        table_name="turn",
        sqlite_where=sa.text("state IN ('pending', 'running')"),
        postgresql_where=sa.text("state IN ('pending', 'running')"),
    )
    op.drop_table("turn")
    op.drop_index(op.f("ix_record_kind"), table_name="record")
    op.drop_index(op.f("ix_record_conversation_id"), table_name="record")
    op.drop_table("record")
    op.drop_index(op.f("ix_receipt_id"), table_name="receipt")
    op.drop_table("receipt")
    op.drop_index(
        "uq_message_answered_once",
        table_name="message",
        sqlite_where=sa.text("author_kind = 'bot' AND reply_to IS NOT NULL"),
        postgresql_where=sa.text("author_kind = 'bot' AND reply_to IS NOT NULL"),
    )
    op.drop_table("message")
    op.drop_index("ix_ledger_holder_policy_lever", table_name="ledger")
    op.drop_table("ledger")
    op.drop_index(
        "uq_escalation_one_open",
        table_name="escalation",
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.drop_index(op.f("ix_escalation_taken_at"), table_name="escalation")
    op.drop_index(op.f("ix_escalation_conversation_id"), table_name="escalation")
    op.drop_table("escalation")
    op.drop_index(op.f("ix_conversation_touched"), table_name="conversation")
    op.drop_index(op.f("ix_conversation_owner"), table_name="conversation")
    op.drop_index(op.f("ix_conversation_customer"), table_name="conversation")
    op.drop_table("conversation")
