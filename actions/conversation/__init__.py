"""What a message means in its conversation, and the composition of the answer to it. No Rasa here."""
