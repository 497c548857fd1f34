"""The fibre as the live metadata describe it, and live views while the site waits for it."""

from http import HTTPStatus
from typing import Any

from focus_core.base.failures import fail_with
from focus_core.run import clients
from focus_core.run.session import client, live_metadata
from focus_core.server.status_checks import check_answer
from focus_core.site import data as site_data
from focus_core.views import refusals
from focus_core.views.refused import small_view
from robot.api.deco import keyword

_WAITING = "waiting for fiber"
_SOURCE = "live source"
# What a refusal says of a fibre that the site waits for.
_TOLD = ("prr", "sw_version", "fiber_description")
# What the live source and a recording of it say of the same fibre.
_OF_THE_FIBRE = (
    *("dx", "prr", "dtype", "num_samples_per_trace", "number_of_channels"),
    *("fiber_start_meters", "fiber_length_meters", "sw_version"),
)


class LiveSource:
    """The fibre of the site: its live metadata, and what a site does that waits for its fibre."""

    @keyword(tags=("Fibre", "Assertion"))
    def live_metadata_should_be_complete(self) -> None:
        """Checks GET /live_metadata: every field that a client needs, with a meaningful value, and a pulse rate that
        allows the site's highest frequency (PRR / 2).

        | Live Metadata Should Be Complete
        """
        content = live_metadata(check_answer)
        problems = [
            f"{name} is {content[name]!r}, expected more than 0"
            for name in ("dx", "prr", "number_of_channels", "fiber_length_meters", "num_samples_per_trace")
            if not content[name]
        ]
        problems += [f"{name} is missing a value" for name in ("fiber_start_meters", "dtype") if content[name] is None]
        waiting = [name for name in ("sw_version", "fiber_description") if "waiting" in content[name].casefold()]
        problems += [f"{name} is {content[name]!r}" for name in waiting]
        start, length = content["fiber_start_meters"], content["fiber_length_meters"]
        if start is not None and length and not 0 <= start < length:
            problems.append(f"the fibre starts at {start} m, expected 0 up to its length of {length} m")
        highest = site_data.site().limits.frequency_max_hz
        if content["prr"] / 2 < highest:
            problems.append(f"prr is {content['prr']} Hz, which is too low for the site's {highest:g} Hz")
        fail_with("GET /live_metadata is wrong", problems)

    @keyword(tags=("Fibre", "Assertion"))
    def live_metadata_should_be_those_of_the_running_recording(self) -> None:
        """Compares GET /live_metadata with what the recorder wrote about the fibre into the recording that goes on in
        MongoDB: channel spacing, pulse rate, samples, extent, version; whatever both name.

        | Live Metadata Should Be Those Of The Running Recording
        """
        running = clients.mongodb().recordings({"end_time": None, "deleted": False}, limit=1)
        if not running:
            raise AssertionError("MongoDB holds no recording that goes on, so nothing is known of the fibre.")
        recorded: dict[str, Any] = running[0].get("fiber_metadata", {}).get("parent", {})
        content = live_metadata(check_answer)
        common = [name for name in _OF_THE_FIBRE if recorded.get(name) is not None]
        if not {"dx", "prr"} <= set(common):
            raise AssertionError("The running recording in MongoDB names neither dx nor prr.")
        fail_with(
            "GET /live_metadata is not what the recorder wrote",
            [
                f"{name} is {content.get(name)!r}, the running recording has {recorded[name]!r}"
                for name in common
                if content.get(name) != recorded[name]
            ],
        )

    @keyword(tags=("Fibre",))
    def site_waits_for_its_fibre(self) -> bool:
        """Whether the live metadata say that the site waits for its fibre: no pulse rate, or the words for it.

        | ${waiting} =    Site Waits For Its Fibre
        """
        content = live_metadata(check_answer)
        return content["prr"] <= 0 or _WAITING in (content["sw_version"], content["fiber_description"])

    @keyword(tags=("Fibre", "Assertion"))
    def live_view_should_have_to_wait_for_the_fibre(self) -> None:
        """Asks for a live view while the site waits for its fibre: 503, when to come back, the state
        ``waiting_for_fiber``, a reason and a message, and details equal to the live metadata (PZ-14713).

        | Live View Should Have To Wait For The Fibre
        """
        fibre = live_metadata(check_answer)
        what = "A live view while the site waits for its fibre"
        answer = client().configure(small_view().body())
        check_answer(answer, HTTPStatus.SERVICE_UNAVAILABLE, what)
        content = answer.json()
        problems = [] if content.get("status") == "waiting_for_fiber" else ["it does not say what the site waits for"]
        details = content.get("details", {})
        problems += [
            f"details.{name} is {details.get(name)!r}, the live metadata say {fibre[name]!r}"
            for name in _TOLD
            if details.get(name) != fibre[name]
        ]
        fail_with(f"{what} was not refused as it should", problems)

    @keyword(tags=("Fibre", "Assertion"))
    def there_should_be_no_live_source(self) -> None:
        """Checks that GET /live_metadata says that there is no live source: 404 with a reason that speaks of it.

        | There Should Be No Live Source
        """
        answer = client().send("GET", "/live_metadata")
        what = "GET /live_metadata without a live source"
        check_answer(answer, HTTPStatus.NOT_FOUND, what)
        fail_with(f"{what} was not refused as it should", refusals.problems(answer, HTTPStatus.NOT_FOUND, _SOURCE))

    @keyword(tags=("Fibre", "Assertion"))
    def live_view_should_have_no_live_source(self) -> None:
        """Asks for a live view while there is no live source: 503, when to come back, a reason that speaks of it.

        | Live View Should Have No Live Source
        """
        what = "A live view without a live source"
        answer = client().configure(small_view().body())
        check_answer(answer, HTTPStatus.SERVICE_UNAVAILABLE, what)
        fail_with(
            f"{what} was not refused as it should", refusals.problems(answer, HTTPStatus.SERVICE_UNAVAILABLE, _SOURCE)
        )
