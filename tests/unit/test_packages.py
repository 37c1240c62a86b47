"""Packages: made twice they are the same bytes, a stranger verifies them, and every altered byte is named."""

import base64
import gzip
import hashlib
import json
import os
import random
import re
import subprocess
import sys
import warnings
import zipfile
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import brotlicffi
import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from custody_samples import as_earlier
from held_archive import LATER, Held, page, sha1, shot
from held_archive import filled as filled_store
from package_samples import SCRIPT, in_process, members_of, reindexed, relisted, unpacked
from time_authority import authority, make_authority, openssl

from crawler.cli import main
from crawler.cli.working import DEMO_PAGE
from crawler.config import load_settings
from crawler.errors import UnreachableError
from crawler.evidence.checking import verify_package
from crawler.evidence.timestamps import read_stamp, stamp_of
from crawler.evidence.wacz import UNSEALED, canonical, digest_file, sha256_named, write_zip
from crawler.store import open_store
from crawler.store.seals import entry_hash
from crawler.tracker import Tracker
from crawler.tracking.pipeline import Pipeline
from store_samples import NOW, URL

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "seeds" / "demo" / "meridian-courier.warc.gz"


@pytest.fixture(scope="module")
def filled(tmp_path_factory) -> Path:
    """A folder with a store of the demonstration's captures, a signing key, and an authority."""
    home = tmp_path_factory.mktemp("packages")
    with pytest.MonkeyPatch.context() as patch:
        settings(patch, home)
        assert main(["import", str(DEMO)]) == 0
        assert main(["keys", "new"]) == 0
    make_authority(home / "authority")
    return home


def settings(patch: pytest.MonkeyPatch, home: Path) -> None:
    patch.setenv("VARIORUM_STORE", str(home / "variorum.db"))
    patch.setenv("VARIORUM_REPORTS", str(home / "reports"))
    patch.setenv("VARIORUM_EVIDENCE_KEY", str(home / "key.pem"))
    patch.chdir(home)


@pytest.fixture
def home(filled, monkeypatch) -> Path:
    settings(monkeypatch, filled)
    return filled


@pytest.fixture(scope="module")
def findings(filled) -> list[str]:
    with pytest.MonkeyPatch.context() as patch:
        settings(patch, filled)
        assert main(["report", "--format", "json", "--out", str(filled / "json")]) == 0
    (path,) = (path for path in (filled / "json").glob("*.json") if "courier" in path.name)
    steps = json.loads(path.read_text("utf-8"))["transitions"]
    return [change["id"] for step in steps for change in step["changes"] if change["kind"] == "casualty"][:3]


def made(home: Path, name: str, ids: list[str], *more: str) -> Path:
    words = [word for each in ids for word in ("--finding", each)]
    assert main(["export", *words, "--out", str(home / name), "--force", *more]) == 0
    return home / name


def by_script(path: Path, *more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SCRIPT), str(path), *more]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_three_findings_are_verified_here_by_the_script_and_by_py_wacz(home, findings, capsys) -> None:
    path = made(home, "three.wacz", findings, "--sign")
    capsys.readouterr()
    assert main(["verify", str(path)]) == 0
    said = capsys.readouterr().out
    script = by_script(path)
    wacz = [str(Path(sys.executable).parent / "wacz"), "validate", "-f", str(path)]
    validated = subprocess.run(wacz, capture_output=True, text=True, timeout=100, check=False)

    assert "signed by an unknown key" in said
    assert "every byte is as it was written" in said
    assert script.returncode == 0, script.stdout
    assert (
        script.stdout.count("these words stand in it") == 5
    )  # an added sentence stands in one of its captures
    assert "WRONG" not in script.stdout
    assert (validated.returncode, "is valid" in validated.stdout) == (0, True), validated.stdout


def test_made_twice_a_package_is_the_same_bytes(home, findings) -> None:
    for more in ((), ("--sign",)):
        first, second = (made(home, f"{name}.wacz", findings, *more) for name in ("one", "two"))
        assert first.read_bytes() == second.read_bytes()


def test_captures_of_every_kind_are_verified_by_both(tmp_path, monkeypatch, capsys) -> None:
    settings(monkeypatch, tmp_path)
    filled_store(tmp_path / "variorum.db", "wayback").close()
    assert main(["export", URL, "--out", "every.wacz"]) == 0
    found = verify_package(Path("every.wacz"))
    script = by_script(Path("every.wacz"))
    with zipfile.ZipFile("every.wacz") as package:
        rows = json.loads(package.read("evidence/captures.json"))

    assert (found.wrong, found.captures, len(rows)) == ([], len(rows), len({row["at"] for row in rows}))
    assert {row["content_coding"] for row in rows} == {None, "gzip"}
    assert {row["raw_sha256"] is None for row in rows} == {True, False}
    assert any(row["outcome"] == "unchanged" and row["sha256"] for row in rows)
    assert any(row["redirects"] for row in rows)
    assert script.returncode == 0, script.stdout
    assert "look yourself for" not in script.stdout
    assert script.stdout.count("these words stand in it") > 5


def test_each_of_two_hundred_flipped_bytes_is_named_by_both(home, findings, monkeypatch, capsys) -> None:
    with authority(home / "authority") as url:
        monkeypatch.setenv("VARIORUM_EVIDENCE_TIMESTAMP_URL", url)
        whole = made(home, "whole.wacz", findings[:1], "--sign", "--stamp").read_bytes()
    path, dice = home / "flipped.wacz", random.Random(19)
    at = whole.index(b'"timeStamp":')
    places = {*dice.sample(range(len(whole)), 120), *dice.sample(range(at, at + 5000), 60), *range(20)}
    assert len(places) >= 198
    missed = []
    for place in sorted(places):
        flipped = bytearray(whole)
        flipped[place] ^= 1 << dice.randrange(8)
        path.write_bytes(flipped)
        if not verify_package(path).wrong:
            missed.append((place, "verify"))
        if in_process(path) == 0:
            missed.append((place, "script"))
        capsys.readouterr()

    assert missed == []


def test_a_stamp_is_accepted_by_openssl_and_a_root_can_be_named(home, findings, monkeypatch, capsys) -> None:
    root = home / "authority" / "root.pem"
    make_authority(home / "another")
    with authority(home / "authority") as url:
        monkeypatch.setenv("VARIORUM_EVIDENCE_TIMESTAMP_URL", url)
        signed = made(home, "stamped.wacz", findings, "--sign", "--stamp")
        unsigned = made(home, "stamped-only.wacz", findings, "--stamp")
    for path, over in (
        (signed, lambda seal: seal["signedData"]["signature"]),
        (unsigned, lambda seal: seal["hash"]),
    ):
        with zipfile.ZipFile(path) as package:
            seal = json.loads(package.read("datapackage-digest.json"))
        (home / "stamp.tsr").write_bytes(base64.b64decode(seal["timeStamp"]))
        (home / "stamped.txt").write_text(over(seal))
        checked = openssl(
            "ts",
            "-verify",
            "-in",
            str(home / "stamp.tsr"),
            "-data",
            str(home / "stamped.txt"),
            "-CAfile",
            str(root),
        )
        assert b"OK" in checked
        capsys.readouterr()
        assert main(["verify", str(path), "--tsa-roots", str(root)]) == 0
        assert "its chain ends in a root that you named" in capsys.readouterr().out
        assert main(["verify", str(path)]) == 0
        assert "its root is its own" in capsys.readouterr().out
        assert main(["verify", str(path), "--tsa-roots", str(home / "another" / "root.pem")]) == 1
        assert by_script(path, "--tsa-roots", str(root)).returncode == 0
        assert by_script(path, "--tsa-roots", str(home / "another" / "root.pem")).returncode == 1


@pytest.mark.parametrize("behaviour", ["refuse", "error", "other", "garbage", "absent"])
def test_an_authority_that_does_not_stamp_is_named_and_nothing_is_written(
    home, findings, monkeypatch, capsys, behaviour
) -> None:
    with authority(home / "authority", behaviour) as url:
        place = "http://127.0.0.1:9/stamp" if behaviour == "absent" else url
        monkeypatch.setenv("VARIORUM_EVIDENCE_TIMESTAMP_URL", place)
        code = main(
            ["export", "--finding", findings[0], "--out", str(home / "none.wacz"), "--sign", "--stamp"]
        )
    error = capsys.readouterr().err

    assert (code, (home / "none.wacz").exists()) == (1, False)
    assert "time-stamp authority" in error
    assert len([line for line in error.splitlines() if line.startswith("variorum:")]) == 1


def test_a_pinned_key_must_be_the_one(home, findings, capsys) -> None:
    path = made(home, "pinned.wacz", findings, "--sign")
    capsys.readouterr()
    assert main(["keys", "show", "--json"]) == 0
    public = json.loads(capsys.readouterr().out)
    (home / "public.pem").write_text(public["pem"])
    for named in (public["fingerprint"], f"sha256:{public['fingerprint'].upper()}", str(home / "public.pem")):
        assert main(["verify", str(path), "--key", named]) == 0
    assert by_script(path, "--key", public["fingerprint"]).returncode == 0
    capsys.readouterr()
    other = "0" * 64
    unsigned = made(home, "unsigned.wacz", findings)

    assert main(["verify", str(path), "--key", other]) == 1
    assert main(["verify", str(unsigned), "--key", public["fingerprint"]]) == 1
    assert main(["verify", str(path), "--key", "nonsense"]) == 1
    assert by_script(path, "--key", other).returncode == 1
    assert by_script(unsigned, "--key", public["fingerprint"]).returncode == 1


def test_a_package_signed_again_by_somebody_else_is_another_key_s(
    home, findings, monkeypatch, capsys
) -> None:
    first = verify_package(made(home, "mine.wacz", findings, "--sign"))
    monkeypatch.setenv("VARIORUM_EVIDENCE_KEY", str(home / "stranger.pem"))
    assert main(["keys", "new"]) == 0
    second = verify_package(made(home, "theirs.wacz", findings, "--sign"))

    assert (first.wrong, second.wrong) == ([], [])
    assert first.signed_by != second.signed_by


def test_the_key_is_its_owner_s_alone_and_never_written_over(home, monkeypatch, capsys) -> None:
    path = home / "own" / "key.pem"
    monkeypatch.setenv("VARIORUM_EVIDENCE_KEY", str(path))
    assert main(["keys", "show"]) == 1
    assert "variorum keys new" in capsys.readouterr().err
    assert main(["keys", "new"]) == 0
    before = path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600
    assert main(["keys", "new"]) == 1
    assert path.read_bytes() == before
    path.chmod(0o640)
    assert main(["keys", "show"]) == 1
    assert "chmod 600" in capsys.readouterr().err
    path.chmod(0o600)
    path.write_text("no key")
    assert main(["keys", "show"]) == 1


def test_a_lost_key_locks_nothing(home, findings, monkeypatch) -> None:
    monkeypatch.setenv("VARIORUM_EVIDENCE_KEY", str(home / "lost.pem"))
    assert main(["keys", "new"]) == 0
    path = made(home, "before.wacz", findings, "--sign")
    (home / "lost.pem").unlink()

    assert main(["verify", str(path)]) == 0
    assert main(["verify"]) == 0
    assert main(["export", "--finding", findings[0], "--out", "after.wacz", "--sign"]) == 1
    assert main(["export", "--finding", findings[0], "--out", "after.wacz"]) == 0
    assert main(["keys", "new"]) == 0


def test_the_key_is_in_nothing_that_is_printed_or_packaged(home, findings, capfd) -> None:
    path = made(home, "secret.wacz", findings, "--sign")
    for words in (
        ["keys", "show"],
        ["keys", "show", "--json"],
        ["verify", str(path), "--json"],
        ["doctor", "--json"],
    ):
        main(words)
    printed = "".join(capfd.readouterr())
    secret = "".join((home / "key.pem").read_text().splitlines()[1:-1])

    for start in range(0, 60, 10):
        part = secret[start : start + 30]
        assert part not in printed
        assert part.encode() not in path.read_bytes()


WITHOUT = """
import sys
sys.modules["cryptography"] = sys.modules["rfc3161_client"] = None
from crawler.cli import main
sys.exit(main(sys.argv[1:]))
"""


def test_an_unsigned_package_needs_no_extra_and_a_signed_one_names_it(home, findings) -> None:
    signed, plain = made(home, "signed.wacz", findings, "--sign"), home / "plain.wacz"
    words = ["export", "--finding", findings[0], "--out"]

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", WITHOUT, *words]
        return subprocess.run(
            command, capture_output=True, text=True, timeout=60, check=False, env=dict(os.environ)
        )

    assert run(*words, str(plain)).returncode == 0
    assert run("verify", str(plain)).returncode == 0
    for refused in (run(*words, str(home / "refused.wacz"), "--sign"), run("verify", str(signed))):
        assert refused.returncode == 1
        assert "pip install '.[evidence]'" in refused.stderr
        assert "Traceback" not in refused.stderr


def test_a_package_is_overwritten_only_by_force(home, findings, capsys) -> None:
    path = made(home, "twice.wacz", findings[:1])
    before = path.read_bytes()
    words = ["export", "--finding", findings[1], "--out", str(path)]
    assert main(words) == 1
    assert f"{path} exists already" in capsys.readouterr().err
    assert path.read_bytes() == before
    assert main([*words, "--force"]) == 0
    assert path.read_bytes() != before


def test_a_package_holds_what_it_says(home, findings) -> None:
    path = made(home, "held.wacz", findings)
    with zipfile.ZipFile(path) as package:
        files = {name: package.read(name) for name in package.namelist()}
    captures = json.loads(files["evidence/captures.json"])
    claims = json.loads(files["evidence/claims.json"])
    affidavit = files["evidence/affidavit.txt"].decode()

    assert {one["change"]["id"] for one in json.loads(files["evidence/findings.json"])} == set(findings)
    assert all(one["sentence"][one["start"] : one["end"]] == one["number_text"]
               for read in claims for one in read["claims"] if one["explicit"])  # fmt: skip
    for read in claims:
        for one in read["claims"]:
            if one["block"] is not None:
                block = read["article"]["blocks"][one["block"]]["text"]
                assert block[one["offset"] :].startswith(one["sentence"])
    assert {json.loads(line)["url"] for line in files["pages/pages.jsonl"].splitlines()[1:]} == {DEMO_PAGE}
    assert all(row["sha256"] in affidavit for row in captures)
    assert {"variorum", "parser", "grammar", "templates"} == set(json.loads(files["evidence/versions.json"]))
    assert sorted(Path(name).suffix for name in files if name.startswith("report/")) == [
        ".html",
        ".json",
        ".md",
        ".svg",
    ]


@pytest.mark.parametrize("how", ["appended", "before", "cut", "entry", "twice", "empty", "no zip"])
def test_a_package_that_was_tampered_with_as_a_whole_is_named(home, findings, how) -> None:
    path = made(home, "tampered.wacz", findings)
    whole = path.read_bytes()
    changed = {
        "appended": whole + b"more",
        "before": b"more" + whole,
        "cut": whole[:-100],
        "empty": b"",
        "no zip": b"<html>",
    }
    if how in changed:
        path.write_bytes(changed[how])
    else:
        name = "evidence/more.txt" if how == "entry" else "evidence/affidavit.txt"
        with warnings.catch_warnings(), zipfile.ZipFile(path, "a") as package:
            warnings.simplefilter("ignore", UserWarning)  # the library's, of a name that stands there twice
            package.writestr(name, "more")

    assert main(["verify", str(path)]) == 1
    assert by_script(path).returncode == 1


def test_a_list_of_files_that_was_written_anew_does_not_fit_the_signature(home, findings) -> None:
    path = made(home, "forged.wacz", findings, "--sign")
    with zipfile.ZipFile(path) as package:
        files = {name: package.read(name) for name in package.namelist()}
    files["evidence/affidavit.txt"] = b"forged"
    listed = json.loads(files["datapackage.json"])
    for one in listed["resources"]:
        if one["path"] == "evidence/affidavit.txt":
            one |= {"hash": sha256_named(b"forged"), "bytes": 6}
    files["datapackage.json"] = canonical(listed)
    seal = json.loads(files["datapackage-digest.json"])
    seal["hash"] = sha256_named(files["datapackage.json"])
    for signed_hash in (seal["signedData"]["hash"], seal["hash"]):
        seal["signedData"]["hash"] = signed_hash
        files["datapackage-digest.json"] = canonical(seal)
        with path.open("wb") as file:
            write_zip(file, files)
        assert [wrong.file for wrong in verify_package(path).wrong] == ["datapackage-digest.json"]
        assert by_script(path).returncode == 1


def _unlogged(chain: list[dict]) -> None:
    """Take the entries of fetches out, and hash the rest anew as who knows how would."""
    chain[:] = [entry for entry in chain if entry["act"] != "fetched"]
    previous = ""
    for place, entry in enumerate(chain, start=1):
        at = entry["at"] and datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=entry["at"])
        entry |= {"position": place, "previous": previous}
        facts = {name: entry[name] for name in ("act", "detail", "previous")}
        entry["hash"] = previous = entry_hash(1, place, at=at, **facts)


@pytest.mark.parametrize(
    "alter",
    [
        lambda chain: chain.pop(2),
        lambda chain: chain.reverse(),
        lambda chain: chain[1].update(at=chain[1]["at"] + 1),
        lambda chain: chain[1].update(act="noted"),
        lambda chain: chain[1].update(detail=chain[1]["detail"].replace("variorum", "somebody")),
        lambda chain: chain[3].update(previous=chain[1]["hash"]),
        lambda chain: chain.clear(),
        _unlogged,
    ],
    ids=["removed", "reversed", "time", "act", "facts", "previous", "emptied", "fetches removed"],
)
def test_a_log_that_was_altered_under_fitting_digests_is_named_by_both(home, findings, alter) -> None:
    path = made(home, "log.wacz", findings)
    with zipfile.ZipFile(path) as package:
        files = {name: package.read(name) for name in package.namelist()}
    chains = json.loads(files["evidence/custody.json"])
    alter(chains[0]["entries"])
    files["evidence/custody.json"] = canonical(chains)
    relisted(path, files)

    assert "evidence/custody.json" in {wrong.file for wrong in verify_package(path).wrong}
    script = by_script(path)
    assert script.returncode == 1
    assert script.stdout.count("WRONG") >= 1
    assert "log" in next(line for line in script.stdout.splitlines() if "WRONG" in line)


def test_a_package_without_its_log_is_named_by_both(home, findings) -> None:
    path = made(home, "log.wacz", findings)
    with zipfile.ZipFile(path) as package:
        files = {name: package.read(name) for name in package.namelist()}
    files["evidence/custody.json"] = b"null\n"
    relisted(path, files)

    assert "evidence/custody.json" in {wrong.file for wrong in verify_package(path).wrong}
    assert by_script(path).returncode == 1


def resealed(path: Path, change) -> None:
    """Write a package again with another seal."""
    files = unpacked(path)
    seal = json.loads(files["datapackage-digest.json"])
    change(seal)
    with path.open("wb") as file:
        write_zip(file, {**files, "datapackage-digest.json": canonical(seal)})


@pytest.mark.parametrize(
    "curve", [ec.SECP256K1(), ec.BrainpoolP256R1(), ec.SECP384R1()], ids=lambda curve: curve.name
)
def test_a_signature_on_another_curve_is_named_by_both(home, findings, curve) -> None:
    path = made(home, "curve.wacz", findings[:1], "--sign")
    assert (verify_package(path).wrong, in_process(path)) == ([], 0)
    key = ec.generate_private_key(curve)
    form = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    # Halves of 32 bytes as on P-256: those of the larger curve are cut, and fit nothing.
    halves = decode_dss_signature(key.sign(sha256_of_list(path).encode(), ec.ECDSA(hashes.SHA256())))

    def change(seal) -> None:
        raw = b"".join((half % (1 << 256)).to_bytes(32, "big") for half in halves)
        seal["signedData"] |= {"publicKey": base64.b64encode(key.public_key().public_bytes(*form)).decode()}
        seal["signedData"] |= {"signature": base64.b64encode(raw).decode()}

    resealed(path, change)
    script = by_script(path)
    assert {wrong.file for wrong in verify_package(path).wrong} == {"datapackage-digest.json"}
    assert (script.returncode, "WRONG     the signature does not fit" in script.stdout) == (1, True), (
        script.stdout
    )


def sha256_of_list(path: Path) -> str:
    return sha256_named(unpacked(path)["datapackage.json"])


@pytest.mark.parametrize("more", [("--sign",), ()], ids=["signed", "unsigned"])
def test_the_stamp_of_another_package_is_named_by_both(home, findings, monkeypatch, more) -> None:
    with authority(home / "authority") as url:
        monkeypatch.setenv("VARIORUM_EVIDENCE_TIMESTAMP_URL", url)
        path = made(home, "one.wacz", findings[:1], *more, "--stamp")
        other = json.loads(
            unpacked(made(home, "two.wacz", findings[1:2], *more, "--stamp"))["datapackage-digest.json"]
        )
    assert (verify_package(path).wrong, in_process(path)) == ([], 0)

    resealed(path, lambda seal: seal.update({name: other[name] for name in ("timeStamp", "timeStampHash")}))
    script = by_script(path)
    assert {wrong.file for wrong in verify_package(path).wrong} == {"datapackage-digest.json"}
    assert (script.returncode, "WRONG     the time stamp is another" in script.stdout) == (1, True), (
        script.stdout
    )


def test_http_headers_altered_in_a_record_are_named_by_both_though_the_lists_fit(
    home, findings, capsys
) -> None:
    path = made(home, "headed.wacz", findings[:1])
    files = unpacked(path)
    members = members_of(files)
    for place, member in enumerate(members):
        data = gzip.decompress(member)
        if b"\r\nContent-Type: text/html" not in data:
            continue
        altered = data.replace(b"\r\nContent-Type: text/html", b"\r\nContent-Type: text/HTML", 1)
        changed = [*members[:place], gzip.compress(altered, mtime=0), *members[place + 1 :]]
        forged = {**files, "archive/data.warc.gz": b"".join(changed)}
        reindexed(forged, changed)
        relisted(path, forged)
        script = by_script(path)
        assert {wrong.file for wrong in verify_package(path).wrong} >= {"archive/data.warc.gz"}
        assert (script.returncode, "WRONG     the index lists other records" in script.stdout) == (1, True), (
            script.stdout
        )
        break
    else:
        pytest.fail("no record has such a header")


def test_a_part_of_the_seal_under_another_name_is_named_by_both(home, findings, monkeypatch, capsys) -> None:
    with authority(home / "authority") as url:
        monkeypatch.setenv("VARIORUM_EVIDENCE_TIMESTAMP_URL", url)
        whole = made(home, "whole.wacz", findings[:1], "--sign", "--stamp").read_bytes()
    path, missed = home / "renamed.wacz", []
    start = whole.rindex(b"{", 0, whole.index(b'"signedData"'))
    for name in (b'"signedData"', b'"timeStamp"', b'"timeStampHash"', b'"path"', b'"hash"', b'"software"'):
        for place in range(1, len(name) - 1):
            flipped = bytearray(whole)
            flipped[whole.index(name, start) + place] ^= 1
            path.write_bytes(flipped)
            if not verify_package(path).wrong or in_process(path) == 0:
                missed.append((name, place))
            capsys.readouterr()
    assert missed == []


def test_of_a_file_that_is_no_package_the_script_calls_nothing_proved(tmp_path) -> None:
    (tmp_path / "broken.wacz").write_bytes(b"PK\x03\x04 and no more")
    script = by_script(tmp_path / "broken.wacz")
    assert (script.returncode, "Proved" in script.stdout) == (1, False)
    assert "nothing of it is proved" in script.stderr


def test_the_script_is_short_says_what_is_not_there_and_needs_nothing_of_ours(tmp_path) -> None:
    text = SCRIPT.read_text("utf-8")
    named = by_script(tmp_path / "nowhere.wacz")

    assert len(text.splitlines()) <= 150
    assert not re.search(r"^\s*(import|from) .*(crawler|diffs|variorum|cryptography)", text, re.MULTILINE)
    assert (named.returncode, "There is no file" in named.stderr) == (1, True)
    assert "Proved" not in named.stdout


def test_a_reader_of_the_script_that_has_gone_is_no_failure(home, findings) -> None:
    path = made(home, "piped.wacz", findings)
    command = f"{sys.executable} {SCRIPT} {path} | head -1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, timeout=60, check=False)
    assert (done.stdout.startswith("holds "), done.stderr) == (True, "")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--out", "a.wacz"], "Say what to package"),
        (["--finding", "nope", "--out", "a.wacz"], "nope"),
        (["--finding", "nope"], ".wacz"),
        (["--story", "nope", "--out", "a.wacz"], "nope"),
        (["--sign"], ".wacz"),
        ([DEMO_PAGE, "--out", "a.wacz", "--stamp"], "evidence.timestamp_url"),
        (["https://unknown.example/", "--out", "a.wacz"], "unknown.example"),
        ([DEMO_PAGE, "--out", "/proc/a.wacz"], "/proc/a.wacz"),
    ],
)
def test_what_cannot_be_packaged_is_said_with_the_repair(home, capsys, words, says) -> None:
    assert main(["export", *words]) == 1
    error = capsys.readouterr().err
    assert says in error
    assert "Traceback" not in error


def test_a_page_and_a_story_are_packaged_with_all_their_findings(home) -> None:
    assert main(["track", DEMO_PAGE, "--story", "ferry"]) == 0
    assert main(["export", DEMO_PAGE, "--out", "page.wacz"]) == 0
    assert main(["export", "--story", "ferry", "--out", "story.wacz"]) == 0
    found = verify_package(Path("page.wacz"))

    assert (found.wrong, found.captures > 10) == ([], True)
    assert Path("page.wacz").read_bytes() == Path("story.wacz").read_bytes()
    assert by_script(Path("story.wacz")).returncode == 0


def test_a_package_that_another_program_made_is_held_to_its_own_digests(home, capsys) -> None:
    wacz = str(Path(sys.executable).parent / "wacz")
    command = [wacz, "create", "-f", str(DEMO), "-o", str(home / "foreign.wacz")]
    subprocess.run(command, check=True, capture_output=True, timeout=100)
    found = verify_package(home / "foreign.wacz")
    whole = bytearray((home / "foreign.wacz").read_bytes())
    whole[whole.index(b"archive/") + 500] ^= 1
    (home / "foreign.wacz").write_bytes(whole)

    assert (found.wrong, found.ours, found.files > 4) == ([], False, True)
    assert verify_package(home / "foreign.wacz").wrong != []


def test_a_package_made_to_harm_is_named_and_steers_no_terminal(home, capsys) -> None:
    path = home / "bomb.wacz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("\x1b[2Jarchive/\u202e.warc", "x")
        package.writestr("datapackage.json", "[" * 100_000)
    assert main(["verify", str(path)]) == 1
    script = by_script(path)
    said = capsys.readouterr()
    assert "\x1b" not in said.out + said.err + script.stdout + script.stderr
    assert "Traceback" not in script.stderr
    assert script.returncode == 1
    data = bytearray(path.read_bytes())
    place = data.index(b"PK\x01\x02")
    data[place + 24 : place + 28] = (4_000_000_000).to_bytes(4, "little")
    path.write_bytes(data)
    (wrong,) = verify_package(path).wrong
    assert "GB" in wrong.reason


def test_an_authority_s_certificates_may_stand_in_any_order(tmp_path) -> None:
    root = make_authority(tmp_path, root_name="/CN=R")
    with authority(tmp_path) as url:
        stamp = stamp_of(b"message", url)
    read = read_stamp(stamp, b"message", roots=root.read_bytes())

    assert (read.trusted, read.authority) == (True, "CN=A made-up authority")
    for wrong in ("", "AAAA", stamp[:400], base64.b64encode(b"\x30\x84\xff\xff\xff\xff").decode()):
        with pytest.raises(ValueError, match="cannot be read"):
            read_stamp(wrong, b"message")


def test_an_authority_that_drips_is_given_up(home) -> None:
    with authority(home / "authority", "drip") as url, pytest.raises(UnreachableError, match="no answer"):
        stamp_of(b"message", url, seconds=1.5)


def test_the_log_of_custody_goes_along_and_a_forged_act_is_named(home, findings) -> None:
    first = made(home, "logged.wacz", findings).read_bytes()
    path = made(home, "logged.wacz", findings)
    with zipfile.ZipFile(path) as package:
        files = {name: package.read(name) for name in package.namelist()}
    (chain,) = json.loads(files["evidence/custody.json"])
    acts = [entry["act"] for entry in chain["entries"]]
    with Tracker.open(load_settings(), create=False) as tracker:
        logged = [entry.act for entry in tracker.store.custody.of(tracker.target(DEMO_PAGE))]

    assert path.read_bytes() == first
    assert (chain["page"], verify_package(path).wrong) == (DEMO_PAGE, [])
    assert "fetched" in acts
    assert logged[-2:] == ["exported", "exported"]
    for forge in (
        lambda entries: entries[1].update(detail="{}"),
        lambda entries: entries.pop(1),
        lambda entries: entries.reverse(),
        lambda entries: entries[-1].update(at=0),
    ):
        forged = json.loads(files["evidence/custody.json"])
        forge(forged[0]["entries"])
        assert [wrong.file for wrong in verify_package(sealed_anew(path, files, forged)).wrong] == [
            "evidence/custody.json"
        ]


def sealed_anew(path: Path, files: dict[str, bytes], custody: list[object]) -> Path:
    """Write an unsigned package with another log, every digest of which fits."""
    made = {**files, "evidence/custody.json": canonical(custody)}
    listed = json.loads(files["datapackage.json"])
    for one in listed["resources"]:
        data = made[one["path"]]
        one |= {"hash": sha256_named(data), "bytes": len(data)}
    made["datapackage.json"] = canonical(listed)
    made["datapackage-digest.json"] = digest_file(sha256_named(made["datapackage.json"]), UNSEALED)
    forged = path.with_name("forged.wacz")
    with forged.open("wb") as file:
        write_zip(file, made)
    return forged


def reworded(files: dict[str, bytes], row: dict, change) -> None:
    """Change the bytes of a capture in the WARC file, and name their digest as that of the raw bytes alone."""
    data, members, at = gzip.decompress(files["archive/data.warc.gz"]), [], 0
    was, served = row["raw_sha256"], f"WARC-Date: {row['served_at']}".encode()
    while at < len(data):
        end = data.index(b"\r\n\r\n", at) + 4
        head = data[at:end]
        size = int(re.search(rb"Content-Length: ?(\d+)", head)[1])
        block = data[end : end + size]
        at = end + size + 4
        http, _, body = block.partition(b"\r\n\r\n")
        if b"WARC-Type: response" in head and served in head and hashlib.sha256(body).hexdigest() == was:
            body = change(body)
            http = re.sub(rb"(?i)content-length: ?\d+", b"Content-Length: %d" % len(body), http)
            block = http + b"\r\n\r\n" + body
            head = re.sub(rb"WARC-(Block|Payload)-Digest: [^\r]*\r\n", b"", head)
            head = re.sub(rb"Content-Length: ?\d+", b"Content-Length: %d" % len(block), head)
            row["raw_sha256"] = hashlib.sha256(body).hexdigest()
        members.append(gzip.compress(head + block + b"\r\n\r\n", mtime=0))
    assert row["raw_sha256"] != was
    files["archive/data.warc.gz"] = b"".join(members)
    reindexed(files, members)


def plainly(body: bytes) -> bytes:
    return body.replace(b"people were killed", b"dogs were killed")


def packed(body: bytes) -> bytes:
    return gzip.compress(plainly(gzip.decompress(body)), mtime=0)


def both_name(path: Path, *files: str) -> None:
    script = by_script(path)
    assert {wrong.file for wrong in verify_package(path).wrong} >= set(files)
    says = script.stdout.partition("WRONG")[2]
    assert (script.returncode, "the bytes of" in says or "cannot be read" in says) == (1, True)


@pytest.mark.parametrize("coding", [None, "gzip", "br", "deflate"])
def test_raw_bytes_under_a_digest_of_their_own_are_named_by_both(
    tmp_path, monkeypatch, capsys, coding
) -> None:
    settings(monkeypatch, tmp_path)
    filled_store(tmp_path / "variorum.db", "wayback").close()
    assert main(["export", URL, "--out", "forged.wacz"]) == 0
    path = Path("forged.wacz")
    files = unpacked(path)
    rows = json.loads(files["evidence/captures.json"])
    kept = None if coding is None else "gzip"
    row = next(one for one in rows if one["raw_sha256"] and one["content_coding"] == kept)
    reworded(files, row, plainly if kept is None else packed)
    row["content_coding"] = coding
    row["row"]["raw_sha256"] = row["raw_sha256"]
    files["evidence/captures.json"] = canonical(rows)
    relisted(path, files)

    both_name(path, "archive/data.warc.gz", "evidence/custody.json")


def test_an_entry_of_what_was_found_covers_no_capture_but_those_that_it_names(
    tmp_path, monkeypatch, capsys
) -> None:
    settings(monkeypatch, tmp_path)
    filled_store(tmp_path / "newer.db", "wayback").close()
    as_earlier("newer.db", "variorum.db", "0011")
    assert main(["export", URL, "--out", "found.wacz"]) == 0
    path = Path("found.wacz")
    files = unpacked(path)
    entries = json.loads(files["evidence/custody.json"])[0]["entries"]
    assert [entry["act"] for entry in entries if "sha256" in json.loads(entry["detail"])] == []
    assert entries[0]["act"] == "found"
    assert verify_package(path).wrong == []
    assert by_script(path).returncode == 0

    for alter in (
        lambda row: row["row"].update(id=999),
        lambda row: row["row"].update(at=row["row"]["at"] + 1),
        lambda row: row.pop("row"),
        lambda row: row.update(row=None),
    ):
        rows = json.loads(files["evidence/captures.json"])
        alter(rows[0])
        relisted(path, {**files, "evidence/captures.json": canonical(rows)})
        both_name(path, "evidence/custody.json")
    rows = json.loads(files["evidence/captures.json"])
    row = next(one for one in rows if one["content_coding"] is None and one["raw_sha256"])
    reworded(files, row, plainly)
    relisted(path, {**files, "evidence/captures.json": canonical(rows)})
    both_name(path, "archive/data.warc.gz", "evidence/captures.json")


def test_what_is_packed_so_that_the_script_cannot_undo_it_is_held_to_the_log_and_said(
    tmp_path, monkeypatch, capsys
) -> None:
    settings(monkeypatch, tmp_path)
    packed_by_br = shot(2, 9, raw=brotlicffi.compress(page(9)), content_coding="br", headers=())
    raw = packed_by_br.raw or b""
    row = replace(packed_by_br.capture, digest=sha1(raw), length=len(raw))
    held = Held("web.archive.org", [shot(1, 2), replace(packed_by_br, capture=row)])
    with closing(open_store(str(tmp_path / "variorum.db"))) as store:
        target = store.targets.track(URL, now=NOW)[0]
        pipeline = Pipeline(store, [held])
        pipeline.list_captures(target)
        assert len(list(pipeline.backfill(target, now=LATER, every=True))) >= 1
        pipeline.record_history(target, now=LATER)
    assert main(["export", URL, "--out", "brotli.wacz"]) == 0
    script = by_script(Path("brotli.wacz"))

    assert verify_package(Path("brotli.wacz")).wrong == []
    assert script.returncode == 0, script.stdout
    assert script.stdout.count("not proved what they unpack to") == 1
