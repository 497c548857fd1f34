"""Who is asking: the user of the token that the ingress passes on, or ``anonymous`` on the plain port."""

from __future__ import annotations

from typing import Annotated

from fastapi import Header, Request

from simulator.pods.focus.errors import ApiError
from simulator.pods.webapp import tokens

ANONYMOUS = "anonymous"


def client_of(token: str | None, key: str) -> str:
    """Return the client's name: the token's subject, or ``anonymous`` without one.

    Raises ApiError 401 for a token that is bad, expired, of another issuer or made for another use.
    """
    if token is None:
        return ANONYMOUS
    try:
        return tokens.read(key, token).user
    except tokens.TokenError as bad:
        raise ApiError(401, str(bad)) from None


async def current_client(
    request: Request,
    # Declared for the document: clients send it to the ingress. Here nobody reads it, as on a real plain port.
    authorization: Annotated[str | None, Header()] = None,  # noqa: ARG001
) -> str:
    """Give the client's name to a route, and to the request log."""
    client = client_of(request.headers.get(tokens.FORWARDED), request.app.state.settings.token_key)
    request.state.client = client
    return client
