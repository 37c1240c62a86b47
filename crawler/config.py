"""Settings from flags, then the environment, then a TOML file, then defaults."""

import difflib
import os
import re
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import platformdirs
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
)

from crawler.alerts.settings import AlertSettings, ChannelSettings
from crawler.errors import ConfigError
from crawler.secret_files import SaveSettings, secret_lines
from crawler.watching import LogSettings, MetricsSettings

PREFIX = "VARIORUM_"
ELSEWHERE = {"VARIORUM_CONFIG", "VARIORUM_SHARED"}
PLACES = (Path("config/variorum.toml"), Path(platformdirs.user_config_dir("variorum")) / "variorum.toml")
DialectName = Literal["wayback", "pywb", "memento", "warc"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ArchiveSettings(_Strict):
    """The archive to read from.

    Attributes:
        url: Base address: the host for `wayback`, the collection for `pywb`, what stands before `/timemap/` for
            `memento`, a path for `warc`.
        dialect: How it is spoken to.
    """

    url: str = "https://web.archive.org"
    dialect: DialectName = "wayback"

    @field_validator("url")
    @classmethod
    def _not_empty(cls, value: str) -> str:
        if not value.strip():
            msg = "is empty; give the archive's base address or, for warc, a path"
            raise ValueError(msg)
        return value.strip().rstrip("/") or value.strip()


class NamedArchive(ArchiveSettings):
    """A further archive, merged with the first by time.

    Attributes:
        name: How reports call it.
        operator: Who runs it: archives of one operator are one witness. By default its name.
        cdx_per_minute: Index queries a minute, where not those of `limits`.
        playback_per_minute: Page bodies a minute, where not those of `limits`.
    """

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,30}$")]
    operator: Annotated[str, Field(max_length=100)] = ""
    cdx_per_minute: Annotated[float, Field(gt=0, le=1e6)] | None = None
    playback_per_minute: Annotated[float, Field(gt=0, le=1e6)] | None = None


class FurtherArchives(_Strict):
    """The archives that are read besides the main one.

    Attributes:
        also: Public archives by their names in the list of `docs/archives.md`; in the environment, between commas.
        named: Archives of your own, each with a name; `[[archives]]` is short for it.
    """

    also: Annotated[tuple[str, ...], NoDecode] = ()
    named: tuple[NamedArchive, ...] = ()

    @field_validator("also", mode="before")
    @classmethod
    def _by_commas(cls, value: Any) -> Any:
        return (
            [name.strip() for name in value.split(",") if name.strip()] if isinstance(value, str) else value
        )


class LimitSettings(_Strict):
    """How hard an archive may be asked.

    The defaults are 80 % of the hard limits that web.archive.org enforces as of 2026-06: CDX 30 a minute
    and playback 600 a minute per network (edgi-govdata-archiving/wayback#206 and PR #208); saves 3 a
    minute for anonymous users (Save Page Now's documents as fetched 2026-09-13).

    Attributes:
        cdx_per_minute: Index queries a minute.
        playback_per_minute: Page bodies a minute.
        save_per_minute: Save requests a minute.
        deadline_seconds: How long one request may take in all, however slowly bytes arrive.
        body_megabytes: The largest body kept.
    """

    cdx_per_minute: Annotated[float, Field(gt=0, le=1e6)] = 24
    playback_per_minute: Annotated[float, Field(gt=0, le=1e6)] = 480
    save_per_minute: Annotated[float, Field(gt=0, le=1e6)] = 3
    deadline_seconds: Annotated[float, Field(gt=0, le=3600)] = 90
    body_megabytes: Annotated[float, Field(gt=0, le=1024)] = 20


class DaemonSettings(_Strict):
    """How the daemon works.

    Attributes:
        tick_seconds: How often it looks for due targets.
        batch: How many targets it takes at once.
        lease_seconds: How long a taken target stays its own without a word.
    """

    tick_seconds: Annotated[float, Field(ge=0.2, le=3600)] = 5
    batch: Annotated[int, Field(ge=1, le=1000)] = 50
    lease_seconds: Annotated[float, Field(ge=10, le=86400)] = 600


class RetentionSettings(_Strict):
    """What may be forgotten.

    Attributes:
        bodies_days: Bytes of captures older than so many days go where the captures before and after show
            the same text; None keeps everything. What proves a change is never dropped.
    """

    bodies_days: Annotated[int, Field(ge=1, le=36_500)] | None = None


class SiteSettings(_Strict):
    """The reading room: a site of static pages over all targets.

    Attributes:
        out: Its folder; where it is set, the daemon keeps the site fresh.
        title: Its name.
        base_url: The address at which it is published; feeds need it for full addresses.
        search: Whether it has a search index, where Pagefind is installed (extra `site`).
    """

    out: Path | None = None
    title: Annotated[str, Field(min_length=1, max_length=100)] = "Variorum"
    base_url: Annotated[str, Field(pattern=r"^https?://[^\s\x00]+$")] | None = None
    search: bool = True


class EvidenceSettings(_Strict):
    """How evidence is sealed.

    Attributes:
        key: File of the key that packages are signed with; by default `signing-key.pem` in the user's data directory.
        timestamp_url: Address of the time-stamp authority (RFC 3161).
    """

    key: Path | None = None
    timestamp_url: Annotated[str, Field(pattern=r"^https?://[^\s\x00]+$")] | None = None


class DiscoverySettings(_Strict):
    """What finds articles by itself.

    Attributes:
        live: Hosts, such as `www.example.org`, whose feeds, sitemaps and front pages may be asked for themselves; what
            lies elsewhere is read from the archives alone. In the environment, between commas.
    """

    live: Annotated[tuple[str, ...], NoDecode] = ()

    @field_validator("live", mode="before")
    @classmethod
    def _by_commas(cls, value: Any) -> Any:
        return (
            [name.strip() for name in value.split(",") if name.strip()] if isinstance(value, str) else value
        )

    @field_validator("live")
    @classmethod
    def _hosts(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        wrong = next((host for host in value if not re.fullmatch(r"[a-z0-9.-]+(:\d{1,5})?", host)), None)
        if wrong is not None:
            msg = f"{wrong!r} is no host; write it in lower case without https://, like www.example.org"
            raise ValueError(msg)
        return value


class Settings(BaseSettings):
    """Everything that can be set.

    Attributes:
        store: The database: a path or a SQLAlchemy URL.
        store_file: The file that holds it on one line, where `store` is not set: an URL with a password belongs there.
        reports: The folder for reports; by default `reports` next to a store that is a file.
        contact: How the archive's staff can reach you: an e-mail address or a web page. It goes into
            the User-Agent of every request.
        archive: The archive to read from.
        archives: The archives that are read besides it, merged by time.
        siblings: Whether up to six other articles of a page's site are fetched to learn what its furniture is.
        limits: How hard an archive may be asked.
        save: Keys for Save Page Now.
        daemon: How the daemon works.
        retention: What may be forgotten.
        site: The reading room: a site of static pages over all targets.
        evidence: How evidence is sealed: the signing key, and who stamps times.
        discovery: Which hosts' feeds and front pages may be asked for themselves.
        metrics: What the daemon answers to those who watch it.
        log: How daemon and workers log.
        alerts: Where changes are announced as they are found.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="_",
        env_nested_max_split=1,
        extra="forbid",
        frozen=True,
    )

    store: str = ""
    store_file: Path | None = None
    reports: Path = Path(platformdirs.user_data_dir("variorum")) / "reports"
    contact: Annotated[str, Field(max_length=200, pattern=r"^[^\r\n\x00]*$")] = ""
    archive: ArchiveSettings = ArchiveSettings()
    archives: FurtherArchives = FurtherArchives()
    siblings: bool = True
    limits: LimitSettings = LimitSettings()
    save: SaveSettings = SaveSettings()
    daemon: DaemonSettings = DaemonSettings()
    retention: RetentionSettings = RetentionSettings()
    site: SiteSettings = SiteSettings()
    evidence: EvidenceSettings = EvidenceSettings()
    discovery: DiscoverySettings = DiscoverySettings()
    metrics: MetricsSettings = MetricsSettings()
    log: LogSettings = LogSettings()
    alerts: AlertSettings = AlertSettings()

    _file: Path | None = PrivateAttr(default=None)

    @property
    def file(self) -> Path | None:
        """The configuration file that was read, or None."""
        return self._file

    @model_validator(mode="before")
    @classmethod
    def _reports_beside_the_store(cls, given: Any) -> Any:
        """Let the reports of a store that was named lie next to it, unless they were named too."""
        store = str(given.get("store") or "")
        if not store or "://" in store or given.get("reports") is not None:
            return given
        return {**given, "reports": Path(store).expanduser().parent / "reports"}

    @field_validator("archives", mode="before")
    @classmethod
    def _a_list_names_them(cls, given: Any) -> Any:
        """Take `[[archives]]`, a list, for the archives of one's own."""
        return {"named": given} if isinstance(given, (list, tuple)) else given

    @property
    def store_location(self) -> str:
        """The store that is meant: the one named, that of `store_file`, else `variorum.db` in the user's data directory."""
        named = self.store
        if not named and self.store_file:
            named = "".join(secret_lines(self.store_file, "store_file", lines="one line: the store", most=1))
        return named or str(Path(platformdirs.user_data_dir("variorum")) / "variorum.db")

    @property
    def lacks_store(self) -> bool:
        """Whether the store is a file that is not there yet."""
        return "://" not in self.store_location and not Path(self.store_location).exists()

    @contextmanager
    def on_scratch_store(self) -> Iterator[Self]:
        """Yield the same settings with an empty store that is deleted behind the block, for what only asks."""
        with tempfile.TemporaryDirectory(prefix="variorum-") as folder:
            yield self.model_copy(update={"store": str(Path(folder) / "variorum.db"), "store_file": None})


def load_settings(config: Path | None = None, flags: Mapping[str, Any] | None = None) -> Settings:
    """Read the settings.

    Args:
        config: The TOML file named by `--config`; without it `VARIORUM_CONFIG`, then
            `config/variorum.toml` below the working directory, then the user's configuration directory.
        flags: What the command line says, by dotted name (`archive.url`); None values count as not given.

    Raises:
        ConfigError: A file or value cannot be used; the message names it.
    """
    _refuse_unknown(os.environ)
    if config is None and os.environ.get("VARIORUM_CONFIG"):
        config = Path(os.environ["VARIORUM_CONFIG"])
    path = config or next((place for place in PLACES if place.is_file()), None)
    from_file = _read(path) if path else {}

    class Sourced(Settings):
        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            init_settings: PydanticBaseSettingsSource,
            env_settings: PydanticBaseSettingsSource,
            dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003  the signature is the library's
            file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003  likewise
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            return init_settings, env_settings, InitSettingsSource(settings_cls, init_kwargs=from_file)

    try:
        made = Sourced(**_nested(flags or {}))
        made._file = path  # noqa: SLF001  the file is no setting, and is known here alone
    except (ValidationError, SettingsError) as error:
        raise ConfigError(_explain(error, path, from_file)) from error
    return made


def _nested(flags: Mapping[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for dotted, value in flags.items():
        if value is not None:
            head, _, tail = dotted.partition(".")
            if tail:
                values.setdefault(head, {})[tail] = value
            else:
                values[head] = value
    return values


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ConfigError(f"There is no configuration file {path}. Check --config.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"The configuration file {path} cannot be read: {error}.") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path} is not valid TOML: {error}. Mend that line.") from error


def _refuse_unknown(environ: Mapping[str, str]) -> None:
    """A misspelt variable would silently leave a default in force."""
    known = set(ELSEWHERE)
    for name, field in Settings.model_fields.items():
        group = field.annotation
        if isinstance(group, type) and issubclass(group, BaseModel):
            known |= {f"{PREFIX}{name}_{inner}".upper() for inner in group.model_fields}
        known.add(f"{PREFIX}{name}".upper())
    for name in sorted(environ):
        if name.startswith(PREFIX) and name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f" Did you mean {near[0]}?" if near else " docs/configuration.md has them all."
            raise ConfigError(f"{name} is no setting.{hint}")


def _explain(error: ValidationError | SettingsError, path: Path | None, from_file: Mapping[str, Any]) -> str:
    where = f" (from flags, environment or {path})" if path else " (from flags or environment)"
    if isinstance(error, SettingsError):
        return f"A setting cannot be read{where}: {error}."
    first = error.errors(include_url=False, include_input=False)[0]
    loc, known, channel = tuple(first["loc"]), list(Settings.model_fields), ""
    if loc[:2] == ("alerts", "channels") and len(loc) > 3 and isinstance(loc[2], int):
        channel, known = f" of {_channel(from_file, loc[2])}", list(ChannelSettings.model_fields)
        loc = loc[3:]
    name = ".".join(str(part) for part in loc)
    if first["type"] == "extra_forbidden":
        near = difflib.get_close_matches(name, known, n=1)
        return f"{name}{channel} is no setting{where}." + (f" Did you mean {near[0]}?" if near else "")
    return f"The setting {name}{channel} cannot be used{where}: {_said(first)}."


def _said(error: Mapping[str, Any]) -> str:
    """Return what is wrong with a value in words for somebody who does not know the library."""
    kind = str(error["type"])
    if kind == "missing":
        return "it must be given, and is not"
    if kind.partition("_")[0] in {"int", "float"}:
        return f"it must be a {'whole ' if kind.startswith('int') else ''}number"
    if kind.startswith("bool"):
        return "it must be true or false"
    if kind in {"model_type", "dict_type", "model_attributes_type"}:
        return "it must be a table of settings"
    message = str(error["msg"]).removeprefix("Value error, ").replace("Input should", "it must")
    return message.replace("it must be a valid string", "it must be text in quotes").rstrip(".")


def _channel(from_file: Mapping[str, Any], number: int) -> str:
    """Return what to call a channel whose settings cannot be used: by its name, or by its place where it has none."""
    try:
        name = from_file["alerts"]["channels"][number]["name"]
    except (KeyError, IndexError, TypeError):
        name = None
    return f"the channel {name}" if isinstance(name, str) and name else f"channel number {number + 1}"
