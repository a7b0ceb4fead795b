"""Rasa's endpoints file, made from the settings."""

import os
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy.engine import make_url

from actions.settings import Settings


def write_endpoints(path: Path, settings: Settings, actions_url: str) -> None:
    """Writes the file; it may hold passwords, so only this user can read it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        yaml.safe_dump(endpoints(settings, actions_url), file, allow_unicode=True)


def endpoints(settings: Settings, actions_url: str) -> dict[str, Any]:
    """The content: where actions run, where conversations are kept, and who keeps their messages in order."""
    content: dict[str, Any] = {
        # The whole domain with every call would be most of the traffic; an action that wants it says so.
        "action_endpoint": {"url": f"{actions_url}/webhook", "enable_selective_domain": True},
        # A full url, because Rasa builds one from parts in a way that SQLAlchemy 2 refuses.
        "tracker_store": {"type": "SQL", "url": settings.tracker_url},
    }
    if settings.redis_url is not None:
        content["lock_store"] = _redis(settings.redis_url)
    return content


def _redis(text: str) -> dict[str, Any]:
    url = make_url(text)
    store: dict[str, Any] = {"type": "redis", "url": url.host, "port": url.port or 6379, "db": url.database or 0}
    if url.username:
        store["username"] = url.username
    if url.password:
        store["password"] = str(url.password)
    if url.drivername == "rediss":
        store["use_ssl"] = True
    return store
