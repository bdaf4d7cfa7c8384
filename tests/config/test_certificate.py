"""The certificate for phones on the same network: a client that trusts the authority trusts the server, nobody else."""

from __future__ import annotations

import datetime as dt
import socket
import ssl
import stat
import threading
from pathlib import Path

import pytest

from config import certificate

NOW = dt.datetime.now(dt.UTC)


def handshake(made: certificate.Certificates, name: str, trusting: Path | None) -> None:
    """A TLS handshake over real sockets. Raises ssl.SSLError when the client does not trust the server."""
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(made.certificate, made.key)
    client = ssl.create_default_context(cafile=trusting)
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            accepted, _ = listening.accept()
            with accepted:
                try:
                    server.wrap_socket(accepted, server_side=True).close()
                except (ssl.SSLError, OSError):
                    return  # the client hung up on us, which is what it says itself

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            with socket.create_connection(listening.getsockname()) as plain:
                client.wrap_socket(plain, server_hostname=name).close()
        finally:
            thread.join(5)


@pytest.mark.parametrize("name", ["192.168.1.20", "clinic.local", "127.0.0.1"])
def test_certificate_is_trusted_for_each_of_its_names(tmp_path: Path, name: str) -> None:
    made = certificate.make(tmp_path / "tls", ["192.168.1.20", "clinic.local", "127.0.0.1"], NOW)

    handshake(made, name, made.authority)


def test_certificate_is_not_trusted_for_another_name(tmp_path: Path) -> None:
    made = certificate.make(tmp_path / "tls", ["192.168.1.20"], NOW)

    with pytest.raises(ssl.SSLCertVerificationError):
        handshake(made, "192.168.1.21", made.authority)


def test_certificate_is_not_trusted_without_the_authority(tmp_path: Path) -> None:
    made = certificate.make(tmp_path / "tls", ["192.168.1.20"], NOW)

    with pytest.raises(ssl.SSLCertVerificationError):
        handshake(made, "192.168.1.20", None)


def test_later_certificate_is_trusted_by_a_phone_that_trusts_the_first(tmp_path: Path) -> None:
    first = certificate.make(tmp_path / "tls", ["192.168.1.20"], NOW)
    authority = first.authority.read_bytes()

    later = certificate.make(tmp_path / "tls", ["10.0.0.7"], NOW)

    assert later.authority.read_bytes() == authority
    handshake(later, "10.0.0.7", later.authority)


def test_keys_are_their_owners_alone(tmp_path: Path) -> None:
    made = certificate.make(tmp_path / "tls", ["192.168.1.20"], NOW)

    for key in (made.key, tmp_path / "tls" / "ca.key"):
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
