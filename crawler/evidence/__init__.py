"""Evidence in and out of the store."""
