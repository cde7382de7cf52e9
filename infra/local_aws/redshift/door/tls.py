"""TLS of the warehouse's door: a certificate authority of this installation, and the server's certificate.

Clients that verify certificates, as Redshift's drivers do, need the authority's file: `SSL_CERT_FILE` or `sslrootcert`.
"""

from __future__ import annotations

import ipaddress
import os
import ssl
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

AUTHORITY = "warehouse-ca.pem"
"""The authority's certificate, which clients trust."""
_AUTHORITY_KEY = "warehouse-ca.key"
_CERTIFICATE = "warehouse.pem"
_LIFE = timedelta(days=3650)
_RENEWED_BEFORE = timedelta(days=30)


def server_context(folder: Path, hosts: Iterable[str]) -> ssl.SSLContext:
    """TLS for the door. Makes missing and outdated certificates.

    Args:
        folder: Where the files are. Private keys are for the owner only.
        hosts: Names and addresses that the server's certificate is for.
    """
    if not ((folder / AUTHORITY).exists() and (folder / _AUTHORITY_KEY).exists()):
        _make_authority(folder)
    names = [_name(host) for host in dict.fromkeys(hosts)]
    if not _is_current(folder, names):
        _make_certificate(folder, names)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(folder / _CERTIFICATE)
    return context


def _name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _is_current(folder: Path, names: list[x509.GeneralName]) -> bool:
    """Whether the server's certificate is by the authority, for these names, and valid for another month."""
    path = folder / _CERTIFICATE
    if not path.exists():
        return False
    certificate = x509.load_pem_x509_certificate(path.read_bytes())
    authority = x509.load_pem_x509_certificate((folder / AUTHORITY).read_bytes())
    alternatives = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    lasts = certificate.not_valid_after_utc - datetime.now(UTC) > _RENEWED_BEFORE
    return lasts and certificate.issuer == authority.subject and list(alternatives) == names


def _make_authority(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    # the serial number keeps two installations' authorities apart in one trust store
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, "Boxoffice local warehouse"),
            x509.NameAttribute(NameOID.SERIAL_NUMBER, str(x509.random_serial_number())),
        ]
    )
    usage = x509.KeyUsage(
        digital_signature=False, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    certificate = (
        _builder(subject, subject, key)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    _write_private(folder / _AUTHORITY_KEY, _key_text(key))
    (folder / AUTHORITY).write_bytes(certificate.public_bytes(serialization.Encoding.PEM))


def _make_certificate(folder: Path, names: list[x509.GeneralName]) -> None:
    authority = x509.load_pem_x509_certificate((folder / AUTHORITY).read_bytes())
    authority_key = serialization.load_pem_private_key((folder / _AUTHORITY_KEY).read_bytes(), None)
    if not isinstance(authority_key, ec.EllipticCurvePrivateKey):
        raise TypeError(f"{folder / _AUTHORITY_KEY} is not a key of ours: remove it and {AUTHORITY}")
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key())
    certificate = (
        _builder(subject, authority.subject, key)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(identifier, critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    _write_private(folder / _CERTIFICATE, _key_text(key) + certificate.public_bytes(serialization.Encoding.PEM))


def _builder(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    moment = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(moment - timedelta(days=1))
        .not_valid_after(moment + _LIFE)
    )


def _key_text(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _write_private(path: Path, content: bytes) -> None:
    """Writes a file that only the owner can read, at once or not at all."""
    temporary = path.with_suffix(".part")
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    temporary.replace(path)
