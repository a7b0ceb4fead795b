from benchmarks.nlu_compare import features


def test_a_message_is_one_row_that_lies_nearest_to_what_means_the_same():
    encoder = features.Encoder()
    wish, same, other = map(encoder.of, ("我想把号码注销", "这个号不要了帮我销掉", "附近有什么好吃的"))
    assert wish.shape == (1, 768)
    assert wish[0] @ same[0] > wish[0] @ other[0]
