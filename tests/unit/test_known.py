"""What a file holds is given to a row of another archive only where that row's digest proves the bytes."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from crawler.errors import NoCaptureError, UnexpectedReplyError
from crawler.evidence.known import Known
from crawler.model import Capture, Snapshot, StoredCapture
from diffs.model import Outcome

AT = datetime(2026, 3, 1, tzinfo=UTC)
HELD = Capture(
    archive="import", url="https://gazette.example/a", urlkey="example,gazette)/a", at=AT, digest="D"
)


class Files:
    """Files that hold one capture, with a digest that fits its bytes or not."""

    name, remote = "import", False

    def __init__(self, *, fits: bool) -> None:
        self.fits = fits

    def captures(self, _url, **_):
        yield HELD

    def fetch(self, capture):
        return Snapshot(
            capture=capture,
            served_at=AT,
            url=capture.url,
            status=200,
            content_type="text/html",
            body=b"<p>x</p>",
            digest_fits=self.fits or None,
        )

    def complaints(self):
        return ("one line",)


def known(row: Capture, *, fits: bool = True) -> Known:
    rows = [StoredCapture(id=1, target=1, capture=row, outcome=Outcome.PENDING)]
    return Known([Files(fits=fits)], "import", rows)


def test_a_capture_of_another_archive_s_row_is_that_row_s_and_an_import():
    row = replace(HELD, archive="wayback", length=7)
    own, other = known(row).parts
    assert [(own.name, own.complaints()), (other.name, other.complaints())] == [
        ("import", ("one line",)),
        ("wayback", ()),
    ]
    with pytest.raises(NoCaptureError):
        list(own.captures(HELD.url))
    assert list(other.captures(HELD.url)) == [row]
    shot = other.fetch(row)
    assert (shot.capture, shot.imported) == (row, True)


def test_bytes_that_the_row_s_digest_does_not_prove_are_not_given_to_it():
    row = replace(HELD, archive="wayback")
    other = known(row, fits=False).parts[1]
    list(other.captures(HELD.url))
    with pytest.raises(UnexpectedReplyError, match="other bytes than wayback has a digest of"):
        other.fetch(row)


@pytest.mark.parametrize(
    "row", [replace(HELD, archive="wayback", digest="E"), replace(HELD, archive="wayback", digest=None)]
)
def test_a_row_of_other_bytes_or_of_none_known_is_another_capture(row):
    found = known(row)
    assert list(found.parts[0].captures(HELD.url)) == [HELD]
    assert found.holds(HELD)
    assert not found.holds(row)
    assert len(found) == 1
