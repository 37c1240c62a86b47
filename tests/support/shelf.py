"""An archive laid out by hand, and the pages of a small story, for tests of what is made of captures."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from crawler.archive.urlkey import urlkey_of
from crawler.errors import NoCaptureError
from crawler.model import Capture, Snapshot

PAGE = "https://courier.example/2025/bridge-collapse-in-tarn-valley"
START = datetime(2025, 3, 1, tzinfo=UTC)
NOW = datetime(2025, 4, 1, tzinfo=UTC)
SENTENCES = (
    "A road bridge in the Tarn valley collapsed early on Saturday after days of heavy rain.",
    "The valley's mayor said {toll} people were killed when two buses fell into the river.",
    "Divers searched the brown water through the night, and cranes were brought from the coast.",
    "The bridge had been closed twice last year for repairs that the province called routine.",
)


def page(toll: str = "four", canonical: str = "", headline: str = "Bridge Collapses in Tarn Valley") -> bytes:
    text = "".join(f"<p>{sentence.format(toll=toll)}</p>" for sentence in SENTENCES)
    own = f'<link rel="canonical" href="{canonical}">' if canonical else ""
    return f"<html><head><title>{headline}</title>{own}</head><body><h1>{headline}</h1>{text}</body></html>".encode()


class Shelf:
    """An archive whose captures and answers a test lays out by hand, and that counts what it is asked."""

    def __init__(self, name: str = "shelf", *, remote: bool = True) -> None:
        self.name = name
        self.remote = remote
        self.rows: list[Capture] = []
        self.answers: dict[datetime, Callable[[Capture], Snapshot]] = {}
        self.listing_error: Exception | None = None
        self.fetched: list[datetime] = []

    def put(
        self, hours: int, body: bytes | Exception | None, *, url: str = PAGE, at_url: str | None = None, **row
    ) -> Capture:
        """Lay a capture out: served as given, from another address where `at_url` says so."""
        at = START + timedelta(hours=hours)
        known = {"mimetype": "text/html", "status": 200, "digest": f"D{hours}"} | row
        capture = Capture(archive=self.name, url=url, urlkey=urlkey_of(url), at=at, **known)
        self.rows.append(capture)

        def answer(asked: Capture) -> Snapshot:
            if isinstance(body, Exception):
                raise body
            assert body is not None, "this capture needs no bytes"
            passed = (asked.url,) if at_url else ()
            return Snapshot(
                capture=asked, served_at=asked.at, url=at_url or asked.url, status=200, content_type="text/html",
                body=body, redirects=passed,
            )  # fmt: skip

        self.answers[at] = answer
        return capture

    def captures(
        self, url: str, *, since: datetime | None = None, until: datetime | None = None
    ) -> Iterator[Capture]:
        assert since is None or until is None or since <= until
        if self.listing_error:
            raise self.listing_error
        found = [row for row in self.rows if row.urlkey == urlkey_of(url)]
        if not found:
            raise NoCaptureError("the shelf holds none")
        yield from found

    def fetch(self, capture: Capture) -> Snapshot:
        self.fetched.append(capture.at)
        return self.answers[capture.at](capture)

    def link(self, capture: Capture) -> str | None:
        return f"https://{self.name}.example/{capture.timestamp}"

    def complaints(self) -> tuple[str, ...]:
        return ()

    def close(self) -> None:
        pass
