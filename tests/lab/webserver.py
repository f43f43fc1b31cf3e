"""nginx: one process, a wildcard certificate a province, and a server block for each kind of fault."""

import random
from collections.abc import Iterator
from pathlib import Path

from tests.lab.pki import Authority
from tests.lab.world import APEX, Name, World
from tests.lab.zones import V4ONLY_TARGET

PAGE_OCTETS = 20_000
_BOTH = ("[::]:443", "443")
_V6 = ("[::]:443",)
_WORDS = ("người", "dân", "doanh nghiệp", "thủ tục", "hồ sơ", "dịch vụ công", "trực tuyến", "thông báo", "tin tức")
_OTHER_WORDS = ("default", "virtual", "host", "webmail", "backup", "panel", "login", "server", "under", "construction")


def root_certificate(directory: Path) -> Path:
    """Where the lab's root certificate is written."""
    return directory / "pki" / "root.pem"


def write_nginx(world: World, directory: Path, access_log: bool) -> Path:
    """Certificates, pages and configuration; returns the configuration's path."""
    authority = Authority(directory / "pki")
    pages = directory / "pages"
    pages.mkdir(exist_ok=True)
    (pages / "usual.html").write_text(_page("Cổng thông tin điện tử", _WORDS), encoding="utf-8")
    (pages / "other.html").write_text(_page("Welcome to nginx!", _OTHER_WORDS), encoding="utf-8")
    blocks = [*_provinces(world, authority, pages), *_faults(world, authority, pages)]
    path = directory / "nginx.conf"
    log = f"{directory / 'access.log'} lab" if access_log else "off"
    path.write_text(_MAIN.format(directory=directory, log=log, blocks="\n".join(blocks)), encoding="utf-8")
    return path


def _provinces(world: World, authority: Authority, pages: Path) -> Iterator[str]:
    usual = f"root {pages}; try_files /usual.html =404;"
    for number in range(world.provinces):
        wildcard = f"*.p{number:02d}.{APEX}"
        certificate = authority.issue(f"p{number:02d}", [wildcard])
        yield _block(_BOTH, [wildcard], certificate, usual)
        if number == 0:
            yield _block(_BOTH, ["_"], certificate, usual, default=True)
    plain = [name.name for name in world.of("plainonly")] or ["plain.invalid"]
    listed = " ".join(plain)
    yield f"server {{ listen [::]:80; server_name {listed}; location / {{ {usual} }} }}"


def _faults(world: World, authority: Authority, pages: Path) -> Iterator[str]:
    usual = f"root {pages}; try_files /usual.html =404;"
    other = f"root {pages}; try_files /other.html =404;"
    valid = authority.directory
    stranger = authority.issue("stranger", ["www.example.com"])
    for kind in ("wrongname", "expired"):
        for variant, listens in ((0, _BOTH), (1, _V6)):
            for province, names in _by_province(name for name in world.of(kind) if name.variant % 2 == variant):
                certificate = stranger
                if kind == "expired":
                    wildcard = f"*.p{province:02d}.{APEX}"
                    certificate = authority.issue(f"expired{variant}-p{province:02d}", [wildcard], expired=True)
                yield _block(listens, names, certificate, usual)
    for kind, action in (("http500", "return 500;"), ("otherpage", other)):
        for province, names in _by_province(world.of(kind)):
            yield _block(_V6, names, valid / f"p{province:02d}.pem", action)
    for province, names in _by_province(world.of("redirect4")):
        target = f"{V4ONLY_TARGET}.p{province:02d}.{APEX}"
        yield _block(_BOTH, names, valid / f"p{province:02d}.pem", f"return 302 https://{target}/;")
    # A province's wildcard covers one label only.
    for province, names in _by_province(world.of("twin")):
        yield _block(_BOTH, names, authority.issue(f"www-p{province:02d}", names), usual)
    # Real chains fill more than one packet; ours of one small certificate does not, so this one is stuffed.
    for province, names in _by_province(world.of("pmtu")):
        wildcard = f"*.p{province:02d}.{APEX}"
        stuffed = [wildcard, *(f"alias-{number}.p{province:02d}.{APEX}" for number in range(100))]
        yield _block(_V6, names, authority.issue(f"fat-p{province:02d}", stuffed), usual)


def _by_province(names: "Iterator[Name] | list[Name]") -> Iterator[tuple[int, list[str]]]:
    groups: dict[int, list[str]] = {}
    for name in names:
        groups.setdefault(name.province, []).append(name.name)
    yield from groups.items()


def _block(listens: tuple[str, ...], names: list[str], certificate: Path, action: str, default: bool = False) -> str:
    flag = " ssl default_server backlog=16384 reuseport" if default else " ssl"
    return "\n".join(
        [
            "server {",
            *(f"listen {address}{flag}{_only6(address) if default else ''};" for address in listens),
            f"server_name {' '.join(names)};",
            f"ssl_certificate {certificate}; ssl_certificate_key {certificate};",
            f"location / {{ {action} }}",
            f"location = /h3 {{ add_header Alt-Svc 'h3=\":443\"; ma=60'; {action} }}",  # for tests.lab.http3server
            "location = /to { return 302 $arg_u; }",  # a redirect to whatever a test asks for
            "}",
        ]
    )


def _only6(address: str) -> str:
    return " ipv6only=on" if address.startswith("[") else ""


def _page(title: str, words: tuple[str, ...]) -> str:
    """A page of 20 kB of text in paragraphs."""
    rng = random.Random(title)
    parts = [f'<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>{title}</title></head><body>']
    octets = len(parts[0])
    while octets < PAGE_OCTETS:
        parts.append(f"<p>{' '.join(rng.choice(words) for _ in range(40))} {rng.randrange(10**6)}</p>")
        octets += len(parts[-1].encode())
    return "\n".join([*parts, "</body></html>"])


_MAIN = """\
user root root;
daemon off;
master_process off;
pid {directory}/nginx.pid;
error_log {directory}/nginx-error.log warn;
worker_rlimit_nofile 20000;
events {{ worker_connections 8192; multi_accept on; }}
http {{
  default_type text/html;
  types {{ text/html html; }}
  charset utf-8;
  log_format lab '$server_addr $server_port $ssl_server_name $host $status $request_method $request_uri';
  access_log {log};
  client_body_temp_path {directory}/nginx-body;
  proxy_temp_path {directory}/nginx-proxy;
  fastcgi_temp_path {directory}/nginx-fastcgi;
  scgi_temp_path {directory}/nginx-scgi;
  uwsgi_temp_path {directory}/nginx-uwsgi;
  server_tokens off;
  open_file_cache max=16;
  sendfile on;
  ssl_protocols TLSv1.2 TLSv1.3;
  ssl_session_tickets off;
  server_names_hash_max_size 65536;
  server_names_hash_bucket_size 512;
  {blocks}
}}
"""
