"""The store's chain and its time stamps, with an authority on loopback that behaves in every way."""

import base64
import random
import subprocess
from datetime import timedelta

import pytest
from time_authority import authority, make_authority

from crawler.config import Settings
from crawler.daemon import link_jobs
from crawler.errors import UnexpectedReplyError
from crawler.evidence.links import bind_and_stamp, stamp_problems
from crawler.evidence.timestamps import read_stamp, stamp_of
from store_samples import NOW, keep, one_seen, told, tracked

pytest.importorskip("rfc3161_client", reason="the extra `evidence` is not installed")
pytestmark = [
    pytest.mark.program("openssl"),
    pytest.mark.timeout(120),
]


@pytest.fixture(scope="module")
def signer(tmp_path_factory):
    folder = tmp_path_factory.mktemp("authority")
    make_authority(folder)
    return folder


@pytest.fixture
def bound(store):
    keep(store, one_seen(store, tracked(store)), b"page", told(3))
    return store


def test_a_link_is_stamped_once_and_the_stamp_names_a_rewritten_link(bound, signer):
    with authority(signer) as url:
        assert "link 1 stamped at" in str(bind_and_stamp(bound, url, now=NOW))
        assert bind_and_stamp(bound, url, now=NOW) is None
    assert list(stamp_problems(bound)) == []
    (link,) = bound.custody.heads()
    with bound.database.writing() as connection:
        connection.exec_driver_sql("UPDATE custody_head SET hash = '" + "0" * 64 + "'")
    (problem,) = stamp_problems(bound)
    assert (problem.what, problem.name) == ("custody", "link 1")
    assert link.token is not None


SAYS = {
    "refuse": "the authority refused the time stamp",
    "other": "the time stamp is of something else",
    "garbage": "the time stamp cannot be read",
    "error": "authority answered 5",
    "drip": "gave no answer (TimeoutError)",
}


@pytest.mark.parametrize("behaviour", SAYS)
def test_a_stamp_that_could_not_be_had_loses_nothing_and_is_asked_for_again(bound, signer, behaviour):
    with authority(signer, behaviour) as url:
        said = str(bind_and_stamp(bound, url, now=NOW, seconds=2))
    assert "bound the log of custody as link 1; link 1 has no time stamp yet" in said
    assert SAYS[behaviour] in said
    assert [link.token for link in bound.custody.heads()] == [None]
    with authority(signer) as url:
        assert "link 1 stamped" in str(bind_and_stamp(bound, url, now=NOW + timedelta(days=1)))
    assert list(stamp_problems(bound)) == []


def test_an_authority_that_nobody_answers_for_is_named_and_the_link_kept(bound):
    assert "has no time stamp yet" in str(bind_and_stamp(bound, "http://127.0.0.1:9/", now=NOW, seconds=2))
    assert len(bound.custody.heads()) == 1


def test_a_stamp_under_an_expired_certificate_is_not_kept(bound, tmp_path):
    try:
        make_authority(tmp_path / "old", days=-1)
    except subprocess.CalledProcessError:
        pytest.skip("this openssl makes no certificate that has expired")
    with authority(tmp_path / "old") as url:
        said = str(bind_and_stamp(bound, url, now=NOW, seconds=20))
    assert "has no time stamp yet" in said
    assert "certificate has expired" in said
    assert [link.token for link in bound.custody.heads()] == [None]
    make_authority(tmp_path / "renewed")
    with authority(tmp_path / "renewed") as url:
        assert "link 1 stamped" in str(bind_and_stamp(bound, url, now=NOW + timedelta(days=1)))
    assert [link.token is not None for link in bound.custody.heads()] == [True]
    assert list(stamp_problems(bound)) == []


def test_a_stamp_under_an_expired_certificate_is_refused_where_it_is_asked_for(tmp_path):
    try:
        make_authority(tmp_path / "old", days=-1)
    except subprocess.CalledProcessError:
        pytest.skip("this openssl makes no certificate that has expired")
    with authority(tmp_path / "old") as url, pytest.raises(UnexpectedReplyError, match="chain does not hold"):
        stamp_of(b"digest", url)


@pytest.mark.filterwarnings("ignore")
def test_a_damaged_stamp_is_one_that_cannot_be_read_or_does_not_hold(signer):
    with authority(signer) as url:
        whole = base64.b64decode(stamp_of(b"digest", url))
    dice, roots, held = random.Random(19), (signer / "root.pem").read_bytes(), 0
    for number in range(1_500):
        data = bytearray(whole)
        data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
        try:
            stamp = read_stamp(
                base64.b64encode(data).decode(), b"digest", roots=roots if number % 2 else None
            )
        except ValueError:
            continue
        held += stamp.at is not None
    assert 0 < held < 500  # no signature covers the status, the order or the lengths of certificates


def test_the_daemon_binds_once_a_day_and_asks_nobody_unless_set(bound):
    ((seconds, job),) = link_jobs(Settings.model_validate({}), clock=lambda: NOW).values()
    assert seconds == 86_400
    assert job(bound, lambda: False) == "bound the log of custody as link 1"
    assert job(bound, lambda: False) is None
