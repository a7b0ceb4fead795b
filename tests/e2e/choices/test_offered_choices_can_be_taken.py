from tests.e2e.talk import Talk, subject


def test_an_aspect_without_a_subject_is_asked_back_and_taken_by_number(talk: Talk) -> None:
    reply = talk.say("要收费吗")
    assert reply["decision"] == "clarify"
    assert 2 <= len(reply["choices"]) <= 3
    taken = talk.say("2")
    assert taken["decision"] == "answer"
    assert taken["aspect"] == "fee"


def test_a_choice_is_taken_by_its_words(talk: Talk) -> None:
    reply = talk.say("要带哪些证件啊")
    taken = talk.say(reply["choices"][0])
    assert subject(taken)[0] == "answer"
    assert taken["aspect"] == "documents"


def test_every_choice_under_an_answer_leads_to_an_answer(talk: Talk) -> None:
    choices = talk.say("单位的号要销户,需要带什么?")["choices"]
    assert choices
    for choice in choices:
        assert talk.say(choice)["operation"] == "cancel_service"


def test_a_number_beyond_the_choices_is_explained(talk: Talk) -> None:
    talk.say("要收费吗")
    reply = talk.say("9")
    assert reply["decision"] == "clarify"
    assert "1 到" in reply["text"]


def test_a_bare_number_without_choices_is_not_guessed(talk: Talk) -> None:
    reply = talk.say("2")
    assert reply["decision"] == "clarify"
