"""Receivers of alerts on loopback, one that is posted to and one that is mailed to, and the settings that name them."""

import json
import random
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

ROOT = Path(__file__).parents[2]
WARC = ROOT / "seeds" / "demo" / "meridian-courier.warc.gz"


def ids_in(texts: Iterable[str]) -> Counter[str]:
    lines = (line for text in texts for line in text.splitlines())
    return Counter(line.removeprefix("finding: ") for line in lines if line.startswith("finding: "))


def _text(message: dict[str, Any]) -> str:
    return str(message["message"] if "message" in message else message["text"])


class Receiver:
    """Takes messages over HTTP, or refuses a share of them.

    Args:
        refusing: Share of the requests that are answered with 503, from 0 to 1.
        apart: Seconds; what comes sooner after what was taken is answered with 429, as by a service that limits posts.
        longest: Characters; a longer text is answered with 413.
    """

    def __init__(self, refusing: float = 0.0, *, apart: float = 0.0, longest: int = 10**9) -> None:
        self.taken: list[dict[str, Any]] = []
        self.refused = 0
        # Called when a message was taken and its sender does not know yet.
        self.on_taken: Callable[[], None] = lambda: None
        self.refusing, self.code = refusing, 503
        chance, lock, outer, last = random.Random(7), threading.Lock(), self, [0.0]

        class Answering(BaseHTTPRequestHandler):
            timeout = 10

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                message = json.loads(body)
                with lock:
                    code = outer.code if chance.random() < outer.refusing else 200
                    code = 429 if time.monotonic() - last[0] < apart else code
                    code = 413 if len(_text(message)) > longest else code
                    if code != 200:
                        outer.refused += 1
                    else:
                        last[0] = time.monotonic()
                        outer.taken.append(message)
                        outer.on_taken()
                self.send_response(code)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args: object) -> None:
                pass

        class Quiet(ThreadingHTTPServer):
            def handle_error(self, *args: object) -> None:
                """A sender that is killed leaves a broken connection."""

        self.server = Quiet(("127.0.0.1", 0), Answering)
        self.server.daemon_threads = True

    @property
    def address(self) -> str:
        return f"json://127.0.0.1:{self.server.server_address[1]}/hook?token=s3cret"

    @property
    def chat_address(self) -> str:
        """The same as a Mattermost, whose posts have 4,000 characters at most (Apprise 2.3)."""
        return f"mmost://127.0.0.1:{self.server.server_address[1]}/3ccdd113474722377935511fc85d3dd4"

    @property
    def texts(self) -> list[str]:
        return [_text(message) for message in self.taken]

    @property
    def ids(self) -> Counter[str]:
        return ids_in(self.texts)


@contextmanager
def receiving(refusing: float = 0.0, *, apart: float = 0.0, longest: int = 10**9) -> Iterator[Receiver]:
    receiver = Receiver(refusing, apart=apart, longest=longest)
    thread = threading.Thread(target=receiver.server.serve_forever, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.server.shutdown()
        receiver.server.server_close()
        thread.join(10)


class Mailbox:
    """Keeps what is mailed."""

    def __init__(self) -> None:
        self.mails: list[Any] = []
        self.on_taken: Callable[[], None] = lambda: None

    @property
    def ids(self) -> Counter[str]:
        return ids_in(mail.get_body(("plain",)).get_content() for mail in self.mails)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        del server, session
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        self.on_taken()
        return "250 OK"


@contextmanager
def mailing() -> Iterator[tuple[Mailbox, str]]:
    box = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield (
            box,
            f"mailto://127.0.0.1:{port}?from=variorum@gazette.example&to=desk@gazette.example&mode=insecure",
        )
    finally:
        controller.stop()


def settings_file(
    folder: Path, channels: dict[str, tuple[str, str]], *, store: str | None = None, alerts: str = ""
) -> Path:
    """Write the settings of a user whose archive is a WARC file: by channel its address, and further lines."""
    where = store or folder / "variorum.db"
    parts = [
        f'store = "{where}"\n[archive]\ndialect = "warc"\nurl = "{WARC}"\n[daemon]\ntick_seconds = 0.5\n[alerts]\n{alerts}\n'
    ]
    for name, (address, more) in channels.items():
        file = folder / f"{name}.url"
        file.write_text(f"{address}\n")
        file.chmod(0o600)
        parts.append(f'[[alerts.channels]]\nname = "{name}"\nurl_file = "{file}"\n{more}\n')
    path = folder / "variorum.toml"
    path.write_text("\n".join(parts))
    return path
