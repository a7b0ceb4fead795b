"""Why a file is not read."""


class RefusedError(Exception):
    """`key` names the sentence among the refusals of `wording.yml`, `values` fill its placeholders."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.values = values
