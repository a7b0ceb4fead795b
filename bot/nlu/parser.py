"""Understanding without a conversation: loads a model once and reads messages with it, in process."""

import gc
import tempfile
from pathlib import Path
from typing import Any

from actions.understanding import KEY, Understanding, from_json


class Parser:
    """The language understanding of one trained model."""

    def __init__(self, model: Path) -> None:
        with tempfile.TemporaryDirectory() as folder:
            from rasa.engine.loader import load_predict_graph_runner
            from rasa.engine.runner.dask import DaskGraphRunner
            from rasa.engine.storage.local_model_storage import LocalModelStorage

            # Every component reads what it needs while it is created; the unpacked archive can go afterwards.
            self._metadata, self._runner = load_predict_graph_runner(
                Path(folder), model, LocalModelStorage, DaskGraphRunner
            )
        # What is loaded now stays: the collector need not walk through it again with every few messages.
        gc.collect()
        gc.freeze()

    def parse(self, text: str) -> Understanding:
        """What one message says, whatever is in it."""
        return from_json(self.parse_data(text)[KEY])

    def parse_data(self, text: str) -> dict[str, Any]:
        """Rasa's parse data of one message."""
        from rasa.core.channels.channel import UserMessage
        from rasa.engine.constants import PLACEHOLDER_MESSAGE, PLACEHOLDER_TRACKER
        from rasa.shared.core.trackers import DialogueStateTracker

        results = self._runner.run(
            inputs={
                PLACEHOLDER_MESSAGE: [UserMessage(text)],
                PLACEHOLDER_TRACKER: DialogueStateTracker.from_events("parser", []),
            },
            targets=[self._metadata.nlu_target],
        )
        data: dict[str, Any] = results[self._metadata.nlu_target][0].as_dict(only_output_properties=True)
        return data
