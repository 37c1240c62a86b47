"""Digests that records name, held against the bytes that they are said to be of."""

import base64
import binascii
import hashlib
from collections.abc import Iterable

# By the length of a digest that names no algorithm: CDX indexes give SHA-1 in base 32, newer ones SHA-256 in hex.
_UNNAMED = {32: "sha1", 40: "sha1", 52: "sha256", 56: "sha256", 64: "sha256"}
_ALGORITHMS = (
    "sha1",
    "sha256",
    "sha512",
    "sha384",
    "sha224",
    "md5",
    "blake2b",
    "blake2s",
    "sha3_256",
    "sha3_512",
)


def digest_value(named: str | None) -> str | None:
    """Return a digest without its algorithm's name, or None where there is none."""
    text = (named or "").strip()
    return (text.partition(":")[2].strip() if ":" in text else text) or None


def algorithm_of(named: str) -> str | None:
    """Return the algorithm of a digest as hashlib calls it, or None where it is not known."""
    name, colon, _ = named.strip().partition(":")
    if not colon:
        return _UNNAMED.get(len(name))
    name = name.strip().lower().replace("-", "")
    return next((each for each in _ALGORITHMS if each.replace("_", "") == name.replace("_", "")), None)


def spellings_of_digest(digest: bytes) -> set[str]:
    """Return the ways in which archives write a digest: hex, base 32 and base 64, without padding."""
    return {
        binascii.hexlify(digest).decode(),
        base64.b32encode(digest).decode().rstrip("="),
        base64.b64encode(digest).decode().rstrip("="),
        base64.urlsafe_b64encode(digest).decode().rstrip("="),
    }


def is_digest_of(named: str, digest: bytes) -> bool:
    """Whether a digest as named is a computed one; letter case counts only where base 64 needs it."""
    value = (digest_value(named) or "").rstrip("=")
    return value in spellings_of_digest(digest) or value.lower() in {
        binascii.hexlify(digest).decode(),
        base64.b32encode(digest).decode().rstrip("=").lower(),
    }


def fits(named: str | None, forms: Iterable[bytes]) -> bool | None:
    """Return whether a named digest is that of one of several forms of a body.

    Args:
        named: As a record or an index writes it, with or without its algorithm.
        forms: The body raw, without its transfer coding, decoded ...; computed only as far as needed.

    Returns:
        None where there is no digest, or its algorithm is not known: then nothing can be said.
    """
    algorithm = algorithm_of(named) if named else None
    if not named or algorithm is None:
        return None
    return any(is_digest_of(named, hashlib.new(algorithm, form).digest()) for form in forms)
