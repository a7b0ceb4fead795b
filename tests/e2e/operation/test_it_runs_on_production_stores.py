"""PostgreSQL for accounts, conversations, sessions and the audit trail, and Redis for the locks: what a deployment uses."""

from pathlib import Path

import redis
from sqlalchemy import create_engine, text

from tests.e2e.talk import Talk, subject
from tests.services import PostgresServer
from tests.system import serving


def test_conversations_and_verdicts_work_on_postgresql_and_redis(
    postgres_server: PostgresServer, redis_url: str, tmp_path: Path
) -> None:
    with (
        postgres_server.database() as accounts,
        postgres_server.database() as tracker,
        postgres_server.database() as sessions,
        postgres_server.database() as audit,
        postgres_server.database() as conversations,
        redis.Redis.from_url(redis_url) as locks,
    ):
        urls = {
            "ACCOUNTS_URL": accounts,
            "TRACKER_URL": tracker,
            "SESSIONS_URL": sessions,
            "AUDIT_URL": audit,
            "CONVERSATIONS_URL": conversations,
            "REDIS_URL": redis_url,
        }
        with serving(tmp_path, BOT_DEMO="true", **urls) as system:
            talk = Talk(system.url).sign_in("18600010102")
            assert talk.say("我现在能换号吗?")["verdict"]["status"] == "blocked"
            assert subject(talk.say("那销户呢?")) == ("answer", "cancel_service", "eligibility")
        assert locks.info("commandstats")["cmdstat_set"]["calls"] > 0
        assert rows(tracker, "events") > 0
        assert rows(accounts, "subscription") >= 10
        assert rows(sessions, "chat_session") > 0
        assert rows(audit, "audit_look") >= 2
        assert rows(conversations, "entry") == 4
    assert not list(tmp_path.glob("*.db"))


def rows(url: str, table: str) -> int:
    engine = create_engine(url)
    with engine.connect() as connection:
        count = connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
    engine.dispose()
    return int(count)
