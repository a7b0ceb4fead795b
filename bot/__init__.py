"""The assistant itself: command line, language understanding, Rasa channel, gateway and web page."""
