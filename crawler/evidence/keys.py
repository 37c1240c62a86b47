"""The user's signing key: made, kept, shown, and what it signed checked; the only door to `cryptography`."""

import base64
import binascii
import contextlib
import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import platformdirs

from crawler.errors import ConfigError, InputError, how_to_install
from crawler.evidence.wacz import Seal

EXTRA = f"Signatures need cryptography: {how_to_install('evidence')}."
AUTH_VERSION = "0.1.0"
SIGNED_FIELDS = frozenset({"hash", "created", "software", "version", "signature", "publicKey"})
_HALF = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicKey:
    """What others know a key by.

    Attributes:
        fingerprint: SHA-256 of the key's DER form (SubjectPublicKeyInfo), in hex.
        pem: The key itself, as text.
    """

    fingerprint: str
    pem: str


class SigningKey:
    """An ECDSA key on P-256 that signs packages.

    Attributes:
        public: What others know it by.
    """

    def __init__(self, key: Any) -> None:
        self._key = key
        self.public = _public(key.public_key())

    def __repr__(self) -> str:
        return f"SigningKey({self.public.fingerprint})"

    def seal(self, named: str, *, created: str, software: str) -> Seal:
        """Return the signature of a package's digest as wacz-auth 0.1.0 has an anonymous one.

        The signature is over the digest's text, in the form of Web Crypto (r and s, 32 bytes each), and the same
        digest gives the same signature where the library can (RFC 6979).
        """
        signature = _sign(self._key, named.encode("ascii"))
        return Seal(
            signed={
                "hash": named,
                "created": created,
                "software": software,
                "version": AUTH_VERSION,
                "signature": base64.b64encode(signature).decode("ascii"),
                "publicKey": base64.b64encode(_der_of(self.public.pem)).decode("ascii"),
            }
        )


def key_path(configured: Path | None) -> Path:
    """Return the file of the signing key: the one that is set, or `signing-key.pem` in the user's data directory."""
    return configured or Path(platformdirs.user_data_dir("variorum")) / "signing-key.pem"


def new_key(path: Path) -> SigningKey:
    """Make a signing key and keep it in a file that only its owner can read.

    Raises:
        InputError: The file is there already, or cannot be written.
        ConfigError: The extra `evidence` is missing.
    """
    ec, serialization = _library()
    key = ec.generate_private_key(ec.SECP256R1())
    data = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600)
    except FileExistsError as error:
        raise InputError(
            f"{path} is a key already, which packages may be signed with. Move it away, or name another file with "
            "the setting evidence.key."
        ) from error
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror or error}.") from error
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        with contextlib.suppress(OSError):
            path.unlink()
        raise InputError(f"{path} cannot be written: {error.strerror or error}.") from error
    return SigningKey(key)


def load_key(path: Path) -> SigningKey:
    """Read the signing key.

    Raises:
        ConfigError: There is none, others can read it, it is no such key, or the extra `evidence` is missing.
    """
    ec, serialization = _library()
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise ConfigError(f"There is no signing key {path}. Make one: `variorum keys new`.") from error
    except OSError as error:
        raise ConfigError(f"The signing key {path} cannot be read: {error.strerror or error}.") from error
    if mode & 0o077:
        raise ConfigError(
            f"The signing key {path} can be read by others than its owner (mode {mode:o}). Repair it: chmod 600, and "
            "make a new key if somebody may have copied it."
        )
    try:
        key = serialization.load_pem_private_key(data, password=None)
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.curve.name != "secp256r1":
        raise ConfigError(
            f"{path} holds no ECDSA key on P-256 without a password. `variorum keys new` makes one."
        )
    return SigningKey(key)


def pinned(text: str) -> str:
    """Return the fingerprint that a person names: itself, with or without `sha256:` and colons, or a file with the key.

    Raises:
        InputError: It is neither.
    """
    bare = text.strip().lower().removeprefix("sha256:").replace(":", "")
    if len(bare) == 64 and all(sign in "0123456789abcdef" for sign in bare):
        return bare
    try:
        pem = Path(text).read_text("ascii")
        return hashlib.sha256(_der_of(pem)).hexdigest()
    except (OSError, ValueError) as error:
        raise InputError(
            f"{text} is neither a key's fingerprint (64 hexadecimal digits) nor a file with a public key (PEM)."
        ) from error


def signer_of(signed: dict[str, Any], named: str) -> str:
    """Return the fingerprint of the key that signed a digest.

    Args:
        signed: The signature as a package holds it.
        named: The digest that it is to be of.

    Raises:
        ValueError: It is no signature of that digest; the message says why.
        ConfigError: The extra `evidence` is missing.
    """
    if set(signed) != SIGNED_FIELDS or not all(isinstance(value, str) for value in signed.values()):
        raise ValueError("the signature has other fields than wacz-auth gives an anonymous one")
    if signed["hash"] != named:
        raise ValueError("the signature is of another digest")
    if signed["version"] != AUTH_VERSION:
        raise ValueError(f"the signature is of another version than {AUTH_VERSION}")
    der, raw = _decoded(signed["publicKey"]), _decoded(signed["signature"])
    _check(der, raw, named.encode("ascii"))
    return hashlib.sha256(der).hexdigest()


def _check(der: bytes, raw: bytes, message: bytes) -> None:
    ec, serialization = _library()
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

    try:
        key = serialization.load_der_public_key(der)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise ValueError("its public key cannot be read") from error
    if not isinstance(key, ec.EllipticCurvePublicKey) or key.curve.name != "secp256r1":
        raise ValueError("its public key is no ECDSA key on P-256")
    if len(raw) != 2 * _HALF:
        raise ValueError("its signature has another length than 64 bytes")
    r, s = (int.from_bytes(half, "big") for half in (raw[:_HALF], raw[_HALF:]))
    try:
        key.verify(encode_dss_signature(r, s), message, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature as error:
        raise ValueError("the signature does not fit the digest and the key") from error


def _sign(key: Any, message: bytes) -> bytes:
    ec, _ = _library()
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

    try:
        made = key.sign(message, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))
    except UnsupportedAlgorithm:  # OpenSSL before 3.2
        made = key.sign(message, ec.ECDSA(hashes.SHA256()))
    return b"".join(half.to_bytes(_HALF, "big") for half in decode_dss_signature(made))


def _public(key: Any) -> PublicKey:
    _, serialization = _library()
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    der = key.public_bytes(serialization.Encoding.DER, form)
    pem = key.public_bytes(serialization.Encoding.PEM, form).decode("ascii")
    return PublicKey(fingerprint=hashlib.sha256(der).hexdigest(), pem=pem)


def _der_of(pem: str) -> bytes:
    begin, end = "-----BEGIN PUBLIC KEY-----", "-----END PUBLIC KEY-----"
    if begin not in pem or end not in pem:
        raise ValueError("no public key")
    return base64.b64decode("".join(pem.partition(begin)[2].partition(end)[0].split()), validate=True)


def _decoded(text: str) -> bytes:
    """Return the bytes of Base64, of which each sign counts.

    Raises:
        ValueError: It is none, or not in its one form.
    """
    try:
        data = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError("a part of the signature is no Base64") from error
    if base64.b64encode(data).decode("ascii") != text:
        raise ValueError("a part of the signature is not in the one form that Base64 has")
    return data


def _library() -> tuple[Any, Any]:
    try:
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric import ec
    except ImportError as error:
        raise ConfigError(EXTRA) from error
    return ec, serialization
