"""Why a fact is unknown or a source cannot be read: the sentences of `wording.yml` beside this file."""

from pathlib import Path

from actions.sentences import sentences

say = sentences(Path(__file__).with_name("wording.yml"))
