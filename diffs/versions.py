"""Which version of the grammar reads casualty claims: stores know by it which findings to find again.

It stands apart from the grammar, which takes longer to load than a command that only compares versions may take.
"""

GRAMMAR_VERSION = "18"
