"""Sessions, assertions, verification, failed attempts and staff."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision: str | None = None
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Makes all tables, and removes the sessions of the time before there were versions."""
    # Those sessions held their numbers in clear. They live for half an hour: people sign in again.
    if sa.inspect(op.get_bind()).has_table("gateway_session"):
        op.drop_table("gateway_session")
    op.create_table(
        "chat_session",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("conversation", sa.String(length=64), nullable=False),
        sa.Column("identity", sa.Text(), nullable=True),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_chat_session")),
        sa.UniqueConstraint("conversation", name=op.f("uq_chat_session_conversation")),
    )
    op.create_index(op.f("ix_chat_session_opened_at"), "chat_session", ["opened_at"], unique=False)
    op.create_index(op.f("ix_chat_session_used_at"), "chat_session", ["used_at"], unique=False)
    op.create_table(
        "failed_attempt",
        sa.Column("who_hash", sa.String(length=64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.Column("locked_until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("who_hash", name=op.f("pk_failed_attempt")),
    )
    op.create_index(op.f("ix_failed_attempt_last_at"), "failed_attempt", ["last_at"], unique=False)
    op.create_table(
        "oidc_request",
        sa.Column("state_hash", sa.String(length=64), nullable=False),
        sa.Column("browser_hash", sa.String(length=64), nullable=False),
        sa.Column("secrets", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("state_hash", name=op.f("pk_oidc_request")),
    )
    op.create_index(op.f("ix_oidc_request_expires_at"), "oidc_request", ["expires_at"], unique=False)
    op.create_table(
        "service_password",
        sa.Column("number_hash", sa.String(length=64), nullable=False),
        sa.Column("password_hash", sa.String(length=300), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("number_hash", name=op.f("pk_service_password")),
    )
    op.create_table(
        "sms_code",
        sa.Column("number_hash", sa.String(length=64), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=True),
        sa.Column("sent_at", sa.BigInteger(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("number_hash", name=op.f("pk_sms_code")),
    )
    op.create_index(op.f("ix_sms_code_sent_at"), "sms_code", ["sent_at"], unique=False)
    op.create_table(
        "staff_account",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("password_hash", sa.String(length=300), nullable=False),
        sa.Column("totp_secret", sa.Text(), nullable=False),
        sa.Column("totp_step", sa.BigInteger(), nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_staff_account")),
    )
    op.create_table(
        "staff_session",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_staff_session")),
    )
    op.create_index(op.f("ix_staff_session_name"), "staff_session", ["name"], unique=False)
    op.create_index(op.f("ix_staff_session_used_at"), "staff_session", ["used_at"], unique=False)
    op.create_table(
        "used_assertion",
        sa.Column("jti_hash", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("jti_hash", name=op.f("pk_used_assertion")),
    )
    op.create_index(op.f("ix_used_assertion_expires_at"), "used_assertion", ["expires_at"], unique=False)
    op.create_table(
        "verification_grant",
        sa.Column("grant_hash", sa.String(length=64), nullable=False),
        sa.Column("conversation", sa.String(length=64), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("identity", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("grant_hash", name=op.f("pk_verification_grant")),
    )
    op.create_index(op.f("ix_verification_grant_conversation"), "verification_grant", ["conversation"], unique=False)
    op.create_index(op.f("ix_verification_grant_expires_at"), "verification_grant", ["expires_at"], unique=False)
    op.create_table(
        "verification_link",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("conversation", sa.String(length=64), nullable=False),
        sa.Column("origin", sa.String(length=300), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_verification_link")),
    )
    op.create_index(op.f("ix_verification_link_conversation"), "verification_link", ["conversation"], unique=False)
    op.create_index(op.f("ix_verification_link_expires_at"), "verification_link", ["expires_at"], unique=False)
    op.create_table(
        "chat_session_subject",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("subject_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["token_hash"],
            ["chat_session.token_hash"],
            name=op.f("fk_chat_session_subject_token_hash"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("token_hash", "subject_hash", name=op.f("pk_chat_session_subject")),
    )
    op.create_index("ix_chat_session_subject_subject_hash", "chat_session_subject", ["subject_hash"], unique=False)
