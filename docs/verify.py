"""Verify a package of Variorum without Variorum: Python's standard library and the `openssl` command, nothing else.

    python3 verify.py FILE.wacz [--key FINGERPRINT] [--tsa-roots ROOTS.pem]

Read it before you run it; it is short so that you can. Exit code 0: everything that was checked holds.
"""

import argparse
import base64
import gzip
import hashlib
import html
import io
import json
import re
import subprocess
import sys
import tempfile
import zipfile
import zlib
from pathlib import Path

LIST, SEAL, WARC = "datapackage.json", "datapackage-digest.json", "archive/data.warc.gz"
wrong: list[str] = []


def show(text: str) -> None:
    """Print a line; what a package says of itself cannot steer the terminal."""
    print("".join(sign if sign.isprintable() or sign == "\n" else ascii(sign)[1:-1] for sign in text))


def check(holds: bool, good: str, bad: str) -> None:
    show(f"holds     {good}" if holds else f"WRONG     {bad}")
    wrong.extend([] if holds else [bad])


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def unbase64(text: str) -> bytes:
    data = base64.b64decode(text, validate=True)
    if base64.b64encode(data).decode() != text:
        raise ValueError("Base64 in another form than its own")
    return data


def openssl(*words: object) -> tuple[bool, str]:
    done = subprocess.run(
        ["openssl", *map(str, words)], capture_output=True, text=True, timeout=60, check=False
    )
    return done.returncode == 0, done.stdout + done.stderr


def read_files(raw: bytes) -> dict[str, bytes]:
    """Return the files of the package; packing them again shows whether anything lies between or around them."""
    with zipfile.ZipFile(io.BytesIO(raw)) as package:
        files = {name: package.read(name) for name in package.namelist()}
    again = io.BytesIO()
    with zipfile.ZipFile(again, "w", zipfile.ZIP_STORED) as package:
        for name, data in sorted(files.items()):
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.create_system, info.external_attr, info.file_size = 3, 0o100644 << 16, len(data)
            with package.open(info, "w", force_zip64=len(data) > 1 << 31) as entry:
                entry.write(data)
    check(
        again.getvalue() == raw,
        f"{len(files)} files and no byte more",
        "there are bytes that belong to no file",
    )
    return files


def check_digests(files: dict[str, bytes]) -> tuple[dict, dict]:
    listed, seal = json.loads(files[LIST]), json.loads(files[SEAL])
    written = (json.dumps(seal, sort_keys=True, indent=1) + "\n").encode()
    named = {one["path"]: one["hash"] for one in listed["resources"]}
    named[LIST], there = (
        seal["hash"],
        {path: f"sha256:{sha256(data)}" for path, data in files.items() if path != SEAL},
    )
    odd = sorted(path for path in {*named, *there} if named.get(path) != there.get(path))
    check(not odd, "each file has the SHA-256 that the package names", f"not as the package names it: {odd}")
    check(
        written == files[SEAL],
        f"{SEAL} is in its one form",
        f"{SEAL} is in another form than it is written in",
    )
    return listed, seal


def check_signature(listed: dict, seal: dict, key: str | None, folder: Path) -> None:
    signed = seal.get("signedData")
    if signed is None:
        show("not said  who made the package: it is not signed")
        check(not key, "and you named no key", "it was to be signed by the key that you named")
        return
    der, raw = unbase64(signed["publicKey"]), unbase64(signed["signature"])
    numbers = b""
    for half in (raw[:32], raw[32:64]):  # openssl wants the two halves as DER
        number = int.from_bytes(half, "big")
        number = number.to_bytes(number.bit_length() // 8 + 1, "big")
        numbers += bytes((2, len(number))) + number
    (folder / "signature").write_bytes(bytes((0x30, len(numbers))) + numbers)
    (folder / "key").write_text(
        f"-----BEGIN PUBLIC KEY-----\n{base64.encodebytes(der).decode()}-----END PUBLIC KEY-----\n"
    )
    (folder / "hash").write_text(seal["hash"])
    fits, _ = openssl(
        "dgst", "-sha256", "-verify", folder / "key", "-signature", folder / "signature", folder / "hash"
    )
    same = (
        all(signed[name] == listed.get(name) for name in ("created", "software"))
        and signed["version"] == "0.1.0"
    )
    fits = fits and same and len(raw) == 64 and signed["hash"] == seal["hash"]
    mine, pin = sha256(der), (key or "").lower().removeprefix("sha256:").replace(":", "")
    check(fits, f"signed by the key {mine}", "the signature does not fit the package and its key")
    if key:
        check(pin == mine, "which is the key that you named", f"you named another key than {mine}")
    else:
        show("not said  whose key that is: ask for the fingerprint by another way, and name it with --key")


def check_stamp(seal: dict, roots: str | None, folder: Path) -> None:
    stamp = seal.get("timeStamp")
    if stamp is None:
        show("not said  when it was made, but by its maker's own word: it is not time-stamped")
        return
    same = seal["timeStampHash"] == f"sha256:{sha256(stamp.encode())}"
    check(
        same, "the time stamp is the one that was written", "the time stamp is not the one that was written"
    )
    (folder / "stamp").write_bytes(unbase64(stamp))
    (folder / "stamped").write_text(seal["signedData"]["signature"] if "signedData" in seal else seal["hash"])
    _, text = openssl("ts", "-reply", "-in", folder / "stamp", "-text")
    when = " ".join(re.findall(r"Time stamp: (.*)", text))
    if roots is None:
        show(
            f"not said  whether the time stamp ({when}) is genuine: name the authority's root with --tsa-roots"
        )
        return
    fits, text = openssl(
        "ts", "-verify", "-in", folder / "stamp", "-data", folder / "stamped", "-CAfile", roots
    )
    check(
        fits,
        f"it existed at {when}, says the authority whose root you named",
        f"the time stamp: {text.split()[-9:]}",
    )


def bodies_in(warc: bytes) -> dict[tuple[str, str], bytes]:
    """Return the bytes that sites sent, by date and SHA-256."""
    found, data, at = {}, gzip.decompress(warc), 0
    while at < len(data):
        end = data.index(b"\r\n\r\n", at) + 4
        head = dict(re.findall(r"(?m)^([\w-]+): ?(.*?)\r?$", data[at:end].decode("utf-8", "replace")))
        block = data[end : end + int(head["Content-Length"])]
        at = end + len(block) + 4
        if head["WARC-Type"] == "response":
            body = block[block.index(b"\r\n\r\n") + 4 :]
            found[head["WARC-Date"], sha256(body)] = body
    return found


def words_of(body: bytes, coding: str) -> str:
    """Return a page's words, tags left out; codings that the standard library lacks stay as they are."""
    if coding in {"gzip", "x-gzip", "deflate"}:
        body = zlib.decompressobj(15 if coding == "deflate" else 47).decompress(body)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", body.decode("utf-8", "replace"))).split())


def check_captures(files: dict[str, bytes]) -> None:
    bodies, held = bodies_in(files[WARC]), {}
    for row in json.loads(files["evidence/captures.json"]):
        body = bodies.get((row["served_at"], row["raw_sha256"] or row["sha256"]))
        named = f"{row['replay'] or row['url']} at {row['at']}"
        check(body is not None, f"the bytes of {named} are here", f"no record holds the bytes of {named}")
        for at in (row["at"], row["served_at"], row["cited_at"]):
            held[row["archive"], at] = (row, body or b"")
    for one in json.loads(files["evidence/findings.json"]):
        change = one["change"]
        show(f"\nfinding   {change['id']}: {change['kind']} {change['type']}, on {one['page']}")
        for end in ("before", "after"):
            row, body = held[one["captures"][end]["archive"], one["captures"][end]["at"]]
            show(f"  {end:7} {len(body)} bytes, SHA-256 {sha256(body)}, {row['replay'] or row['url']}")
            if change[end]:
                words = words_of(body, (row["content_coding"] or "") if row["raw_sha256"] else "")
                seen = " ".join(change[end]["text"].split()) in words
                show(
                    f"          {'these words stand in it' if seen else 'look yourself for'}: {change[end]['text']!a}"
                )


def main() -> None:
    parser = argparse.ArgumentParser(description="Verify a package of Variorum.")
    parser.add_argument("file")
    parser.add_argument("--key", help="the fingerprint that the maker gave you by another way")
    parser.add_argument("--tsa-roots", help="certificates (PEM) of the time-stamp authority, from itself")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        try:
            files = read_files(Path(given.file).read_bytes())
            listed, seal = check_digests(files)
            check_signature(listed, seal, given.key, Path(folder))
            check_stamp(seal, given.tsa_roots, Path(folder))
            check_captures(files)
        except Exception as error:  # whatever a damaged package makes of the steps above, it is damaged
            check(
                False, "", f"it cannot be read to its end: {type(error).__name__} {ascii(str(error))[:100]}"
            )
    show(
        "\nProved: what is said to hold above, for these bytes. Not proved: that the archive holds the same bytes today,"
    )
    show(
        "or that the site sent them to its readers. Open the replay addresses; ask the archive for its affidavit."
    )
    sys.exit(f"{len(wrong)} thing(s) WRONG: do not rely on this package" if wrong else 0)


if __name__ == "__main__":
    main()
