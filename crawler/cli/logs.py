"""How the verbs that run for ever are told to log."""

from typing import Annotated

import typer

from crawler.cli.printing import is_quiet, is_verbose
from crawler.config import Settings

LogForm = Annotated[
    str | None,
    typer.Option(
        "--log-format",
        metavar="FORM",
        help="human, json, or auto: human on a terminal, else JSON.",
        show_default=False,
    ),
]


def settings_and_log(context: typer.Context, form: str | None) -> Settings:
    """Return the settings in force, with the log set up as they, the option and `-q` or `-v` ask.

    Raises:
        ConfigError: A setting, or the option, cannot be used.
    """
    from crawler.log import configure_log

    settings: Settings = context.obj({"log.format": form} if form else {})
    configure_log(form=settings.log.format, quiet=is_quiet(), verbose=is_verbose())
    return settings
