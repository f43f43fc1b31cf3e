"""What cannot be asked of an agent is said before anything is sent."""

import pytest

from ipv6check.model.trouble import Trouble
from ipv6check.net.clients.agent import Agent, AgentRefused, post
from ipv6check.settings import Settings
from ipv6check.wiring.pipelines.asking import agent_of


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        (Agent(url="http://agent.example"), "clear text"),
        (Agent(url="agent.example"), "must be an address"),
        (Agent(url="ftp://agent.example"), "must be an address"),
        (Agent(url="https://"), "must be an address"),
        (Agent(url="https://user:hunter2@agent.example"), "must be an address"),
        (Agent(url="https://[agent"), "no address"),
        (Agent(url="https://agent.example", ca="no.pem"), "no.pem"),
        (Agent(url="https://agent.example", certificate="no.pem"), "--via-cert no.pem"),
    ],
)
async def test_an_agent_that_cannot_be_asked(agent: Agent, said: str) -> None:
    with pytest.raises(AgentRefused) as raised:
        await post(agent, "/v1/check", b"{}", look_s=1.0)
    assert said in str(raised.value)
    assert "hunter2" not in str(raised.value)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (Settings(via="https://agent.example", via_token="env:IPV6CHECK_NOT_SET"), "IPV6CHECK_NOT_SET"),
        (Settings(via="https://agent.example", exclude="optout.txt"), "--exclude"),
    ],
)
def test_settings_that_an_agent_cannot_keep(settings: Settings, said: str) -> None:
    with pytest.raises(Trouble, match=said):
        agent_of(settings)
