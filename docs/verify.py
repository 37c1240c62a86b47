"""Verify a package of Variorum without Variorum: Python's standard library and the `openssl` command, nothing else."""

# Read it before you run it; it is short so that you can. Exit code 0: everything that was checked holds.
import argparse, base64, contextlib, gzip, hashlib, html, io, json, re, subprocess, sys, tempfile, zipfile, zlib
from pathlib import Path

SEAL, wrong, PEM = "datapackage-digest.json", [], b"-----BEGIN PUBLIC KEY-----\n%b-----END PUBLIC KEY-----\n"
sha256 = lambda data: hashlib.sha256(data).hexdigest()
compact = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode
sealed = lambda form: sha256(compact(form).encode("utf-8", "surrogatepass"))
gunzip = lambda data: gzip.GzipFile(fileobj=io.BytesIO(data)).read(1 << 31)  # whatever it would unpack to
inflate = lambda bits: lambda data: zlib.decompressobj(bits).decompress(data, 1 << 31)
openssl = lambda *words: subprocess.run(["openssl", *map(str, words)], capture_output=True, text=True)
show = lambda text: print("".join(c if c.isprintable() or c == "\n" else ascii(c)[1:-1] for c in text))
check = lambda ok, yes, no: show(f"holds     {yes}" if ok else f"WRONG     {no}") or ok or wrong.append(no)


def check_files(raw: bytes) -> tuple[dict[str, bytes], dict, dict]:
    """Hold the files to their digests; packing them again shows whether anything lies between or around them."""
    with zipfile.ZipFile(io.BytesIO(raw)) as package:
        if sum(info.file_size for info in package.infolist()) > len(raw):
            raise ValueError("its files are compressed, which those of Variorum are not")
        files = {name: package.read(name) for name in package.namelist()}
    with zipfile.ZipFile(again := io.BytesIO(), "w", zipfile.ZIP_STORED) as package:
        for name, data in sorted(files.items()):
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.create_system, info.external_attr = 3, 0o100644 << 16
            package.writestr(info, data)
    check(again.getvalue() == raw, f"{len(files)} files and no byte more", "some bytes belong to no file")
    listed, seal = json.loads(files["datapackage.json"]), json.loads(files[SEAL])
    named = {one["path"]: one["hash"] for one in listed["resources"]} | {seal["path"]: seal["hash"]}
    there = {path: f"sha256:{sha256(data)}" for path, data in files.items() if path != SEAL}
    odd = sorted(path for path in {*named, *there} if named.get(path) != there.get(path))
    check(not odd, "each file has the SHA-256 that the package names", f"not as the package names it: {odd}")
    parts = {*seal} - {"signedData"} in ({"path", "hash"}, {"path", "hash", "timeStamp", "timeStampHash"})
    form = parts and files[SEAL] == (json.dumps(seal, sort_keys=True, indent=1) + "\n").encode()
    check(form, f"{SEAL} is in its one form", f"{SEAL} is in another form than it is written in")
    return files, listed, seal


def check_signature(listed: dict, seal: dict, key: str | None, folder: Path) -> None:
    if "signedData" not in seal:
        show("not said  who made the package: it is not signed")
        return check(not key, "and you named no key", "it was to be signed by the key that you named")
    signed = seal["signedData"]
    der, raw = (base64.b64decode(signed[name], validate=True) for name in ("publicKey", "signature"))
    halves = [half.lstrip(b"\0") for half in (raw[:32], raw[32:])]  # openssl wants the two as DER
    content = b"".join(bytes((2, len(one) + (one[0] >> 7))) + b"\0" * (one[0] >> 7) + one for one in halves)
    (folder / "signature").write_bytes(bytes((0x30, len(content))) + content)
    (folder / "key").write_bytes(PEM % base64.encodebytes(der))
    (folder / "hash").write_text(seal["hash"])
    same = {"hash": seal["hash"], "version": "0.1.0"} | {one: listed[one] for one in ("created", "software")}
    same |= {"publicKey": base64.b64encode(der).decode(), "signature": base64.b64encode(raw).decode()}
    given = ("-verify", folder / "key", "-signature", folder / "signature", folder / "hash")
    fits = signed == same and len(raw) == 64 and not openssl("dgst", "-sha256", *given).returncode
    mine, pin = sha256(der), (key or "").lower().removeprefix("sha256:").replace(":", "")
    check(fits, f"signed by the key {mine}", "the signature does not fit the package and its key")
    if key:
        return check(pin == mine, "which is the key that you named", f"you named another key than {mine}")
    show("not said  whose key that is: ask for the fingerprint by another way, and name it with --key")


def check_stamp(seal: dict, roots: str | None, folder: Path) -> None:
    if "timeStamp" not in seal:
        return show("not said  when it was made, but by its maker's own word: it is not time-stamped")
    same = seal["timeStampHash"] == f"sha256:{sha256(seal['timeStamp'].encode())}"
    check(same, "the time stamp is the one written", "the time stamp is not the one that was written")
    (folder / "stamp").write_bytes(base64.b64decode(seal["timeStamp"], validate=True))
    (folder / "over").write_text(seal.get("signedData", {"signature": seal["hash"]})["signature"])
    given = ("-in", folder / "stamp", "-data", folder / "over", "-CAfile", roots)
    when = " ".join(re.findall("Time stamp: (.*)", openssl("ts", "-reply", *given[:2], "-text").stdout))
    if roots is None:
        return show(f"not said  whether the time stamp ({when}) is genuine: name its root with --tsa-roots")
    done = openssl("ts", "-verify", *given)
    bad = f"that root stands for no such time stamp: {done.stderr[-200:]!a}"
    check(not done.returncode, f"it existed at {when}, says the authority whose root you named", bad)


def check_custody(chains: list[dict]) -> set[tuple]:
    """Hold each entry of the log to its hash and the one before; return the pairs of bytes and the rows it names."""
    known = set()
    for chain in chains:
        previous, odd = "", []
        for place, entry in enumerate(chain["entries"], start=1):
            form = {name: entry[name] for name in entry if name != "hash"} | {"target": chain["target"]}
            fits = (entry["hash"], entry["previous"], entry["position"]) == (sealed(form), previous, place)
            odd += [] if fits else [place]
            previous, facts = entry["hash"], json.loads(entry["detail"])
            known |= {(facts.get("sha256"), facts.get("raw_sha256")), *facts.get("things", {}).items()}
        log = f"the log of custody of {chain['page']}: {len(chain['entries'])} entries"
        check(not odd, f"{log} in one chain", f"{log}, of which some are not as they were written: {odd[:9]}")
    return known


def check_captures(files: dict[str, bytes], known: set[tuple]) -> None:
    data, bodies, held, at = gunzip(files["archive/data.warc.gz"]), {}, {}, 0
    while at < len(data):
        end = data.index(b"\r\n\r\n", at) + 4
        head = dict(re.findall(r"(?m)^([\w-]+): ?(.*?)\r?$", data[at:end].decode("utf-8", "replace")))
        block = data[end : end + int(head["Content-Length"])]
        at, body = end + len(block) + 4, block.partition(b"\r\n\r\n")[2]
        bodies |= {(head["WARC-Date"], sha256(body)): body} if head["WARC-Type"] == "response" else {}
    for row in json.loads(files["evidence/captures.json"]):
        forms = [body := bodies.get((row["served_at"], row["raw_sha256"] or row["sha256"]), b"")]
        named, kept = f"the bytes of {row['replay'] or row['url']} at {row['at']}", row.get("row") or {}
        same = all(kept.get(one) == row[one] for one in ("archive", "sha256", "raw_sha256"))
        logged = {
            (row["sha256"], row["raw_sha256"]),
            (same and f"capture {kept['id']}", sealed(kept)),
        } & known
        for undo in (gunzip, inflate(47), inflate(-15)):
            with contextlib.suppress(OSError, EOFError, zlib.error):
                forms.append(undo(forms[-1]))
        plain = [form for form in forms if sha256(form) == row["sha256"]]
        left = not plain and row["content_coding"] in {"br", "zstd"}  # which the standard library cannot undo
        good = f"{named} are here and in the log{', but not proved what they unpack to' if left else ''}"
        check(body and logged and (plain or left), good, f"no record, or no entry of the log, holds {named}")
        held |= {(row["archive"], row[at]): (row, body, plain) for at in ("at", "served_at", "cited_at")}
    for one in json.loads(files["evidence/findings.json"]):
        change = one["change"]
        show(f"\nfinding   {change['id']}: {change['kind']} {change['type']}, on {one['page']}")
        for end in ("before", "after"):
            row, body, plain = held[one["captures"][end]["archive"], one["captures"][end]["at"]]
            show(f"  {end:7} {len(body)} bytes, SHA-256 {sha256(body)}, {row['replay'] or row['url']}")
            read = re.sub(r"<[^>]*>", "", b"".join(plain[:1]).decode("utf-8", "replace"))
            for text in [change[end]["text"]] if change[end] else []:
                there = " ".join(text.split()) in " ".join(html.unescape(read).split())
                show(f"          {'these words stand in it' if there else 'look yourself for'}: {text!a}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Verify a package of Variorum.")
    parser.add_argument("file")
    parser.add_argument("--key", help="the fingerprint that the maker gave you by another way")
    parser.add_argument("--tsa-roots", help="certificates (PEM) of the time-stamp authority, from itself")
    given = parser.parse_args()
    if not Path(given.file).is_file():
        sys.exit(f"There is no file {given.file!a}: nothing was checked.")
    with tempfile.TemporaryDirectory() as folder:
        try:
            files, listed, seal = check_files(Path(given.file).read_bytes())
            check_signature(listed, seal, given.key, Path(folder))
            check_stamp(seal, given.tsa_roots, Path(folder))
            check_captures(files, check_custody(json.loads(files["evidence/custody.json"])))
        except Exception as error:  # whatever a damaged package makes of the steps above, it is damaged
            check(False, "", f"it cannot be read to its end: {error!a:.120}")
    if not wrong:
        show("\nProved: what holds above, of these bytes. Not proved: that the archive has them, or that")
        show("the site sent them to readers: open the replay addresses, ask the archive for its affidavit.")
    sys.exit(f"{len(wrong)} thing(s) WRONG: do not rely on it, nothing of it is proved" if wrong else 0)
