"""Load: our assistant, through its gateway, beside a stock Rasa bot of the same data."""
