"""The pages of a site over many targets: addresses, listings, side-by-side views and feeds, without touching the disk."""
