"""What goes to the mail server, and when it does not go: by our own hand and by Airflow's."""

import datetime
import ipaddress
from dataclasses import replace
from datetime import UTC, timedelta
from html import unescape

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.alert.mail_server import MailServer
from umlauf.alert.mail import Mail
from umlauf.alert.means import WITHOUT_AIRFLOW
from umlauf.errors import AlertFailed, ConfigError

pytestmark = pytest.mark.integration


MAIL = Mail(
    id="0123abcd",
    subject="Umlauf: WRONG: Ä is late",
    text="bank <is> {{ late }}\nsince Monday\n\nTO DO: wait\n",
)


@pytest.fixture(params=["by our own hand", "by Airflow's"])
def means(request):
    if request.param == "by our own hand":
        return WITHOUT_AIRFLOW
    pytest.importorskip("airflow")
    from umlauf.orchestration.means import AIRFLOW

    return AIRFLOW


@pytest.fixture
def send(means, monkeypatch):
    """Send a mail over a connection of these words."""

    def _send(words, mail=MAIL):
        monkeypatch.setenv("AIRFLOW_CONN_SMTP_DEFAULT", words)
        means.mail(means.connect("smtp_default"), ["ops@example.com", "cfo@example.com"], mail)

    return _send


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


def test_a_mail_says_that_a_machine_wrote_it_and_whose(send):
    with MailServer() as server:
        send(f"{server.connection}&from_email=umlauf@example.com")

    ((to, mail),) = server.inbox.mails
    assert to == ["ops@example.com", "cfo@example.com"]
    assert mail["From"] == "umlauf@example.com"
    assert mail["To"] == "ops@example.com, cfo@example.com"
    assert mail["Subject"] == MAIL.subject
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"] == "<0123abcd@umlauf>"


def test_a_mail_s_words_are_words_and_never_markup_or_a_template(send):
    with MailServer() as server:
        send(server.connection)

    ((_, mail),) = server.inbox.mails
    body = mail.get_body()
    shown = body.get_content().replace("\r\n", "\n").strip()
    if body.get_content_type() == "text/html":
        shown = shown.removeprefix("<p>").removesuffix("</p>").replace("</p>\n<p>", "\n\n")
        shown = unescape(shown.replace("<br>", "\n"))
    assert shown == MAIL.text.strip()


@pytest.mark.parametrize("name", ["umlauf-2026-03-31.pdf", "umlauf-2026-03-31.html"])
def test_a_file_arrives_byte_by_byte_under_its_name(name, send, tmp_path):
    (tmp_path / name).write_bytes("%PDF-1.7 Größe\n".encode())

    with MailServer() as server:
        send(server.connection, replace(MAIL, attached=tmp_path / name))

    ((_, mail),) = server.inbox.mails
    (attached,) = mail.iter_attachments()
    assert attached.get_filename() == name
    assert attached.get_payload(decode=True) == (tmp_path / name).read_bytes()


def test_starttls_believes_only_certificates_that_somebody_vouches_for(
    send, certificate, monkeypatch
):
    with MailServer(certificate) as server:
        words = f"smtp://127.0.0.1:{server.port}?disable_ssl=true"
        with pytest.raises(AlertFailed, match="CERTIFICATE_VERIFY_FAILED"):
            send(words)
        assert server.inbox.mails == []

        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        send(words)
        assert len(server.inbox.mails) == 1


def test_no_password_goes_over_an_open_line(send):
    with (
        MailServer() as server,
        pytest.raises(ConfigError, match="a password needs TLS") as refused,
    ):
        send(server.connection.replace("//", "//umlauf:hidden@"))

    assert "hidden" not in str(refused.value)


def test_a_server_that_refuses_or_is_not_there_is_named_with_its_reason(send):
    with MailServer() as server:
        server.inbox.refusal = "552 mailbox full"
        with pytest.raises(AlertFailed, match=r"127\.0\.0\.1 did not take it.*mailbox full"):
            send(server.connection)

    with pytest.raises(AlertFailed, match="refused"):
        send(server.connection)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("smtp://?disable_ssl=true", "it names no host"),
        ("smtp://127.0.0.1:1", "say disable_ssl for STARTTLS"),
    ],
)
def test_a_connection_that_can_be_no_use_is_a_wrong_setting(words, why, send):
    with pytest.raises(ConfigError, match=why):
        send(words)
