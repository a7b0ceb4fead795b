from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.splitter import CLAUSE, ClauseSplitter


def test_asking_clauses_stand_behind_their_message():
    first, second = Message(data={TEXT: "怎么销户,补卡收费吗"}), Message(data={TEXT: "你好"})
    got = ClauseSplitter().process([first, second])
    assert [(one.get(TEXT), bool(one.get(CLAUSE))) for one in got] == [
        ("怎么销户,补卡收费吗", False),
        ("怎么销户", True),
        ("补卡收费吗", True),
        ("你好", False),
    ]


def test_a_message_without_text_stays_alone():
    message = Message(data={})
    assert ClauseSplitter().process([message]) == [message]
