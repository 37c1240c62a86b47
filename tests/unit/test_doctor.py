"""What `variorum doctor` finds of the installation itself."""

import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from importlib import import_module
from importlib.metadata import distributions
from importlib.util import find_spec
from pathlib import Path

import pytest

from crawler.config import ArchiveSettings, EvidenceSettings, SaveSettings, Settings, load_settings
from crawler.maintenance.doctor import Advice, findings_of, packages

ROOT = Path(__file__).parents[2]
# From Python 3.12 on the first leaves out files that are missing; before, the package does once anything has loaded it.
LISTS = [distributions]
if find_spec("importlib_metadata"):
    LISTS.append(import_module("importlib_metadata").distributions)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=100)
    return next(folder.glob("*.whl"))


@pytest.fixture
def site(wheel, tmp_path):
    """A folder with Variorum installed from its wheel, as pip lays it out."""
    zipfile.ZipFile(wheel).extractall(tmp_path)
    return tmp_path


def other(site, name, file):
    record = site / f"{name}-0.2.0.dist-info"
    record.mkdir()
    (record / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 0.2.0\n")
    (record / "RECORD").write_text(f"{file},,\n{record.name}/METADATA,,\n")
    (site / file).parent.mkdir(exist_ok=True)
    (site / file).write_text("def watch(): ...\n")


def advice(site):
    return packages(distributions(path=[str(site)]))


def test_an_installation_of_its_own_is_sound(site):
    other(site, "requests", "requests/__init__.py")
    assert advice(site).good


def test_a_distribution_that_wrote_over_a_package_is_named_with_the_repair(site):
    other(site, "diffs", "diffs/__init__.py")
    found = advice(site)
    assert not found.good
    assert "pip uninstall diffs" in found.says or "diffs/__init__.py is not the file" in found.says


@pytest.mark.parametrize("lists", LISTS)
@pytest.mark.parametrize("left", ["deleted", "changed"])
def test_what_its_removal_leaves_is_seen_too(site, left, lists):
    path = site / "diffs" / "__init__.py"
    path.unlink() if left == "deleted" else path.write_text("x = 1\n")
    found = packages(lists(path=[str(site)]))
    assert not found.good
    assert "diffs/__init__.py is not the file that was installed" in found.says


def test_the_tests_own_environment_is_sound():
    assert packages().good


def advice_on(settings: Settings) -> dict[str, list[Advice]]:
    found: dict[str, list[Advice]] = {}
    for advice in findings_of(settings, clock=lambda: datetime(2026, 11, 23, tzinfo=UTC), online=False):
        found.setdefault(advice.what, []).append(advice)
    return found


@pytest.mark.parametrize(("mode", "word"), [(0o600, None), (0o644, "read"), (0o620, "write")])
def test_a_file_of_keys_that_others_can_read_or_write_is_named(
    tmp_path: Path, mode: int, word: str | None
) -> None:
    keys = tmp_path / "keys"
    keys.write_text("ACCESSKEY\nSECRETKEY\n", encoding="ascii")
    keys.chmod(mode)
    settings = Settings(store=str(tmp_path / "v.db"), save=SaveSettings(keys_file=keys))
    found = advice_on(settings).get("permissions", [])
    assert [f"other users can {word} {keys}" in advice.says for advice in found] == ([True] if word else [])


@pytest.mark.parametrize(
    ("text", "mode", "named"),
    [
        ("contact = 'x'\n", 0o644, False),
        ("contact = 'x'\n", 0o666, True),
        ("[save]\naccess_key = 'A'\nsecret_key = 'S'\n", 0o644, True),
    ],
)
def test_a_settings_file_is_named_where_others_can_write_it_or_read_keys_in_it(
    tmp_path: Path, *, text: str, mode: int, named: bool
) -> None:
    file = tmp_path / "variorum.toml"
    file.write_text(text, encoding="utf-8")
    file.chmod(mode)
    settings = load_settings(file, {"store": str(tmp_path / "v.db")})
    assert bool(advice_on(settings).get("permissions")) == named


def test_a_local_archive_that_cannot_be_read_whole_is_not_called_healthy(tmp_path: Path) -> None:
    (tmp_path / "broken.warc.gz").write_bytes(b"\x1f\x8b\x08 no gzip")
    settings = Settings(
        store=str(tmp_path / "v.db"), archive=ArchiveSettings(dialect="warc", url=str(tmp_path))
    )
    (found,) = advice_on(settings)["archive warc"]
    assert not found.good
    assert "broken.warc.gz" in found.says


def test_a_site_that_is_built_without_search_is_named_with_its_repair(tmp_path, monkeypatch):
    from crawler.maintenance import doctor

    def extra(**given):
        settings = Settings.model_validate({"store": str(tmp_path / "v.db"), "site": given})
        found = findings_of(settings, clock=lambda: datetime(2026, 3, 1, tzinfo=UTC), online=False)
        return next(one for one in found if one.what == "extra")

    monkeypatch.setattr(doctor, "find_spec", lambda _: None)
    assert "pip install '.[site]'" in extra(out=tmp_path / "site").says
    assert not extra(out=tmp_path / "site").good
    assert extra(out=tmp_path / "site", search=False).good
    assert extra().good


def test_a_signing_key_that_others_can_read_and_a_missing_extra_are_named(tmp_path, monkeypatch):
    key = tmp_path / "key.pem"
    key.write_text("secret words of a key", encoding="ascii")
    key.chmod(0o640)
    settings = Settings(store=str(tmp_path / "v.db"), evidence=EvidenceSettings(key=key))
    (exposed,) = advice_on(settings)["permissions"]
    monkeypatch.setattr("crawler.maintenance.doctor.find_spec", lambda _: None)
    (extra,) = advice_on(settings)["extra"]

    assert f"chmod 600 {key}" in exposed.says
    assert "secret words" not in exposed.says
    assert (extra.good, "'.[evidence]'" in extra.says) == (False, True)
