"""Everything with a side effect: archives, the store, the daemon and the `variorum` command."""
