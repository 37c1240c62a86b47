"""Manners are kept towards the public network, and set aside at home."""

import pytest

from crawler.address import is_local


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "a.localhost",
        "127.0.0.1",
        "127.8.9.1",
        "::1",
        "10.1.2.3",
        "192.168.0.7",
        "fd00::1",
        "pywb",
        "nas.local",
    ],
)
def test_this_machine_and_private_networks_are_home(host):
    assert is_local(host)


@pytest.mark.parametrize(
    "host",
    [
        "web.archive.org",
        "207.241.237.3",
        "localhost.example.org",
        "2001:4860:4860::8888",
        "127.0.0.1.nip.io",
        "",
    ],
)
def test_everything_else_is_public(host):
    assert not is_local(host)
