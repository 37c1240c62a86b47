"""One target over time: when it is visited, what a visit fetches, and what a capture shows."""
