"""The certificate of a billing system is always checked."""

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from actions.accounts.billing.mapping_file import read_mapping
from actions.accounts.billing.source import HttpSource
from actions.accounts.errors import SourceUnavailable
from tests.actions.accounts.billing.conftest import NUMBER, TRUE
from tests.simulators.billing import SECRET, BillingSystem


def certificate(folder: Path, address: str) -> tuple[Path, ssl.SSLContext]:
    """A certificate for an address that only its own file vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "billing")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    public, private = folder / "ca.pem", folder / "key.pem"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(public, private)
    return public, context


@pytest.mark.parametrize(
    ("address", "vouched_for", "trusted"),
    [("127.0.0.1", True, True), ("127.0.0.1", False, False), ("127.0.0.2", True, False)],
)
async def test_only_a_system_with_a_trusted_certificate_for_its_address_is_told_the_secret(
    facts, tmp_path, address, vouched_for, trusted
):
    ca, context = certificate(tmp_path, address)
    async with BillingSystem({NUMBER: TRUE}).running(context) as system:
        path = system.write_mapping(tmp_path, attempts=1)
        text = path.read_text(encoding="utf-8")
        if vouched_for:
            path.write_text(text.replace("  auth:", f"  ca: {ca.name}\n  auth:"), encoding="utf-8")
        source = HttpSource(read_mapping(path, facts, lambda name: SECRET))
        if trusted:
            assert (await source.find(NUMBER, facts)).values() == TRUE
        else:
            with pytest.raises(SourceUnavailable, match="连不上"):
                await source.find(NUMBER, facts)
            assert system.requests == []
        await source.close()
