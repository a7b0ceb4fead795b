"""Messages of a word or two that several operations may be meant by (「停机」, 「我的手机停了」)."""

import re
from typing import Final

# What stands around the words and says nothing of which operation is meant.
_AROUND: Final = re.compile(r"喂|你好|请问|我的?|那个|这个|[了吧吗呢啊呀嘛哦啦咯嗯]|\W")


def bare(text: str) -> str:
    """What a normalised message says, without address and particles."""
    return _AROUND.sub("", text)
