"""Messages of a word or two that several operations may be meant by (「停机」, 「我的手机停了」): these are asked back about."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

# What stands around the words and says nothing of which operation is meant.
_AROUND: Final = re.compile(r"喂|你好|请问|我的?|那个|这个|[了吧呢啊呀嘛哦啦咯嗯]|\W")


class HalfSaid:
    """Which operations a bare word may mean."""

    def __init__(self, entries: Iterable[Mapping[str, Any]] = ()) -> None:
        """`entries`: {"said": words, "operations": identifiers}.

        Raises `ValueError` for an entry of another form.
        """
        self._operations: dict[str, tuple[str, ...]] = {}
        for entry in entries:
            if set(entry) != {"said", "operations"} or not all(isinstance(words, list) for words in entry.values()):
                raise ValueError("half_said 的每一条应有 said 和 operations 两个列表。")
            for word in entry["said"]:
                self._operations[_AROUND.sub("", word)] = tuple(entry["operations"])

    def operations(self, text: str) -> tuple[str, ...]:
        """The operations that may be meant by a message that says nothing but one of the words; none otherwise."""
        return self._operations.get(_AROUND.sub("", text), ())
