"""The site's capacity: 200 live jobs in 4 GB, and the next one refused cleanly and at once."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest
from support.focus_views import Views
from support.site_commands import Site, eventually, processes_of, running_site

CLIENTS = 7
MEMORY_BYTES = 4 << 30


@pytest.fixture(scope="module")
def own_site(tmp_path_factory: pytest.TempPathFactory):
    """A site of its own: jobs that nobody looks at stay for the whole 50 s of a real site, and longer."""
    with running_site(tmp_path_factory.mktemp("capacity"), "--time-scale", "10") as site:
        yield site


def pss(process: psutil.Process) -> int:
    try:
        return int(process.memory_full_info().pss)
    except psutil.Error:
        return 0


@pytest.mark.nightly
def test_two_hundred_jobs_fit_and_the_next_is_refused(own_site: Site) -> None:
    capacity = own_site["limits"]["capacity"]
    clients = [Views(own_site, user=number) for number in range(CLIENTS)]

    def open_some(client: Views, amount: int) -> list[dict]:
        return [client.open(channels={"min": 1, "max": 3}) for _ in range(amount)]

    shares = [capacity // CLIENTS + (number < capacity % CLIENTS) for number in range(CLIENTS)]
    with ThreadPoolExecutor(CLIENTS) as pool:
        views = [view for some in pool.map(open_some, clients, shares) for view in some]
    assert len({view["stream_port"] for view in views}) == capacity
    probe = clients[0]
    eventually(lambda: all(probe.state(view["job_id"]) == "running" for view in views), timeout=180)
    used = sum(pss(process) for process in processes_of(own_site["state_dir"]))
    assert used < MEMORY_BYTES, f"{used / 2**20:.0f} MiB"
    newcomer = Views(own_site, user=CLIENTS)
    for _ in range(5):
        begun = time.monotonic()
        answer = newcomer.configure()
        assert time.monotonic() - begun < 1
        assert answer.status_code == 503
        assert int(answer.headers["Retry-After"]) > 0
        assert str(capacity) in answer.json()["error"]
