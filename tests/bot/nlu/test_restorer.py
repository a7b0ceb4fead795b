import jieba
import pytest
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.tokenizers.tokenizer import Token
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.restorer import SoundRestorer

UTTERANCES = ["我想过户要带什么", "过户去哪里办", "想补卡"] * 3


def message(text):
    tokens = [Token(word, start) for word, start, _ in jieba.tokenize(text)]
    return Message(data={TEXT: text, INTENT: "ask_overview", TOKENS_NAMES[TEXT]: tokens})


@pytest.fixture
def storage(tmp_path):
    return LocalModelStorage(tmp_path)


def test_what_was_learnt_is_loaded_again(storage):
    resource = Resource("sounds")
    SoundRestorer.create({}, storage, resource, None).train(TrainingData(list(map(message, UTTERANCES))))
    (got,) = SoundRestorer.load({}, storage, resource, None).process([message("xiang guohu")])
    assert got.get(TEXT) == "想过户"
    assert [token.text for token in got.get(TOKENS_NAMES[TEXT])] == jieba.lcut("想过户")


def test_what_jieba_only_guesses_is_no_word(storage):
    restorer = SoundRestorer.create({}, storage, Resource("sounds"), None)
    restorer.train(
        TrainingData(
            list(map(message, UTTERANCES)),
            entity_synonyms={"过户": "transfer_ownership"},
            lookup_tables=[{"name": "operation", "elements": ["过户"]}],
        )
    )
    guessed = message("过糊")
    assert [token.text for token in guessed.get(TOKENS_NAMES[TEXT])] == ["过糊"]
    assert restorer.process([guessed])[0].get(TEXT) == "过户"


def test_an_untrained_one_changes_nothing(storage):
    (got,) = SoundRestorer.create({}, storage, Resource("sounds"), None).process([message("guohu")])
    assert got.get(TEXT) == "guohu"


def test_training_utterances_are_put_right_as_messages_are(storage):
    restorer = SoundRestorer.create({}, storage, Resource("sounds"), None)
    data = TrainingData([*map(message, UTTERANCES), message("buka")])
    restorer.train(data)
    assert restorer.process_training_data(data).training_examples[-1].get(TEXT) == "补卡"
