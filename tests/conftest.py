"""Leaves out tests that need a program of the system which is not here, and names it at the top of the run."""

import shutil

import pytest

# Debian: prometheus (with promtool), wget, systemd, openssl, util-linux.
PROGRAMS = ("openssl", "prometheus", "promtool", "setpriv", "systemd-analyze", "unshare", "wget")


def missing(names: tuple[str, ...]) -> list[str]:
    return [name for name in names if shutil.which(name) is None]


def pytest_report_header() -> str | None:
    absent = missing(PROGRAMS)
    return (
        f"left out, since this machine has no {', '.join(absent)}: the tests that run it" if absent else None
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    needed = {item: [name for mark in item.iter_markers("program") for name in mark.args] for item in items}
    unknown = {name for names in needed.values() for name in names} - set(PROGRAMS)
    if unknown:
        raise pytest.UsageError(f"tests/conftest.py does not know {', '.join(sorted(unknown))}; add it there")
    out = [item for item, names in needed.items() if missing(tuple(names))]
    if out:
        config.hook.pytest_deselected(items=out)
        items[:] = [item for item in items if item not in set(out)]
