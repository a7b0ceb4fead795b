"""JSON answers that people can read as well: Chinese stays Chinese."""

import json

from aiohttp import web


def json_answer(value: object, status: int = 200) -> web.Response:
    """A JSON response."""
    return web.json_response(value, status=status, dumps=lambda data: json.dumps(data, ensure_ascii=False))
