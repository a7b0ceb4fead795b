"""What a message asks, by its wording alone: for which aspects, in which clauses, and whether it names anything else."""

import re
from collections.abc import Sequence
from functools import cache
from typing import Final

from bot.nlu.cues import UNNAMED, Operator, any_of
from knowledge.identifiers import ASPECTS, Aspect

_ASPECTS: Final[dict[Aspect, re.Pattern[str]]] = {
    "documents": re.compile(
        r"要(?:啥|什么)(?:东西|手续)?[?。!]*$|带(?:什么|啥|些|哪|点|齐|全|身份证|证|上|着)|材料|证件|资料要|哪些资料|(?:补办|补卡|补发|过户|销户|销号)(?:所需|需要)?的?资料|身份证|介绍信|委托|授权书|营业执照|公章|盖章|复印件|原件|手续要|什么手续|手续(?:呢|都?有哪些|有啥)?[?。!]*$|代办|证明|户口本|谁(?:去|来|能办)"
        r"|护照|驾驶证|驾照|军官证|本人(?:去|到|来|办|亲自)|(?:必须|非得|一定要?)(?:是|要)?本人|[替代](?:我|他|她|人|老人|家人)(?:去|办|来|弄)|别人[去代来]"
        r"|(?:让|叫|派|喊)(?!我们?去|你)[^,。;]{1,5}[去代](?:能|可以|行|办|弄)|(?:发票|收据|[收金费]条|票据|单据|[那的]票)(?:找?不(?:着|到|见)了?|没了?|弄?丢|掉|遗失)"
    ),
    "conditions": re.compile(
        r"条件|要求|限制|前提|门槛|什么情况|哪些情况|规定|允许|资格|不能办|办不了|不给办|才能|才可以"
    ),
    "channels": re.compile(
        r"地点|哪里|哪儿|在哪|[去到上]哪|网上|线上|app|营业厅|打电话|电话(?:能|可以|里)|异地|外地|网厅|柜台|渠道|(?:微信|手机|支付宝|小程序|公众号|自助机)[上里]|自助机"
        r"|自己在家|在家(?:能|可以|自己)|(?:能|可以|让你们)[^,。;]{0,5}上门|(?:代理|小)[店点商](?:能|可以|给)"
    ),
    "fee": re.compile(
        r"多少钱|费(?:用)?[是要得]*多少|收费|费用|要钱|收钱|手续费|几块|几元|价格|免费|工本费|花钱|多贵|怎么收"
    ),
    "time_limit": re.compile(
        r"多久|多长时间|(?<![这那好前后])几(?:天|个?小时|个?月)|多少天|什么时候|啥时候|何时|当天|立刻|马上生效|几号|时限|期限|生效"
    ),
    "procedure": re.compile(
        r"怎么(?:办|弄|操作|申请|搞|做|取消|开|改|换|查|退|走)|如何|流程|步骤|咋(?:个|办|弄|整|搞)|程序|怎样|之后会|会怎"
    ),
    "overview": re.compile(
        r"是什么|什么是|是啥|啥是|什么意思|啥意思|介绍|说明一?下|讲讲|讲一?下|说说|了解|有什么用|干什么用|干嘛的|指的是"
    ),
    "eligibility": re.compile(
        r"(?:我|这个?号|这张?卡|这部|名下|我们|现在|目前|客户|他|她|尾号|\d{4,}).{0,12}(?:能不能|可不可以|能否|可否|是否可以|够不够|符不符合|满不满足)"
        r"|(?:我|这个?号|这张?卡|现在|目前).{0,12}(?:能|可以|得[了成]).{0,10}[吗么嘛不没](?:[?。,;!]|$)|帮我(?:看看|查查|看下|查一?下).{0,12}(?:能|可以|符合)"
    ),
}

ASKS: Final = re.compile(r"怎么|什么|多少|哪|咋|几|谁|啥|为何|如何")
CLAUSE_PATTERN: Final = re.compile(r"[^,。;?!]+")
_IS_QUESTION: Final = re.compile(rf"{ASKS.pattern}|多(?:久|长|贵)|[吗么嘛呢不没]$|(.)不\1")
# 「不是收费,我问的是…」: the aspect behind it is not asked for.
_NOT_ASKED: Final = re.compile(r"(?:(?<!是)不是|没有?|不)(?:要|想)?问(?:你|您)?$|(?<!是)不是(?:要|说)?$")

# 「用表哥的身份证开的」, 「身份证到期了」: tells what the account or the paper is; nobody asks what to bring.
_TOLD_OF_A_PAPER: Final = re.compile(
    r"(?:身份证|证件|执照|护照|军官证|户口本)(?:号码?|上|办|开|登|注册|买|换|更|过期|到期|失效|丢|掉|变|错|[^,。;]{0,6}(?:错|开的|办的|登记|过期|到期|名下|名字))"
    r"|(?:用|拿|以|登|挂)[^,。;]{0,8}(?:身份证|证件|执照|护照|军官证|户口本)"
)
# 「我能在网上补卡吗」 asks where, not about the account; 「现在」 and the like ask about it all the same.
_THIS_MOMENT: Final = re.compile(r"现在|目前|眼下|这会儿|今天|帮我[看查]|看看|查查")

# 「销户也是这样吗」: what was asked of one thing is asked of another.
_THE_SAME_THERE: Final = re.compile(
    r"^[^,。;]{1,10}也(?:是|一样|这样|要|得|行|可以)?(?:这样|的|一样)?[吗么嘛不][?。!~]*$"
)
# What stands around the words for an aspect in a message that says nothing else: 「那这个要带什么呢」.
_AROUND_A_QUESTION: Final = re.compile(
    r"具体|大概|一般|到底|方面|问题|办理|需要|请问|[那这个它他的是呢吗么嘛啊呀哦噢嗯哎下一您你我要想了得还给能不就都再会办理弄做去来]"
)
# A name of something: with it, a message is no bare question.
_CONCRETE: Final = re.compile(
    r"身份证|护照|驾驶证|驾照|军官证|发票|收据|营业厅|营业执照|公章|介绍信|户口本|app|柜台|网厅|异地|外地"
)
# Words that name nothing: what is asked or said of a thing (「发票找不着了怎么办」), and what points at it.
_NAMELESS: Final = re.compile(
    r"里[面头边]|有点儿?|有些|一点儿?|跑一?[趟次]|跑腿|一趟|跑|(?:会|有|会不会|有没有)?(?:影响|妨碍|碍事|耽误|要紧|关系)|找不[着到]|不见了?|弄丢|遗失|丢了|掉了|没[带有]|没了|忘[带记]?了|可不可以|可以|能不能|是不是|要不要|行不行|怎么办?|什么|一定|必须|直接|"
    r"如果|要是|万一|现在|今天|不过|还是|或者|只[有是]|[那这]个|[那这]样|[这那它他她您你我咱们是的了吗么嘛吧呢啊呀哦噢嗯哎就都也还得给再要能不没行去来做弄办]"
)
# 「一般什么时候发」: one character that says what is to happen names nothing.
_A_VERB: Final = 1
_GO_ON: Final = re.compile(
    r"^(?:嗯|哦|噢|好的?|那|,)*(?:还有(?:别的|其他|其它|什么|啥)*(?:吗|么|没有?|呢)?|然后呢?|继续|接着说)[?。!]*$"
)
# Nobody asks whether something is allowed now without one of these.
_MAY_I: Final = re.compile(
    r"能|可以|可否|行吗|行不行|行么|允许|够|符合|满足|资格|让不让|给不给|给办|帮我(?:看|查)|看看|查查|是否|得不得|得[了成]|ok|办得|办不|成不"
)
_IS_IT_POSSIBLE: Final = re.compile(
    r"(?:能|可以|行|给办|得[了成])[^,。;]{0,12}[吗么嘛不没][?。!]*$|能不能|可不可以|能否|可否|行不行|成不成|给不给|是否可以"
)

# 「销户条件满足不」: the account is to be held against the conditions, which are not to be told.
_IS_IT_MET: Final = re.compile(r"(?:满足|符合|达到|够)[^,。;]{0,8}[吗么嘛不没][?。!]*$|满不满足|符不符合|够不够")


def aspect_places(text: str, operator: Operator = UNNAMED) -> list[tuple[int, Aspect]]:
    """(start, aspect) of the words that ask for an aspect, in reading order; a hotline is a word for the channels."""
    found = _worded(text, operator)
    beside_the_point = _beside_the_point(text, found)
    found = [place for place in found if place not in beside_the_point]
    return sorted(found, key=lambda place: (place[0], ASPECTS.index(place[1])))


def _worded(text: str, operator: Operator) -> list[tuple[int, Aspect]]:
    """(start, aspect) of all words for aspects that are not denied."""
    found = [
        (match.start(), aspect)
        for aspect, pattern in _ASPECTS.items()
        for match in pattern.finditer(text)
        if not _NOT_ASKED.search(text[: match.start()])
    ]
    found += [(match.start(), "channels") for match in any_of(operator.hotlines).finditer(text)]
    return found


def _beside_the_point(text: str, places: Sequence[tuple[int, Aspect]]) -> set[tuple[int, Aspect]]:
    """Those words for aspects that ask for none: papers that are told of, and permission where the question is where."""
    beside: set[tuple[int, Aspect]] = set()
    for clause in CLAUSE_PATTERN.finditer(text):
        within = [place for place in places if clause.start() <= place[0] < clause.end()]
        if not is_question(clause.group()):
            told = [match.span() for match in _TOLD_OF_A_PAPER.finditer(text, *clause.span())]
            beside |= {place for place in within if place[1] == "documents" and _inside(place[0], told)}
        if any(aspect == "channels" for _, aspect in within) and not _THIS_MOMENT.search(clause.group()):
            beside |= {place for place in within if place[1] == "eligibility"}
    return beside


def _inside(place: int, spans: Sequence[tuple[int, int]]) -> bool:
    return any(start <= place < end for start, end in spans)


def aspects_of(text: str, operator: Operator = UNNAMED) -> tuple[Aspect, ...]:
    """The aspects whose words stand in the message, in reading order."""
    return tuple(dict.fromkeys(aspect for _, aspect in aspect_places(text, operator)))


def is_question(clause: str) -> bool:
    """Whether a clause asks something."""
    return bool(_IS_QUESTION.search(clause))


def question_clauses(text: str, operator: Operator = UNNAMED) -> list[tuple[int, int, Aspect]]:
    """(start, end, aspect) of the clauses that ask for an aspect (「能销户吗,要带什么」), with the first one in each."""
    places = aspect_places(text, operator)
    spans = [match.span() for match in CLAUSE_PATTERN.finditer(text) if is_question(match.group())]
    within = [(start, end, [aspect for at, aspect in places if start <= at < end]) for start, end in spans]
    return [(start, end, aspects[0]) for start, end, aspects in within if aspects]


def only_asks(text: str, operator: Operator = UNNAMED) -> bool:
    """Whether the message is a question about something said before, and names nothing: 「在哪」, 「还有吗」."""
    if _GO_ON.match(text):
        return True
    asked = set(aspects_of(text, operator)) - {"eligibility"}
    if _CONCRETE.search(text) or not asked:
        return False
    return _beside_the_question(text) <= (_A_VERB if asked == {"time_limit"} else 0)


def _beside_the_question(text: str) -> int:
    """How many characters are left of a message without the words for aspects and those that go with them."""
    return sum(map(str.isalpha, _AROUND_A_QUESTION.sub("", _bare_aspect().sub("", text))))


def only_asks_of(text: str, names: Sequence[tuple[int, int]]) -> bool:
    """Whether the message is nothing but the names at these places (start, end) and a question about them."""
    kept = [character for at, character in enumerate(text) if not any(start <= at < end for start, end in names)]
    rest = "".join(kept)
    return bool(names and set(aspects_of(rest)) - {"eligibility"}) and not _beside_the_question(rest)


def content_words(text: str) -> tuple[str, ...]:
    """What the message names, in reading order, without the words that only ask or point."""
    return tuple(re.findall(r"\w+", _NAMELESS.sub(" ", text)))


def possible_aspects(text: str) -> tuple[Aspect, ...]:
    """The aspects that the message can be about, whatever it resembles.

    None that is denied (「不是收费」); the account only where it asks for permission; and where it only asks whether the
    same holds elsewhere (「销户也一样吗」), none that it does not name.
    """
    named = aspects_of(text)
    if asks_the_same_elsewhere(text):
        return named
    denied = {aspect for aspect, pattern in _ASPECTS.items() if pattern.search(text)}
    denied -= {aspect for _, aspect in _worded(text, UNNAMED)}
    return tuple(
        one for one in ASPECTS if one not in denied and (one != "eligibility" or _MAY_I.search(text) is not None)
    )


def asks_permission(text: str, operator: Operator = UNNAMED) -> bool:
    """Whether the message asks whether something is possible, and for nothing else."""
    asked = set(aspects_of(text, operator))
    if _IS_IT_MET.search(text):
        return asked <= {"eligibility", "conditions"}
    return bool(_IS_IT_POSSIBLE.search(text)) and asked <= {"eligibility"}


def asks_the_same_elsewhere(text: str) -> bool:
    """Whether what was asked of one thing is asked of another (「销户也是这样吗」)."""
    return bool(_THE_SAME_THERE.match(text))


@cache
def _bare_aspect() -> re.Pattern[str]:
    """The words for an aspect; those for eligibility would take what it is asked of with them."""
    return re.compile("|".join(pattern.pattern for aspect, pattern in _ASPECTS.items() if aspect != "eligibility"))
