"""What goes to the mail server, and when it does not go."""

import datetime
import ipaddress
from datetime import UTC, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.alert.conftest import MORNING
from tests.alert.mail_server import MailServer
from umlauf.alert.mail import send_mail
from umlauf.alert.message import test_message as write_test_message
from umlauf.errors import AlertFailed, ConfigError
from umlauf.settings import load_settings
from umlauf.transport.auth import load_connection

pytestmark = pytest.mark.integration


@pytest.fixture
def message():
    return write_test_message(MORNING, load_settings())


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """Return a file with a key and the certificate that it signed for 127.0.0.1 itself."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail")])
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(here, critical=False)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "mail.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file.write_bytes(private + signed.public_bytes(serialization.Encoding.PEM))
    return file


def connection(text):
    return load_connection("smtp_default", {"AIRFLOW_CONN_SMTP_DEFAULT": text})


def test_a_mail_says_that_a_machine_wrote_it_and_whose(message):
    with MailServer() as server:
        told = connection(f"{server.connection}&from_email=umlauf@example.com")
        send_mail(told, ["ops@example.com"], message)

    ((_, mail),) = server.inbox.mails
    assert mail["From"] == "umlauf@example.com"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"] == f"<{message.id}@umlauf>"


def test_starttls_believes_only_certificates_that_somebody_vouches_for(
    message, certificate, monkeypatch
):
    with MailServer(certificate) as server:
        told = connection(f"smtp://127.0.0.1:{server.port}?disable_ssl=true")
        with pytest.raises(AlertFailed, match="CERTIFICATE_VERIFY_FAILED"):
            send_mail(told, ["ops@example.com"], message)
        assert server.inbox.mails == []

        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        send_mail(told, ["ops@example.com"], message)
        assert len(server.inbox.mails) == 1


def test_no_password_goes_over_an_open_line(message):
    with MailServer() as server:
        told = connection(server.connection.replace("//", "//umlauf:hidden@"))
        with pytest.raises(ConfigError, match="a password needs TLS") as refused:
            send_mail(told, ["ops@example.com"], message)

    assert "hidden" not in str(refused.value)


def test_a_server_that_refuses_or_is_not_there_is_named_with_its_reason(message):
    with MailServer() as server:
        server.inbox.refusal = "552 mailbox full"
        told = connection(server.connection)
        with pytest.raises(AlertFailed, match=r"127\.0\.0\.1 did not take it.*mailbox full"):
            send_mail(told, ["ops@example.com"], message)

    with pytest.raises(AlertFailed, match="refused"):
        send_mail(told, ["ops@example.com"], message)


def test_a_connection_without_a_host_is_a_wrong_setting(message):
    with pytest.raises(ConfigError, match="it names no host"):
        send_mail(connection("smtp://"), ["ops@example.com"], message)
