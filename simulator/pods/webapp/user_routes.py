"""Routes that make, change and remove users; all but the change of one's own need the permission ``users``."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request

from simulator.pods.webapp.accounts import PERMISSIONS
from simulator.pods.webapp.bodies import EMAIL, WORDS, body_of
from simulator.pods.webapp.described import INTEGER, TEXT, Json, members, operation
from simulator.pods.webapp.errors import ApiError, invalid
from simulator.pods.webapp.sessions import Sessions
from simulator.pods.webapp.users import Users

_REFUSALS = (401, 403, 404)
_USER = members({"id": INTEGER, "username": TEXT, "role": TEXT, "isLoginEnabled": {"type": "boolean"}})
_IS_VALID = members({"isValid": {"type": "boolean"}})
_ROLE: Json = {**WORDS, "enum": list(PERMISSIONS)}
_PERMISSION: Json = {**WORDS, "enum": list(PERMISSIONS["super admin"])}
_NAME: Json = {"username": WORDS}


def user_routes(sessions: Sessions, users: Users) -> APIRouter:
    """Return the routes below ``/{site}/api/user``."""
    routes = APIRouter(prefix="/{site}/api/user")
    accounts = sessions.accounts

    sign_up: Json = {**_NAME, "password": WORDS, "role": _ROLE}

    @routes.post(
        "/sign-up", **operation(201, _USER, *_REFUSALS, body=members({**sign_up, "role": _ROLE}, {"email": EMAIL}))
    )
    async def add(site: str, request: Request) -> dict[str, Any]:
        sessions.writer(request, site, "users")
        body = await body_of(request, sign_up, {"email": EMAIL})
        return users.add(body["username"], body["password"], body["role"], body.get("email"))

    own: Json = {"password": WORDS, "email": EMAIL}

    @routes.post("/update", **operation(201, _USER, *_REFUSALS, body=members({}, own)))
    async def change_own(site: str, request: Request) -> dict[str, Any]:
        user = sessions.writer(request, site, "read")
        return users.change(user.name, **await body_of(request, {}, own))

    others: Json = {**own, "role": _ROLE}

    @routes.post("/update-other-user", **operation(201, _USER, *_REFUSALS, body=members(_NAME, others)))
    async def change_other(site: str, request: Request) -> dict[str, Any]:
        sessions.writer(request, site, "users")
        body = await body_of(request, _NAME, others)
        return users.change(users.named(body.pop("username")), **body)

    @routes.post("/delete", **operation(201, members({"deleted": TEXT}), *_REFUSALS, 409, body=members(_NAME)))
    async def delete(site: str, request: Request) -> dict[str, Any]:
        user = sessions.writer(request, site, "users")
        name = users.named((await body_of(request, _NAME))["username"])
        _check_other(user.name, name)
        users.delete(name)
        return {"deleted": name}

    @routes.post("/validate-username", **operation(201, _IS_VALID, *_REFUSALS, body=members(_NAME)))
    async def validate_username(site: str, request: Request) -> dict[str, bool]:
        sessions.writer(request, site, "users")
        return {"isValid": (await body_of(request, _NAME))["username"] not in accounts.users}

    @routes.post("/validate-email", **operation(201, _IS_VALID, *_REFUSALS, body=members({"email": EMAIL})))
    async def validate_email(site: str, request: Request) -> dict[str, bool]:
        sessions.writer(request, site, "users")
        return {"isValid": users.is_email_free((await body_of(request, {"email": EMAIL}))["email"])}

    @routes.post(
        "/add-permission-to-role",
        **operation(201, members({}), *_REFUSALS, body=members({"role": _ROLE, "permission": _PERMISSION})),
    )
    async def add_permission(site: str, request: Request) -> dict[str, str]:
        sessions.writer(request, site, "roles")
        body = await body_of(request, {"role": WORDS, "permission": WORDS})
        if body["role"] not in PERMISSIONS or body["permission"] not in PERMISSIONS["super admin"]:
            raise invalid("There is no such role or permission.")
        users.grant(body["role"], body["permission"])
        return {}

    return routes


def login_routes(sessions: Sessions, users: Users, site_id: str) -> APIRouter:
    """Return the routes below ``/users/{user}`` that decide how a user may log in."""
    routes = APIRouter()

    @routes.post("/users/{user}!toggle-login", **operation(200, _USER, *_REFUSALS, 409))
    async def toggle_login(user: str, request: Request) -> dict[str, Any]:
        caller = sessions.writer(request, site_id, "users")
        name = users.numbered(user)
        _check_other(caller.name, name)
        return users.toggle_login(name)

    @routes.post(
        "/users/{user}!delete-external-identities", **operation(200, members({"deleted": INTEGER}), *_REFUSALS, 409)
    )
    async def delete_external_identities(user: str, request: Request) -> dict[str, int]:
        sessions.writer(request, site_id, "users")
        name = users.numbered(user)
        if not users.row(name)["isLoginEnabled"]:
            raise ApiError(409, "DependencyNotFoundError", "The user would have no way in: the login is switched off.")
        # The site's users log in with a name and a password: there is no other identity to delete.
        return {"deleted": 0}

    return routes


def _check_other(caller: str, name: str) -> None:
    if caller == name:
        raise ApiError(409, "ConflictError", "Nobody may shut out themselves: let another administrator do it.")
