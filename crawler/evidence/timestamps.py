"""Time stamps by RFC 3161: asked of an authority, read and checked; the only door to `rfc3161_client`."""

import base64
import binascii
import hashlib
import http.client
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from crawler.errors import ConfigError, InputError, UnexpectedReplyError, UnreachableError, how_to_install

EXTRA = f"Time stamps need cryptography and rfc3161-client: {how_to_install('evidence')}."
# Tokens with a chain of four certificates have some 6 KB (freetsa.org and DigiCert's, 2026-11-28).
_LARGEST = 1 << 20
_SECONDS = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What a time stamp says.

    Attributes:
        at: When the authority saw the digest (aware UTC).
        authority: The name in the certificate that it is signed with.
        trusted: Whether its chain ends in a root that the reader named; False where the stamp's own root was taken,
            None where it brings none, so that its signature was not checked.
    """

    at: datetime
    authority: str
    trusted: bool | None


def stamp_of(message: bytes, url: str, *, seconds: float = _SECONDS) -> str:
    """Ask an authority to stamp the SHA-256 of a message; return its answer, DER in Base64.

    Args:
        message: What is stamped; only its digest is sent.
        url: The authority's address.
        seconds: How long the answer may take in all.

    Raises:
        UnreachableError: No answer came.
        UnexpectedReplyError: The authority refused, stamped something else, or signed with what does not hold.
        ConfigError: The extra `evidence` is missing, or the address is none.
    """
    client = _library()
    asked = client.TimestampRequestBuilder().data(message).hash_algorithm(client.HashAlgorithm.SHA256).build()
    if not url.startswith(("http://", "https://")):
        raise ConfigError("evidence.timestamp_url is no http(s) address.")
    request = urllib.request.Request(  # noqa: S310  the address is the user's own, http or https
        url, data=asked.as_bytes(), headers={"Content-Type": "application/timestamp-query"}
    )
    try:
        with urllib.request.urlopen(request, timeout=seconds) as answer:  # noqa: S310  likewise
            data = _whole(answer, time.monotonic() + seconds)
    except urllib.error.HTTPError as error:
        raise UnreachableError(
            f"The time-stamp authority answered {error.code}. Try again later, or leave out --stamp."
        ) from error
    except (OSError, http.client.HTTPException) as error:
        raise UnreachableError(
            f"The time-stamp authority gave no answer ({type(error).__name__}). Try again later, or leave out --stamp."
        ) from error
    made = base64.b64encode(data).decode("ascii")
    try:
        _checked(made, message, nonce=asked.nonce)
    except ValueError as error:
        raise UnexpectedReplyError(
            f"The time-stamp authority's answer is no stamp: {error}. Try another with evidence.timestamp_url."
        ) from error
    return made


def _whole(answer: http.client.HTTPResponse, until: float) -> bytes:
    """Return an answer's bytes, however slowly they arrive.

    Raises:
        TimeoutError: They do not arrive in time, or do not end.
    """
    data = b""
    while piece := answer.read1(1 << 14):
        data += piece
        if time.monotonic() > until or len(data) > _LARGEST:
            raise TimeoutError
    return data


def read_stamp(stamp: str, message: bytes, *, roots: bytes | None = None) -> Stamp:
    """Return what a stamp says of a message.

    Args:
        stamp: The authority's answer, DER in Base64.
        message: What it is to be of.
        roots: The certificates (PEM) of the authorities that the reader trusts, or None.

    Raises:
        ValueError: It is no stamp of that message, or its signature or chain does not hold; the message says why.
        InputError: The roots cannot be read.
        ConfigError: The extra `evidence` is missing.
    """
    return _checked(stamp, message, roots=roots)


def _checked(stamp: str, message: bytes, *, roots: bytes | None = None, nonce: int | None = None) -> Stamp:
    """Return what a stamp says of a message, and of no other request where one is named; see `read_stamp`."""
    _library()
    from cryptography.x509 import InvalidVersion

    named = _certificates(roots) if roots is not None else []
    try:
        return _verified(stamp, message, named, nonce)
    except (InvalidVersion, LookupError, TypeError, OverflowError) as error:
        # What the libraries raise of names, times and certificates in another form than their standards have.
        raise ValueError("the time stamp cannot be read") from error


def _verified(stamp: str, message: bytes, named: list[Any], nonce: int | None) -> Stamp:
    client = _library()
    answer, held = _read(stamp, message, nonce=nonce)
    anchors = named or [one for one in held if one.subject == one.issuer]
    info = answer.tst_info
    signers = list(answer.signed_data.signer_infos)
    mine = [
        one
        for one in held
        if signers and (one.issuer, one.serial_number) == (signers[0].issuer, signers[0].serial_number)
    ]
    authority = mine[0].subject.rfc4514_string() if mine else "an authority that is not named"
    found = Stamp(at=info.gen_time.astimezone(UTC), authority=authority, trusted=bool(named) or None)
    if not anchors:
        return found
    # What is given as an intermediate is trusted like a root (rfc3161-client 1.0.9); the stamp's own chain is used anyway.
    verifier = client.VerifierBuilder(roots=anchors).build()
    try:
        verifier.verify_message(answer, message)
    except (client.VerificationError, ValueError) as error:
        raise ValueError(f"the time stamp's signature or chain does not hold ({error})") from error
    return Stamp(at=found.at, authority=authority, trusted=bool(named))


def _read(stamp: str, message: bytes, *, nonce: int | None) -> tuple[Any, list[Any]]:
    """Return an authority's answer and the certificates in it.

    Raises:
        ValueError: It is no granted stamp of the message.
    """
    client = _library()
    from cryptography import x509

    try:
        answer = client.decode_timestamp_response(_in_order(base64.b64decode(stamp, validate=True)))
        granted = client.PKIStatus(answer.status) is client.PKIStatus.GRANTED
        imprint = answer.tst_info.message_imprint.message if granted else b""
        held = (
            [x509.load_der_x509_certificate(one) for one in answer.signed_data.certificates]
            if granted
            else []
        )
    except (ValueError, TypeError, binascii.Error) as error:
        raise ValueError("the time stamp cannot be read") from error
    if not granted:
        raise ValueError("the authority refused the time stamp")
    if imprint != hashlib.sha256(message).digest():
        raise ValueError("the time stamp is of something else")
    if nonce is not None and answer.tst_info.nonce != nonce:
        raise ValueError("the time stamp answers another request")
    return answer, held


def _in_order(answer: bytes) -> bytes:
    """Return an authority's answer with its certificates in the order of DER, which the library insists on.

    Authorities that run openssl write the signer's first (OpenSSL 3.0, 2026-11-28). No signature covers that order.
    """
    # TimeStampResp: status, then the token: its type, then [0] SignedData: version, algorithms, content, [0] certificates.
    place = (0, len(answer))
    for step in (0, 1, 1, 0, 3):
        parts = list(_parts(answer, *place))
        if step >= len(parts):
            return answer
        tag, start, end = parts[step]
        place = (start, end)
    if tag != 0xA0:
        return answer
    start, end = place
    held, begin = [], start
    for _, _, stop in _parts(answer, start, end):
        held.append(answer[begin:stop])
        begin = stop
    return answer[:start] + b"".join(sorted(held)) + answer[end:]


def _parts(data: bytes, at: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Yield the tag of each DER value between two places, and where its content begins and ends.

    Raises:
        ValueError: It is no DER.
    """
    while at < end:
        if at + 2 > end:
            raise ValueError("no DER")
        tag, size, at = data[at], data[at + 1], at + 2
        if size & 0x80:
            wide = size & 0x7F
            size, at = int.from_bytes(data[at : at + wide], "big"), at + wide
        if at + size > end:
            raise ValueError("no DER")
        yield tag, at, at + size
        at += size


def _certificates(roots: bytes) -> list[Any]:
    from cryptography import x509

    try:
        return list(x509.load_pem_x509_certificates(roots))
    except ValueError as error:
        raise InputError("The file of --tsa-roots holds no certificates in PEM form.") from error


def _library() -> Any:
    try:
        import rfc3161_client
    except ImportError as error:
        raise ConfigError(EXTRA) from error
    return rfc3161_client
