"""The public door: HTTP for people, a signed loopback call to Rasa behind it."""
