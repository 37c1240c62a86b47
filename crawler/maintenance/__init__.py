"""Work on the whole store: rebuild, reparse, retention, doctor."""
