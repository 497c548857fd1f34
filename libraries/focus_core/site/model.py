"""A site is data: the one model that every site file must fit. Times are seconds unless the name has another unit.

A name, the server's address and a user are enough; what is left out is the product's own, or a missing capability.

Plain dataclasses, which pydantic validates: it is slow to import, and only a site file that was never seen before needs
it (``site_validation``, ``site_cache``).
"""

import os
from collections.abc import Callable
from dataclasses import FrozenInstanceError, dataclass, field
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, dataclass_transform

from focus_core.base.errors import BenchError


class Within:
    """Limits of a value, by their names in pydantic's core schemas: ``ge``, ``gt``, ``min_length``, ``pattern``."""

    def __init__(self, **limits: Any) -> None:
        self._limits = limits

    def __get_pydantic_core_schema__(self, source: Any, handler: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
        return handler(source) | self._limits


def in_home(path: str | Path) -> Path:
    """The path with the user's home for ``~``; as it is where the system knows no home."""
    return Path(os.path.expanduser(path))  # noqa: PTH111 - that of pathlib raises without a home


class OfSiteFile:
    """A path in which ``~`` is the home of the user who runs the tests; a relative one counts from the site file."""

    def __get_pydantic_core_schema__(self, source: Any, handler: Callable[[Any], dict[str, Any]]) -> Any:
        from pydantic_core import core_schema

        return core_schema.with_info_after_validator_function(
            lambda path, info: Path(info.context) / in_home(path), handler(source)
        )


Interface = Literal["rest", "webapp", "mongodb", "rabbitmq", "kubernetes", "grpc", "ssh", "ui", "product_sources"]
Port = Annotated[int, Within(ge=1, le=65535)]
Seconds = Annotated[float, Within(gt=0)]
Percent = Annotated[float, Within(ge=0, le=100)]
SitePath = Annotated[Path, OfSiteFile()]
Text = Annotated[str, Within(min_length=1)]
Url = Annotated[str, Within(pattern=r"^https?://[^\s/]+")]


@dataclass_transform(eq_default=False, kw_only_default=True, frozen_default=True, field_specifiers=(field,))
class Part:
    """A part of a site file: unknown keys are errors, values never change."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    def __init_subclass__(cls) -> None:
        # Each method that dataclasses write costs as much as a keyword: only the constructor is left to them.
        dataclass(kw_only=True, eq=False, repr=False)(cls)

    def __setattr__(self, name: str, value: object) -> None:
        if name in vars(self):
            raise FrozenInstanceError(f"cannot assign to field '{name}'")
        super().__setattr__(name, value)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({vars(self)})"


class Absent:
    """In the place of a section that a site file leaves out: whoever asks it all the same reads what is missing."""

    def __init__(self, section: str) -> None:
        self._section = section

    def __getattr__(self, name: str) -> Any:
        # What pickle and others look for at any object.
        if name.startswith("_"):
            raise AttributeError(name)
        raise BenchError(
            f"This site has no {self._section}: its file leaves the section '{self._section}' out; add it, or leave "
            "out what needs it."
        )

    def __repr__(self) -> str:
        return f"Absent({self._section})"


def absent(section: str) -> Any:
    """For a type checker the section itself: without its capability nobody asks it."""
    return Absent(section)


class SecretRef(Part):
    """Where a secret is: exactly one of an environment variable and a file of mode 0600."""

    env: Text | None = None
    file: SitePath | None = None

    def __post_init__(self) -> None:
        if (self.env is None) == (self.file is None):
            raise ValueError("exactly one of {env: NAME} and {file: PATH}")


class Focus(Part):
    """The Focus Server's REST API; ``auth: token`` sends the bearer token of a web app login.

    ``plain_url`` is the way in from inside the cluster, without TLS and login, where a site has opened one."""

    url: Url
    plain_url: Url | None = None
    auth: Literal["none", "token"] = "token"
    timeout: Seconds = 60


class WebApp(Part):
    """The Prisma web app's API. Where a site file leaves it out, logins go to the address of the Focus Server.

    ``expired_token`` is an access token of an earlier login whose time is over, kept for the tests that show that it is
    refused; without it they are skipped."""

    url: Url
    site_id: Text = "prisma-210-1000"
    timeout: Seconds = 30
    expired_token: SecretRef | None = None


class Page(Part):
    """The operator's page: the address that a browser opens it at, without a path.

    ``locators`` is a file that replaces entries of the tables in ``variables/ui``, where the page of this site names
    its elements otherwise; relative to the site file."""

    url: Url
    locators: SitePath | None = None


class ProductSources(Part):
    """A checkout of the product's sources on the machine of the tests: where it lies, the folders whose folders are
    services (empty text: the root), and services that have to be among them."""

    path: SitePath
    services_in: list[str] = field(default_factory=lambda: [""])
    services: list[Text] = field(
        default_factory=lambda: ["focus_server", "analyzer", "data_manager", "controller", "pzpy", "pz_core_libs"]
    )


class Mongo(Part):
    """The MongoDB server that holds the recordings."""

    host: Text
    port: Port = 27017
    database: Text = "prisma"
    username: str | None = None
    password: SecretRef | None = None
    auth_source: Text = "prisma"


class Rabbit(Part):
    """The RabbitMQ broker and its management API, by default on the same host; ``tls_port`` where it speaks AMQP over
    TLS too."""

    host: Text
    port: Port = 5672
    tls_port: Port | None = None
    management_url: Url = ""
    vhost: Text = "/"
    exchange: Text = "prisma"
    username: Text
    password: SecretRef

    def __post_init__(self) -> None:
        if not self.management_url:
            object.__setattr__(self, "management_url", f"http://{self.host}:15672")


class Cluster(Part):
    """The Kubernetes API: ``direct`` with a context of a kubeconfig, or by ``kubectl`` on the SSH node.

    ``kubectl`` is the command there ("sudo k3s kubectl"); it has to know the cluster by itself."""

    namespace: Text = "panda"
    access: Literal["direct", "kubectl_over_ssh"] = "direct"
    kubeconfig: SitePath | None = None
    context: Text | None = None
    kubectl: Text = "kubectl"

    def __post_init__(self) -> None:
        if self.access == "direct" and not (self.kubeconfig and self.context):
            raise ValueError("kubeconfig and context, or access: kubectl_over_ssh")


class Node(Part):
    """The node that is reached by SSH."""

    host: Text
    port: Port = 22
    username: Text
    password: SecretRef


class Tls(Part):
    """The trust anchor; verification is always on. ``null`` trusts what the system trusts."""

    ca_file: SitePath | None = None

    @property
    def verify(self) -> bool | str:
        """What ``HttpSession`` and RequestsLibrary take as their ``verify``."""
        return str(self.ca_file) if self.ca_file else True


class User(Part):
    """A web app user; one per parallel lane, so that one client's limits do not couple lanes."""

    username: Text
    password: SecretRef
    role: Text = "admin"


class Workload(Part):
    """A workload of the cluster. ``selector`` is a label selector and never empty."""

    kind: Literal["Deployment", "StatefulSet"]
    name: Text
    selector: Text


def _workload(kind: Literal["Deployment", "StatefulSet"], name: str, label: str) -> Workload:
    return Workload(kind=kind, name=name, selector=f"app.kubernetes.io/{label}={name}")


class Workloads(Part):
    """The workloads that suites name; ``preprocessor``, the live source, where a site file names it."""

    focus_server: Workload = _workload("Deployment", "panda-panda-focus-server", "name")
    mongodb: Workload = _workload("Deployment", "mongodb", "instance")
    rabbitmq: Workload = _workload("StatefulSet", "rabbitmq-panda", "instance")
    webapp: Workload = _workload("Deployment", "webapp", "name")
    segy_recorder: Workload = _workload("Deployment", "panda-panda-segy-recorder", "name")
    preprocessor: Workload | None = None


class Limits(Part):
    """What the site accepts. NFFT lists are per view type; ``history_windows`` limits a historic window to that many
    display windows. The rate limit holds for each client at the ingress; ``null`` where it is not known."""

    lowest_channel: Annotated[int, Within(ge=0)] = 1
    highest_channel: Annotated[int, Within(ge=1)] = 2222
    frequency_max_hz: Annotated[float, Within(gt=0)] = 1000
    nfft_single: Annotated[list[int], Within(min_length=1)] = field(
        default_factory=lambda: [2**power for power in range(7, 17)]
    )
    nfft_multi: Annotated[list[int], Within(min_length=1)] = field(
        default_factory=lambda: [2**power for power in range(7, 13)]
    )
    max_windows: Annotated[int, Within(ge=1)] = 30
    capacity: Annotated[int, Within(ge=1)] = 200
    history_windows: Annotated[int, Within(ge=1)] = 30
    rate_limit_per_s: Annotated[float, Within(gt=0)] | None = None
    rate_limit_burst: Annotated[int, Within(ge=1)] | None = None


class Defaults(Part):
    """What a view asks for when the test does not name it: channels first-last, Hz, lines, seconds."""

    channels: tuple[int, int] = (11, 109)
    frequency_hz: tuple[float, float] = (0, 1000)
    nfft: int = 1024
    duration_s: Annotated[float, Within(gt=0)] = 10
    height: Annotated[int, Within(gt=0)] = 1000


class AtOnce(Part):
    """How long answers to so many requests at the same time may take: on average, and 95 % of them."""

    requests: Annotated[int, Within(ge=2)]
    mean_s: Seconds
    p95_s: Seconds


class Timings(Part):
    """How long the site may take. Seconds, except ``mongodb_ping_ms``; already scaled by ``time_scale``.

    ``answer_s`` holds for every answer that has no limit of its own, refusals included; ``health_at_once`` for the
    liveness asked by many, ``health_mean_s`` and ``health_p95_s`` for it under a steady load. ``job_created_s`` is for
    the answer that a job was created, ``configure_p95_s`` and ``configure_p99_s`` for shares of many such answers,
    ``single_view_s`` for a view on a site that does nothing else, ``task_metadata_s`` for the metadata of one that
    runs, ``playback_minute_s`` for a recorded minute and ``playback_s`` for any recording, to their end. Within
    ``gateway_s`` the ingress answers in the place of a server that hangs. A recording is ``recording_s`` long, and the
    next one follows within ``recording_gap_s``. An alert is listed within ``alert_visible_s`` and closed
    ``alert_closed_s`` after its beginning. ``stability_s`` is how long the stability of the server is watched."""

    health_s: Seconds = 1
    health_mean_s: Seconds = 0.5
    health_p95_s: Seconds = 0.8
    health_at_once: list[AtOnce] = field(
        default_factory=lambda: [
            AtOnce(requests=10, mean_s=0.5, p95_s=0.8),
            AtOnce(requests=50, mean_s=0.6, p95_s=1.0),
            AtOnce(requests=100, mean_s=0.7, p95_s=1.5),
        ]
    )
    answer_s: Seconds = 1
    configure_s: Seconds = 5
    configure_p95_s: Seconds = 0.5
    configure_p99_s: Seconds = 1
    metadata_s: Seconds = 1
    channels_s: Seconds = 1
    waterfall_s: Seconds = 2
    job_created_s: Seconds = 2
    task_metadata_s: Seconds = 0.5
    playback_minute_s: Seconds = 30
    playback_s: Seconds = 200
    gateway_s: Seconds = 65
    pod_visible_s: Seconds = 10
    job_running_s: Seconds = 30
    job_removed_s: Seconds = 30
    first_frame_s: Seconds = 30
    alert_visible_s: Seconds = 5
    alert_closed_s: Seconds = 170
    mongodb_ping_ms: Seconds = 100
    query_count_s: Seconds = 2
    query_range_s: Seconds = 3
    query_all_s: Seconds = 5
    clock_difference_s: Seconds = 2
    recording_s: Seconds = 300
    recording_gap_s: Seconds = 1.5
    idle_job_s: Seconds = 50
    finished_job_ttl_s: Seconds = 120
    cleanup_job_ttl_s: Seconds = 10
    idle_stream_s: Seconds = 180
    single_view_s: Seconds = 1
    stability_s: Seconds = 3600
    pod_gone_s: Seconds = 30
    pod_recreated_s: Seconds = 60
    pod_ready_s: Seconds = 120
    scaled_down_s: Seconds = 60
    reconnected_s: Seconds = 30
    time_scale: Annotated[float, Within(gt=0)] = 1.0


class Percentiles(Part):
    """Within how many seconds half of the answers, 95 % and 99 % of them come."""

    p50_s: Seconds
    p95_s: Seconds
    p99_s: Seconds


class JobLoad(Part):
    """What jobs of views may take while many are made: until one is answered, from there until its stream is connected,
    and until its first frame in all; how many percent have to get that far, and how often one is tried on average."""

    configure_p95_s: Seconds
    connect_p95_s: Seconds
    total_p95_s: Seconds
    total_p99_s: Seconds
    success_percent: Percent
    tries: Annotated[float, Within(ge=1)]


class MeanTimes(Part):
    """How many seconds something may take on average, and within how many 95 % of all are over."""

    mean_s: Seconds
    p95_s: Seconds


class AlertLoad(Part):
    """What becomes of alerts that are sent at a rate (site contract 7.4).

    ``answer`` is that of the web app, 99 % of which come within ``answer_p99_s``; ``publish`` is from publishing to the
    consumer, ``end_to_end`` from the request to the consumer. ``success_percent`` of them are accepted, ``per_s`` of
    them each second. A step of a load that grows is healthy with ``healthy_percent`` accepted, which all steps have to
    be up to ``healthy_per_s`` alerts a second and ``healthy_at_once`` at once. Pods may use ``cores`` each and grow by
    ``growth_mb`` MB. A sustained load lasts ``sustained_s``."""

    answer: MeanTimes = MeanTimes(mean_s=0.1, p95_s=0.2)
    answer_p99_s: Seconds = 0.5
    publish: MeanTimes = MeanTimes(mean_s=0.05, p95_s=0.1)
    end_to_end: MeanTimes = MeanTimes(mean_s=0.2, p95_s=0.5)
    success_percent: Percent = 99
    per_s: Annotated[float, Within(gt=0)] = 100
    healthy_percent: Percent = 90
    healthy_per_s: Annotated[int, Within(ge=1)] = 5
    healthy_at_once: Annotated[int, Within(ge=1)] = 10
    cores: Annotated[float, Within(gt=0)] = 0.8
    growth_mb: Annotated[float, Within(gt=0)] = 500
    sustained_s: Seconds = 120


class LoadLimits(Part):
    """What the site has to keep up under load (site contract 8), and how long a load lasts here.

    ``answers`` and ``health`` are for requests at a steady rate, ``latency_p95_s`` for the first byte of a small one.
    Of all answers ``error_percent`` may be errors, and ``throughput_per_s`` requests a second have to be served.
    ``open_views`` views have to be open at the same time, and a load grows up to ``most_views``, in steps that stay for
    ``step_s``. The server may use ``server_cores``. ``duration_scale`` shortens the load profiles, to no less than
    ``shortest_s``; a sustained load lasts ``sustained_s``. ``alerts`` are for alerts."""

    live: JobLoad = JobLoad(
        configure_p95_s=2, connect_p95_s=15, total_p95_s=20, total_p99_s=45, success_percent=95, tries=3
    )
    historic: JobLoad = JobLoad(
        configure_p95_s=3, connect_p95_s=20, total_p95_s=30, total_p99_s=60, success_percent=90, tries=3.5
    )
    answers: Percentiles = Percentiles(p50_s=0.5, p95_s=1, p99_s=1.5)
    health: Percentiles = Percentiles(p50_s=0.2, p95_s=0.5, p99_s=0.8)
    channels_p95_s: Seconds = 1
    response_p95_s: Seconds = 0.5
    latency_p95_s: Seconds = 0.2
    error_percent: Percent = 1
    throughput_per_s: Annotated[float, Within(gt=0)] = 20
    open_views: Annotated[int, Within(ge=1)] = 40
    most_views: Annotated[int, Within(ge=1)] = 100
    server_cores: Annotated[float, Within(gt=0)] = 0.85
    step_s: Seconds = 10
    duration_scale: Annotated[float, Within(gt=0)] = 1
    shortest_s: Seconds = 5
    sustained_s: Seconds = 60
    alerts: AlertLoad = AlertLoad()


class Policy(Part):
    """What tests may do to the site. ``load``: ``full`` is any load, ``light`` none that goes beyond what the site must
    carry (tag ``stress``), ``none`` no test that is tagged ``load``. ``disruption: by_approval`` allows faults while
    an approval counts (``focus_core.disruption.approval``). ``test_data``: recordings, base paths, alerts, users and
    regions may be made there; they are removed again."""

    disruption: bool | Literal["by_approval"] = False
    test_data: bool = False
    load: Literal["none", "light", "full"] = "light"
    max_pods: Annotated[int, Within(ge=0)] = 0
    protected: list[str] = field(default_factory=list)


class LogPattern(Part):
    """What is wrong where one of the ``words`` stands in a line of a log as whole words, in any case of letters."""

    name: Text
    words: Annotated[list[Text], Within(min_length=1)]
    severity: Literal["warning", "error", "critical"] = "error"


class AllowedLogLine(Part):
    """Lines that are no errors, by a regular expression in any case of letters, and why."""

    line: Text
    reason: Text


class Logs(Part):
    """What this site adds to ``variables/log_patterns.yaml``."""

    patterns: list[LogPattern] = field(default_factory=list)
    allow: list[AllowedLogLine] = field(default_factory=list)


# The section that a capability needs.
SECTIONS: dict[Interface, str] = {
    "rest": "focus",
    "webapp": "webapp",
    "mongodb": "mongodb",
    "rabbitmq": "rabbitmq",
    "kubernetes": "kubernetes",
    "grpc": "focus",
    "ssh": "node",
    "ui": "ui",
    "product_sources": "product_sources",
}


class Site(Part):
    """One site, validated. The keys are described in the site files under ``variables/sites``.

    ``capabilities`` are by default those whose section the file has."""

    name: Text
    simulated: bool = False
    description: str = ""
    state_dir: SitePath | None = None
    focus: Focus
    webapp: WebApp = absent("webapp")
    ui: Page = absent("ui")
    mongodb: Mongo = absent("mongodb")
    rabbitmq: Rabbit = absent("rabbitmq")
    kubernetes: Cluster = absent("kubernetes")
    node: Node = absent("node")
    product_sources: ProductSources = absent("product_sources")
    tls: Tls = Tls()
    # The HTTP proxy that leads to the site; MongoDB and AMQP do without. That of the environment is never used.
    proxy: Url | None = None
    users: Annotated[list[User], Within(min_length=1)]
    workloads: Workloads = Workloads()
    job_prefix: Text = "grpc-job-"
    # What the names of the other objects of a view begin with.
    cleanup_prefix: ClassVar[str] = "cleanup-job-"
    service_prefix: ClassVar[str] = "grpc-service-"
    # A job in slot s streams on this port + s; not given where that is not known.
    stream_base_port: Annotated[int, Within(ge=0, le=65535)] | None = None
    settings_file: Path | None = None
    limits: Limits = Limits()
    defaults: Defaults = Defaults()
    timings: Timings = Timings()
    load: LoadLimits = LoadLimits()
    capabilities: list[Interface]
    policy: Policy = Policy()
    logs: Logs = Logs()
    known_bugs: list[str] = field(default_factory=list)
    lock_file: SitePath | None = None
    # How runs on different machines are kept apart: by a Lease in the namespace; not at all when not given.
    reserve: Literal["lease"] | None = None

    @property
    def server_url(self) -> str:
        """Where the product's server is: whose site it is, whatever its file calls it."""
        return self.focus.url


class StartOptions(Part):
    """How the simulated site is started when it is not up."""

    time_scale: Annotated[float, Within(gt=0)] = 1.0
    auto_stop_minutes: Annotated[float, Within(gt=0)] = 15
    state_dir: SitePath | None = None


class SiteToStart(Part):
    """The short form of a site file: the simulated site, which writes its whole site file when it starts."""

    name: Text
    simulated: Literal[True]
    description: str = ""
    start: StartOptions
