"""What became of each matter, and what the figures about many of them mean. Pure: no storage, no clock."""
