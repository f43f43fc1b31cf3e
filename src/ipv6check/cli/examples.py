"""Examples at the end of each command's help; a test holds them against the commands' options."""

EXAMPLES = {
    "scan": (
        "ipv6check scan inventory.yaml --contact noc@example.org",
        "ipv6check scan inventory.yaml --agency 'Sở Y tế' --fail-on fail -f html=report.html",
        "ipv6check scan names.txt --dry-run",
        "ipv6check scan inventory.yaml --resume latest",
        "zcat names.gz | ipv6check scan - --db sqlite:///names.db",
    ),
    "check": (
        "ipv6check check https://www.example.org/ mail.example.org:25/smtp",
        "ipv6check check www.example.org --address 2001:db8::80     # before the record is published",
        "ipv6check check www.example.org --wait 10m                 # after it",
        "ipv6check check -i inventory.yaml --changed-since origin/main -f junit=junit.xml -f github",
        "ipv6check check www.example.org --dns-only                 # on a machine without IPv6",
    ),
    "report": (
        "ipv6check report",
        "ipv6check report -f html=report.html -f xlsx=report.xlsx --lang vi",
        "ipv6check report --agency 'Sở Y tế' --class software",
        "ipv6check report --mandate vn-ben-tre-2025 --gate -f none",
    ),
    "publish": ("ipv6check publish public --lang vi --lang en -f html -f csv",),
    "diff": (
        "ipv6check diff",
        "ipv6check diff 2025-06-30 2025-12-31 -f csv -o year.csv",
        "ipv6check diff --fail-on worse",
    ),
    "show": (
        "ipv6check show www.example.org",
        "ipv6check show www.example.org --scan 20261123 --json",
    ),
    "trace": (
        "ipv6check trace www.example.org",
        "ipv6check trace -6 '[2001:db8::1]:8443'",
    ),
    "verify": (
        "ipv6check verify report.xlsx",
        "ipv6check verify report.pdf --mandate our-mandate.yaml",
    ),
    "rule": (
        "ipv6check rule",
        "ipv6check rule DNS001",
    ),
    "watch": (
        "ipv6check watch inventory.yaml --cron '30 2 * * *' --jitter 15m",
        "ipv6check watch inventory.yaml --every 6h --now --metrics /var/lib/node_exporter/ipv6check.prom",
        "ipv6check watch inventory.yaml --every 1d --now --runs 1 --dry-run",
    ),
    "alert": ("ipv6check alert --dry-run",),
    "install": (
        "ipv6check install systemd /srv/ipv6/inventory.yaml --at 03:15",
        "ipv6check install prometheus --to /etc/prometheus",
    ),
    "exporter": ("ipv6check exporter --listen '[::1]:9469' --allow '*.example.org'",),
    "agent": (
        "ipv6check agent agent.yaml --check",
        "ipv6check agent agent.yaml --vantage hanoi --log-format json",
    ),
    "judge": ("ipv6check judge --scan latest --policy stricter.yaml",),
    "scans": ("ipv6check scans --limit 5",),
    "host": (
        "ipv6check host",
        "ipv6check host --out web-1.json --name www.example.org",
    ),
    "doctor": (
        "ipv6check doctor",
        "ipv6check doctor --resolver '[2001:db8::53]:53' --name intranet.example.org",
    ),
    "config show": ("ipv6check config show --origin",),
    "demo": ("ipv6check demo --folder demo",),
    "inventory lint": (
        "ipv6check inventory lint inventory.yaml",
        "ipv6check inventory lint inventories/*.yaml --strict -f json",
    ),
    "inventory show": ("ipv6check inventory show inventory.yaml --tag portal",),
    "inventory convert": (
        "ipv6check inventory convert names.txt -o inventory.yaml",
        "ipv6check inventory convert inventory.yaml --to csv --csv-delimiter ';' -o inventory.csv",
    ),
    "inventory units": (
        "ipv6check inventory units units-2025-03.csv pairs-2025-07.csv --first-day 2025-07-01 -o units.yaml",
    ),
    "inventory import": (
        "ipv6check inventory import db.example.org -o inventory.yaml",
        "ipv6check inventory import https://netbox.example.org --from netbox --merge inventory.yaml --in-place",
        "ipv6check inventory import axfr://ns1.example.org/example.org --tsig-file transfer.key -o zone.yaml",
        "ipv6check inventory import nmap.xml --agency health --rejects rejects.txt -o services.yaml",
    ),
    "inventory gaps": (
        "ipv6check inventory gaps inventory.yaml --zone db.example.org",
        "ipv6check inventory gaps inventory.yaml --db sqlite:///ipv6check.db --fail",
    ),
    "import snmp": (
        "ipv6check import snmp --inventory inventory.yaml --user nina --auth env:SNMP_AUTH --priv env:SNMP_PRIV",
        "ipv6check import snmp --inventory inventory.yaml --community file:community.txt --dry-run",
    ),
    "import evidence": (
        "ipv6check import evidence web-1.json --inventory inventory.yaml",
        "ipv6check import evidence neigh.txt --inventory inventory.yaml --observed 2026-11-23 --dry-run",
    ),
    "mandate lint": ("ipv6check mandate lint our-mandate.yaml --strict",),
    "mandate show": (
        "ipv6check mandate show vn-ben-tre-2025 --lang vi",
        "ipv6check mandate show template -f yaml -o our-mandate.yaml",
    ),
    "db prune": (
        "ipv6check db prune --keep-evidence 90d",
        "ipv6check db prune --keep-evidence 90d --yes",
    ),
}
