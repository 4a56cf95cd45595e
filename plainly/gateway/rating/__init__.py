"""After the conversation: how it ended, the customer's rating, and the transcript to take away."""
