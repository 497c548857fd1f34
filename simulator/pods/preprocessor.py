"""Program of the preprocessor's pod: the machine that recordings name as theirs.

It has no traces to work on, because the rows of a simulated site are computed where they are shown; it logs every ten
seconds (times the site's time scale) how many traces the fibre gave meanwhile, as its log is what operators look at.

Environment of the pod: POD_NAME, PRR (pulses per second), TIME_SCALE.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
import time

from simulator.pods.log import start_log

REPORT_SECONDS = 10.0
SHORTEST_REPORT_SECONDS = 1.0

log = logging.getLogger("preprocessor")


def main() -> int:
    """Report until SIGTERM."""
    start_log()
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda _number, _frame: ended.set())
    prr = float(os.environ["PRR"])
    pause = max(SHORTEST_REPORT_SECONDS, REPORT_SECONDS * float(os.environ.get("TIME_SCALE", "1")))
    log.info("%s takes traces at %g Hz", os.environ["POD_NAME"], prr)
    began, reported = time.monotonic(), 0
    while not ended.wait(pause):
        traces = int((time.monotonic() - began) * prr)
        log.info("%d traces since the last report, %d since the start", traces - reported, traces)
        reported = traces
    log.info("ends")
    return 0


if __name__ == "__main__":
    sys.exit(main())
