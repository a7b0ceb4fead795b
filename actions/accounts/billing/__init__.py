"""Account facts from an operator's billing system over HTTP: a mapping file says how its JSON becomes our facts."""
