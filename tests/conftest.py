"""Makes each run the same: chance texts are drawn alike, and tests without their program of the system are named and left out."""

import shutil

import pytest
from hypothesis import HealthCheck, settings

# Texts drawn anew find a fault in one run of many, and name it to somebody who made another change: `pytest -m ""` draws them so.
# A busy machine draws slowly.
settings.register_profile("alike", derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("anew", suppress_health_check=[HealthCheck.too_slow])

# Debian: prometheus (with promtool), wget, systemd, openssl, util-linux.
PROGRAMS = ("openssl", "prometheus", "promtool", "setpriv", "systemd-analyze", "unshare", "wget")


def missing(names: tuple[str, ...]) -> list[str]:
    return [name for name in names if shutil.which(name) is None]


def pytest_configure(config: pytest.Config) -> None:
    settings.load_profile("alike" if config.getoption("markexpr") == "not soak" else "anew")


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
