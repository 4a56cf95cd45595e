"""The desk: staff and their sessions, suggestions, handling, ratings, episodes."""

import sqlalchemy as sa
from alembic import op

from plainly.store.types import JSON_TYPE, Moment

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """To this version."""
    op.create_table(
        "api_key",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("prefix", sa.String(length=16), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("made_by", sa.String(length=120), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("used_at", Moment(), nullable=True),
        sa.Column("revoked_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key")),
        sa.UniqueConstraint("prefix", name=op.f("uq_api_key_prefix")),
    )
    op.create_table(
        "saved_reply",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("staff_id", sa.String(length=32), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("updated_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_reply")),
    )
    op.create_index(op.f("ix_saved_reply_staff_id"), "saved_reply", ["staff_id"], unique=False)
    op.create_table(
        "sign_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("login", sa.String(length=120), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("succeeded", sa.Boolean(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
    )
    op.create_index("ix_sign_in_address_at", "sign_in", ["address", "at"], unique=False)
    op.create_index("ix_sign_in_login_at", "sign_in", ["login", "at"], unique=False)
    op.create_table(
        "staff",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("login", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("team", sa.String(length=60), nullable=False),
        sa.Column("skills", JSON_TYPE, nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("available", sa.Boolean(), nullable=False),
        sa.Column("seen_at", Moment(), nullable=True),
        sa.Column("disabled_at", Moment(), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("login", name=op.f("uq_staff_login")),
    )
    op.create_table(
        "used_token",
        sa.Column("jti", sa.String(length=120), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("jti", name=op.f("pk_used_token")),
    )
    op.create_index(op.f("ix_used_token_expires_at"), "used_token", ["expires_at"], unique=False)
    op.create_table(
        "episode",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("first_seq", sa.Integer(), nullable=False),
        sa.Column("last_seq", sa.Integer(), nullable=True),
        sa.Column("started_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("handled_by", sa.String(length=16), nullable=True),
        sa.Column("policy", sa.String(length=120), nullable=True),
        sa.Column("handoff_reason", sa.String(length=32), nullable=True),
        sa.Column("waited_seconds", sa.Float(), nullable=True),
        sa.Column("first_answer_seconds", sa.Float(), nullable=True),
        sa.Column("person_answer_seconds", sa.Float(), nullable=True),
        sa.Column("first_answer_seq", sa.Integer(), nullable=True),
        sa.Column("last_answer_seq", sa.Integer(), nullable=True),
        sa.Column("ended_by", sa.String(length=120), nullable=True),
        sa.Column("reopened_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_episode_conversation_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_episode")),
        sa.UniqueConstraint("conversation_id", "number", name=op.f("uq_episode_conversation_id_number")),
    )
    op.create_index(op.f("ix_episode_ended_at"), "episode", ["ended_at"], unique=False)
    op.create_index(op.f("ix_episode_started_at"), "episode", ["started_at"], unique=False)
    op.create_table(
        "handling",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=24), nullable=False),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.Column("owner", sa.String(length=120), nullable=False),
        sa.Column("data", JSON_TYPE, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_handling_conversation_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handling")),
    )
    op.create_index("ix_handling_conversation_id_id", "handling", ["conversation_id", "id"], unique=False)
    op.create_index(op.f("ix_handling_what"), "handling", ["what"], unique=False)
    op.create_table(
        "override",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("message_seq", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.String(length=32), nullable=False),
        sa.Column("warnings", JSON_TYPE, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_override_conversation_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_override")),
    )
    op.create_index(op.f("ix_override_conversation_id"), "override", ["conversation_id"], unique=False)
    op.create_table(
        "rating",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("episode", sa.Integer(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("solved", sa.Boolean(), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("answered_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_rating_conversation_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating")),
        sa.UniqueConstraint("conversation_id", "episode", name=op.f("uq_rating_conversation_id_episode")),
    )
    op.create_table(
        "staff_session",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("staff_id", sa.String(length=32), nullable=False),
        sa.Column("csrf", sa.String(length=64), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("seen_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_session_staff_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_staff_session")),
    )
    op.create_index(op.f("ix_staff_session_staff_id"), "staff_session", ["staff_id"], unique=False)
    op.create_table(
        "suggestion",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("for_seq", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("draft", JSON_TYPE, nullable=False),
        sa.Column("shown_to", sa.String(length=32), nullable=False),
        sa.Column("shown_at", Moment(), nullable=False),
        sa.Column("used", sa.String(length=16), nullable=True),
        sa.Column("used_at", Moment(), nullable=True),
        sa.Column("sent_seq", sa.Integer(), nullable=True),
        sa.Column("difference", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_suggestion_conversation_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestion")),
    )
    op.create_index("ix_suggestion_conversation_id_for_seq", "suggestion", ["conversation_id", "for_seq"], unique=False)
    op.create_index(op.f("ix_suggestion_used"), "suggestion", ["used"], unique=False)
    op.create_table(
        "typing",
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("who", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_typing_conversation_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("conversation_id", "who", name=op.f("pk_typing")),
    )
    op.create_index(op.f("ix_typing_at"), "typing", ["at"], unique=False)
    op.add_column("conversation", sa.Column("customer_name", sa.String(length=200), nullable=True))
    op.add_column("conversation", sa.Column("snoozed_until", Moment(), nullable=True))
    op.create_index(op.f("ix_conversation_snoozed_until"), "conversation", ["snoozed_until"], unique=False)
    op.add_column("escalation", sa.Column("team", sa.String(length=60), nullable=True))
    op.add_column("escalation", sa.Column("line_since", Moment(), nullable=True))
    op.add_column("escalation", sa.Column("answered_at", Moment(), nullable=True))


def downgrade() -> None:
    """Back to the version before."""
    op.drop_column("escalation", "answered_at")
    op.drop_column("escalation", "line_since")
    op.drop_index(op.f("ix_typing_at"), table_name="typing")
    op.drop_table("typing")
    op.drop_column("escalation", "team")
    op.drop_index(op.f("ix_conversation_snoozed_until"), table_name="conversation")
    op.drop_column("conversation", "snoozed_until")
    op.drop_column("conversation", "customer_name")
    op.drop_index(op.f("ix_suggestion_used"), table_name="suggestion")
    op.drop_index("ix_suggestion_conversation_id_for_seq", table_name="suggestion")
    op.drop_table("suggestion")
    op.drop_index(op.f("ix_staff_session_staff_id"), table_name="staff_session")
    op.drop_table("staff_session")
    op.drop_table("rating")
    op.drop_index(op.f("ix_override_conversation_id"), table_name="override")
    op.drop_table("override")
    op.drop_index(op.f("ix_handling_what"), table_name="handling")
    op.drop_index("ix_handling_conversation_id_id", table_name="handling")
    op.drop_table("handling")
    op.drop_index(op.f("ix_episode_started_at"), table_name="episode")
    op.drop_index(op.f("ix_episode_ended_at"), table_name="episode")
    op.drop_table("episode")
    op.drop_index(op.f("ix_used_token_expires_at"), table_name="used_token")
    op.drop_table("used_token")
    op.drop_table("staff")
    op.drop_index("ix_sign_in_login_at", table_name="sign_in")
    op.drop_index("ix_sign_in_address_at", table_name="sign_in")
    op.drop_table("sign_in")
    op.drop_index(op.f("ix_saved_reply_staff_id"), table_name="saved_reply")
    op.drop_table("saved_reply")
    op.drop_table("api_key")
