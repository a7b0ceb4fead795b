"""The rule base: what the documents say, in data, and the model that loads and checks it. Imports no other room."""
