"""The documents sentence by sentence: which entry of `coverage/*.yml` says where each is said, or why it is not."""
