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
from aiosmtpd.smtp import SMTP

ROOT = Path(__file__).parents[2]
WARC = ROOT / "seeds" / "demo" / "meridian-courier.warc.gz"


def ids_in(texts: Iterable[str]) -> Counter[str]:
    lines = (line for text in texts for line in text.splitlines())
    return Counter(line.removeprefix("finding: ") for line in lines if line.startswith("finding: "))


def _text(message: dict[str, Any]) -> str:
    return str(message["message"] if "message" in message else message["text"])


def _wait_until(done: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not done():
        assert time.monotonic() < until, "a receiver does not come to rest"
        time.sleep(0.01)


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
        self.begun = self.ended = 0  # connections
        # Called when a message was taken and its sender does not know yet.
        self.on_taken: Callable[[], None] = lambda: None
        self.refusing, self.code = refusing, 503
        chance, lock, outer, last = random.Random(7), threading.Lock(), self, [0.0]

        class Answering(BaseHTTPRequestHandler):
            timeout = 60

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

            def process_request(self, *connection: Any) -> None:
                outer.begun += 1
                super().process_request(*connection)

            def process_request_thread(self, *connection: Any) -> None:
                super().process_request_thread(*connection)
                with lock:
                    outer.ended += 1

        self.server = Quiet(("127.0.0.1", 0), Answering)
        self.server.daemon_threads = True

    @property
    def address(self) -> str:
        return f"json://127.0.0.1:{self.server.server_address[1]}/hook?token=s3cret"

    @property
    def chat_address(self) -> str:
        """The same as a Mattermost, whose posts have 4,000 characters at most (Apprise 2.3)."""
        return f"mmost://127.0.0.1:{self.server.server_address[1]}/3ccdd113474722377935511fc85d3dd4"

    def settle(self) -> None:
        """Take in what was sent by those who have ended; connections are begun with in the order they were made."""
        begun = self.begun
        socket.create_connection(self.server.server_address, 60).close()
        _wait_until(lambda: self.begun > begun and self.begun == self.ended)

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
        self.port = 0
        self.open = 0  # connections

    def settle(self) -> None:
        """Take in what was sent by those who have ended; connections are begun with in the order they were made."""
        with socket.create_connection(("127.0.0.1", self.port), 60) as asked:
            asked.recv(1024)
        _wait_until(lambda: self.open == 0)

    @property
    def ids(self) -> Counter[str]:
        return ids_in(mail.get_body(("plain",)).get_content() for mail in self.mails)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        del server, session
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        self.on_taken()
        return "250 OK"


class Counted(SMTP):
    """A connection that its mailbox counts while it is open."""

    def connection_made(self, transport: Any) -> None:
        self.event_handler.open += 1
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        super().connection_lost(error)
        self.event_handler.open -= 1


class Mailing(Controller):
    """A mail server at a port of its own from the start, which a busy machine may take a while to begin with.

    aiosmtpd 1.4.6 connects to itself and waits a second for the answer (read 2026-11-29).
    """

    def __init__(self, box: Mailbox) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        port = self.listener.getsockname()[1]
        # Without a name of its own each connection would look one up.
        own = {"server_hostname": "mail.gazette.example", "ready_timeout": 60}
        super().__init__(box, hostname="127.0.0.1", port=port, **own)
        box.port = port

    def factory(self) -> Counted:
        return Counted(self.handler, **self.SMTP_kwargs)

    def _create_server(self) -> Any:
        return self.loop.create_server(self._factory_invoker, sock=self.listener)

    def _trigger_server(self) -> None:
        with socket.create_connection((self.hostname, self.port), 60) as asked:
            asked.recv(1024)


@contextmanager
def mailing() -> Iterator[tuple[Mailbox, str]]:
    box = Mailbox()
    controller = Mailing(box)
    controller.start()
    try:
        yield (
            box,
            f"mailto://127.0.0.1:{box.port}?from=variorum@gazette.example&to=desk@gazette.example&mode=insecure",
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
