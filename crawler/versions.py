"""Which version of the parser reads pages: stores know by it which bodies to read again.

It stands apart from the parser, which takes longer to load than a command that only compares versions may take.
"""

PARSER_VERSION = "9"
