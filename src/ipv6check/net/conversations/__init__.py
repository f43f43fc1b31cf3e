"""What is said to services that are not the web, one file per protocol, up to their first meaningful answer.

A conversation is ``async def converse(talk: Talk) -> Told``. It logs in nowhere, changes nothing, and raises ``Broken``
for what is wrong: UNEXPECTED_REPLY for another protocol's words, RATE_LIMITED where the server says that it will not
talk to us now, which proves nothing about IPv6. To add one: write its file, name it in ``registry.py`` and in
``model.target.Protocol``, give its port in ``inventory/protocols.py``.
"""
