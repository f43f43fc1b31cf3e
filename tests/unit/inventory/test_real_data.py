"""Cut-outs of real registers and exports, dirt included."""

from pathlib import Path

import pytest

from ipv6check.inventory.load import open_inventory
from ipv6check.model.asset import Kind

DATA = Path(__file__).parents[2] / "data" / "inventory"


def names(file: str, **options) -> dict[str, str]:
    inventory = open_inventory(DATA / file, **options)
    return {asset.name: asset.agency for asset in inventory}


def test_the_gov_registry_keeps_cities_of_one_name_apart_and_federal_bodies_together() -> None:
    found = names("us-gov-domains.csv")
    assert found["29palms.gov"] == "city-of-twentynine-palms"
    assert found["aberdeenidaho.gov"] == "city-of-aberdeen-id"
    assert found["aberdeenwa.gov"] == "city-of-aberdeen-wa"
    assert found["18f.gov"] == "general-services-administration/federal-acquisition-service"
    assert open_inventory(DATA / "us-gov-domains.csv").agencies["general-services-administration"].level == (
        "federal-executive"
    )


def test_federal_websites_survive_their_dirt(errors) -> None:
    path = DATA / "us-federal-websites.csv"
    found = names("us-federal-websites.csv", skip_invalid=True)
    assert {"cdrh-rst.fda.gov", "nrrl.ncaur.usda.gov"} <= found.keys()
    told = [error.partition("csv:")[2].partition(":") for error in errors(path)]
    assert [(int(line), text.split(",")[0].strip()) for line, _, text in told] == [
        (7, "the domain 'acf.hhs.gov' is listed twice"),
        (8, "'harmreductionhelp.cdc.gov (website no longer active)' holds a blank"),
        (9, "'vaccines.cdc.gov  (website is no longer maintained)' holds a blank"),
        (10, "'(TIMP CCID) timp-ccid.fda.gov' holds a blank"),
        (13, "the domain 'labels.fda.gov' is listed for another agency too"),
    ]


def test_the_german_list_has_a_slash_and_international_names(errors) -> None:
    assert "xn--allianz-fr-fachkrfte-rzb33c.de" in names("de-gov-domains.csv", skip_invalid=True)
    (told,) = errors(DATA / "de-gov-domains.csv")
    assert "'eisenbahn-unfalluntersuchung.de/' holds a slash" in told


def test_the_british_list_has_owners_and_whom_they_represent() -> None:
    found = names("uk-gov-domains-2016.csv")
    assert found["101.gov.uk"] == "home-office/the-single-non-emergency-number-snen"
    assert found["aaib.gov.uk"] == "air-accidents-investigation-branch"
    assert found["aberdeenshire.gov.uk"] == "aberdeenshire-council"


def test_netbox_devices_without_name_or_address_are_told(errors) -> None:
    inventory = open_inventory(DATA / "netbox-devices.csv", skip_invalid=True)
    assets = list(inventory)
    assert {asset.kind for asset in assets} == {Kind.DEVICE}
    assert all(asset.targets == () for asset in assets)
    assert {asset.role for asset in assets} == {"router", "patch-panel"}
    assert inventory.skipped == 3


def test_netbox_addresses_and_prefixes_in_use_only() -> None:
    addresses = list(open_inventory(DATA / "netbox-ip-addresses.csv"))
    assert [(asset.kind, asset.host) for asset in addresses] == [
        (Kind.DEVICE, "192.168.0.6"),
        (Kind.DEVICE, "192.168.0.7"),
    ]
    prefixes = list(open_inventory(DATA / "netbox-prefixes.csv"))
    assert [(asset.kind, asset.prefix) for asset in prefixes] == [(Kind.NETWORK, "192.168.0.0/22")]


def test_lists_of_agencies_alone_load_and_say_so(warnings) -> None:
    tree = open_inventory(DATA / "us-gov-federal-agencies.csv")
    assert tree.count == 0
    assert any(agency.parent == "department-of-agriculture" for agency in tree.agencies.values())
    units = open_inventory(DATA / "vn-units.csv")
    assert (units.agencies["829"].parent, units.agencies["83"].level) == ("83", "province")
    assert "lists agencies only" in warnings(DATA / "us-gov-federal-agencies.csv")[0]


@pytest.mark.parametrize("file", sorted(path.name for path in DATA.glob("*.csv")))
def test_every_cut_out_loads_and_streams_what_it_counted(file: str) -> None:
    inventory = open_inventory(DATA / file, skip_invalid=True)
    assets = list(inventory)
    assert len(assets) == inventory.count
    assert len({asset.id for asset in assets}) == len(assets)
    assert {asset.agency for asset in assets} <= {"", *inventory.agencies}
