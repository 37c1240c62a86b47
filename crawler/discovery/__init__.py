"""Discovery: feeds, sitemaps and front pages become sources of targets."""
