"""What a health page must hold."""

import unicodedata

import pytest

from ipv6check.model.expectation import parse_expectation

VIETNAMESE = "Hệ thống hoạt động"


@pytest.mark.parametrize(
    ("written", "body"),
    [
        ("ok", '{"status": "ok"}'),
        (VIETNAMESE, f"<p>{unicodedata.normalize('NFD', VIETNAMESE)}</p>"),
        ("Trà & bánh", "<p>Tr&agrave; &amp; bánh</p>"),
        ("json:/status=ok", '{"status": "ok"}'),
        ("json:=ok", '"ok"'),
        ("json:/db/0/up=true", '{"db": [{"up": true}]}'),
        ("json:/count=2", '{"count": 2.0}'),
        ('json:/code="200"', '{"code": "200"}'),
        ("json:/gone=null", '{"gone": null}'),
        ("json:/a~1b/c~0d=x=y", '{"a/b": {"c~d": "x=y"}}'),
    ],
)
def test_it_is_met(written, body):
    assert parse_expectation(written).is_met(body)


@pytest.mark.parametrize(
    ("written", "body"),
    [
        ("ok", "OK"),
        ("json:/status=ok", '{"status": "okay"}'),
        ("json:/status=ok", "status ok"),
        ("json:/status=ok", '["ok"]'),
        ("json:/status/deeper=ok", '{"status": "ok"}'),
        ("json:/up=true", '{"up": 1}'),
        ("json:/up=1", '{"up": true}'),
        ("json:/code=200", '{"code": "200"}'),
        ("json:/gone=null", "{}"),
        ("json:/0=a", '{"1": "a"}'),
        ("json:/01=b", '["a", "b"]'),
        ("json:/-1=b", '["a", "b"]'),
        ("json:/a=x", "[" * 100_000),
    ],
)
def test_it_is_not_met(written, body):
    assert not parse_expectation(written).is_met(body)


@pytest.mark.parametrize("written", ["json:status=ok", "json:/status", "json:/a=[1]", 'json:/a={"b": 1}'])
def test_what_is_no_expectation_is_refused(written):
    with pytest.raises(ValueError, match=r"json:/pointer=value|one value"):
        parse_expectation(written)
