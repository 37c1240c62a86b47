"""A digest that is only named proves nothing."""

import base64
import gzip
import hashlib
from datetime import timedelta

import pytest
from warc_records import PAGE, hour, records, story

from crawler.archive.digests import algorithm_of, digest_value, fits
from crawler.archive.warc import WarcArchive
from crawler.errors import NoCaptureError

FORGED = "sha1:" + "A" * 32


def sha1(body):
    return base64.b32encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode()


@pytest.mark.parametrize(
    "named",
    [
        sha1(b"x"),
        f"sha1:{sha1(b'x')}",
        f"SHA-1:{sha1(b'x').lower()}",
        f"sha1:{hashlib.sha1(b'x', usedforsecurity=False).hexdigest()}",
        f"sha256:{hashlib.sha256(b'x').hexdigest()}",
        f"sha-256:{base64.b32encode(hashlib.sha256(b'x').digest()).decode()}",
        hashlib.sha256(b"x").hexdigest(),
        f"md5:{hashlib.md5(b'x', usedforsecurity=False).hexdigest()}",
        f"sha512:{base64.b64encode(hashlib.sha512(b'x').digest()).decode()}",
        f"blake2b:{hashlib.blake2b(b'x').hexdigest()}",
    ],
)
def test_a_digest_is_known_however_it_is_written(named):
    assert fits(named, [b"other", b"x"]) is True
    assert fits(named, [b"y"]) is False


@pytest.mark.parametrize("named", [None, "", "-", "xxh3:abc", "A", "sha1", ":", "\u00b2" * 31])
def test_of_an_unknown_digest_nothing_can_be_said(named):
    assert fits(named, [b"x"]) is None


@pytest.mark.parametrize("named", ["sha1:", "sha1:A", "sha1:\u00b2", "sha1:" + "=" * 9, "sha256:" + "A" * 32])
def test_an_odd_digest_fits_nothing(named):
    assert fits(named, [b"x", b""]) is False
    assert algorithm_of(named)
    assert digest_value(named) != named


def written(folder, *made, name="a.warc.gz", **options):
    (folder / name).write_bytes(records(*made, **options))


def test_three_captures_under_one_forged_digest_are_three_texts(tmp_path):
    """At least 12, 40 and again 12 died: under one digest the change would be invisible."""
    written(
        tmp_path,
        *(
            {"at": hour(n), "body": story(toll), "warc": {"WARC-Payload-Digest": FORGED}}
            for n, toll in enumerate((12, 40, 12))
        ),
    )
    archive = WarcArchive("files", tmp_path)
    captures = list(archive.captures(PAGE))
    assert [c.digest for c in captures] == [sha1(story(12)), sha1(story(40)), sha1(story(12))]
    assert [archive.fetch(c).body for c in captures] == [story(12), story(40), story(12)]
    assert len([line for line in archive.complaints() if "is not that of its bytes" in line]) == 3


@pytest.mark.parametrize("kind", ["raw", "without chunks", "decoded"])
def test_crawlers_differ_in_what_they_digest(tmp_path, kind):
    packed = gzip.compress(story(3), mtime=0)
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(packed), packed)
    named = sha1({"raw": chunked, "without chunks": packed, "decoded": story(3)}[kind])
    written(
        tmp_path,
        {
            "at": hour(1),
            "body": chunked,
            "headers": [("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked")],
            "warc": {"WARC-Payload-Digest": f"sha1:{named}"},
        },
    )
    archive = WarcArchive("files", tmp_path)
    (capture,) = archive.captures(PAGE)
    assert capture.digest == named
    assert archive.fetch(capture).body == story(3)
    assert archive.complaints() == ()


def revisit(at, *, digest, url=PAGE, original=None, when=None):
    headers = {
        "WARC-Payload-Digest": digest,
        "WARC-Profile": "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest",
    }
    if original:
        headers |= {
            "WARC-Refers-To-Target-URI": original,
            "WARC-Refers-To-Date": f"{when:%Y-%m-%dT%H:%M:%SZ}",
        }
    return {"at": at, "kind": "revisit", "url": url, "warc": headers}


@pytest.mark.parametrize("named", [True, False], ids=["its bytes fit", "a forged name"])
@pytest.mark.parametrize("refers", [True, False])
def test_another_sites_file_does_not_supply_the_bytes_of_a_revisit(tmp_path, named, refers):
    stranger = "https://stranger.example/page"
    digest = f"sha1:{sha1(story(9000))}" if named else FORGED
    written(
        tmp_path,
        {"at": hour(1), "url": stranger, "body": story(9000), "warc": {"WARC-Payload-Digest": digest}},
        revisit(hour(2), digest=digest, original=stranger if refers else None, when=hour(1)),
    )
    archive = WarcArchive("files", tmp_path)
    (capture,) = archive.captures(PAGE)
    if named and refers:
        # The revisit itself names the digest that these bytes are proven to have, and where they are.
        assert archive.fetch(capture).body == story(9000)
        return
    with pytest.raises(NoCaptureError, match="revisit"):
        archive.fetch(capture)


def test_a_revisit_is_resolved_by_its_own_reference_before_its_digest(tmp_path):
    digest = f"sha1:{sha1(story(1))}"
    other = "https://www.example.org/other"
    written(
        tmp_path,
        {"at": hour(0), "url": other, "body": story(1)},
        {"at": hour(1), "body": story(1), "status": "404 Not Found"},
        revisit(hour(2), digest=digest, original=PAGE, when=hour(1)),
        revisit(hour(3), digest=digest),
    )
    archive = WarcArchive("files", tmp_path)
    by_reference, by_digest = list(archive.captures(PAGE))[1:]
    assert archive.fetch(by_reference).status == 404
    assert archive.fetch(by_digest).body == story(1)


def test_a_revisit_that_contradicts_itself_shows_nothing_and_names_no_digest(tmp_path):
    written(
        tmp_path,
        {"at": hour(0), "body": story(12)},
        {"at": hour(1), "body": story(40)},
        revisit(hour(2), digest=f"sha1:{sha1(story(12))}", original=PAGE, when=hour(1)),
    )
    archive = WarcArchive("files", tmp_path)
    capture = list(archive.captures(PAGE))[-1]
    assert (capture.is_revisit, capture.digest, capture.at) == (True, None, hour(0) + timedelta(hours=2))
    with pytest.raises(NoCaptureError):
        archive.fetch(capture)
