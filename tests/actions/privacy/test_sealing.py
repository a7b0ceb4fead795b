"""What is sealed opens for its conversation only."""

import pytest

from actions.privacy.sealing import SealError, seal, unseal

VALUE = {"identity": {"role": "customer", "name": "王芳"}, "numbers": {"186****0102": "18600010102"}}


def test_what_was_sealed_comes_back_and_shows_nothing_on_its_way(environment):
    sealed = seal(VALUE, "conversation-1")
    assert unseal(sealed, "conversation-1") == VALUE
    assert sealed.startswith("v1.")
    assert "0102" not in sealed
    assert seal(VALUE, "conversation-1") != sealed


@pytest.mark.parametrize("broken", ["", "v1.", "v2.AAAA", "v1.@@", "v1.é", None, {"role": "staff"}])
def test_what_was_not_sealed_here_does_not_open(environment, broken):
    with pytest.raises(SealError):
        unseal(broken, "conversation-1")


def test_a_sealed_value_cannot_be_moved_to_another_conversation_or_changed(environment):
    sealed = seal(VALUE, "conversation-1")
    with pytest.raises(SealError):
        unseal(sealed, "conversation-2")
    with pytest.raises(SealError):
        unseal(sealed[:-6] + "AAAAAA", "conversation-1")


def test_the_key_is_made_once_for_this_user_only(environment, tmp_path):
    seal(VALUE, "c")
    key = tmp_path / "sealing.key"
    assert key.stat().st_mode & 0o077 == 0
