"""Conversations with real servers: OpenSSH, Net-SNMP, Unbound, chrony, OpenLDAP, Dovecot, Postfix's sink."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import trustme

from ipv6check.model.failure import Failure, Phase
from ipv6check.model.target import Protocol
from tests.loopback.services.conftest import Speak
from tests.programs import needs

TRIES = 400
"""Of a server that is still starting; each takes as long as a refusal does, or the dialer's time limit."""

SNMPD = "agentaddress udp6:[::1]:{port}\nrocommunity6 public ::1\n"
UNBOUND = """\
server:
  interface: ::1@{port}
  do-daemonize: no
  username: ""
  chroot: ""
  directory: "{folder}"
  pidfile: ""
  use-syslog: no
  local-zone: "." static
"""
DOH = """\
  https-port: {port}
  tls-service-key: "{folder}/cert.pem"
  tls-service-pem: "{folder}/cert.pem"
"""
CHRONY = "port {port}\nbindaddress ::1\nallow ::1\nlocal stratum 5\ncmdport 0\npidfile {folder}/pid\n"
SLAPD = """\
include /etc/ldap/schema/core.schema
modulepath /usr/lib/ldap
moduleload back_mdb
pidfile {folder}/pid
database mdb
suffix "dc=x"
directory {folder}
"""
POSTFIX = """\
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
mynetworks = [::1]/128
alias_maps =
smtpd_tls_security_level = may
smtpd_tls_cert_file = {folder}/cert.pem
smtpd_tls_key_file = {folder}/cert.pem
"""
POSTFIX_MASTER = """\
[::1]:{port} inet n - n - - smtpd
tlsmgr unix - - n - 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
proxymap unix - - n - - proxymap
anvil unix - - n - 1 anvil
cleanup unix n - n - 0 cleanup
postlog unix-dgram n - n - 1 postlogd
"""
DOVECOT = """\
base_dir={folder}/run
log_path={folder}/log
protocols=imap pop3
listen=::1
ssl=yes
ssl_cert=<{folder}/cert.pem
ssl_key=<{folder}/cert.pem
service imap-login {{
  inet_listener imap {{
    port={port}
  }}
  inet_listener imaps {{
    port={second}
  }}
}}
service pop3-login {{
  inet_listener pop3 {{
    port={third}
  }}
  inet_listener pop3s {{
    port=0
  }}
}}
passdb {{
  driver=static
  args=nopassword=y
}}
userdb {{
  driver=static
  args=uid=65534 gid=65534 home=/tmp
}}
"""


def free_ports(count: int) -> list[int]:
    held = [socket.socket(socket.AF_INET6) for _ in range(count)]
    for one in held:
        one.bind(("::1", 0))
    ports = [int(one.getsockname()[1]) for one in held]
    for one in held:
        one.close()
    return ports


@contextmanager
def running(folder: Path, program: str, *arguments: str, config: str = "", **facts: object) -> Iterator[None]:
    """The program in the foreground, until the end of the block."""
    path = needs(program)
    (folder / "config").write_text(config.format(folder=folder, **facts), encoding="utf-8")
    with (folder / "output").open("wb") as output:
        process = subprocess.Popen([path, *arguments], cwd=folder, stdout=output, stderr=subprocess.STDOUT)
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=20)


async def first_answer(speak: Speak, protocol: Protocol, port: int) -> dict[str, str]:
    """What the server told as soon as it was up."""
    for _ in range(TRIES):
        touch = await speak(protocol, port)
        if touch.attempt.failure is None:
            assert touch.attempt.phase is Phase.EXCHANGE
            return dict(touch.facts)
        assert touch.attempt.failure in (Failure.REFUSED, Failure.TIMEOUT, Failure.RATE_LIMITED), touch.attempt
    raise AssertionError("the server never came up")


@pytest.fixture
def host_key(tmp_path: Path) -> Path:
    """A new key of an SSH server, which also wants its folder."""
    Path("/run/sshd").mkdir(exist_ok=True)
    path = tmp_path / "key"
    subprocess.run([needs("ssh-keygen"), "-q", "-t", "ed25519", "-N", "", "-f", path], check=True)
    return path


needs_root = pytest.mark.skipif(os.geteuid() != 0 and not os.environ.get("CI"), reason="the daemon needs root")


@needs_root
async def test_openssh(tmp_path: Path, speak: Speak, host_key: Path) -> None:
    (port,) = free_ports(1)
    options = ("-o", "ListenAddress=::1", "-o", "PidFile=none", "-h", str(host_key), "-f", "/dev/null")
    with running(tmp_path, "sshd", "-D", "-e", "-p", str(port), *options):
        assert (await first_answer(speak, Protocol.SSH, port))["version"] == "2.0"
        wrong = await speak(Protocol.RDP, port)
    assert wrong.attempt.failure is Failure.UNEXPECTED_REPLY


async def test_net_snmp(tmp_path: Path, speak: Speak) -> None:
    (port,) = free_ports(1)
    with running(tmp_path, "snmpd", "-f", "-Lf", "log", "-C", "-c", "config", config=SNMPD, port=port):
        assert await first_answer(speak, Protocol.SNMP, port) == {"version": "3"}


async def test_unbound(tmp_path: Path, speak: Speak) -> None:
    (port,) = free_ports(1)
    with running(tmp_path, "unbound", "-d", "-p", "-c", "config", config=UNBOUND, port=port):
        assert await first_answer(speak, Protocol.DNS, port) == {"rcode": "NXDOMAIN"}
        assert await first_answer(speak, Protocol.DNS_TCP, port) == {"rcode": "NXDOMAIN"}


async def test_unbound_over_https(tmp_path: Path, speak: Speak, good: trustme.LeafCert) -> None:
    (port,) = free_ports(1)
    good.private_key_and_cert_chain_pem.write_to_path(str(tmp_path / "cert.pem"))
    with running(tmp_path, "unbound", "-d", "-p", "-c", "config", config=UNBOUND + DOH, port=port):
        assert await first_answer(speak, Protocol.DOH, port) == {"rcode": "NXDOMAIN", "http": "2"}


@needs_root
async def test_chrony(tmp_path: Path, speak: Speak) -> None:
    (port,) = free_ports(1)
    config = str(tmp_path / "config")
    with running(tmp_path, "chronyd", "-x", "-d", "-u", "root", "-f", config, config=CHRONY, port=port):
        assert await first_answer(speak, Protocol.NTP, port) == {"synchronised": "yes", "stratum": "5"}


async def test_openldap(tmp_path: Path, speak: Speak) -> None:
    (port,) = free_ports(1)
    with running(tmp_path, "slapd", "-d", "0", "-f", "config", "-h", f"ldap://[::1]:{port}/", config=SLAPD):
        assert await first_answer(speak, Protocol.LDAP, port) == {"answer": "entry", "starttls": "no"}


async def test_openldap_with_starttls(tmp_path: Path, speak: Speak, good: trustme.LeafCert) -> None:
    port, second = free_ports(2)
    good.private_key_and_cert_chain_pem.write_to_path(str(tmp_path / "cert.pem"))
    config = "TLSCertificateFile {folder}/cert.pem\nTLSCertificateKeyFile {folder}/cert.pem\n" + SLAPD
    where = f"ldap://[::1]:{port}/ ldaps://[::1]:{second}/"
    with running(tmp_path, "slapd", "-d", "0", "-f", "config", "-h", where, config=config):
        assert await first_answer(speak, Protocol.LDAP, port) == {"answer": "entry", "starttls": "yes"}
        assert await first_answer(speak, Protocol.LDAPS, second) == {"answer": "entry"}
        told = await speak(Protocol.LDAP, port)
    assert told.tls_version.startswith("TLSv1")
    assert told.certificate is not None
    assert (told.certificate.name_matches, told.certificate.verified) == (True, False)


@needs_root
async def test_dovecot(tmp_path: Path, speak: Speak, good: trustme.LeafCert) -> None:
    port, second, third = free_ports(3)
    good.private_key_and_cert_chain_pem.write_to_path(str(tmp_path / "cert.pem"))
    facts = {"port": port, "second": second, "third": third}
    with running(tmp_path, "dovecot", "-F", "-c", "config", config=DOVECOT, **facts):
        assert await first_answer(speak, Protocol.IMAP, port) == {"starttls": "yes"}
        assert await first_answer(speak, Protocol.IMAPS, second) == {}
        assert await first_answer(speak, Protocol.POP3, third) == {"starttls": "yes"}
    log = (tmp_path / "log").read_text(encoding="utf-8")
    assert "no auth attempts" in log
    assert "auth failed" not in log


@needs_root
async def test_postfix_sink(tmp_path: Path, speak: Speak) -> None:
    (port,) = free_ports(1)
    with running(tmp_path, "smtp-sink", "-u", "nobody", f"inet:[::1]:{port}", "20"):
        assert await first_answer(speak, Protocol.SMTP, port) == {"esmtp": "yes", "starttls": "no"}


@contextmanager
def postfix(port: int, leaf: trustme.LeafCert) -> Iterator[None]:
    """Postfix on that port. Its processes give up root, and want into their folder."""
    program = needs("postfix")
    with tempfile.TemporaryDirectory(prefix="ipv6check-postfix-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        for inner in ("queue", "data"):
            (folder / inner).mkdir()
        shutil.chown(folder / "data", "postfix")
        leaf.private_key_and_cert_chain_pem.write_to_path(str(folder / "cert.pem"))
        (folder / "main.cf").write_text(POSTFIX.format(folder=folder), encoding="utf-8")
        (folder / "master.cf").write_text(POSTFIX_MASTER.format(port=port), encoding="utf-8")
        command = [program, "-c", name]
        subprocess.run([*command, "start"], check=True, capture_output=True)  # returns when it listens
        try:
            yield
        finally:
            subprocess.run([*command, "stop"], check=True, capture_output=True)


@needs_root
async def test_postfix(speak: Speak, good: trustme.LeafCert) -> None:
    """STARTTLS comes about, and its certificate is put on record."""
    (port,) = free_ports(1)
    with postfix(port, good):
        assert await first_answer(speak, Protocol.SMTP, port) == {"esmtp": "yes", "starttls": "yes"}
        told = await speak(Protocol.SMTP, port)
    assert told.certificate is not None
    assert told.certificate.name_matches
    assert told.tls_version.startswith("TLSv1")
