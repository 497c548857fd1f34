"""Many readings: the load driver of the shared parts, with the address of the service."""

import json
from dataclasses import dataclass

from focus_core.load import process
from focus_core.load.plan import Phase, Plan, request
from robot.api import logger

from weather_station.settings import Site


@dataclass(frozen=True)
class Figures:
    """How many readings were sent and failed, and within how many seconds 95 % of them were taken."""

    asked: int
    failed: int
    p95_s: float


def of_readings(site: Site, station: str, per_s: float, seconds: float) -> Figures:
    """Sends readings of a station. Raises ``BenchError`` when the load could not be carried out."""
    body = json.dumps({"station": station, "celsius": 21})
    sent = request("POST /readings", body, server="weather", status=201)
    plan = Plan((Phase(seconds, per_s),), (sent,), urls={"weather": site.service.url}, timeout_s=site.service.timeout)
    result = process.carry_out(plan)
    outcome = result.actions[0]
    logger.info(str(outcome))
    return Figures(outcome.asked, outcome.failed, outcome.total.percentile(95))
