"""`wechat menu` as an operator types it, against the simulator of the platform."""

import asyncio
import json
from collections.abc import Awaitable, Callable

import pytest

from actions.settings import settings
from bot.__main__ import main
from bot.wechat.menu import read_menu
from tests.wechat.platform import OfficialAccount, serving

Run = Callable[..., Awaitable[tuple[int, str, str]]]


@pytest.fixture
def platform() -> OfficialAccount:
    return OfficialAccount(callback="")


@pytest.fixture
async def run(platform, database_url, tmp_path, monkeypatch, capsys):
    async with serving(platform.app()) as servers:
        values = {
            "BOT_VAR": str(tmp_path / "var"), "CONVERSATIONS_URL": database_url, "WECHAT_APP_ID": platform.app_id,
            "WECHAT_APP_SECRET": platform.secret, "WECHAT_TOKEN": platform.token, "WECHAT_AES_KEY": platform.key,
            "WECHAT_API_BASE": servers,
        }  # fmt: skip
        for name, value in values.items():
            monkeypatch.setenv(name, value)

        async def run(*arguments: str, **changed: str | None) -> tuple[int, str, str]:
            for name, value in changed.items():
                monkeypatch.delenv(name) if value is None else monkeypatch.setenv(name, value)
            settings.cache_clear()
            code = await asyncio.to_thread(main, ["wechat", "menu", *arguments])
            told = capsys.readouterr()
            assert "Traceback" not in told.err
            return code, told.out, told.err

        yield run
    settings.cache_clear()


async def test_the_menu_is_applied_and_the_token_is_that_of_the_gateways(run: Run, platform):
    for _ in range(2):
        code, out, _err = await run("apply")
        assert code == 0
        assert out.startswith("公众号的菜单已经换好")
    assert platform.menus == [read_menu().to_platform()] * 2
    assert platform.token_calls == 1


async def test_a_token_that_ended_is_renewed(run: Run, platform):
    await run("apply")
    platform.expire_tokens()
    assert (await run("apply"))[0] == 0
    assert platform.token_calls == 2


async def test_the_menu_is_shown_as_the_platform_gets_it(run: Run, platform):
    code, out, _err = await run("show", WECHAT_APP_ID=None)
    assert code == 0
    assert json.loads(out) == read_menu().to_platform()
    assert platform.token_calls == 0


async def test_a_menu_is_checked_without_an_account(run: Run, tmp_path):
    code, out, _err = await run("check", WECHAT_APP_ID=None)
    assert (code, out) == (0, "菜单没有问题：3 个按钮，10 项。\n")
    bad = tmp_path / "bad.yml"
    bad.write_text("menu: []")
    sentence = "菜单应有 1 到 3 个按钮，现在是 0 个。\n"
    assert await run("check", "--file", str(bad)) == (1, "", sentence)
    assert await run("show", "--file", str(bad)) == (2, "", sentence)


async def test_a_menu_of_ones_own_is_the_one_that_is_applied(run: Run, platform, tmp_path):
    mine = tmp_path / "mine.yml"
    mine.write_text("menu: [{name: 帮助, asks: 你能做什么}]")
    assert (await run("apply", WECHAT_MENU_FILE=str(mine)))[0] == 0
    assert platform.menus == [{"button": [{"type": "click", "name": "帮助", "key": "帮助"}]}]
    mine.write_text("menu: []")
    assert await run("apply") == (2, "", "菜单应有 1 到 3 个按钮，现在是 0 个。\n")


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"WECHAT_APP_ID": None}, "还没有设置公众号：请先设置环境变量 WECHAT_APP_ID 等，见 docs/wechat.md。\n"),
        ({"WECHAT_APP_ID": "wx0"}, "微信没有接受这个菜单（错误码 40013）：AppID（WECHAT_APP_ID）不对。\n"),
        ({"WECHAT_APP_SECRET": "x"}, "微信没有接受这个菜单（错误码 40125）：AppSecret（WECHAT_APP_SECRET）不对。\n"),
        (
            {"WECHAT_API_BASE": "http://127.0.0.1:9"},
            "微信的服务器（http://127.0.0.1:9）没有答复，菜单没有换。\n",
        ),
        (
            {"CONVERSATIONS_URL": "nonsense"},
            "环境变量 CONVERSATIONS_URL 不是正确的数据库地址，应像 sqlite:///var/x.db。\n",
        ),
    ],
)
async def test_what_is_wrong_is_one_sentence(run: Run, platform, changed, sentence):
    assert await run("apply", **changed) == (2, "", sentence)
    assert platform.menus == []


async def test_a_code_that_nobody_foresaw_is_named(run: Run, platform, monkeypatch):
    monkeypatch.setattr("tests.wechat.platform.OfficialAccount._refusal", lambda _self, _request: _refused())
    code, _out, err = await run("apply")
    assert code == 2
    assert "错误码 65318" in err
    assert err.count("\n") == 1


def _refused():
    from aiohttp import web

    return web.json_response({"errcode": 65318, "errmsg": "there must be something wrong"})
