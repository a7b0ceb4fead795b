"""What Rasa is told about its surroundings."""

import dataclasses
import stat

import yaml

from actions.settings import settings
from bot.endpoints import endpoints, write_endpoints


def test_actions_get_only_the_domain_they_ask_for_and_trackers_a_full_url():
    configured = dataclasses.replace(settings(), tracker_url="postgresql://u:p@db/rasa", redis_url=None)

    assert endpoints(configured, "http://127.0.0.1:5055") == {
        "action_endpoint": {"url": "http://127.0.0.1:5055/webhook", "enable_selective_domain": True},
        "tracker_store": {"type": "SQL", "url": "postgresql://u:p@db/rasa"},
    }


def test_with_redis_messages_are_kept_in_order_across_processes():
    configured = dataclasses.replace(settings(), redis_url="rediss://user:pass@cache:6380/2")

    assert endpoints(configured, "http://127.0.0.1:5055")["lock_store"] == {
        "type": "redis",
        "url": "cache",
        "port": 6380,
        "db": "2",
        "username": "user",
        "password": "pass",
        "use_ssl": True,
    }


def test_the_file_can_be_read_by_its_owner_only(tmp_path):
    path = tmp_path / "run" / "endpoints.yml"
    write_endpoints(path, settings(), "http://127.0.0.1:5055")

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert yaml.safe_load(path.read_text(encoding="utf-8"))["tracker_store"]["type"] == "SQL"
