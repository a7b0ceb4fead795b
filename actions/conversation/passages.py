"""The original text beside the citations of an answer, for staff."""

from dataclasses import replace

from actions.blocks import Block, CitationData, CitationsBlock, CitedPlace
from actions.reply import Reply
from knowledge.model import Citation
from knowledge.sources import Sources, holds


def with_passages(reply: Reply, sources: Sources) -> Reply:
    """The reply whose citations carry what the documents say there; a place that is not in them stays as it is."""
    return replace(reply, blocks=[_with_passages(block, sources) for block in reply.blocks])


def _with_passages(block: Block, sources: Sources) -> Block:
    if block["type"] != "citations":
        return block
    cited: CitationsBlock = {"type": "citations", "items": [with_passage(item, sources) for item in block["items"]]}
    return cited


def with_passage(item: CitationData, sources: Sources) -> CitationData:
    """The place with the text of its section and of what stands below it, where the documents have it."""
    cited = Citation(item["document"], item["section"])
    passage = "\n".join(text for place, text in sources.passages.items() if holds(cited, place))
    if not passage:
        return item
    quoted: CitedPlace = {**item, "passage": passage}
    return quoted
