"""Databases for the rooms of the app for staff."""

from tests.bot.wechat.conftest import environment, sessions

__all__ = ["environment", "sessions"]
