"""The option --codebook: how a casualty recorder counts each figure, next to what was said."""

from collections.abc import Iterable
from typing import Annotated, Any

import typer

from crawler.errors import InputError
from diffs.codebooks import CODEBOOKS, codebook_of, coded
from diffs.model import Claim, to_json


def _known(value: str | None) -> str | None:
    if value is not None and value not in CODEBOOKS:
        raise typer.BadParameter(f"{value!r} is not one of {', '.join(CODEBOOKS)}.")
    return value


CodebookName = Annotated[
    str | None,
    typer.Option(
        "--codebook",
        callback=_known,
        metavar=f"[{'|'.join(CODEBOOKS)}]",
        help="Also the minimum and maximum by this recorder's rules.",
        show_default=False,
    ),
]


def require_csv(codebook: str | None, form: str) -> None:
    """Fail where coded figures are asked of a format that has no table of claims.

    Raises:
        InputError: The format is not `csv`.
    """
    if codebook and form != "csv":
        raise InputError("Coded figures stand in the table of claims: add --format csv.")


def with_codes(found: Iterable[Claim], codebook: str | None) -> Any:
    """Return claims for JSON, each with its coded bounds under `coded` where a codebook is named."""
    if codebook is None:
        return tuple(found)
    book = codebook_of(codebook)
    return [to_json(claim) | {"coded": to_json(coded(claim, book))} for claim in found]
