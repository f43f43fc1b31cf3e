"""Messages that really arrive: at a web hook, by mail, at a dead-man's switch; and what happens when they do not."""

import email
import email.policy
import logging

import pytest

from ipv6check.model.trouble import Trouble
from ipv6check.net.clients.notifier import AppriseNotifier, ping_url
from tests.loopback.operations.sinks import hook, mail_server

SECRET = "s3cr3t-t0ken"


async def send(url: str, *, bad: bool = True) -> bool:
    return await AppriseNotifier().send(url, "ops", subject="1 problem – tỉnh", body="✗ a\n✗ b <b>", bad=bad)


async def test_a_web_hook_takes_the_message() -> None:
    with hook() as sink:
        assert await send(f"json://[::1]:{sink.port}/path/{SECRET}")
        assert await send(f"json://[::1]:{sink.port}/", bad=False)
    first, second = sink.messages
    assert (first["title"], first["message"], first["type"]) == ("1 problem – tỉnh", "✗ a\n✗ b <b>", "failure")
    assert second["type"] == "success"


async def test_a_mail_arrives() -> None:
    with mail_server() as (port, mails):
        # apprise looks an address in brackets up as a name; the literal belongs into smtp=
        url = f"mailto://mail:{port}/?smtp=::1&from=ipv6check@example.vn&to=ops@example.vn&mode=insecure&format=text"
        assert await send(url)
    message = email.message_from_string(mails[0], policy=email.policy.default)
    assert message["Subject"] == "1 problem – tỉnh"
    assert message["To"] == "ops@example.vn"
    body = message.get_body(("plain",))
    assert body is not None
    assert body.get_content().split() == ["✗", "a", "✗", "b", "<b>"]


async def test_zalo_is_known_and_gets_plain_text(monkeypatch: pytest.MonkeyPatch) -> None:
    from apprise.plugins.zalo import NotifyZalo

    with hook() as sink:
        monkeypatch.setattr(NotifyZalo, "notify_url", f"http://[::1]:{sink.port}/bot{{token}}/sendMessage")
        assert await send("zalo://123456789:abcdefghijKLMN/chat1")
    path, _ = sink.posts[0]
    assert path.endswith("/sendMessage")
    assert sink.messages[0]["chat_id"] == "chat1"
    assert "1 problem – tỉnh" in sink.messages[0]["text"]


@pytest.mark.parametrize("status", [404, 500])
async def test_a_service_that_refuses_is_told_from_one_that_took_it(status: int) -> None:
    with hook() as sink:
        sink.refuse(status)
        assert not await send(f"json://[::1]:{sink.port}/")


async def test_a_service_that_is_not_there_is_no_exception() -> None:
    with hook() as sink:
        port = sink.port
    assert not await send(f"json://[::1]:{port}/")


@pytest.mark.parametrize("url", [f"nosuch://{SECRET}", f"zalo://{SECRET}/chat", "", "mailto://"])
def test_a_url_of_no_use_is_refused_without_quoting_it(url: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG), pytest.raises(Trouble, match="channel ops") as caught:
        AppriseNotifier().check(url, "ops")
    assert SECRET not in str(caught.value) + caplog.text


async def test_nothing_secret_is_logged(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
    with caplog.at_level(logging.DEBUG), hook() as sink:
        sink.refuse(500)
        await send(f"json://user:{SECRET}@[::1]:{sink.port}/")
    assert SECRET not in caplog.text + "".join(capfd.readouterr())


async def test_a_dead_mans_switch_is_pinged() -> None:
    with hook() as sink:
        assert await ping_url(f"http://[::1]:{sink.port}/ping/uuid?x=1") == ""
        sink.refuse(302)
        assert await ping_url(f"http://[::1]:{sink.port}/") == "status-302"
    assert sink.gets == ["/ping/uuid?x=1", "/"]
    assert await ping_url(f"http://[::1]:{sink.port}/") == "ConnectionRefusedError"
    assert await ping_url("file:///etc/passwd") == "not-a-url"
