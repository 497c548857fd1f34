"""One container of a pod: start, restart, probes, end."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from simulator.cluster import meta, volumes
from simulator.cluster.containers import CannotStartError, environment, program
from simulator.cluster.launcher import RunningProgram, exit_code
from simulator.cluster.logs import ContainerLog
from simulator.cluster.probes import ProbeError, probe_once
from simulator.cluster.resources import POD, Object
from simulator.cluster.sandbox import PodSandbox

FIRST_BACK_OFF = 10.0
LONGEST_BACK_OFF = 300.0
# What a container refers to is looked for so often.
LOOK_AGAIN_S = 1.0
# Seconds after its restart until a program crashes again, where the faults ask for it.
_ONCE_MORE_S = 3.0
# A program that ran this long (scaled, but no shorter than the floor) starts again without a back-off.
HEALTHY_AFTER, HEALTHY_FLOOR = 60.0, 10.0
# Until a container is ready for the first time it is asked this often, so that a site starts fast.
STARTING_PROBE_PERIOD = 0.2
OUT_OF_MEMORY = "OOMKilled"
# What a real node reports of a container whose end it missed.
END_UNSEEN = "ContainerStatusUnknown"
UNSEEN_CODE = 137


class ContainerRunner:
    """Runs one container of a pod as often as its restart policy asks for."""

    def __init__(self, sandbox: PodSandbox, container: Object, *, init: bool) -> None:
        self.sandbox = sandbox
        self.container = container
        self.name = str(container["name"])
        self.policy = sandbox.pod["spec"]["restartPolicy"]
        if init and self.policy == "Always":
            self.policy = "OnFailure"
        self.state: dict[str, Any] = {"waiting": {"reason": "PodInitializing" if init else "ContainerCreating"}}
        self.last_state: dict[str, Any] = {}
        self.restarts = 0
        self.ready = False
        self.program: RunningProgram | None = None
        self.log: ContainerLog | None = None
        self.env: Mapping[str, str] = {}
        self.kill_reason = ""
        self._exit_file = sandbox.directory / f"{self.name}.exit"

    def restore(self, status: Object) -> None:
        """Goes on from the status that an earlier cluster, which was killed, had written."""
        self.state, self.last_state = status["state"], status["lastState"]
        self.restarts, self.ready = status["restartCount"], status["ready"]

    async def run(self) -> None:
        """Until the container ended for good or the pod is stopped."""
        if self._is_over():
            return
        if "running" not in self.state and ("terminated" in self.state or self.last_state):
            # The cluster before was killed between two runs of the program.
            self.restarts += 1
        delay = 0.0
        while not self.sandbox.stopping.is_set():
            began = time.monotonic()
            try:
                code = await self._go_on() if "running" in self.state else await self._run_once()
            except CannotStartError as problem:
                delay = await self._wait_to_try_again(problem, delay)
                continue
            if self.sandbox.stopping.is_set() or self._ends_with(code):
                return
            if time.monotonic() - began > max(HEALTHY_AFTER * self.sandbox.node.time_scale, HEALTHY_FLOOR):
                delay = 0.0
            # The first restart is immediate, as on a real node.
            if delay:
                await self._back_off(delay)
            delay = self._longer(delay)
            self.restarts += 1

    def _ends_with(self, code: int) -> bool:
        return self.policy == "Never" or (self.policy == "OnFailure" and code == 0)

    def _is_over(self) -> bool:
        return "terminated" in self.state and self._ends_with(self.state["terminated"]["exitCode"])

    def _longer(self, delay: float) -> float:
        scale = self.sandbox.node.time_scale
        return min(delay * 2 or FIRST_BACK_OFF * scale, LONGEST_BACK_OFF * scale)

    async def _wait_to_try_again(self, problem: CannotStartError, delay: float) -> float:
        self.event("Warning", problem.event, problem.message)
        self._waits(problem.reason, problem.message)
        pulls = problem.reason == "ErrImagePull"
        delay = self._longer(delay) if pulls else LOOK_AGAIN_S
        await self.sandbox.pause(delay / 2)
        if pulls and not self.sandbox.stopping.is_set():
            text = f'Back-off pulling image "{self.container["image"]}"'
            self.event("Normal", "BackOff", text)
            self._waits("ImagePullBackOff", text)
        await self.sandbox.pause(delay / 2)
        return delay

    async def _back_off(self, delay: float) -> None:
        title = self.sandbox.title
        self.event("Warning", "BackOff", f"Back-off restarting failed container {self.name} in pod {title}")
        self.last_state = self.state
        self._waits("CrashLoopBackOff", f"back-off {delay:g}s restarting failed container={self.name} pod={title}")
        await self.sandbox.pause(delay)

    def _waits(self, reason: str, message: str) -> None:
        self.state = {"waiting": {"reason": reason, "message": message}}
        self.sandbox.report()

    async def _run_once(self) -> int:
        node = self.sandbox.node
        self.env = self._environment()
        what = program(self.container, self.env, node.images)
        image = self.container["image"]
        self.event("Normal", "Pulled", f'Container image "{image}" already present on machine')
        self._exit_file.unlink(missing_ok=True)
        self.log = ContainerLog(self.sandbox.directory, self.name)
        output = await self.log.open_pipe()
        self.event("Normal", "Created", f"Created container: {self.name}")
        try:
            if what.module is not None:
                self.program = await node.launcher.fork(
                    what.module, what.argv, self.env, self.sandbox.directory, output, self._exit_file
                )
            else:
                self.program = await node.launcher.execute(what.argv, self.env, self.sandbox.directory, output)
        except OSError as error:
            os.close(output)
            await self.log.finish()
            message = f"failed to start {what.argv[:1]}: {error}"
            self.event("Warning", "Failed", f"Error: {message}")
            return self._ended(meta.now(), "", 128, "StartError", message)
        os.close(output)
        began = meta.now()
        self._is_running(self.program, began)
        return await self._watch(self.program, began)

    def _environment(self) -> Mapping[str, str]:
        sandbox = self.sandbox
        mounted = volumes.mount(sandbox.pod, self.container, sandbox.node.store, sandbox.directory)
        if sandbox.token:
            mounted |= volumes.mount_account(sandbox.token, meta.namespace_of(sandbox.pod), sandbox.directory)
        base = {**sandbox.base_environment, **mounted}
        return environment(sandbox.pod, self.container, sandbox.node.store, base)

    async def _go_on(self) -> int:
        """Takes over the program that an earlier cluster started, or reports how it ended meanwhile."""
        began = str(self.state["running"]["startedAt"])
        pid = self.sandbox.node.living.get((meta.uid_of(self.sandbox.pod), self.name))
        if pid is None:
            return self._has_ended(began, "", exit_code(self._exit_file))
        with contextlib.suppress(CannotStartError):  # what it refers to may be gone; the program has it already
            self.env = self._environment()
        self.log = ContainerLog(self.sandbox.directory, self.name, goes_on=True)
        await self.log.reopen_pipe()
        self.program = self.sandbox.node.launcher.adopt(pid, self._exit_file)
        self.sandbox.report()
        return await self._watch(self.program, began)

    def _is_running(self, running: RunningProgram, began: str) -> None:
        if "terminated" in self.state:
            self.last_state = self.state
        self.state = {"running": {"startedAt": began}}
        self.kill_reason = ""
        self.ready = "readinessProbe" not in self.container
        self.event("Normal", "Started", f"Started container {self.name}")
        self.sandbox.report()
        if self.sandbox.stopping.is_set():
            # Its end was asked for while it was being started: it has done nothing yet that it could finish.
            running.signal_group(signal.SIGKILL)

    async def _watch(self, running: RunningProgram, began: str) -> int:
        probes = asyncio.create_task(self._probe())
        if self.restarts == 1 and self.sandbox.node.faults.crashes_after_restart():
            asyncio.get_running_loop().call_later(_ONCE_MORE_S, running.signal_group, signal.SIGKILL)
        code = await asyncio.shield(running.ended)
        # What the program left behind in its group must not hold its ports.
        running.signal_group(signal.SIGKILL)
        probes.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await probes
        self.program = None
        assert self.log is not None  # noqa: S101 - set before the program was started
        await self.log.finish()
        return self._has_ended(began, f"process://{running.pid}", code)

    def _has_ended(self, began: str, identifier: str, code: int | None) -> int:
        if code is None:
            text = "The end of the container was not seen"
            return self._ended(began, identifier, UNSEEN_CODE, self.kill_reason or END_UNSEEN, text)
        return self._ended(began, identifier, code, self.kill_reason or ("Error" if code else "Completed"), "")

    def _ended(self, began: str, identifier: str, code: int, reason: str, message: str) -> int:
        self.ready = False
        terminated = {
            "exitCode": code,
            "reason": reason,
            "startedAt": began,
            "finishedAt": meta.now(),
            **({"containerID": identifier} if identifier else {}),
            **({"message": message} if message else {}),
            **({"signal": code - 128} if code > 128 else {}),
        }
        if "terminated" in self.state:
            self.last_state = self.state
        self.state = {"terminated": terminated}
        self.sandbox.report()
        return code

    async def _probe(self) -> None:
        probes: list[Awaitable[None]] = []
        if "readinessProbe" in self.container:
            probes.append(self._ask(self.container["readinessProbe"], "Readiness", self._set_ready, kills=False))
        if "livenessProbe" in self.container:
            probes.append(self._ask(self.container["livenessProbe"], "Liveness", lambda _: None, kills=True))
        await asyncio.gather(*probes)

    async def _ask(self, probe: Object, title: str, report: Callable[[bool], None], *, kills: bool) -> None:
        """Asks until cancelled; `kills`: too many failures end the program, which its restart policy repairs."""
        period = float(probe.get("periodSeconds", 10))
        await asyncio.sleep(float(probe.get("initialDelaySeconds", 0)))
        good = bad = 0
        ever_good = False
        while True:
            try:
                if title == "Readiness" and self.sandbox.node.faults.is_kept_unready(self.name):
                    raise ProbeError("HTTP probe failed with statuscode: 404")
                await probe_once(probe, self.container, self.sandbox.node.http, self.env, self.sandbox.directory)
                good, bad = good + 1, 0
            except ProbeError as problem:
                good, bad = 0, bad + 1
                if ever_good or kills:
                    self.event("Warning", "Unhealthy", f"{title} probe failed: {problem}")
            if good >= probe.get("successThreshold", 1):
                ever_good = True
                report(True)
            elif bad >= probe.get("failureThreshold", 3):
                report(False)
                if kills:
                    self.event("Normal", "Killing", f"Container {self.name} failed {title.lower()} probe")
                    await self._kill()
                    return
            await asyncio.sleep(period if ever_good or kills else min(period, STARTING_PROBE_PERIOD))

    async def _kill(self) -> None:
        if self.program is not None:
            running = self.program
            running.terminate()
            await asyncio.sleep(self.sandbox.grace)
            running.signal_group(signal.SIGKILL)

    def kill_for_memory(self) -> None:
        """The program used more than its limit."""
        if self.program is not None:
            self.kill_reason = OUT_OF_MEMORY
            self.program.signal_group(signal.SIGKILL)

    def _set_ready(self, good: bool) -> None:
        if self.ready != good:
            self.ready = good
            self.sandbox.report()

    def event(self, type_: str, reason: str, message: str) -> None:
        """Writes an event about this container."""
        record = self.sandbox.node.events.normal if type_ == "Normal" else self.sandbox.node.events.warning
        record(POD, self.sandbox.pod, reason, message, f"spec.containers{{{self.name}}}")

    def status(self) -> Object:
        """The container's status as the API shows it."""
        return {
            "name": self.name,
            "image": self.container["image"],
            "imageID": self.container["image"],
            "ready": self.ready,
            "started": self.program is not None,
            "restartCount": self.restarts,
            "state": self.state,
            "lastState": self.last_state,
            **({"containerID": f"process://{self.program.pid}"} if self.program is not None else {}),
        }
