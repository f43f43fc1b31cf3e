"""Zone transfers from a real BIND over TCP, open and signed."""

import re
import shutil
import socket
import subprocess
from pathlib import Path

import pytest

from ipv6check.net.dns.zonetext import Key, ZoneTrouble, parse_key, read_zone, transfer

NAMED = shutil.which("named") or "/usr/sbin/named"
SECRET = "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0ISE="
ZONE = Path(__file__).parents[2] / "data" / "sources" / "example.zone"
CONFIG = """\
key "import" {{ algorithm hmac-sha256; secret "{secret}"; }};
options {{ directory "{folder}"; listen-on port {port} {{ none; }}; listen-on-v6 port {port} {{ ::1; }}; recursion no;
  pid-file none; session-keyfile none; dnssec-validation no; empty-zones-enable no; }};
controls {{ }};
zone "example.vn" {{ type primary; file "{zone}"; allow-transfer {{ any; }}; }};
zone "signed.example.vn" {{ type primary; file "{signed}"; allow-transfer {{ key "import"; }}; }};
"""

pytestmark = pytest.mark.skipif(not Path(NAMED).exists(), reason="needs BIND")


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    folder = tmp_path_factory.mktemp("named")
    with socket.socket(socket.AF_INET6) as probe:
        probe.bind(("::1", 0))
        free = probe.getsockname()[1]
    signed = folder / "signed.zone"
    signed.write_text(ZONE.read_text().replace("$ORIGIN example.vn.", "$ORIGIN signed.example.vn."))
    config = folder / "named.conf"
    config.write_text(CONFIG.format(secret=SECRET, folder=folder, port=free, zone=ZONE, signed=signed))
    with subprocess.Popen(
        [NAMED, "-g", "-n", "1", "-c", str(config)], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    ) as server:
        assert server.stderr is not None
        told = []
        for line in server.stderr:
            told.append(line)
            if re.search(r"\brunning$", line.strip()):
                break
        else:
            pytest.fail("".join(told[-5:]))
        yield free
        server.terminate()
        server.communicate(timeout=10)


def test_a_transferred_zone_is_the_zone_in_the_file(port):
    assert transfer("example.vn", "::1", port=port) == read_zone(ZONE.read_text(), file="example.zone")


def test_a_signed_transfer_needs_the_key(port):
    key = parse_key(f'key "import" {{ algorithm hmac-sha256; secret "{SECRET}"; }};')
    assert key == parse_key(f"import:{SECRET}")
    assert transfer("signed.example.vn", "::1", port=port, key=key).origin == "signed.example.vn"
    with pytest.raises(ZoneTrouble, match="allow transfers"):
        transfer("signed.example.vn", "::1", port=port)
    wrong = Key(name="import", secret="d3Jvbmctd3Jvbmctd3Jvbmc=")
    with pytest.raises(ZoneTrouble) as told:
        transfer("signed.example.vn", "::1", port=port, key=wrong)
    assert "TSIG" in str(told.value)
    assert wrong.secret not in str(told.value) + repr(wrong)


def test_what_is_not_there_is_told(port):
    with pytest.raises(ZoneTrouble, match="cannot be transferred"):
        transfer("other.example", "::1", port=port)
    with socket.socket(socket.AF_INET6) as closed:
        closed.bind(("::1", 0))
        with pytest.raises(ZoneTrouble, match="no connection"):
            transfer("example.vn", "::1", port=closed.getsockname()[1])
