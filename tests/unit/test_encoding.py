"""Content encodings come off whole, within a cap, or not at all."""

import gzip
import random
import time
import zlib

import brotlicffi
import pytest
import zstandard

from crawler.archive.content_type import known_type
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
    with pytest.raises(UnknownEncodingError, match="compress"):
        undone(b"\x1f\x9d\x90\x02", "compress")


PACKERS = {
    "br": brotlicffi.compress,
    "zstd": zstandard.compress,
    "gzip": packed,
    "deflate": zlib.compress,
    "raw deflate": raw_deflate,
}


@pytest.mark.parametrize("coding", PACKERS)
@pytest.mark.parametrize("size", [1, 50, 40_000])
def test_every_coding_comes_off_by_its_name(coding, size):
    page = TEXT[:size] if size < 1000 else TEXT * 40
    body = PACKERS[coding](page)
    assert undone(body, coding.removeprefix("raw ")) == page


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip", "deflate"])
@pytest.mark.parametrize("named", [None, "none", "UTF-8", "aws-chunked", "identity", "", "utf-8, none"])
def test_a_coding_that_is_not_named_is_found_in_the_bytes(coding, named):
    assert undone(PACKERS[coding](TEXT), named) == TEXT


@pytest.mark.parametrize(
    "named", ["br", "zstd", "gzip", "deflate", "none", "UTF-8", "aws-chunked", "compress", "br, gzip"]
)
@pytest.mark.parametrize(
    "page", [TEXT, b"<p>Caf\xe9</p>", "<p>\u4e09\u4eba</p>".encode("utf-16"), b"\x1b$B;0?M\x1b(B", b"a"]
)
def test_a_page_whose_coding_was_undone_while_its_name_stayed_is_the_page(named, page):
    assert undone(page, named) == page


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip", "deflate"])
def test_a_cut_page_is_no_page_in_any_coding(coding):
    noise = random.Random(3).randbytes(4000).hex().encode()
    with pytest.raises(CutOffError):
        undone(PACKERS[coding](noise)[:-700], coding)


@pytest.mark.parametrize("coding", PACKERS)
def test_a_bomb_is_refused_before_it_goes_off(coding):
    before = time.process_time()
    with pytest.raises(TooLargeError):
        undone(PACKERS[coding](b"0" * 50_000_000), coding.removeprefix("raw "), limit=1000)
    assert time.process_time() - before < 20


def test_bytes_without_order_are_left_as_they_are():
    for number in range(300):
        noise = random.Random(number).randbytes(1 + 7 * number)
        if not noise.startswith((b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd")):
            assert undone(noise) == noise


@pytest.mark.parametrize(
    ("declared", "body", "told"),
    [
        (None, b"<!DOCTYPE html><p>x", "text/html"),
        ("application/octet-stream", b"\xef\xbb\xbf  <HTML lang=en>", "text/html"),
        ("unknown", "\ufeff<html>".encode("utf-16-le"), "text/html"),
        ("", b"<!-- cached --><div>", "text/html"),
        (None, b"Twelve died.", "text/plain"),
        ("application/octet-stream", b'{"dead": 12}', "application/octet-stream"),
        (None, b"\x89PNG\r\n\x1a\n\x00\x00", None),
        ("image/png", b"<html>", "image/png"),
        ("text/html; charset=x", b"\x00", "text/html; charset=x"),
    ],
)
def test_a_missing_type_is_found_in_the_bytes(declared, body, told):
    assert known_type(declared, body) == told


@pytest.mark.parametrize("kind", ["application/gzip", "application/x-gzip", "application/octet-stream"])
def test_a_file_that_is_gzip_itself_stays_packed(kind):
    squeezed = packed(TEXT)
    assert undone(squeezed, None, kind) == squeezed
