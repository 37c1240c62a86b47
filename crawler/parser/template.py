"""Remembers what a site's articles share, since that is furniture."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """What other articles of one site taught.

    Attributes:
        texts: Lines that recur, each with the addresses that showed it.
        shapes: Shapes of boxes that recur around changing words, each with the addresses that showed it.
    """

    texts: tuple[tuple[str, tuple[str, ...]], ...] = ()
    shapes: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @classmethod
    def learn(cls, pages: Iterable[tuple[str, bytes]]) -> Self:
        """Learn from a site's articles.

        Args:
            pages: Address and bytes of each page; the order does not matter.
        """
        del pages
        return cls()

    @property
    def hash(self) -> str:
        """Twelve hex digits that name this template; equal for equal content."""
        return hashlib.sha256(repr((self.texts, self.shapes)).encode()).hexdigest()[:12]
