"""The reading room on disk: pages, feeds and search index over all targets of a store, rebuilt where they changed."""

from crawler.site.build import Built, SiteBuilder

__all__ = ["Built", "SiteBuilder"]
