"""Where settings come from, and what happens to wrong ones."""

import os
from pathlib import Path

import pytest

from crawler.config import load_settings
from crawler.errors import ConfigError


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No settings but those a test makes."""
    for name in os.environ:
        if name.startswith("VARIORUM_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("crawler.config.PLACES", (Path("config/variorum.toml"),))


def write(text: str) -> Path:
    path = Path("config/variorum.toml")
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_without_anything_set_web_archive_org_is_asked_within_its_limits() -> None:
    settings = load_settings()
    assert (settings.archive.url, settings.archive.dialect) == ("https://web.archive.org", "wayback")
    assert settings.limits.cdx_per_minute <= 24
    assert settings.store_location.endswith("variorum.db")


def test_flags_win_over_environment_over_file_over_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    write(
        'store = "file.db"\ncontact = "file"\n[archive]\nurl = "http://file.example/web"\ndialect = "pywb"\n'
    )
    assert load_settings().archive.url == "http://file.example/web"
    monkeypatch.setenv("VARIORUM_ARCHIVE_URL", "http://env.example/web/")
    monkeypatch.setenv("VARIORUM_STORE", "env.db")
    assert load_settings().archive.url == "http://env.example/web"
    assert load_settings().archive.dialect == "pywb"
    settings = load_settings(flags={"archive.url": "http://flag.example", "store": None})
    assert (settings.archive.url, settings.store, settings.contact) == (
        "http://flag.example",
        "env.db",
        "file",
    )


def test_reports_lie_next_to_the_store_that_was_named_unless_they_were_named_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    nowhere = load_settings()
    assert nowhere.reports.parent == Path(nowhere.store_location).parent
    assert load_settings(flags={"store": "news/v.db"}).reports == Path("news/reports")
    assert load_settings(flags={"store": "postgresql://db.example/news"}).reports == nowhere.reports
    write('store = "~/v.db"')
    assert load_settings().reports == Path.home() / "reports"
    monkeypatch.setenv("VARIORUM_REPORTS", "elsewhere")
    assert load_settings(flags={"store": "news/v.db"}).reports == Path("elsewhere")


def test_a_list_of_archives_comes_from_the_file() -> None:
    write('[[archives]]\nname = "library"\nurl = "http://library.example/all"\ndialect = "pywb"\n')
    assert [(each.name, each.dialect) for each in load_settings().archives.named] == [("library", "pywb")]


def test_public_archives_are_added_by_name_in_the_file_the_environment_or_a_flag(monkeypatch) -> None:
    write(
        '[archives]\nalso = ["arquivo", "vefsafn"]\n[[archives.named]]\nname = "library"\nurl = "http://l.example"\n'
    )
    given = load_settings().archives
    assert (given.also, given.named[0].name) == (("arquivo", "vefsafn"), "library")
    monkeypatch.setenv("VARIORUM_ARCHIVES_ALSO", "loc, ukwa")
    assert load_settings().archives.also == ("loc", "ukwa")
    assert load_settings(flags={"archives.also": ["awa"]}).archives.also == ("awa",)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("store = ", "not valid TOML"),
        ('stroe = "x"', "Did you mean store"),
        ('[archive]\ndialect = "pywbb"', r"archive\.dialect.*wayback"),
        ("[limits]\ncdx_per_minute = 0", r"limits\.cdx_per_minute"),
        ('contact = "a\\nb"', "contact"),
        ("\x00", "not valid TOML"),
    ],
)
def test_a_wrong_file_is_named_with_its_line_or_setting(text: str, message: str) -> None:
    path = write(text)
    with pytest.raises(ConfigError, match=message) as caught:
        load_settings(path)
    assert str(path) in str(caught.value)


def test_a_file_that_is_not_there_is_named() -> None:
    with pytest.raises(ConfigError, match=r"no configuration file .*nowhere\.toml"):
        load_settings(Path("nowhere.toml"))


def test_a_misspelt_variable_is_refused_rather_than_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VARIORUM_ARCHIV_URL", "http://mine.example/")
    with pytest.raises(ConfigError, match="Did you mean VARIORUM_ARCHIVE_URL"):
        load_settings()


def test_save_keys_are_never_shown_and_come_in_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VARIORUM_SAVE_ACCESS_KEY", "open-sesame")
    with pytest.raises(ConfigError, match="both"):
        load_settings().save.keys()
    monkeypatch.setenv("VARIORUM_SAVE_SECRET_KEY", "seven-veils")
    settings = load_settings()
    assert settings.save.keys() == ("open-sesame", "seven-veils")
    assert "sesame" not in repr(settings)
    assert "veils" not in settings.model_dump_json()


def test_save_keys_may_come_from_a_file_of_two_lines() -> None:
    Path("keys").write_text("one\ntwo\n", encoding="utf-8")
    write('[save]\nkeys_file = "keys"')
    assert load_settings().save.keys() == ("one", "two")
    Path("keys").write_text("one\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="two lines"):
        load_settings().save.keys()


@pytest.mark.parametrize("secret", ["SECRETKEY\r", " SECRETKEY\n"])
def test_white_space_around_save_keys_is_left_out(monkeypatch: pytest.MonkeyPatch, secret: str) -> None:
    monkeypatch.setenv("VARIORUM_SAVE_ACCESS_KEY", "ACCESSKEY ")
    monkeypatch.setenv("VARIORUM_SAVE_SECRET_KEY", secret)
    assert load_settings().save.keys() == ("ACCESSKEY", "SECRETKEY")


@pytest.mark.parametrize("secret", ["SECRET\rKEY", "SECR\u00e9T", "SECRET KEY", "\r"])
def test_a_save_key_that_cannot_be_one_is_refused_and_not_shown(
    monkeypatch: pytest.MonkeyPatch, secret: str
) -> None:
    monkeypatch.setenv("VARIORUM_SAVE_ACCESS_KEY", "ACCESSKEY")
    monkeypatch.setenv("VARIORUM_SAVE_SECRET_KEY", secret)
    with pytest.raises(ConfigError, match=r"copy them again|needs both") as caught:
        load_settings().save.keys()
    assert "SECR" not in str(caught.value).replace("save.secret_key", "")


def test_the_store_may_stand_in_a_file_and_a_store_that_is_named_wins(monkeypatch, tmp_path) -> None:
    secret = tmp_path / "store"
    secret.write_text("postgresql://me:word@127.0.0.1/kept\n")
    monkeypatch.setenv("VARIORUM_STORE_FILE", str(secret))
    assert load_settings().store_location == "postgresql://me:word@127.0.0.1/kept"
    monkeypatch.setenv("VARIORUM_STORE", "")
    assert load_settings().store_location == "postgresql://me:word@127.0.0.1/kept"
    assert load_settings(flags={"store": "mine.db"}).store_location == "mine.db"


@pytest.mark.parametrize("what", ["save.keys_file", "store_file"])
def test_an_empty_secret_is_none(what) -> None:
    settings = load_settings(flags={what: "/dev/null"})
    assert settings.save.keys() is None
    assert settings.store_location.endswith("variorum.db")


@pytest.mark.parametrize(("text", "words"), [("one\ntwo\n", "one line"), (None, "cannot be read")])
def test_a_store_file_that_holds_no_store_is_refused_and_its_words_are_not_shown(
    tmp_path, text, words
) -> None:
    secret = tmp_path / "store"
    if text is not None:
        secret.write_text(text)
    with pytest.raises(ConfigError, match=words) as told:
        load_settings(flags={"store_file": str(secret)}).store_location  # noqa: B018
    assert "two" not in str(told.value)
