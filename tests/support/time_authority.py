"""A time-stamp authority on loopback, played by `openssl ts`, that can also refuse or misbehave."""

import contextlib
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

CONFIG = """\
[req]
distinguished_name = name
[name]
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
[signer]
basicConstraints = CA:FALSE
extendedKeyUsage = critical, timeStamping
[tsa]
default_tsa = here
[here]
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/signer.pem
certs = {folder}/root.pem
signer_key = {folder}/signer.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_chain = no
"""

# Longer than the signer's, so that its certificate comes second in the order of DER too.
ROOT_NAME = "/O=A made-up authority that stamps the time of tests/OU=On this machine and nowhere else/CN=Root"


def openssl(*words: str) -> bytes:
    """Run openssl, and return what it prints."""
    return subprocess.run(["openssl", *words], check=True, capture_output=True, timeout=60).stdout


def make_authority(folder: Path, *, days: int = 3650, root_name: str = ROOT_NAME) -> Path:
    """Make an authority's root, certificate and key in a folder; return the root's certificate."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "openssl.cnf").write_text(CONFIG.format(folder=folder))
    (folder / "serial").write_text("01\n")
    config = ("-config", str(folder / "openssl.cnf"))
    curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    root, signer = folder / "root.pem", folder / "signer.pem"
    openssl("req", "-x509", *curve, *config, "-extensions", "root", "-subj", root_name,
            "-days", "3650", "-keyout", str(folder / "root.key"), "-out", str(root))  # fmt: skip
    openssl("req", *curve, *config, "-subj", "/CN=A made-up authority",
            "-keyout", str(folder / "signer.key"), "-out", str(folder / "signer.csr"))  # fmt: skip
    openssl("x509", "-req", "-in", str(folder / "signer.csr"), "-CA", str(root), "-CAkey", str(folder / "root.key"),
            "-set_serial", "2", "-days", str(days), "-extfile", str(folder / "openssl.cnf"), "-extensions", "signer",
            "-out", str(signer))  # fmt: skip
    return root


@contextmanager
def authority(folder: Path, behaviour: str = "good") -> Iterator[str]:
    """Serve an authority made in a folder; yields its address.

    Args:
        folder: Where `make_authority` made it.
        behaviour: `good`; `error` answers 500; `other` stamps another digest; `refuse` rejects; `garbage` answers words; `drip` sends a byte now and then.
    """

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = self.rfile.read(int(self.headers["Content-Length"]))
            data = answer(folder, asked, behaviour)
            self.send_response(500 if behaviour == "error" else 200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            with contextlib.suppress(OSError):  # who asked may have gone
                for piece in (
                    (data[at : at + 1] for at in range(len(data))) if behaviour == "drip" else (data,)
                ):
                    self.wfile.write(piece)
                    time.sleep(0.1 if behaviour == "drip" else 0)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the library's own name
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/stamp"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


def answer(folder: Path, asked: bytes, behaviour: str) -> bytes:
    """Return an authority's answer to a request."""
    if behaviour in {"garbage", "error"}:
        return b"<html>no stamps today</html>"
    request, reply = folder / "asked.tsq", folder / "reply.tsr"
    request.write_bytes(asked)
    config = ("-config", str(folder / "openssl.cnf"))
    if behaviour == "other":
        openssl("ts", "-query", *config, "-digest", "ab" * 32, "-sha256", "-cert", "-out", str(request))
    if behaviour == "refuse":
        openssl("ts", "-query", *config, "-digest", "ab" * 64, "-sha512", "-cert", "-out", str(request))
        command = ["openssl", "ts", "-reply", *config, "-queryfile", str(request), "-out", str(reply)]
        subprocess.run(command, check=False, capture_output=True, timeout=60)
        return reply.read_bytes()
    openssl("ts", "-reply", *config, "-queryfile", str(request), "-out", str(reply))
    return reply.read_bytes()
