"""Plain requests to the Focus Server, and what it says about itself and its fibre."""

from typing import Any

from focus_core import site_data
from focus_core.focus_client import Exchange
from focus_core.session import OK, client, get_object
from focus_core.verdicts import check_status, fail_with
from focus_core.waiting import NotYet, wait_until
from robot.api.deco import keyword, library
from robot.libraries.BuiltIn import BuiltIn

SERVICE_UNAVAILABLE = 503
_HEALTH_SETTLES_S = 5.0
# The alias of the session for raw requests.
_RAW_SESSION = "focus"


@library(scope="GLOBAL", version="0.1.0", auto_keywords=False)
class ServerLibrary:
    """The Focus Server as it describes itself: health, channels, sensors, fibre."""

    @keyword(tags=("Server",))
    def ask_focus_server(
        self, method: str, path: str, body: Any = None, *, headers: dict[str, str] | None = None
    ) -> Exchange:
        """Sends one request and returns the exchange: ``status``, ``headers``, ``body``, ``seconds``, ``content_type``.

        ``path`` follows the Focus Server's prefix; ``body`` is sent as JSON, a text as it is.

        | ${answer} =    Ask Focus Server    GET    /channels
        """
        if isinstance(body, str):
            return client().send(method, path, text=body, headers=headers)
        return client().send(method, path, body, headers=headers)

    @keyword(tags=("Server", "Assertion"))
    def answer_should_be(self, answer: Exchange, status: int, content_type: str = "application/json") -> None:
        """Checks status and content type of an answer."""
        check_status(answer, status, "It")
        if answer.content_type != content_type:
            raise AssertionError(f"{answer} has content type '{answer.content_type}' instead of '{content_type}'.")

    @keyword(tags=("Server", "Assertion"))
    def answer_should_have_taken_at_most(self, answer: Exchange, seconds: float) -> None:
        """Checks how long an answer took; only for exclusive suites, where no other lane loads the site."""
        if answer.seconds > seconds:
            raise AssertionError(f"{answer} took {answer.seconds:.3f} s; this site allows {seconds:g} s.")

    @keyword(tags=("Server", "Assertion"))
    def channels_should_be_those_of_the_site(self) -> None:
        """Checks GET /channels against the site's limits: lowest, highest, and each channel between them."""
        content = get_object("/channels")
        lowest, highest = site_data.site().limits.lowest_channel, site_data.site().limits.highest_channel
        problems = [
            f"{name} is {content.get(name)!r}, the site has {limit}"
            for name, limit in (("lowest_channel", lowest), ("highest_channel", highest))
            if content.get(name) != limit
        ]
        if content.get("channels") != list(range(lowest, highest + 1)):
            amount = len(content.get("channels") or [])
            problems.append(f"channels lists {amount} channels, not each of {lowest}-{highest}")
        fail_with("GET /channels is wrong", problems)

    @keyword(tags=("Server", "Assertion"))
    def sensors_should_count_up_from_zero(self) -> None:
        """Checks GET /sensors: as many sensors as the site has channels, numbered from 0 without a gap."""
        sensors = get_object("/sensors").get("sensors")
        amount = site_data.site().limits.highest_channel
        if sensors != list(range(amount)):
            raise AssertionError(f"GET /sensors lists {len(sensors or [])} sensors, not each of 0-{amount - 1}.")

    @keyword(tags=("Server", "Assertion"))
    def live_metadata_should_be_complete(self) -> None:
        """Checks GET /live_metadata: every field that a client needs, with a meaningful value."""
        content = get_object("/live_metadata")
        problems = [
            f"{name} is missing" if name not in content else f"{name} is {content[name]!r}, expected {wanted}"
            for name, good, wanted in _LIVE_METADATA
            if name not in content or not good(content[name])
        ]
        start, length = content.get("fiber_start_meters"), content.get("fiber_length_meters")
        if isinstance(start, int) and isinstance(length, int) and start >= length:
            problems.append(f"the fibre starts at {start} m, behind its length of {length} m")
        fail_with("GET /live_metadata is wrong", problems)

    @keyword(tags=("Server", "Assertion"))
    def health_should_be_good(self) -> None:
        """Checks GET /health: status ok, a version, an uptime, and every dependency in order.

        Asks again for five seconds: a probe of a dependency may miss once on a busy site; what stays ill is ill.
        """

        def good() -> bool:
            answer = client().send("GET", "/health")
            problems = _health_problems(answer)
            if problems:
                raise NotYet(f"{answer.status}, {'; '.join(problems)}")
            return True

        wait_until("GET /health is good", good, timeout=_HEALTH_SETTLES_S, interval=1.0)

    @keyword(tags=("Server",))
    def open_raw_session(self) -> str:
        """Opens a session of RequestsLibrary as this lane's user and returns its alias, for raw requests.

        The token is handed over here, so that it never becomes a variable of a test.
        """
        site = site_data.site()
        requests_library: Any = BuiltIn().get_library_instance("RequestsLibrary")
        session = requests_library.create_session(
            _RAW_SESSION,
            site.focus.url,
            headers=client().authorization(),
            timeout=site.focus.timeout,
            verify=site.tls.verify,
        )
        # A CA bundle named by the machine's environment would take the place of the site's.
        session.trust_env = False
        return _RAW_SESSION

    @keyword(tags=("Server",))
    def remove_job_of_answer_at_end(self, body: str) -> None:
        """Registers the job that a raw answer to POST /configure names, if any, for removal at the end of the test."""
        client().adopt_job(body)

    @keyword(tags=("Server",))
    def count_jobs_of_the_site(self) -> int:
        """How many jobs of views the cluster has; only for exclusive suites."""
        from focus_core.cluster_client import ClusterClient

        site = site_data.site()
        return sum(job.name.startswith(site.job_prefix) for job in ClusterClient.of_site(site).jobs())

    @keyword(tags=("Server", "Assertion"))
    def no_job_should_have_been_started_since(self, jobs: int) -> None:
        """Fails when the cluster has more jobs of views than ``jobs``, from `Count Jobs Of The Site`."""
        now = self.count_jobs_of_the_site()
        if now > jobs:
            raise AssertionError(f"{now - jobs} jobs were started although the request was refused.")


_LIVE_METADATA = (
    ("dx", lambda value: _is_number(value) and value > 0, "metres above 0"),
    ("prr", lambda value: _is_number(value) and value > 0, "Hz above 0"),
    ("fiber_start_meters", lambda value: isinstance(value, int), "metres"),
    ("fiber_length_meters", lambda value: isinstance(value, int) and value > 0, "metres above 0"),
    ("sw_version", lambda value: isinstance(value, str) and value != "", "a version"),
    ("number_of_channels", lambda value: isinstance(value, int) and value > 0, "a whole number above 0"),
    ("fiber_description", lambda value: isinstance(value, str), "a text"),
    ("num_samples_per_trace", lambda value: isinstance(value, int) and value > 0, "a whole number above 0"),
    ("dtype", lambda value: isinstance(value, str) and value != "", "the name of a number format"),
)


def _health_problems(answer: Exchange) -> list[str]:
    if answer.status not in (OK, SERVICE_UNAVAILABLE):
        return [answer.body[:200]]
    content = answer.json()
    problems = [f"{name} is missing" for name in ("version", "uptime") if name not in content]
    if content.get("status") != "ok":
        problems.append(f"status is {content.get('status')!r}, expected 'ok'")
    dependencies = content.get("dependencies") or {}
    return problems + [
        f"dependency {name} is {dependencies.get(name)!r}, expected 'ok'"
        for name in ("mongodb", "rabbitmq", "kubernetes")
        if dependencies.get(name) != "ok"
    ]


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
