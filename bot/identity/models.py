"""The tables of the identity database (SQLite and PostgreSQL).

Tokens stand here as hashes, numbers and codes as keyed hashes, passwords as argon2id, identities and TOTP secrets sealed.
All times are seconds since the epoch.
"""

from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, MetaData, String, Table, Text

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
    }
)

_HASH: Final = String(64)

# One session, one conversation, one identity (sealed with the conversation as context; NULL: not signed in).
chat_session = Table(
    "chat_session",
    metadata,
    Column("token_hash", _HASH, primary_key=True),
    Column("conversation", String(64), nullable=False, unique=True),
    Column("identity", Text),
    Column("demo", Boolean, nullable=False),
    Column("opened_at", BigInteger, nullable=False, index=True),
    Column("used_at", BigInteger, nullable=False, index=True),
)

# Whose a session is, as keyed hashes of numbers and customers: all sessions of one can be ended.
chat_session_subject = Table(
    "chat_session_subject",
    metadata,
    Column("token_hash", _HASH, ForeignKey("chat_session.token_hash", ondelete="CASCADE"), primary_key=True),
    Column("subject_hash", _HASH, primary_key=True),
    Index("ix_chat_session_subject_subject_hash", "subject_hash"),
)

# Assertions of the web hall that have been used: none is taken twice, by whichever gateway.
used_assertion = Table(
    "used_assertion",
    metadata,
    Column("jti_hash", _HASH, primary_key=True),
    Column("expires_at", BigInteger, nullable=False, index=True),
)

# One-time links to the verification page; `origin` is that of the page in which the chat stands.
verification_link = Table(
    "verification_link",
    metadata,
    Column("token_hash", _HASH, primary_key=True),
    Column("conversation", String(64), nullable=False, index=True),
    Column("origin", String(300), nullable=False),
    Column("expires_at", BigInteger, nullable=False, index=True),
    Column("tries", Integer, nullable=False),
    Column("used_at", BigInteger),
)

# What a verification hands to the chat that made the link: by message (grant) or typed by the person (code).
verification_grant = Table(
    "verification_grant",
    metadata,
    Column("grant_hash", _HASH, primary_key=True),
    Column("conversation", String(64), nullable=False, index=True),
    Column("code_hash", _HASH, nullable=False),
    Column("identity", Text, nullable=False),
    Column("expires_at", BigInteger, nullable=False, index=True),
    Column("tries", Integer, nullable=False),
)

# The last SMS code sent to a number; the row stays after its use, because it also says when another may be sent.
sms_code = Table(
    "sms_code",
    metadata,
    Column("number_hash", _HASH, primary_key=True),
    Column("code_hash", _HASH),
    Column("sent_at", BigInteger, nullable=False, index=True),
    Column("tries", Integer, nullable=False),
)

service_password = Table(
    "service_password",
    metadata,
    Column("number_hash", _HASH, primary_key=True),
    Column("password_hash", String(300), nullable=False),
    Column("demo", Boolean, nullable=False),
)

# Failed attempts by number, address or name of staff (keyed hashes).
failed_attempt = Table(
    "failed_attempt",
    metadata,
    Column("who_hash", _HASH, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last_at", BigInteger, nullable=False, index=True),
    Column("locked_until", BigInteger, nullable=False),
)

staff_account = Table(
    "staff_account",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("role", String(32), nullable=False),
    Column("password_hash", String(300), nullable=False),
    Column("totp_secret", Text, nullable=False),
    # The last time step of which a one-time code was taken: no code is taken twice.
    Column("totp_step", BigInteger, nullable=False),
    Column("disabled", Boolean, nullable=False),
    Column("demo", Boolean, nullable=False),
    Column("created_at", BigInteger, nullable=False),
)

staff_session = Table(
    "staff_session",
    metadata,
    Column("token_hash", _HASH, primary_key=True),
    Column("name", String(100), nullable=False, index=True),
    Column("role", String(32), nullable=False),
    # local: counts while the account does, in the account's role; oidc: as the provider said at sign-in.
    Column("source", String(16), nullable=False),
    Column("demo", Boolean, nullable=False),
    Column("opened_at", BigInteger, nullable=False),
    Column("used_at", BigInteger, nullable=False, index=True),
)

# A sign-in by OIDC that has been sent to the provider and not come back yet.
oidc_request = Table(
    "oidc_request",
    metadata,
    Column("state_hash", _HASH, primary_key=True),
    Column("browser_hash", _HASH, nullable=False),
    Column("secrets", Text, nullable=False),
    Column("expires_at", BigInteger, nullable=False, index=True),
)
