import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.featurizers.sparse_featurizer.count_vectors_featurizer import CountVectorsFeaturizer
from rasa.nlu.tokenizers.tokenizer import Token
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.ngrams import SentenceNgrams

WORDS = {"我想销户": ["我", "想", "销户"], "过户要带什么": ["过户", "要", "带", "什么"], "销户": ["销户"]}


def message(text):
    start, tokens = 0, []
    for word in WORDS[text]:
        tokens.append(Token(word, start))
        start += len(word)
    return Message({TEXT: text, TOKENS_NAMES[TEXT]: tokens, "intent": "ask"})


def counted(component, folder, **config):
    """The features (of words alone, of the whole message) that a component gives each text after training."""
    featurizer = component(
        {**component.get_default_config(), "alias": "counted", **config},
        LocalModelStorage(folder),
        Resource("counted"),
        ExecutionContext(GraphSchema({})),
    )
    featurizer.train(TrainingData([message(text) for text in WORDS]))
    read = featurizer.process([message(text) for text in WORDS])
    return [one.get_sparse_features(TEXT, ["counted"]) for one in read]


@pytest.mark.parametrize("config", [{"max_ngram": 2}, {"analyzer": "char", "max_ngram": 4}])
def test_a_whole_message_has_the_ngrams_that_rasa_counts(tmp_path, config):
    ours, stock = (counted(one, tmp_path, **config) for one in (SentenceNgrams, CountVectorsFeaturizer))
    for (_, whole), (_, expected) in zip(ours, stock, strict=True):
        assert (whole.features != expected.features).nnz == 0


def test_single_words_have_none(tmp_path):
    assert [words for words, _ in counted(SentenceNgrams, tmp_path)] == [None] * len(WORDS)


def test_a_message_without_words_has_none(tmp_path):
    featurizer = SentenceNgrams(
        SentenceNgrams.get_default_config(),
        LocalModelStorage(tmp_path),
        Resource("counted"),
        ExecutionContext(GraphSchema({})),
    )
    featurizer.train(TrainingData([message(text) for text in WORDS]))
    (empty,) = featurizer.process([Message({TEXT: "", TOKENS_NAMES[TEXT]: []})])
    assert empty.features == []
