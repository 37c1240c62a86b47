"""Work on kept pages that is shared out: shards as files, folders of WARC, and clusters."""
