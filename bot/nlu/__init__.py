"""Rasa graph components that understand Chinese service questions."""
