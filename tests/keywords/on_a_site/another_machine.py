"""Another machine that reserves our site, through the cluster's own API and nothing of ours."""

from __future__ import annotations

import getpass
import socket
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml
from kubernetes import client, config
from robot.api.deco import keyword, library
from robot.libraries.BuiltIn import BuiltIn

NAME = "focus-acceptance"
HOLDER = "20261122-100000-ab12 of dan@build-7"
# How long its hold outlives the last renewal, and how often it renews.
SECONDS, EVERY_S = 3, 0.5


@library(scope="GLOBAL", auto_keywords=False)
class another_machine:  # noqa: N801 - Robot finds the class by the file's name
    """Takes and renews the lease."""

    def __init__(self) -> None:
        self._ended = threading.Event()

    @keyword
    def another_machine_reserves_the_site_and_goes_on(self) -> None:
        """It renews its hold twice a second."""
        self._write(*self._api())
        self._ended.clear()
        # In a thread nothing may be asked of Robot Framework.
        threading.Thread(target=self._renew, args=self._api(), daemon=True).start()

    @keyword
    def another_machine_reserves_the_site_and_dies(self) -> None:
        """It never renews its hold."""
        self._write(*self._api())

    @keyword
    def the_other_machine_ends(self) -> None:
        """Its hold is not renewed any more."""
        self._ended.set()

    @keyword
    def the_site_should_be_reserved_by_this_machine(self) -> None:
        """Looks at the lease itself."""
        api, namespace = self._api()
        lease = api.read_namespaced_lease(NAME, namespace)
        assert lease.spec.holder_identity.endswith(f" of {getpass.getuser()}@{socket.gethostname()}"), lease.spec
        age = datetime.now(UTC) - lease.spec.renew_time
        assert age.total_seconds() < lease.spec.lease_duration_seconds, lease.spec

    def _renew(self, api: Any, namespace: str) -> None:
        while not self._ended.wait(EVERY_S):
            self._write(api, namespace)

    def _write(self, api: Any, namespace: str) -> None:
        now = datetime.now(UTC)
        spec: dict[str, Any] = {"holderIdentity": HOLDER, "leaseDurationSeconds": SECONDS, "acquireTime": now}
        body = {"metadata": {"name": NAME}, "spec": spec | {"renewTime": now}}
        try:
            api.patch_namespaced_lease(NAME, namespace, body)
        except client.ApiException:
            api.create_namespaced_lease(namespace, body)

    def _api(self) -> tuple[Any, str]:
        # The variable, not the library: what is asked here must not depend on what is tested.
        content = yaml.safe_load(Path(BuiltIn().get_variable_value("${SITE}")).read_text(encoding="utf-8"))
        place = content["kubernetes"]
        api = config.new_client_from_config(place["kubeconfig"], place["context"])
        return client.CoordinationV1Api(api), place["namespace"]
