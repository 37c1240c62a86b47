"""How many requests it takes to find every change of a page, counted in the archive's own log.

Simulated histories, served by a loopback archive: as on real news pages every capture's bytes differ (nonces, counters,
related links), so that digests tell nothing, while the article changes a few times. Three ways to read them:

    ours        bisection between unlike neighbours, probes into stretches that look unchanged
    every       each capture, as existing downloaders do
    digest      one capture for each changed digest

Run: python benchmarks/bench_sampling.py
"""

import sys
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from math import log2
from random import Random

from crawler.archive import ArchiveSource, Limits, PoliteSession, Sample, next_captures, open_archive
from crawler.errors import VariorumError

START = datetime(2016, 9, 1, tzinfo=UTC)
PAGE = "https://www.example.org/news/story"


class Freely:
    """A loopback archive needs no pacing."""

    def reserve(self, host, kind, *, per_minute, now):  # noqa: ARG002  the protocol's names
        """Return the next slot: now."""
        return now

    def paused_until(self, host, kind):  # noqa: ARG002  the protocol's names
        """Return the end of the pause: there is none."""
        return

    def succeeded(self, host, *, now):
        """Forget that it answered."""

    def last_success(self, host):  # noqa: ARG002  the protocol's names
        """Return when it last answered: nobody remembers."""
        return


class Archive(BaseHTTPRequestHandler):
    """Serves one history: its index in one page, its captures by time."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    texts: tuple[str, ...] = ()
    requests = 0

    def do_GET(self):
        """Count the request and answer it."""
        type(self).requests += 1
        if self.path.startswith("/cdx"):
            rows = (
                f"org,example)/news/story {at(i):%Y%m%d%H%M%S} {PAGE} text/html 200 {i:032X} 9000"
                for i in range(len(self.texts))
            )
            self.give("\n".join(rows).encode() + b"\n", {})
            return
        when = datetime.strptime(self.path.split("/")[2][:14] + "+0000", "%Y%m%d%H%M%S%z")
        number = round((when - START) / STEP)
        nonce = Random(number).randbytes(16).hex()
        body = f"<html><!-- {nonce} --><p>{self.texts[number]}</p></html>".encode()
        self.give(body, {"Memento-Datetime": when.strftime("%a, %d %b %Y %H:%M:%S GMT")})

    def give(self, body, headers):
        """Send a whole answer."""
        self.send_response(200)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Do nothing: the count is the log."""


STEP = timedelta(minutes=37)


def at(number):
    return START + number * STEP


def steady(captures, revisions, random):
    """A history in which no text returns; half of the edits fall into its first tenth, as with breaking news."""
    early = range(1, max(captures // 10, 2))
    cuts = set()
    while len(cuts) < revisions - 1:
        cuts.add(random.choice(early) if random.random() < 0.5 else random.randrange(1, captures))
        if len(cuts) >= len(early):
            early = range(1, captures)
    return tuple(f"text {sum(cut <= i for cut in cuts)}" for i in range(captures))


def returning(captures, revisions, random):
    """A history in which texts come and go: a stay's length is anything from one capture to a fifth of all."""
    texts = ["text 0"] * captures
    for number in range(1, revisions):
        length = max(1, int(captures / 5 * random.random() ** 3))
        start = random.randrange(1, max(captures - length, 2))
        texts[start : start + length] = [f"text {number}"] * len(texts[start : start + length])
    return tuple(texts)


def read(server, session, *, every=False, by_digest=False):
    """Read the history being served; give what was found and when the first report could be written."""
    Archive.requests = 0
    source = ArchiveSource.of("bench", dialect="wayback", url=f"http://127.0.0.1:{server.server_port}")
    archive = open_archive(source, session=session)
    captures = list(archive.captures(PAGE))
    samples = [Sample(at=c.at, digest=c.digest) for c in captures]
    first = 0
    if by_digest:
        wanted = [i for i, c in enumerate(captures) if i == 0 or c.digest != captures[i - 1].digest]
        for index in wanted:
            samples[index] = replace(samples[index], fingerprint=text_of(archive.fetch(captures[index])))
    while not by_digest and (chosen := next_captures(samples, every=every)):
        for index in chosen if every else chosen[:1]:
            samples[index] = replace(samples[index], fingerprint=text_of(archive.fetch(captures[index])))
            known = [s.fingerprint for s in samples if s.fingerprint]
            if not first and (len(set(known)) > 1 or len(known) == 2):
                first = Archive.requests
    return Archive.requests, first, samples


def text_of(snapshot):
    return snapshot.body.partition(b"<p>")[2].partition(b"</p>")[0].decode()


def stays(texts):
    """Each stretch of one text, by its first capture."""
    return {0} | {i + 1 for i, (a, b) in enumerate(pairwise(texts)) if a != b}


def pinned(texts, samples):
    """How many changes of text lie between two neighbouring captures that were both read."""
    changes = [i for i, (a, b) in enumerate(pairwise(texts)) if a != b]
    return sum(1 for i in changes if samples[i].fingerprint and samples[i + 1].fingerprint), len(changes)


def main():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Archive)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    free = Limits(cdx_per_minute=1e6, playback_per_minute=1e6)
    session = PoliteSession(
        pacing=Freely(),
        user_agent="variorum/benchmark (+https://example.org)",
        local=free,
        clock=lambda: datetime.now(UTC),
        sleep=time.sleep,
    )
    failures = 0
    try:
        failures += no_text_returns(server, session)
        texts_return(server, session)
    except VariorumError as error:
        sys.exit(f"bench_sampling: {error}")
    finally:
        session.close()
        server.shutdown()
        server.server_close()
    if failures:
        sys.exit(f"bench_sampling: {failures} histories missed the aim")


def no_text_returns(server, session):
    print(
        "No text returns: requests to find every revision, index included (3 histories each, the dearest shown)"
    )
    print(
        f"{'captures':>8} {'revisions':>9} {'ours':>6} {'aim':>7} {'first':>6} {'every':>6} {'digest':>6}  found"
    )
    failures = 0
    for captures in (10, 50, 200, 1000, 5000):
        dear = {}
        Archive.texts = steady(captures, 1, Random(0))
        for name, way in (("every", {"every": True}), ("digest", {"by_digest": True})):
            dear[name] = read(server, session, **way)[0] if captures <= 1000 else captures + 1
        for revisions in (1, 2, 5, 10, 20):
            if revisions > captures // 2:
                continue
            aim = revisions * (log2(captures / revisions) + 2) + 2 * log2(captures)
            most, first, found, fine = 0, 0, set(), True
            for seed in range(3):
                Archive.texts = steady(captures, revisions, Random(1000 * captures + 10 * revisions + seed))
                requests, early, samples = read(server, session)
                got, changes = pinned(Archive.texts, samples)
                fine &= got == changes and requests <= aim and early <= 5
                most, first = max(most, requests), max(first, early)
                found.add(f"{got + 1}/{changes + 1}")
            failures += not fine
            print(
                f"{captures:8} {revisions:9} {most:6} {aim:7.1f} {first:6} {dear['every']:6} {dear['digest']:6}"
                f"  {' '.join(sorted(found))}{'' if fine else '   MISSED'}"
            )
    print(
        "every and digest above 1000 captures are counted, not run: each is one request a capture and one for the index.\n"
    )
    return failures


def texts_return(server, session):
    print(
        "Texts return (A to B to A): the share of stays found, what a report must call bracketed, the requests"
    )
    print(
        f"{'captures':>8} {'texts':>6} {'stays':>6} {'found':>6} {'share':>6} {'bracketed':>10} {'requests':>9} {'every':>6}"
    )
    for captures in (50, 200, 1000, 5000):
        for texts in (2, 5, 10, 20):
            sums = [0, 0, 0, 0]
            for seed in range(5):
                Archive.texts = returning(captures, texts, Random(77 * captures + texts + 1000 * seed))
                requests, _, samples = read(server, session)
                known = {i for i, s in enumerate(samples) if s.fingerprint}
                order = [*sorted(stays(Archive.texts)), captures]
                met = sum(1 for a, b in pairwise(order) if known & set(range(a, b)))
                unread = captures - len(known)
                sums = [a + b for a, b in zip(sums, (len(order) - 1, met, unread, requests), strict=True)]
            there, met, unread, requests = sums
            print(
                f"{captures:8} {texts:6} {there / 5:6.1f} {met / 5:6.1f} {met / there:6.0%} {unread / 5 / captures:10.0%} "
                f"{requests / 5:9.1f} {captures + 1:6}"
            )
    print(
        "bracketed: captures between two equal texts that were not read; a report says so, and --every-capture reads them."
    )


if __name__ == "__main__":
    main()
