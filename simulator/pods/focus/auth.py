"""Who is asking: the user of the access token, or ``anonymous`` on the plain port."""

from __future__ import annotations

from typing import Annotated

from fastapi import Header, Request

from simulator.pods.focus.errors import ApiError
from simulator.pods.webapp import tokens

ANONYMOUS = "anonymous"


def client_of(authorization: str | None, key: str) -> str:
    """Return the client's name: the token's subject, or ``anonymous`` without a header.

    Raises ApiError 401 for a scheme other than Bearer and for a token that is bad, expired, of another issuer or made
    for another use.
    """
    if authorization is None:
        return ANONYMOUS
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer":
        raise ApiError(401, "The Authorization header is invalid: use the scheme Bearer with an access token.")
    try:
        return tokens.read(key, token.strip()).user
    except tokens.TokenError as bad:
        raise ApiError(401, str(bad)) from None


async def current_client(request: Request, authorization: Annotated[str | None, Header()] = None) -> str:
    """Give the client's name to a route, and to the request log."""
    client = client_of(authorization, request.app.state.settings.token_key)
    request.state.client = client
    return client
