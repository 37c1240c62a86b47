"""Two versions compared: typed, weighed changes, each with its proof on both sides."""

from diffs.changes.between import changes_between, changes_beyond

__all__ = ["changes_between", "changes_beyond"]
