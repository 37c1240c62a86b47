"""Articles in, claims and changes out: a pure library that never touches the world."""
