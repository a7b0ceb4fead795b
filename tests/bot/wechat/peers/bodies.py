"""Bodies around the edges of the padding, and of the kinds that come."""

from collections.abc import Iterator

from bot.wechat.xml import write_message

ACCOUNTS = [
    {"token": "spamtest", "key": "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C", "receiver": "wx5823bf96d3bd56c7"},
    {"token": "一个令牌", "key": "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", "receiver": "ww1234567890abcdef"},
]


def bodies() -> Iterator[str]:
    """More than 100 of them."""
    for length in range(1, 71):
        yield "x" * length
    for length in range(1, 25):
        yield "销户" * length
    for length in range(1, 12):
        yield "👍🏽" * length + "x" * length
    yield write_message(
        {"ToUserName": "gh_1", "FromUserName": "o1", "CreateTime": 1, "MsgType": "text", "Content": "]]>"}
    )
    yield "补卡要带什么？\n" * 100  # 2 kB
    yield "我上个月去营业厅办过户，" * 570  # 20 kB
    yield "a<b>&amp;\r\n\t \u3000\ufeff"
