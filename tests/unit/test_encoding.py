"""Content encodings come off whole, within a cap, or not at all."""

import gzip
import zlib

import pytest

from crawler.archive.encoding import CutOffError, TooLargeError, UnknownEncodingError, decoded

TEXT = b"Twelve people died. " * 50


def undone(body, encoding=None, kind="text/html", limit=100_000):
    return decoded(body, encoding=encoding, content_type=kind, limit=limit)


def packed(data):
    """Gzip without the time of day, which would make a test's name depend on the second it was collected in."""
    return gzip.compress(data, mtime=0)


def raw_deflate(data):
    stream = zlib.compressobj(wbits=-15)
    return stream.compress(data) + stream.flush()


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (TEXT, None),
        (TEXT, "identity"),
        (TEXT, "gzip"),
        (packed(TEXT), "gzip"),
        (packed(TEXT), "x-gzip"),
        (packed(TEXT), " GZIP ,"),
        (packed(TEXT), ", gzip"),
        (packed(TEXT), None),
        (packed(packed(TEXT)), "gzip"),
        (packed(packed(TEXT)), "gzip, gzip"),
        (packed(TEXT[:500]) + packed(TEXT[500:]), "gzip"),
        (packed(TEXT) + b"\0\0\0", "gzip"),
        (zlib.compress(TEXT), "deflate"),
        (raw_deflate(TEXT), "deflate"),
        (packed(zlib.compress(TEXT)), "deflate, gzip"),
    ],
)
def test_a_body_comes_off_its_encoding(body, encoding):
    assert undone(body, encoding) == TEXT


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", None])
def test_an_empty_body_is_empty(encoding):
    assert undone(b"", encoding) == b""


@pytest.mark.parametrize("cut", [1, 8, 9, 40])
def test_a_cut_body_is_no_body(cut):
    with pytest.raises(CutOffError):
        undone(packed(TEXT)[:-cut], "gzip")


def test_a_damaged_body_is_no_body():
    squeezed = bytearray(packed(TEXT))
    squeezed[-6] ^= 1
    with pytest.raises(CutOffError):
        undone(bytes(squeezed), "gzip")


@pytest.mark.parametrize("body", [b"x" * 1001, packed(b"x" * 1001), packed(b"0" * 10_000_000)])
def test_no_more_comes_out_than_may(body):
    with pytest.raises(TooLargeError):
        undone(body, "gzip", limit=1000)


def test_as_much_comes_out_as_may():
    assert undone(packed(b"x" * 1000), "gzip", limit=1000) == b"x" * 1000


def test_an_unknown_encoding_is_named():
    with pytest.raises(UnknownEncodingError, match="br"):
        undone(b"\x8b\x02", "br")


@pytest.mark.parametrize("kind", ["application/gzip", "application/x-gzip", "application/octet-stream"])
def test_a_file_that_is_gzip_itself_stays_packed(kind):
    squeezed = packed(TEXT)
    assert undone(squeezed, None, kind) == squeezed
