"""The page that holds a widget, as somebody else's site would serve it, under a policy of its own."""

import gzip
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from aiohttp import web

# What the gateway's own pages are served with, for a page on another origin; without and with Trusted Types.
_STRICT: Final = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; script-src 'self' {gateway}; style-src 'self'; "
    "img-src 'self'; connect-src {gateway}"
)
POLICIES: Final = {
    "none": "",
    "strict": _STRICT,
    "strict + Trusted Types": f"{_STRICT}; require-trusted-types-for 'script'; trusted-types 'none'",
}

_PAGE: Final = """<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>网上营业厅</title>
<link rel="icon" href="/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/page.css">
{scripts}
</head>
<body><main><h1>网上营业厅</h1><p>要办业务，可以先问助手。</p>{tag}</main></body>
</html>
"""
_STYLE: Final = "body { margin: 0; font-family: sans-serif; } main { display: block; }\n"
_ICON: Final = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"></svg>'

# What an integrator writes: asks the gateway and shows the text of the answer.
_GLUE: Final = """const chat = document.querySelector("deep-chat");
let session;
chat.connect = {
  handler: async (body, signals) => {
    try {
      const response = await fetch("GATEWAY/api/v1/messages", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ session, text: body.messages[0].text }),
      });
      const answer = await response.json();
      if (!response.ok) throw new Error(answer.error.message);
      session = answer.session;
      signals.onResponse({ text: answer.messages[0].text });
    } catch (error) {
      signals.onResponse({ error: error.message });
    }
  },
};
"""


@dataclass(frozen=True)
class Widget:
    """A widget as it is put into a page, and how the browser finds its parts (CSS selectors, through shadow roots).

    Attributes:
        scripts: addresses of its modules; `{gateway}` is the gateway's.
        tag: the element.
        field: where the question is typed.
        answer: what holds the texts of answers.
        failed: what is shown where a question could not be sent.
    """

    name: str
    scripts: tuple[str, ...]
    tag: str
    field: str
    answer: str
    failed: str


OURS: Final = Widget(
    "ours",
    ("{gateway}/static/rule-assistant.js",),
    '<rule-assistant mode="page"></rule-assistant>',
    "#question",
    ".entry.assistant",
    ".entry.held, .entry.failed",
)
DEEP_CHAT: Final = Widget(
    "deep-chat 2.4.2",
    ("/deep-chat.js", "/glue.js"),
    "<deep-chat></deep-chat>",
    "#text-input",
    ".ai-message-text",
    ".error-message-text",
)


def host(gateway: str, deep_chat: Path) -> web.Application:
    """The site: `/{widget}/{policy}` is a page, both by their places in `WIDGETS` and `POLICIES`."""
    app = web.Application()
    files = {
        "/page.css": ("text/css", _STYLE.encode()),
        "/icon.svg": ("image/svg+xml", _ICON.encode()),
        "/glue.js": ("text/javascript", _GLUE.replace("GATEWAY", gateway).encode()),
        "/deep-chat.js": ("text/javascript", deep_chat.read_bytes()),
    }

    async def page(request: web.Request) -> web.Response:
        widget = WIDGETS[int(request.match_info["widget"])]
        policy = list(POLICIES.values())[int(request.match_info["policy"])].format(gateway=gateway)
        scripts = "\n".join(
            f'<script type="module" src="{address.format(gateway=gateway)}"></script>' for address in widget.scripts
        )
        headers = {"Content-Security-Policy": policy} if policy else {}
        return web.Response(
            text=_PAGE.format(scripts=scripts, tag=widget.tag), content_type="text/html", headers=headers
        )

    async def file(request: web.Request) -> web.Response:
        kind, body = files[request.path]
        return web.Response(
            body=gzip.compress(body, 9, mtime=0),
            content_type=kind,
            charset="utf-8",
            headers={"Content-Encoding": "gzip", "Cache-Control": "no-cache"},
        )

    app.router.add_get(r"/{widget:\d}/{policy:\d}", page)
    for path in files:
        app.router.add_get(path, file)
    return app


WIDGETS: Final = (OURS, DEEP_CHAT)
