"""What runs inside the Rasa process (Python 3.10): channel, tracker store, featurizer, speed patches."""
