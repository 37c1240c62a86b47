"""Web archives: their listings, the bytes they replay, saving, WARC files."""
