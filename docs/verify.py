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


def bad(text: str) -> None:
    wrong.append(text)
    print(f"WRONG     {text}")


def good(text: str) -> None:
    print(f"holds     {text}")


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def openssl(*words: str) -> tuple[bool, str]:
    try:
        done = subprocess.run(["openssl", *words], capture_output=True, text=True, timeout=60, check=False)
    except FileNotFoundError:
        sys.exit("The openssl command is not here; install it, then run this again.")
    return done.returncode == 0, done.stdout + done.stderr


def read_files(path: str) -> dict[str, bytes]:
    """Return the files of the package, and check that nothing lies between or around them."""
    raw = Path(path).read_bytes()
    with zipfile.ZipFile(io.BytesIO(raw)) as package:
        files = {name: package.read(name) for name in package.namelist()}
    again = io.BytesIO()
    with zipfile.ZipFile(again, "w", zipfile.ZIP_STORED) as package:
        for name, data in sorted(files.items()):
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.create_system, info.external_attr, info.file_size = 3, 0o100644 << 16, len(data)
            with package.open(info, "w", force_zip64=len(data) > 1 << 31) as entry:
                entry.write(data)
    if again.getvalue() != raw:
        bad("the file has bytes that belong to none of its parts, or was packed again by another program")
    return files


def canonical(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=True, sort_keys=True, indent=1) + "\n").encode()


def check_digests(files: dict[str, bytes]) -> tuple[dict, dict]:
    listed, seal = json.loads(files[LIST]), json.loads(files[SEAL])
    for name, value in ((LIST, listed), (SEAL, seal)):
        if canonical(value) != files[name]:
            bad(f"{name} is not in the one form in which it is written")
    if seal["hash"] != "sha256:" + sha256(files[LIST]):
        bad(f"{LIST} is not the list that {SEAL} names")
    named = {one["path"]: one for one in listed["resources"]}
    for path in sorted(set(named) ^ (set(files) - {LIST, SEAL})):
        bad(f"{path} is only in the list, or only in the package")
    for path in sorted(set(named) & set(files)):
        if named[path]["hash"] != "sha256:" + sha256(files[path]):
            bad(f"{path} is not what the list names")
    if not wrong:
        good(f"{len(named)} files have the SHA-256 that the package's list names")
    return listed, seal


def der_integer(data: bytes) -> bytes:
    data = data.lstrip(b"\0") or b"\0"
    data = b"\0" + data if data[0] & 0x80 else data
    return bytes((2, len(data))) + data


def check_signature(listed: dict, seal: dict, key: str | None, folder: Path) -> None:
    signed = seal.get("signedData")
    if signed is None:
        print("not said  who made the package: it is not signed")
        if key:
            bad("it was to be signed by the key you named")
        return
    der, raw = base64.b64decode(signed["publicKey"]), base64.b64decode(signed["signature"])
    for name, data in (("publicKey", der), ("signature", raw)):
        if base64.b64encode(data).decode() != signed[name]:
            bad(f"the {name} is not in the one form that Base64 has")
    if any(
        signed[name] != there
        for name, there in (
            ("hash", seal["hash"]),
            ("created", listed["created"]),
            ("software", listed["software"]),
            ("version", "0.1.0"),
        )
    ):
        bad("the signature is of another package")
    pem = "-----BEGIN PUBLIC KEY-----\n" + base64.encodebytes(der).decode() + "-----END PUBLIC KEY-----\n"
    body = der_integer(raw[:32]) + der_integer(raw[32:])
    (folder / "key").write_text(pem)
    (folder / "signature").write_bytes(bytes((0x30, len(body))) + body)
    (folder / "hash").write_text(seal["hash"])
    fits, _ = openssl("dgst", "-sha256", "-verify", str(folder / "key"), "-signature", str(folder / "signature"),
                      str(folder / "hash"))  # fmt: skip
    fits = fits and len(raw) == 64
    mine = sha256(der)
    if not fits:
        bad("the signature does not fit the list of files and the key")
    elif key and key.lower().removeprefix("sha256:").replace(":", "") != mine:
        bad(f"it is signed by another key than you named: {mine}")
    else:
        good(
            f"signed by the key {mine}, {'which you named' if key else 'which nobody here vouches for: use --key'}"
        )


def check_stamp(seal: dict, roots: str | None, folder: Path) -> None:
    stamp = seal.get("timeStamp")
    if stamp is None:
        print("not said  when the package was made, but by its maker's own word: it is not time-stamped")
        return
    if seal.get("timeStampHash") != "sha256:" + sha256(stamp.encode()):
        bad("the time stamp is not the one that was written")
    (folder / "stamp").write_bytes(base64.b64decode(stamp))
    (folder / "stamped").write_text(seal["signedData"]["signature"] if "signedData" in seal else seal["hash"])
    _, text = openssl("ts", "-reply", "-in", str(folder / "stamp"), "-text")
    when = re.search(r"Time stamp: (.*)", text)
    if roots is None:
        print(
            f"not said  whether the time stamp ({when[1] if when else 'no time'}) is genuine: name --tsa-roots"
        )
        return
    fits, text = openssl("ts", "-verify", "-in", str(folder / "stamp"), "-data", str(folder / "stamped"),
                         "-CAfile", roots)  # fmt: skip
    if fits and when:
        good(f"it existed at {when[1]}, says the time-stamp authority whose root you named")
    else:
        bad("the time stamp does not hold against the roots you named: " + " ".join(text.split())[:200])


def bodies_in(warc: bytes) -> dict[tuple[str, str], bytes]:
    """Return the bytes that sites sent, by date and SHA-256."""
    found, data, at = {}, gzip.decompress(warc), 0
    while at < len(data):
        end = data.index(b"\r\n\r\n", at)
        head = dict(re.findall(r"(?m)^([\w-]+): ?(.*?)\r?$", data[at:end].decode("utf-8", "replace")))
        block = data[end + 4 : end + 4 + int(head["Content-Length"])]
        at = end + 8 + len(block)
        if head["WARC-Type"] == "response":
            body = block[block.index(b"\r\n\r\n") + 4 :]
            found[head["WARC-Date"], sha256(body)] = body
    return found


def words_of(body: bytes, coding: str | None) -> str | None:
    """Return a page's words, tags left out; None where its coding is not one of the standard library's."""
    coding = (coding or "").strip().lower()
    if coding not in ("", "identity", "gzip", "x-gzip", "deflate"):
        return None
    body = (
        body
        if coding in ("", "identity")
        else zlib.decompressobj(47 if "gzip" in coding else 15).decompress(body)
    )
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", body.decode("utf-8", "replace"))).split())


def check_captures(files: dict[str, bytes]) -> None:
    bodies = bodies_in(files[WARC])
    captures = json.loads(files["evidence/captures.json"])
    held = {}
    for row in captures:
        body = bodies.get((row["served_at"], row["raw_sha256"] or row["sha256"]))
        if body is None:
            bad(f"no bytes are here for {row['url']} at {row['at']}")
        held[row["archive"], row["at"]] = held[row["archive"], row["served_at"]] = (row, body)
    print(f"          the bytes of {len(captures)} captures were read again and hashed")
    for one in json.loads(files["evidence/findings.json"]):
        change = one["change"]
        print(f"\nfinding   {change['id']}: {change['kind']} {change['type']}, on {one['page']}")
        for end in ("before", "after"):
            cited, evidence = one["captures"][end], change[end]
            row, body = held.get((cited["archive"], cited["at"]), (None, None))
            if row is None or body is None:
                bad(f"the capture {end} the change, {cited['at']}, is not in the package")
                continue
            good(f"{end}: {len(body)} bytes of {row['replay'] or row['url']}, SHA-256 {sha256(body)}")
            words = words_of(body, row["content_coding"] if row["raw_sha256"] else None)
            if evidence:
                seen = words is not None and " ".join(evidence["text"].split()) in words
                print(
                    f"          {'these words stand in it' if seen else 'look yourself for'}: {evidence['text']!a}"
                )


def main() -> None:
    parser = argparse.ArgumentParser(description="Verify a package of Variorum.")
    parser.add_argument("file")
    parser.add_argument("--key", help="the fingerprint that the maker gave you by another way")
    parser.add_argument("--tsa-roots", help="certificates (PEM) of the time-stamp authority, from itself")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        try:
            files = read_files(given.file)
            listed, seal = check_digests(files)
            check_signature(listed, seal, given.key, Path(folder))
            check_stamp(seal, given.tsa_roots, Path(folder))
            check_captures(files)
        except Exception as error:  # whatever a damaged package makes of the steps above, it is damaged
            bad(f"the package cannot be read to its end ({type(error).__name__}: {ascii(str(error))[:100]})")
    print(
        "\nProved: what is said to hold above, for these bytes. Not proved: that the archive holds the same bytes today,"
    )
    print(
        "or that the site sent them to its readers. Open the replay addresses; ask the archive for its affidavit."
    )
    sys.exit(f"\n{len(wrong)} thing(s) WRONG: do not rely on this package." if wrong else 0)


if __name__ == "__main__":
    main()
