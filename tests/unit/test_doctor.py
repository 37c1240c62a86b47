"""What `variorum doctor` finds of the installation itself."""

import subprocess
import sys
import zipfile
from importlib.metadata import distributions
from pathlib import Path

import pytest

from crawler.maintenance.doctor import packages

ROOT = Path(__file__).parents[2]


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


@pytest.mark.parametrize("left", ["deleted", "changed"])
def test_what_its_removal_leaves_is_seen_too(site, left):
    path = site / "diffs" / "__init__.py"
    path.unlink() if left == "deleted" else path.write_text("x = 1\n")
    found = advice(site)
    assert not found.good
    assert "diffs/__init__.py is not the file that was installed" in found.says


def test_the_tests_own_environment_is_sound():
    assert packages().good
