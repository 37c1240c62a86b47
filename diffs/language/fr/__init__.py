"""French: its words by role and the composition of its numbers."""
