"""Secrets from files: the keys of Save Page Now, and whatever else should stand in no settings file."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, SecretStr

from crawler.errors import ConfigError


class SaveSettings(BaseModel):
    """Keys for Save Page Now, from https://archive.org/account/s3.php; a file may hold them as two lines."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    access_key: SecretStr | None = None
    secret_key: SecretStr | None = None
    keys_file: Path | None = None

    def keys(self) -> tuple[str, str] | None:
        """Return access and secret key, or None where none are set.

        Raises:
            ConfigError: Only one is set, one holds what no key holds, or the file cannot be read.
        """
        if self.keys_file is not None:
            lines = secret_lines(
                self.keys_file, "save.keys_file", lines="two lines: access key, secret key", most=2
            )
            return _checked(*lines) if lines else None
        if self.access_key is None and self.secret_key is None:
            return None
        if self.access_key is None or self.secret_key is None:
            raise ConfigError("Save Page Now needs both save.access_key and save.secret_key, or neither.")
        return _checked(self.access_key.get_secret_value(), self.secret_key.get_secret_value())


def _checked(access: str, secret: str) -> tuple[str, str]:
    """Return keys without the white space around them; no message shows what they are."""
    pair = (access.strip(), secret.strip())
    if not all(key and key.isascii() and key.isprintable() and " " not in key for key in pair):
        raise ConfigError(
            "save.access_key or save.secret_key is empty or holds a character that no key has; copy them again."
        )
    return pair


def secret_lines(path: Path, name: str, *, lines: str, most: int) -> list[str]:
    """Return the lines of a file that holds a secret; none where it is empty, as an unset secret of a container is.

    Raises:
        ConfigError: It cannot be read, or holds another number of lines; the message shows none.
    """
    try:
        found = path.read_text(encoding="utf-8").split()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{name} {path} cannot be read ({error}). Make it {lines}.") from error
    if found and len(found) != most:
        raise ConfigError(f"{name} {path} should hold {lines}.")
    return found
