"""Ways of understanding messages, measured side by side: `python -m benchmarks.nlu_compare --help`.

Every way learns from the same utterances, is asked the same questions, and is judged by the same tally. One process
trains, another one loads what was learnt, answers and is timed; one runs at a time.
"""
