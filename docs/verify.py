"""Verify a package of Variorum without Variorum: Python's standard library and the `openssl` command, nothing else."""

# Read it before you run it; it is short so that you can. Exit code 0: everything that was checked holds.
import argparse, base64, contextlib, gzip, hashlib, html, io, json, pathlib, re, signal, subprocess, sys, tempfile, time, zipfile, zlib
SEAL, wrong, compact = "datapackage-digest.json", [], {"sort_keys": True, "ensure_ascii": False, "separators": (",", ":")}
P256 = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d030107034200")  # how a key on that curve begins
is_name = re.compile(r"(archive|evidence|indexes|pages|readme|report)/[\w.-]*\w|datapackage(-digest)?\.json", re.ASCII).fullmatch
load = lambda data: json.loads(data, parse_constant={}.__getitem__)  # NaN is no number, and stops it
second = lambda micro: time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(micro // 10**6)) if micro else None
sha1 = lambda data: f"sha1:{base64.b32encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode()}"
sha256 = lambda data: hashlib.sha256(data).hexdigest()
sealed = lambda form: sha256(json.dumps(form, **compact).encode("utf-8", "surrogatepass"))
gunzip = lambda data: gzip.GzipFile(fileobj=io.BytesIO(data)).read(1 << 31)  # whatever it would unpack to
inflate = lambda bits: lambda data: zlib.decompressobj(bits).decompress(data, 1 << 31)
openssl = lambda *words: subprocess.run(["openssl", *map(str, words)], capture_output=True, text=True)
show = lambda text: print("".join(c if c.isprintable() or c == "\n" else ascii(c)[1:-1] for c in text))
check = lambda ok, yes, no: show(f"holds     {yes}" if ok else f"WRONG     {no}") or ok or wrong.append(no)

def check_files(raw: bytes) -> tuple[dict[str, bytes], dict, dict]:
    with zipfile.ZipFile(io.BytesIO(raw)) as package:
        size = sum(info.file_size for info in package.infolist())  # they are stored as they are, never packed
        files = {name: package.read(name) for name in package.namelist() if size <= len(raw)}
    with zipfile.ZipFile(again := io.BytesIO(), "w", zipfile.ZIP_STORED) as package:
        for name, data in sorted(files.items()):
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.create_system, info.external_attr = 3, 0o100644 << 16
            package.writestr(info, data)
    check(again.getvalue() == raw, f"{len(files)} files and no byte more", "some bytes belong to no file")
    lists = {name: load(data) for name, data in files.items() if re.match(r"datap|evidence/.*json", name)}
    listed, seal = lists["datapackage.json"], lists[SEAL]
    named = {one["path"]: one["hash"] for one in listed["resources"]} | {seal["path"]: seal["hash"]}
    there = {path: f"sha256:{sha256(data)}" for path, data in files.items() if path != SEAL}
    odd = [one for one in sorted({*named, *there}) if named.get(one) != there.get(one) or not is_name(one)]
    check(not odd, "each file has the SHA-256 that the package names", f"not as the package names it: {odd}")
    parts = {*seal} - {"signedData"} in ({"path", "hash"}, {"path", "hash", "timeStamp", "timeStampHash"})
    form = [one for one in lists if files[one] != (json.dumps(lists[one], sort_keys=True, indent=1) + "\n").encode()]
    check(parts and not form, "each list is in its one form", f"in another form than its own: {form or SEAL}")
    return files, listed, seal

def check_signature(listed: dict, seal: dict, key: str | None, folder: pathlib.Path) -> None:
    if "signedData" not in seal: return check(False, "", "it is not signed") if key else show("not said  who made it: it is not signed")
    der, raw = (base64.b64decode(seal["signedData"][name], validate=True) for name in ("publicKey", "signature"))
    halves = [half.lstrip(b"\0") for half in (raw[:32], raw[32:])]  # openssl wants the two as DER
    content = b"".join(bytes((2, len(one) + (one[0] >> 7))) + b"\0" * (one[0] >> 7) + one for one in halves)
    (folder / "signature").write_bytes(bytes((0x30, len(content))) + content)
    (folder / "hash").write_text(seal["hash"]), (folder / "key").write_bytes(der)
    same = {"hash": seal["hash"], "version": "0.1.0"} | {one: listed[one] for one in ("created", "software")}
    same |= {"publicKey": base64.b64encode(der).decode(), "signature": base64.b64encode(raw).decode()}
    given = ("-keyform", "DER", "-verify", folder / "key", "-signature", folder / "signature", folder / "hash")
    mine, pin = sha256(der), (key or "").lower().removeprefix("sha256:").replace(":", "")
    fits = seal["signedData"] == same and len(raw) == 64 and der[:26] == P256 and not openssl("dgst", "-sha256", *given).returncode
    check(fits, f"signed by the key {mine}", "the signature does not fit the package and its key")
    key or show("not said  whose key that is: ask for the fingerprint by another way, and name it with --key")
    key and check(pin == mine, "which is the key that you named", f"you named another than {mine}")

def check_stamp(seal: dict, roots: str | None, folder: pathlib.Path) -> None:
    if "timeStamp" not in seal: return show("not said  when it was made, but by its maker's own word: it is not time-stamped")
    stamp, over = base64.b64decode(seal["timeStamp"], validate=True), seal.get("signedData", {"signature": seal["hash"]})["signature"]
    same = seal["timeStampHash"] == f"sha256:{sha256(seal['timeStamp'].encode())}" and bytes.fromhex(sha256(over.encode())) in stamp
    check(same, "the time stamp is this package's", "the time stamp is another than was written, or of another package")
    (folder / "stamp").write_bytes(stamp), (folder / "over").write_text(over)
    given = ("-in", folder / "stamp", "-data", folder / "over", "-CAfile", roots)
    when = " ".join(re.findall("Time stamp: (.*)", openssl("ts", "-reply", *given[:2], "-text").stdout))
    if roots is None: return show(f"not said  whether the time stamp ({when}) is genuine: name its root with --tsa-roots")
    done, yes = openssl("ts", "-verify", *given), f"it existed at {when}, says the authority whose root you named"
    check(not done.returncode, yes, f"that root stands for no such time stamp: {done.stderr[-200:]!a}")

def check_custody(chains: list[dict]) -> dict[tuple, str]:
    known = {}
    for chain in chains:
        page, previous, odd = chain["page"], "", [0] * ((chain["page"], "target") in known)
        known[page, "target"] = chain["target"]
        for place, entry in enumerate(chain["entries"], start=1):
            form = {name: entry[name] for name in entry if name != "hash"} | {"target": chain["target"]}
            fits = (entry["hash"], entry["previous"], entry["position"]) == (sealed(form), previous, place)
            previous, facts = entry["hash"], load(entry["detail"])
            odd += [] if fits and (place > 1 or facts["url"] == page) else [place]
            known |= {(page, name): digest for name, digest in facts.get("things", {}).items()}
        check(not odd, f"the log of custody of {page} is one chain of {len(chain['entries'])}", f"altered entries in the log of {page}: {odd[:9]}")
    return known

def check_captures(files: dict[str, bytes], known: dict[tuple, str]) -> None:
    warc, lines = files["archive/data.warc.gz"], gunzip(files["indexes/index.cdx.gz"]).decode().splitlines()
    lines = [(load(text), when) for _, when, text in (line.split(" ", 2) for line in lines)]
    places = sorted((int(one["offset"]), int(one["length"]), when, one["url"]) for one, when in lines)
    at, found, allowed, bodies, held, pages, empty = places[0][0], set(), set(), {}, {}, [], sha256(b"")
    odd = [0] * (gunzip(warc[:at]).count(b"WARC/1.1\r\n") != 1)  # it begins with the name of the program
    for start, length, when, url in places:
        head, _, block = (member := zlib.decompressobj(31)).decompress(warc[start : start + length], 1 << 31).partition(b"\r\n\r\n")
        head = dict(re.findall(r"(?m)^([\w-]+): ?(.*?)\r?$", head.decode("utf-8", "replace")))
        date, body = re.sub("[^0-9]", "", head["WARC-Date"]), block[:-4].partition(b"\r\n\r\n")[2]
        said = (at, date, head["WARC-Target-URI"], int(head["Content-Length"]) + 4, head["WARC-Block-Digest"])
        same = said == (start, when, url, len(block), sha1(block[:-4]))
        at, odd = start + length, odd + ([] if same and member.eof and not member.unused_data else [start])
        found.add((head["WARC-Date"], url, sha256(body)))
        bodies |= {(head["WARC-Date"], sha256(body)): body} if head["WARC-Type"] == "response" else {}
    check(not odd and at == len(warc), "the index lists each record", f"the index lists other records: {odd[:9]}")
    for row in load(files["evidence/captures.json"]):
        raw, page, own, shown, stamp = row["raw_sha256"] or row["sha256"], row["page"], row["row"], row["shown_by"] or row["row"], f"/{re.sub('[^0-9]', '', row['at'])}/"
        said = {one: own.get(one) or None for one in ("archive", "url", "digest", "final_url", "outcome", "parser")}
        said |= {one: second(own.get(one)) for one in ("at", "fetched", "retrieved_at", "imported_at")}
        said |= {one: shown.get(one) or None for one in ("archive", "digest", "sha256", "raw_sha256")}
        said |= {name: second(one.get("served_at", one["at"])) for name, one in (("served_at", shown), ("cited_at", own))}
        said |= {"status": own.get("served_status") or own.get("status"), "redirects": load(own.get("redirects", "[]")), "digest_fits": own.get("digest_fits")}
        said["content_coding"] = shown.get("content_coding") if shown.get("raw_sha256") else None
        logged = row | said == row and row["captured_by"] == own.get("archive_src") and {known[page, "target"]} == {own["target_id"], shown["target_id"]}
        logged = logged and all(known.get((page, f"capture {one['id']}")) == sealed(one) for one in (own, shown))
        stops = [*json.loads(shown.get("redirects", "[]")), shown.get("final_url") or shown["url"]]
        allowed |= {(row["at"], row["url"], empty)} | {one for stop in stops for one in ((row["served_at"], stop, raw), (second(shown["at"]), stop, empty))}
        pages.append((row["final_url"] or row["url"], row["cited_at"]))
        named = f"the bytes of {row['replay'] or row['url']} at {row['at']}"
        forms = [body := bodies.get((row["served_at"], raw), b"")]
        for undo in (gunzip, inflate(47), inflate(-15)):
            with contextlib.suppress(OSError, EOFError, zlib.error):
                forms.append(undo(forms[-1]))
        plain = [form for form in forms if sha256(form) == row["sha256"]]
        left = not plain and shown.get("content_coding") in {"br", "zstd"}  # which this library cannot undo
        good = f"{named} are here and in the log{', but not proved what they unpack to' if left else ''}"
        check(body and logged and stamp in (row["replay"] or stamp) and (plain or left), good, f"no record, or no entry of the log, holds {named}")
        held[page, row["archive"], row["url"], row["cited_at"], row["replay"]] = (row, body, plain)
    pages = pages == [(one["url"], one["ts"]) for one in map(load, files["pages/pages.jsonl"].splitlines()[1:])]
    check(pages and found <= allowed, "records and list of pages are the captures'", f"not a capture's: {sorted(found - allowed) or 'a page'}")
    for one, change in ((one, one["change"]) for one in load(files["evidence/findings.json"])):
        show(f"\nfinding   {change['id']}: {change['kind']} {change['type']}, on {one['page']}")
        check(known.get((one["page"], f"finding {change['id']}")), "it is in the log", "it is not in the log")
        for end in ("before", "after"):
            row, body, plain = held[(one["page"], *map(one["captures"][end].get, ("archive", "url", "at", "link")))]
            show(f"  {end:7} {len(body)} bytes, SHA-256 {sha256(body)}, {row['replay'] or row['url']}")
            read = re.sub(r"<[^>]*>", "", b"".join(plain[:1]).decode("utf-8", "replace"))
            for text in [change[end]["text"]] if change[end] else []:
                there = " ".join(text.split()) in " ".join(html.unescape(read).split())
                show(f"          {'these words stand in it' if there else 'look yourself for'}: {text!a}")

if __name__ == "__main__":
    (parser := argparse.ArgumentParser(description="Verify a package of Variorum.")).add_argument("file")
    parser.add_argument("--key", help="the fingerprint that the maker gave you by another way")
    parser.add_argument("--tsa-roots", help="certificates (PEM) of the time-stamp authority, from itself")
    getattr(signal, "SIGPIPE", 0) and signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # a reader that has gone ends it
    pathlib.Path((given := parser.parse_args()).file).is_file() or sys.exit(f"There is no file {given.file!a}: nothing was checked.")
    with tempfile.TemporaryDirectory() as folder:
        try:
            files, listed, seal = check_files(pathlib.Path(given.file).read_bytes())
            check_signature(listed, seal, given.key, pathlib.Path(folder))
            check_stamp(seal, given.tsa_roots, pathlib.Path(folder))
            check_captures(files, check_custody(load(files["evidence/custody.json"])))
        except Exception as error:  # whatever a damaged package makes of the steps above, it is damaged
            check(False, "", f"it cannot be read to its end: {error!a:.120}")
    wrong or show("\nProved: what holds above, of these bytes. Not proved: that the archive has them, or that")
    wrong or show("the site sent them to readers: open the replay addresses, ask the archive for its affidavit.")
    sys.exit(f"{len(wrong)} thing(s) WRONG: do not rely on it, nothing of it is proved" if wrong else 0)
