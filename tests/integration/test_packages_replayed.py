"""A package in a real Wayback: pywb takes it and replays the bytes that the site sent."""

import json
import urllib.request
import zipfile

from held_archive import filled, page

from crawler.cli import main
from store_samples import URL


def test_pywb_replays_the_bytes_of_a_package(tmp_path, serve, monkeypatch) -> None:
    monkeypatch.setenv("VARIORUM_STORE", str(tmp_path / "variorum.db"))
    filled(tmp_path / "variorum.db", "wayback").close()
    path = tmp_path / "fire.wacz"
    assert main(["export", URL, "--out", str(path)]) == 0
    assert main(["verify", str(path)]) == 0
    with zipfile.ZipFile(path) as package:
        rows = json.loads(package.read("evidence/captures.json"))
    base = serve(path)

    replayed = {}
    for row in rows:
        stamp = row["at"].translate(dict.fromkeys(map(ord, "-:TZ")))
        with urllib.request.urlopen(
            f"{base}/{stamp}id_/{row['final_url'] or row['url']}", timeout=60
        ) as answer:
            replayed[row["at"]] = answer.read()
    bodies = {page(dead) for dead in (2, 3, 4, 5, 6)}
    assert len(replayed) > 3
    assert set(map(_unpacked, replayed.values())) <= bodies
    assert len(set(map(_unpacked, replayed.values()))) > 2


def _unpacked(body: bytes) -> bytes:
    import gzip

    return gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body
