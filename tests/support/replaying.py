"""An archive on loopback whose captures a test alters, loses and garnishes, and a store filled from it."""

import base64
import hashlib
import re
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from crawler.config import Settings
from crawler.tracker import Tracker

PAGE = "https://gazette.example/news/dam-breach"
START = datetime(2025, 3, 1, 6, tzinfo=UTC)
LATER = datetime(2026, 3, 1, 6, tzinfo=UTC)


def stamp(number: int) -> str:
    return f"{START + timedelta(hours=number):%Y%m%d%H%M%S}"


def page(toll: int, noise: str = "") -> bytes:
    lines = (
        "The dam above the village gave way on Saturday night after a week of rain, the water board said.",
        f"At least {toll} people were killed and the road to the coast was cut in two places.",
        "Engineers had inspected the spillway in the autumn and found no cause for concern at the time.",
    )
    text = "".join(f"<p>{each}</p>" for each in lines)
    return f"<html><head>{noise}</head><body><article><h1>Dam gives way</h1>{text}</article></body></html>".encode()


class Replaying:
    """Pages by their number, and how each is served: its bytes, None for a 404, or a status."""

    def __init__(self, number: int) -> None:
        self.pages: dict[str, bytes | int | None] = {stamp(each): page(each + 3) for each in range(number)}
        self.rows = [
            f"example,gazette)/news/dam-breach {at} {PAGE} text/html 200 {sha1(body)} {len(body)}"
            for at, body in self.pages.items()
            if isinstance(body, bytes)
        ]
        self.asked: list[str] = []
        self.url = ""

    def answer(self, path: str) -> tuple[int, dict[str, str], bytes]:
        if path.startswith("/cdx/"):
            return 200, {"Content-Type": "text/plain"}, "\n".join(self.rows).encode()
        found = re.match(r"/web/(\d{14})id_/", path)
        at = found[1] if found else ""
        self.asked.append(at)
        served = self.pages.get(at)
        if served is None or isinstance(served, int):
            return served or 404, {}, b"nothing here"
        when = datetime.strptime(f"{at}+0000", "%Y%m%d%H%M%S%z")
        headers = {
            "Content-Type": "text/html",
            "Memento-Datetime": f"{when:%a, %d %b %Y %H:%M:%S} GMT",
        }
        return 200, headers, served


def sha1(data: bytes) -> str:
    return base64.b32encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode()


@contextmanager
def serving(archive: Replaying):
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, body = archive.answer(self.path)
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        archive.url = f"http://127.0.0.1:{server.server_port}"
        yield archive
    finally:
        server.shutdown()
        server.server_close()


class Kept:
    """A store filled from an archive on loopback."""

    def __init__(self, archive: Replaying, settings: Settings) -> None:
        self.archive, self.settings = archive, settings

    def open(self, now: datetime = LATER) -> Tracker:
        return Tracker.open(self.settings, clock=lambda: now, sleep=lambda _: None)


def kept_in(folder: Path, archive: Replaying, monkeypatch) -> Kept:
    """Fill a store from an archive that is served, and set the environment to it."""
    values = {
        "archive": {"url": archive.url},
        "store": str(folder / "v.db"),
        "reports": str(folder / "reports"),
    }
    monkeypatch.setenv("VARIORUM_STORE", values["store"])
    monkeypatch.setenv("VARIORUM_REPORTS", values["reports"])
    monkeypatch.setenv("VARIORUM_ARCHIVE_URL", archive.url)
    made = Kept(archive, Settings.model_validate(values))
    with made.open() as tracker:
        tracker.backfill(PAGE, every=True)
    archive.asked.clear()
    return made
