"""What the suites ask the Kubernetes API of a site, as plain data.

A site is asked directly or through kubectl on its SSH node; both ways end in the same official client, which is
imported on first use: it doubles the cold start of a suite that never looks at the cluster.
"""

from __future__ import annotations

import itertools
import json
import math
from base64 import b64decode
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cached_property, wraps
from typing import TYPE_CHECKING, Any, Self

from focus_core.base import tape
from focus_core.base.errors import BenchError
from focus_core.cluster.kubectl import HOST, Kubectl
from focus_core.cluster.objects import Endpoint, Event, Job, LogLine, Node, Pod, PodMetrics, Service, Workload
from focus_core.cluster.reading import (
    endpoints_of,
    event_of,
    job_of,
    metrics_of,
    node_of,
    pod_of,
    service_of,
    workload_of,
)
from focus_core.cluster.taped import COMMANDS, TapedRest
from focus_core.node.shell import Ended
from focus_core.site import secrets

if TYPE_CHECKING:
    from focus_core.site.model import Site

# Seconds for one call; the API of a healthy cluster answers in a fraction of it.
CALL_TIMEOUT_S = 15
# A pod that writes without end must not fill the memory.
MOST_LOG_BYTES = 1_000_000


class ClusterClient:
    """The namespace of one site. Nothing is read before the first question.

    Every question raises ``BenchError`` when the cluster cannot be asked or refuses."""

    def __init__(
        self,
        *,
        namespace: str,
        kubeconfig: str = "",
        context: str | None = None,
        kubectl: Kubectl | None = None,
        timeout: float = CALL_TIMEOUT_S,
        proxy: str | None = None,
    ) -> None:
        self.namespace = namespace
        self._kubeconfig = kubeconfig
        self._context = context
        self._kubectl = kubectl
        self._timeout = timeout
        self._proxy = proxy

    @classmethod
    def of_site(cls, site: Site, timeout: float = CALL_TIMEOUT_S) -> Self:
        """The cluster of `site`; `timeout` seconds for each call."""
        place = site.kubernetes
        if place.access == "kubectl_over_ssh":
            return cls(namespace=place.namespace, kubectl=Kubectl(site), timeout=timeout)
        return cls(
            namespace=place.namespace,
            kubeconfig=str(place.kubeconfig),
            context=place.context,
            timeout=timeout,
            proxy=site.proxy,
        )

    def version(self) -> str:
        """The version of the API server ("v1.34.1+k3s1")."""
        from kubernetes import client

        return str(self._ask(client.VersionApi(self._api).get_code).git_version)

    def nodes(self) -> list[Node]:
        """All nodes of the cluster."""
        return [node_of(item) for item in self._ask(self.core.list_node).items]

    def pods(self, selector: str = "") -> list[Pod]:
        """Pods that match the label selector ("app=mongodb"), oldest first."""
        found = self._ask(self.core.list_namespaced_pod, self.namespace, label_selector=selector).items
        return [pod_of(item) for item in sorted(found, key=lambda item: item.metadata.creation_timestamp)]

    def images(self) -> dict[str, tuple[str, ...]]:
        """The images of the containers of each pod."""
        found = self._ask(self.core.list_namespaced_pod, self.namespace).items
        return {pod.metadata.name: tuple(container.image or "" for container in pod.spec.containers) for pod in found}

    def environment(self, selector: str) -> list[Any]:
        """Each variable of each container of the pods that match, with its value, or where it comes from."""
        found = self._ask(self.core.list_namespaced_pod, self.namespace, label_selector=selector).items
        return [variable for pod in found for container in pod.spec.containers for variable in container.env or []]

    def secret(self, name: str) -> dict[str, str]:
        """What a Secret holds, decoded."""
        found = self._ask(self.core.read_namespaced_secret, name, self.namespace).data or {}
        return {key: b64decode(value).decode(errors="replace") for key, value in found.items()}

    def config_map(self, name: str) -> dict[str, str]:
        """What a ConfigMap holds."""
        return dict(self._ask(self.core.read_namespaced_config_map, name, self.namespace).data or {})

    def now(self) -> str:
        """The moment of the cluster's pods, for `phases_since`: the resource version of their list."""
        return str(self._ask(self.core.list_namespaced_pod, self.namespace, limit=1).metadata.resource_version)

    def phases_since(self, moment: str, selector: str) -> list[str]:
        """The phases that the pods that match the label selector went through since ``moment``, in order.

        None is missed, however short it was; the API keeps what happened for some minutes. Takes a second.
        """
        answer = self._ask_bytes(
            self.core.list_namespaced_pod,
            self.namespace,
            label_selector=selector,
            watch=True,
            resource_version=moment,
            timeout_seconds=1,
        )
        changes = [json.loads(line) for line in answer.splitlines() if line.strip()]
        if any(change["type"] == "ERROR" for change in changes):
            raise BenchError("The cluster no longer knows what its pods went through; look sooner.")
        phases = [change["object"]["status"].get("phase", "") for change in changes]
        return [phase for phase, _ in itertools.groupby(phases)]

    def workload(self, kind: str, name: str) -> Workload | None:
        """The Deployment or StatefulSet of that name, None if there is none."""
        found = self.workloads(kind, f"metadata.name={name}")
        return found[0] if found else None

    def workloads(self, kind: str, fields: str = "") -> list[Workload]:
        """All of one kind, Deployment or StatefulSet, or those that match the field selector."""
        if kind not in ("Deployment", "StatefulSet"):
            raise BenchError(f"There is no workload of kind '{kind}'; allowed are Deployment and StatefulSet.")
        read = (
            self._apps.list_namespaced_deployment if kind == "Deployment" else self._apps.list_namespaced_stateful_set
        )
        return [workload_of(kind, item) for item in self._ask(read, self.namespace, field_selector=fields).items]

    def jobs(self, prefix: str = "") -> list[Job]:
        """The jobs of the namespace whose name begins like that."""
        found = self._ask(self._batch.list_namespaced_job, self.namespace).items
        return [job_of(item) for item in found if item.metadata.name.startswith(prefix)]

    def services(self) -> list[Service]:
        """All services of the namespace."""
        found = self._ask(self.core.list_namespaced_service, self.namespace).items
        return [service_of(item) for item in found]

    def endpoints(self, service: str) -> list[Endpoint]:
        """Where the ready pods of a service serve its ports: addresses of the cluster's own network."""
        from kubernetes import client

        item = self._ask(self.core.read_namespaced_service, service, self.namespace)
        slices = self._ask(
            client.DiscoveryV1Api(self._api).list_namespaced_endpoint_slice,
            self.namespace,
            label_selector=f"kubernetes.io/service-name={service}",
        ).items
        return endpoints_of(item, slices)

    def events_of(self, name: str) -> list[Event]:
        """Events of the object of that name, oldest first."""
        return self.events(f"involvedObject.name={name}")

    def events(self, fields: str = "") -> list[Event]:
        """All events of the namespace, or those that match the field selector, oldest first."""
        found = self._ask(self.core.list_namespaced_event, self.namespace, field_selector=fields).items
        events = sorted(map(event_of, found), key=lambda event: event.last)
        for event in events:
            secrets.note_leaks(f"An event of {event.object}", event)
        return events

    def describe(self, pod: Pod) -> str:
        """A pod's state, with the last warning about it: why it does not run."""
        warnings = [event for event in self.events_of(pod.name) if event.type == "Warning"]
        reason = f" ({warnings[-1].reason}: {warnings[-1].message})" if warnings else ""
        return f"{pod}{reason}"

    def pod_log(self, pod: str, *, since: datetime | None = None, tail: int | None = None) -> list[LogLine]:
        """What the first container of a pod has logged, oldest line first.

        ``since`` (with a time zone) leaves out older lines, ``tail`` all but so many of the last. At most
        ``MOST_LOG_BYTES``. A secret of the site in them is noted as a leak.
        """
        text = self._ask_bytes(
            self.core.read_namespaced_pod_log,
            pod,
            self.namespace,
            timestamps=True,
            limit_bytes=MOST_LOG_BYTES,
            **({"tail_lines": tail} if tail is not None else {}),
            # The client offers no sinceTime: what is older by less than the rounding is left out below.
            **({"since_seconds": _whole_seconds_since(since)} if since else {}),
        ).decode("utf-8", "replace")
        secrets.note_leaks(f"The log of pod {pod}", text)
        # Kubernetes writes nanoseconds: compared as texts, to the second.
        begin = f"{since.astimezone(UTC):%Y-%m-%dT%H:%M:%S}" if since else ""
        parts = (line.partition(" ") for line in text.splitlines())
        lines = [LogLine(written, time, pod) for time, _, written in parts]
        return [line for line in lines if line.time[: len(begin)] >= begin]

    def pod_metrics(self, selector: str = "") -> list[PodMetrics]:
        """What the pods that match the label selector use now. A pod that was just started is not measured yet."""
        from kubernetes import client

        found = self._ask(
            client.CustomObjectsApi(self._api).list_namespaced_custom_object,
            "metrics.k8s.io",
            "v1beta1",
            self.namespace,
            "pods",
            label_selector=selector,
        )
        return [metrics_of(item) for item in found["items"]]

    def run_in_pod(self, pod: str, command: list[str], *, container: str = "", timeout: float = 30) -> Ended:
        """How a command (program and arguments, no shell) ended in a container of a pod, by default its first."""
        kubectl = self._kubectl

        def ask() -> Ended:
            if kubectl:
                return kubectl.run_in_pod(self.namespace, pod, command, container=container, timeout=timeout)
            return self._exec(pod, command, container, timeout)

        return tape.through(COMMANDS, f"{pod} {container}: {command}", ask)

    def delete_job(self, name: str) -> None:
        """Deletes a job and what belongs to it, if it is there; only for jobs that a test itself has started."""
        if name not in {job.name for job in self.jobs()}:
            return
        self._ask(self._batch.delete_namespaced_job, name, self.namespace, propagation_policy="Background")

    @cached_property
    def _api(self) -> Any:
        api = self._new_api()
        api.rest_client = TapedRest(api.rest_client)
        return api

    def _new_api(self) -> Any:
        from kubernetes import client

        if self._kubectl:
            api = client.ApiClient(client.Configuration(host=HOST))
            api.rest_client = self._kubectl
            return api
        return client.ApiClient(self._settings())

    def _settings(self) -> Any:
        from kubernetes import client, config

        try:
            settings = client.Configuration()
            config.load_kube_config(
                config_file=self._kubeconfig, context=self._context, client_configuration=settings, persist_config=False
            )
        except (config.ConfigException, OSError) as error:
            raise BenchError(
                f"The kubeconfig {self._kubeconfig} (context {self._context}) cannot be used: {error}; correct "
                "kubernetes.* of the site file."
            ) from error
        # A dead API server must fail the test once, not after urllib3's silent retries.
        settings.retries = False
        # The environment's proxy is for the machine's way out, not for a lab; the site file names one that is meant.
        settings.proxy = self._proxy
        settings.no_proxy = None if self._proxy else "*"
        # Only with headers for a proxy does the client keep the environment's away from its websockets (exec).
        settings.proxy_headers = {"User-Agent": "focus-acceptance"}
        return settings

    @cached_property
    def core(self) -> Any:
        """The official client of pods, services and events, for questions that this class does not ask."""
        from kubernetes import client

        return client.CoreV1Api(self._api)

    @cached_property
    def _apps(self) -> Any:
        from kubernetes import client

        return client.AppsV1Api(self._api)

    @cached_property
    def _batch(self) -> Any:
        from kubernetes import client

        return client.BatchV1Api(self._api)

    def _ask(self, call: Callable[..., Any], *args: Any, **options: Any) -> Any:
        from kubernetes.client.exceptions import ApiException
        from urllib3.exceptions import HTTPError

        try:
            return call(*args, _request_timeout=self._timeout, **options)
        except ApiException as error:
            raise BenchError(
                f"The Kubernetes API refused {call.__name__} in namespace {self.namespace}: {error.status} "
                f"{error.reason}; check that the object exists and that the kubeconfig's user may see it."
            ) from error
        except HTTPError as error:
            raise BenchError(
                f"The Kubernetes API of {self._kubeconfig} does not answer ({type(error).__name__}); check that the "
                "cluster runs and is reachable from here."
            ) from error

    def _ask_bytes(self, call: Callable[..., Any], *args: Any, **options: Any) -> bytes:
        """The body as it came: of a log, the client would refuse what is no UTF-8."""

        @wraps(call)
        def read(*args: Any, **options: Any) -> Any:
            return call(*args, _preload_content=False, **options).data

        return bytes(self._ask(read, *args, **options))

    def _exec(self, pod: str, command: list[str], container: str, timeout: float) -> Ended:
        from kubernetes import client
        from kubernetes.client.exceptions import ApiException
        from kubernetes.stream import stream

        # Its own client: a stream puts itself in the place of all calls of the client while it is opened.
        core = client.CoreV1Api(self._new_api())
        try:
            session = stream(
                core.connect_get_namespaced_pod_exec,
                pod,
                self.namespace,
                command=command,
                stdout=True,
                stderr=True,
                _preload_content=False,
                _request_timeout=timeout,
                **({"container": container} if container else {}),
            )
            session.run_forever(timeout=timeout)
            ended = Ended(session.returncode, session.read_stdout(), session.read_stderr().strip())
        except (ApiException, ValueError, KeyError, TypeError) as error:
            raise BenchError(f"The command {command} could not be run in pod {pod}: {error}.") from error
        if ended.code is None:
            session.close()
            raise BenchError(f"The command {command} in pod {pod} did not end within {timeout:g} s.")
        return ended


def _whole_seconds_since(moment: datetime) -> int:
    return max(1, math.ceil((datetime.now(UTC) - moment).total_seconds()) + 1)
