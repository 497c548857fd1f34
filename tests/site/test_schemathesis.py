"""Schemathesis asks every operation of both documents: no 5xx, no undocumented status, no answer of another shape."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support import schemathesis_run
from support.site_commands import Site, running_site

# It would end the login of the run.
LOGOUT = ("/prisma/api/auth/logout",)
ASKED = ("POST /configure", "POST /recordings_in_time_range", "GET /channels")
# What the deployed build is known to do: PZ-13238, PZ-13267 and a 404 without recordings (errors of configure),
# PZ-13667 (its status), PZ-13985 (live metadata), the channels that are not listed.
KNOWN = {
    "ServerError": {"POST /configure"},
    "UndefinedStatusCode": {"POST /configure"},
    "JsonSchemaError": {"GET /channels", "GET /live_metadata", "POST /configure"},
}

pytestmark = pytest.mark.nightly


@pytest.fixture(scope="module", params=["required", "deployed"])
def site_of_build(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    # Logins of a site that runs faster would end before the run does.
    with running_site(tmp_path_factory.mktemp(request.param), "--profile", request.param) as site:
        yield {**site, "build": request.param}


def test_focus_server(site_of_build: Site, tmp_path: Path) -> None:
    found = schemathesis_run.run(site_of_build, site_of_build["focus"]["url"], tmp_path / "run")
    assert found.complete, found.output
    assert all(found.accepted[operation] for operation in ASKED), found.accepted
    if site_of_build["build"] == "deployed":
        # The metadata have the same status, where they are asked for a job that is there already.
        found.failures["JsonSchemaError"].discard("GET /metadata/{job_id}")
    assert found.failures == ({} if site_of_build["build"] == "required" else KNOWN), found.output


def test_web_app(site_of_build: Site, tmp_path: Path) -> None:
    url = site_of_build["webapp"]["url"]
    found = schemathesis_run.run(site_of_build, url, tmp_path / "run", without=LOGOUT)
    assert found.complete, found.output
    assert found.accepted["POST /{site}/api/push-to-rabbit"], found.accepted
    assert found.failures == {}, found.output
