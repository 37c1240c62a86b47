"""The article parser: a snapshot's bytes in, one clean article out."""

from crawler.parser.article import parse
from crawler.parser.template import Template
from crawler.versions import PARSER_VERSION

__all__ = ["PARSER_VERSION", "Template", "parse"]
