"""What the identifiers in a report are called."""

from collections.abc import Mapping
from typing import Final

from knowledge.model import RuleBase

_DECISIONS: Final = {
    "clarify": "反问", "other_service": "本公司但规则没写", "out_of_scope": "与业务无关", "chitchat": "闲聊", "handoff": "转人工",
}  # fmt: skip
_STYLES: Final = {
    "terse": "三言两语", "colloquial": "口语", "organization": "单位", "clerk": "营业员", "near_miss": "像而不是", "long_story": "长篇",
    "spoken": "语音转写", "traditional": "繁体", "dialect": "方言", "pinyin": "拼音", "negation": "否定", "several": "一次问几样",
    "polite": "客气", "emoji": "表情", "mention": "提到而不问", "typo": "错别字", "voice_assistant": "语音助手", "zhidao_title": "问答网站",
    "weibo_post": "微博", "search_query": "搜索", "phone_call_asr": "电话转写", "weibo_followup": "微博追问",
}  # fmt: skip


def names_of(rules: RuleBase) -> dict[str, str]:
    """Identifier -> Chinese name, for everything that a report can mention."""
    return {
        **{identifier: operation.name for identifier, operation in rules.operations.items()},
        **{identifier: topic.name for identifier, topic in rules.topics.items()},
        **rules.wording.aspects,
        **_DECISIONS,
        **_STYLES,
    }


def titled(identifier: str, names: Mapping[str, str]) -> str:
    """The name with its identifier behind it; the identifier alone where it has no name."""
    name = names.get(identifier)
    return f"{name}（{identifier}）" if name else identifier
