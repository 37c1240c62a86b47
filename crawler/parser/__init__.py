"""The article parser: a snapshot's bytes in, one clean article out."""

from crawler.parser.article import PARSER_VERSION, parse
from crawler.parser.template import Template

__all__ = ["PARSER_VERSION", "Template", "parse"]
