"""What a message points at: a choice that was offered, what was said before, another telephone number."""

import re
from typing import Final

from bot.nlu.questions import ASKS, asks_the_same_elsewhere

_DIGITS: Final = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_CHOICE: Final = re.compile(
    r"^(?:嗯|那|就|我)*(?:我?(?:要|选择?|点|办|想要|是|说的是))*第?\s*([1-9一二两三四五六七八九])\s*"
    r"(?:个|项|条|种|号|\.|、)?(?:吧|呗|那个|这个|的|选项|就行|就好|可以|谢谢|哈)*[。.!,]*$"
)
_CHOOSING: Final = r"^(?:嗯|那|就|我)*(?:要|选择?|点|看|问|想要|说的是|是)*(?:{})(?:那|这|的|一)*(?:个|项|条|种|样)?(?:吧|呗|就行|就好|谢谢)*[。.!]*$"
_ALL_CHOICES: Final = 0
_LAST_CHOICE: Final = -1
_CHOICES_IN_WORDS: Final = tuple(
    (re.compile(_CHOOSING.format(words)), choice)
    for words, choice in (
        (r"最?(?:上面|前面)|头|前者", 1),
        (r"正?(?:中间|当中)", 2),
        (r"最(?:后面?|末|下面)|末尾|(?:[两三]个)?(?:里(?:边|面)?)?后面|后者", _LAST_CHOICE),
        (
            r"[两二三这]?(?:个|项|条|样)?(?:全|全部|全都|都)(?:要看|要问|要|看|问|想看|想问|想知道|说说|讲讲|了解|告诉我)?(?:一下|一遍)?",
            _ALL_CHOICES,
        ),
    )
)

_LEANS_BACK: Final = re.compile(
    r"^(?:嗯|哦|噢|啊|好的?|,|\s)*(?:那(?!个)|还有呢|另外呢|换成|改成|不对|不是|错了|(?:说|搞|弄|打|问|讲)错了?|我(?:要|想)?(?:说|问)的是|我是(?:说|问)"
    r"|我的意思|更正|刚才(?:说|问)|上面(?:说|那))"
)
_AND_THAT: Final = re.compile(r"^[^,。;]{1,12}(?:呢|的话)[?。!~]*$")
# 「欠费会影响吗」: what it would affect was said before.
_DOES_IT_MATTER: Final = re.compile(
    r"^[^,。;]{1,12}(?:影响|妨碍|碍事|耽误|要紧|有关系)[^,。;]{0,3}[吗么嘛不没][?。!~]*$"
)
# What stands between the things of one list.
AND: Final = re.compile(r"和|跟|与|及|以及|还有|或者?|、")
# 「另一个号呢」: not the telephone number that was looked at.
_OTHER_NUMBER: Final = re.compile(
    r"(?:另外?|别的?|其他|其它|下)(?:的|那|一|两|几)*(?:个|张|部|条)?(?:手机|电话)?(?:号码?|卡)"
    r"|^(?:那|我|,)*(?:另外?|其他|其它)(?:的|那|一)*(?:个|张|部)?(?:呢|怎么样)?[?。!]*$"
)
# What stands around a telephone number in a message that says nothing else: 「那帮我查一下尾号0102的」.
_AROUND_A_NUMBER: Final = re.compile(
    r"麻烦|帮忙|[打说报输记写]错了?|应该|正确|结尾|末尾|尾数|四位|几位|另外|不对|错了|手机|电话|客户|号码|[那这个就嗯哦噢请帮给我你您再还也先改换成查看问说要想用的号卡是叫呢吧吗呀啊一下尾末最后他她它]"
)


def choice_of(text: str) -> int | None:
    """The number of an offered choice in a message that says nothing else: from 1, -1 for the last, 0 for all of them."""
    if match := _CHOICE.match(text):
        figure = match.group(1)
        return _DIGITS.get(figure) or int(figure)
    return next((choice for pattern, choice in _CHOICES_IN_WORDS if pattern.match(text)), None)


def leans_back(text: str) -> bool:
    """Whether the wording leans on what was said before (「那…呢」)."""
    if _LEANS_BACK.match(text) or _DOES_IT_MATTER.match(text) or asks_the_same_elsewhere(text):
        return True
    return bool(_AND_THAT.match(text) and not ASKS.search(text))


def other_number(text: str) -> bool:
    """Whether another telephone number is meant than the one that was talked about."""
    return bool(_OTHER_NUMBER.search(text))


def only_around_a_number(text: str) -> bool:
    """Whether nothing is left of the message beside its telephone numbers and words that point at them."""
    return not any(map(str.isalpha, _AROUND_A_NUMBER.sub("", text)))
