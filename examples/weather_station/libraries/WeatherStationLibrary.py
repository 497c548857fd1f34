"""The words of Weather Station that need a protocol."""

from typing import Any

from focus_core.base.run_identity import unique
from robot.api.deco import keyword, library
from weather_station import load, messages
from weather_station.client import Client
from weather_station.settings import opened


@library(scope="GLOBAL", version="0.1.0", auto_keywords=False)
class WeatherStationLibrary:
    """Readings: sent, listed, published, and many of them."""

    @keyword
    def get_health(self) -> str:
        """The ``status`` that GET /health names. Fails for any other answer than 200."""
        return str(Client(opened()).get("/health")["status"])

    @keyword
    def new_station(self) -> str:
        """A name that no other test uses."""
        return unique("station").replace(".", "-").replace("_", "-")

    @keyword
    def send_reading(self, station: str, celsius: float) -> str:
        """Sends a reading and returns its id."""
        return str(Client(opened()).send("POST", "/readings", {"station": station, "celsius": celsius}, 201)["id"])

    @keyword
    def reading_should_be_refused(self, body: Any, message: str) -> None:
        """POST /readings answers 422, with the message in its ``error``."""
        error = Client(opened()).send("POST", "/readings", body, 422)["error"]
        if message not in error:
            raise AssertionError(f"The refusal of {body} is '{error}', which does not say '{message}'.")

    @keyword
    def get_readings(self, station: str) -> list[float]:
        """The temperatures that the service lists of a station, the newest first."""
        return [one["celsius"] for one in Client(opened()).get(f"/readings?station={station}")["readings"]]

    @keyword
    def published_reading(self, station: str, celsius: float) -> float:
        """Sends a reading and returns the temperature of the message that was published with its id."""
        with messages.listening(opened(), station) as next_message:
            number = self.send_reading(station, celsius)
            message = next_message()
        if message["id"] != number:
            raise AssertionError(f"The message is about reading {message['id']}, not about {number}.")
        return float(message["celsius"])

    @keyword
    def load_of_readings(self, per_s: float, seconds: float) -> load.Figures:
        """Sends readings at a steady rate, in a process of its own. Returns ``asked``, ``failed`` and ``p95_s``."""
        return load.of_readings(opened(), self.new_station(), per_s, seconds)
