"""The known bugs of the deployed site, as switches of the simulated one.

One registry names every switch; the part of the site that a switch changes asks ``active(name)`` at the place of
the change. The names that are on stand in ``defects.json`` in the state directory, so a living site can be switched.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from simulator.errors import SimulatorError


@dataclass(frozen=True)
class Defect:
    """One switch: its name, the key of the bug it imitates, the area, and what it changes.

    bug_key: as in ``variables/known_bugs.yaml``, ``PZ-Bnnn`` for a bug without a Jira issue; empty: the deployed server
    is not known to do it. takes_effect: when a switch on a living site is felt.
    """

    name: str
    bug_key: str
    area: str
    sentence: str
    changes: str
    takes_effect: str = "at once"

    @property
    def in_content(self) -> bool:
        """Whether it lies in what MongoDB, RabbitMQ or the cluster hold, which nobody reads the switches for."""
        return self.changes in ("MongoDB", "RabbitMQ", "Kubernetes objects", "Secret mongodb")

    @property
    def restarts(self) -> str:
        """The pod that has to start anew, because only its start reads the switch: mongodb, rabbitmq-panda or none."""
        return {"MongoDB pod": "mongodb", "RabbitMQ pod": "rabbitmq-panda"}.get(self.changes, "")


_NEW_JOBS = "for jobs made afterwards"
_ROWS: tuple[tuple[str, ...], ...] = (
    # name, bug key, area, what a tester sees, where the site changes, when a switch is felt (default: at once)
    ("wrong-channel-amount", "PZ-13272", "api", "channel_amount is one more than the channels of the view.",
     "POST /configure"),
    ("empty-status", "PZ-13667", "api", "The answer of configure has an empty status instead of success.",
     "POST /configure"),
    ("string-port", "PZ-13271", "api", "stream_port is a string instead of a number.", "POST /configure"),
    ("metadata-race", "PZ-13269", "api", "The metadata of a new job are not found during its first three seconds.",
     "GET /metadata/{id}"),
    ("delete-job-404", "PZ-13670", "api", "Deleting a living job answers 404.", "DELETE /job/{id}"),
    ("future-time-accepted", "PZ-13984", "api", "A historic view of the future is accepted.", "POST /configure"),
    ("nfft-unchecked", "PZ-B001", "api", "An NFFT that the view does not allow is accepted.", "POST /configure"),
    ("single-min-ne-max-accepted", "PZ-13669", "api",
     "A single channel view of more than one channel is accepted.", "POST /configure"),
    ("live-metadata-missing-fields", "PZ-13985", "api", "num_samples_per_trace and dtype are missing.",
     "GET /live_metadata"),
    ("job-never-starts", "", "resilience", "The pod of a new job stays Pending.", "Job of a view", _NEW_JOBS),
    ("stream-silent", "", "stream", "An open stream never sends a frame.", "grpc-job"),
    ("foreign-stream-served", "", "stream", "A stream that the view does not have is not refused.", "grpc-job"),
    ("negative-amplitudes", "PZ-B013", "stream", "Spectrogram rows hold negative amplitudes.",
     "grpc-job, GET /waterfall"),
    ("negative-channel-accepted", "PZ-13760", "api", "A negative channel is accepted.", "POST /configure"),
    ("nyquist-unchecked", "PZ-B002", "api", "A frequency above half of the pulse rate is accepted.", "POST /configure"),
    ("spec-formulas", "", "api", "Calculated fields follow the formulas of the specification, not those at run time.",
     "POST /configure"),
    ("no-job-id-label", "PZ-14925", "cluster", "Pods of a job carry no job_id label.", "Job of a view",
     _NEW_JOBS),
    ("history-404", "PZ-B005", "api", "A historic window without recordings answers 404 instead of 400.",
     "POST /configure"),
    ("mongo-outage-slow", "PZ-13640", "resilience",
     "With MongoDB down a historic request answers after 15 s instead of at most 5 s.", "POST /configure"),
    ("frequency-null-500", "PZ-13267", "api", "A frequency range of null answers 500.", "POST /configure"),
    ("missing-field-500", "PZ-13266", "api", "A missing required field answers 500.", "POST /configure"),
    ("view-type-unchecked", "PZ-14093", "api", "An unknown view type is accepted.", "POST /configure"),
    ("height-unchecked", "PZ-B003", "api", "A display height that is not positive is accepted.", "POST /configure"),
    ("half-range-accepted", "PZ-B004", "api", "A view with only one of the two times is accepted.", "POST /configure"),
    ("negative-time-accepted", "PZ-13759", "api", "A negative time is accepted.", "POST /configure"),
    ("negative-frequency-accepted", "PZ-13761", "api", "A negative frequency is accepted.", "POST /configure"),
    ("counts-mismatch", "PZ-13272", "api", "frequencies_amount is not the length of frequencies_list.",
     "POST /configure"),
    ("frequencies-object", "PZ-13271", "api", "frequencies_list is an empty object instead of a list.",
     "POST /configure"),
    ("view-type-string", "PZ-13271", "api", "view_type is answered as a string.", "POST /configure"),
    ("waterfall-500", "PZ-13238", "api", "A waterfall view whose optional fields are left out answers 500.",
     "POST /configure"),
    ("mapper-base-path-404", "", "api", "No recording is ever found: history answers 404, lists of recordings are "
     "empty.", "recordings"),
    ("capacity-collapse", "PZ-13986", "load", "With 40 live jobs, of several clients, the next views answer 500, 502 "
     "or 504, late.", "POST /configure"),
    ("cni-pending", "PZ-13268", "resilience", "The pod of every fourth new job gets no address and stays Pending.",
     "Job of a view", _NEW_JOBS),
    ("crash-without-mongodb", "PZ-14712", "resilience", "Focus Server breaks off when it starts without MongoDB.",
     "Focus Server", "when its pod starts"),
    ("pod-not-replaced", "", "resilience", "A pod that was deleted is not replaced.", "controllers of the cluster"),
    ("crashes-once-more", "", "resilience", "A program that was killed breaks off once more after its restart.",
     "node", "for programs started afterwards"),
    ("mongo-forgets-writes", "", "resilience", "A MongoDB that starts again has lost what was written last.",
     "MongoDB pod", "when its pod starts"),
    ("broker-forgets-queues", "", "resilience",
     "A RabbitMQ that starts again has lost its queues, and the messages in them.", "RabbitMQ",
     "when its pod starts; off: at once"),
    ("mongo-never-again", "", "resilience",
     "A Focus Server that has once lost MongoDB stays without it until it starts anew.", "recordings"),
    ("live-needs-mongodb", "", "resilience", "With MongoDB down live views are refused too.", "POST /configure"),
    ("history-without-mongodb", "", "resilience", "With MongoDB down every historic view is accepted.",
     "POST /configure"),
    ("outage-leaves-job", "", "resilience", "A historic view that is refused with MongoDB down leaves its job behind.",
     "POST /configure"),
    ("outage-not-logged", "", "resilience", "With MongoDB down a refused view is no error in the pod's log.",
     "Focus Server"),
    ("broker-outage-500", "", "resilience", "With RabbitMQ down a live view is answered with a bare 500.",
     "POST /configure"),
    ("cold-start-500", "", "resilience", "In its first seconds a Focus Server answers every view with 500.",
     "POST /configure", "when its pod starts"),
    ("streams-end-with-server", "", "resilience", "A Focus Server that is told to end takes the open views with it.",
     "Focus Server"),
    ("outage-told-late", "", "resilience",
     "While a service is down the ingress tries for 10 s before it says so.", "ingress"),
    ("recorder-not-resuming", "", "resilience", "A recorder that was interrupted records no more.", "recorder"),
    ("recorder-drops-outage", "", "resilience", "What was recorded while MongoDB was down is lost.", "recorder"),
    ("waiting-fiber-unclear", "PZ-14713", "api", "While the site waits for its fibre the refusal is one bare text.",
     "POST /configure"),
    ("no-metadata-prevalidation", "PZ-14714", "api",
     "While the site waits for its fibre a refused live view leaves its job behind.", "POST /configure"),
    ("port-bookkeeping", "PZ-13503", "cluster", "A closed view leaves its service, and with it its port, in the "
     "cluster.", "Service of a job, cleanup-job", _NEW_JOBS),
    ("stream-rate-wrong", "PZ-15003", "stream", "A live stream delivers half as many rows a second as lines_dt says.",
     "grpc-job", "for streams opened afterwards"),
    ("stale-metadata", "", "api", "The metadata of a view do not follow a change of it.", "POST /config/{id}"),
    ("channel-count-2337", "PZ-B012", "api", "The site tells 2337 as its highest channel, but accepts 2222 at most.",
     "GET /channels"),
    ("live-metadata-float-channels", "PZ-B006", "api", "number_of_channels is a fraction.", "GET /live_metadata"),
    ("ack-status-stuck", "", "api", "The state of a job stays waiting.", "GET /ack/{id}"),
    ("config-ignored", "", "stream", "A change of a view changes its metadata but not its stream.",
     "POST /config/{id}"),
    ("roi-changes-frequencies", "", "api", "A change of the channels changes the frequencies too.",
     "POST /config/{id}"),
    ("recordings-include-deleted", "", "api", "Deleted recordings are listed and played.", "recordings"),
    ("timeline-404", "PZ-B011", "api", "The timeline of the recordings answers 404.", "GET /get_recordings_timeline"),
    ("health-always-ok", "", "resilience", "The health is ok whatever is down.", "GET /health"),
    ("shared-port", "", "api", "Every view is told the port of slot 1.", "POST /configure"),
    ("stale-recording", "", "data_quality", "One recording has been live for more than 24 hours.", "MongoDB"),
    ("unrecognized-many", "", "data_quality", "More than a fifth of the recordings are not recognized.", "MongoDB"),
    ("waterfall-unordered", "", "data_quality", "The rows of a waterfall answer are not in order of time.",
     "GET /waterfall"),
    ("error-with-traceback", "", "api", "The text of a refusal holds a stack trace.", "errors of Focus Server"),
    ("job-outlives-delete", "", "api", "Deleting a job answers success, but the job goes on.", "DELETE /job/{id}"),
    ("sensors-missing", "", "api", "There is no route /sensors.", "GET /sensors"),
    ("health-missing", "PZ-B007", "health", "There is no route /health.", "GET /health"),
    ("job-state-missing", "PZ-B008", "api", "There is no state of a single job.", "GET /ack/{id}"),
    ("waterfall-missing", "PZ-B009", "api", "There are no waterfall rows over REST.", "GET /waterfall/{id}"),
    ("config-task-missing", "PZ-B010", "api", "An open view cannot be changed: 404.",
     "POST /config/{id}, /config_task"),
    ("waiting-for-fiber", "", "state", "The site waits for its fibre: no live views, empty live metadata.",
     "POST /configure, GET /live_metadata"),
    ("no-live-source", "", "state", "The site has no live source: no live views, no live metadata.",
     "POST /configure, GET /live_metadata"),
    ("live-metadata-outlive-source", "", "resilience",
     "Without a live source the last live metadata are still answered.", "GET /live_metadata"),
    ("answers-late", "", "api", "Each answer of Focus Server comes two seconds late.", "Focus Server"),
    ("info-undescribed", "", "api", "There is a route /info that the description does not know, with the settings.",
     "GET /info"),
    ("first-recording-only", "", "api", "Of a window over several recordings only the first one is played.",
     "POST /configure"),
    ("playback-slow", "", "stream", "A recording is played no faster than life.", "grpc-job, GET /waterfall"),
    ("recordings-list-stale", "", "api", "Recordings that were begun after Focus Server are not known to it.",
     "recordings"),
    ("orphan-queue", "PZ-B014", "messaging", "The queue of a job outlives the job.", "cleanup-job"),
    ("deleted-index-missing", "PZ-13983", "data_quality", "The recordings have no index on deleted.", "MongoDB"),
    ("uuid-index-missing", "", "data_quality", "The recordings have no unique index on uuid.", "MongoDB"),
    ("recording-without-start", "", "data_quality", "One recording has no start time, end time and deleted flag.",
     "MongoDB"),
    ("start-index-missing", "", "data_quality", "The recordings have no index on start_time.", "MongoDB"),
    ("duplicate-uuid", "", "data_quality", "Two recordings have the same uuid; its index lets them.", "MongoDB"),
    ("end-before-start", "", "data_quality", "One recording ends before it begins.", "MongoDB"),
    ("time-as-text", "", "data_quality", "The start of one recording is a text.", "MongoDB"),
    ("deleted-as-text", "", "data_quality", "The deleted flag of one recording is a text.", "MongoDB"),
    ("metadata-missing", "", "data_quality", "One recording lacks the pulse rate and channel spacing of its fibre.",
     "MongoDB"),
    ("recording-stuck", "", "data_quality", "A recording of three hours ago has no end, though the recorder went on.",
     "MongoDB"),
    ("recordings-overlap", "", "data_quality", "Two recordings cover the same time.", "MongoDB"),
    ("recording-in-future", "", "data_quality", "One recording lies two hours ahead: its times are of another zone.",
     "MongoDB"),
    ("recordings-mostly-deleted", "", "data_quality", "Three quarters of the recordings are marked as deleted.",
     "MongoDB"),
    ("unrecognized-elsewhere", "", "data_quality",
     "A folder that was not recognized lies outside of the storage, its number of files is a text.", "MongoDB"),
    ("base-path-doubled", "", "data_quality", "The storage path is listed twice, once without recordings.", "MongoDB"),
    ("base-path-moved", "", "data_quality", "The database lists another path than the Focus Server's storage path.",
     "MongoDB"),
    ("archive-flag-as-text", "", "data_quality", "The archive flag of the base path is a text.", "MongoDB"),
    ("orphan-collection", "", "data_quality", "A collection of recordings belongs to no base path.", "MongoDB"),
    ("recorder-stopped", "", "data_quality", "The recorder ends its recording and begins no other.", "recorder"),
    ("recorder-gaps", "", "data_quality", "The last quarter of each recording is lost.", "recorder",
     "when a recording ends"),
    ("mongo-connection-leak", "", "data_quality",
     "Each question for recordings leaves connections to MongoDB open.", "recordings"),
    ("mongodb-queries-slow", "", "data_quality", "MongoDB takes six seconds for each query.", "Service mongodb"),
    ("alert-class-accepted", "PZ-14975", "alerts", "An alert of an unknown class is accepted.", "push-to-rabbit"),
    ("alert-dof-accepted", "PZ-14976", "alerts", "An alert at a negative distance is accepted.", "push-to-rabbit"),
    ("alert-fields-accepted", "PZ-14977", "alerts", "An alert with missing fields is accepted.", "push-to-rabbit"),
    ("alerts-unbound", "", "alerts", "The alert queue of the web app has no binding: alerts never come back.",
     "web app"),
    ("severity-zero-accepted", "PZ-B015", "alerts", "An alert of severity 0 is accepted.", "push-to-rabbit"),
    ("alert-never-closes", "", "alerts", "An alert stays open after its time.", "web app"),
    ("viewer-may-write", "", "security", "A viewer may do what only admins may.", "web app"),
    ("csrf-unchecked", "PZ-B017", "security", "A change by cookie is accepted without the CSRF header.",
     "ingress, web app"),
    ("cookie-flags-missing", "", "security", "The cookies of a login lack HttpOnly, Secure and SameSite.", "web app"),
    ("login-never-locked", "", "security", "Repeated bad logins never lock an account.", "web app"),
    ("rate-limit-missing", "PZ-B018", "security", "However fast a client asks, it is never told to wait.",
     "ingress, web app"),
    ("security-headers-missing", "", "security", "Answers lack the security headers.", "ingress"),
    ("error-shows-internals", "", "security", "Error answers show a traceback or the address of a service.",
     "ingress, web app"),
    ("auth-unchecked", "PZ-B016", "security", "Focus operations are answered without a login.", "ingress"),
    ("exchange-missing", "", "messaging", "The exchange prisma does not exist.", "RabbitMQ"),
    ("no-cpu-memory-limits", "PZ-B040", "k8s", "The pods of a job reserve neither CPU nor memory.",
     "Job of a view", _NEW_JOBS),
    ("service-wrong-target", "", "k8s", "The service of a job leads to a port on which the job does not listen.",
     "Service of a job", _NEW_JOBS),
    ("job-log-empty", "", "k8s", "A job writes nothing to its log.", "grpc-job", _NEW_JOBS),
    ("historic-job-endless", "", "k8s", "A historic job goes on after its last row.", "grpc-job", _NEW_JOBS),
    ("finished-job-stays", "", "k8s", "A finished job has no time to live and stays for ever.", "Job of a view",
     _NEW_JOBS),
    ("cleanup-job-stays", "", "k8s", "The cleanup-job of a closed view outlives its work.", "cleanup-job", _NEW_JOBS),
    ("idle-job-stays", "", "k8s", "The job of a view that nobody looks at is never removed.", "cleanup-job"),
    ("watched-job-removed", "", "k8s", "The job of a view is removed after the idle time although it is watched.",
     "cleanup-job"),
    ("idle-stream-kept", "", "k8s", "A stream whose client reads nothing is never closed.", "grpc-job",
     "for streams opened afterwards"),
    ("slot-never-freed", "", "k8s", "The slot of a closed view, and with it its port, is never used again.",
     "POST /configure"),
    ("windows-unchecked", "", "k8s", "A client may have any number of windows.", "POST /configure"),
    ("windows-leak", "", "k8s", "Views that were closed go on to count as windows of their client: after "
     "some views it is served no more.", "POST /configure", "for views closed afterwards"),
    ("refusal-leaves-job", "", "k8s", "A view that is refused has got its job already, which stays.",
     "POST /configure"),
    ("configure-slow", "", "k8s", "A view is answered two seconds late.", "POST /configure"),
    ("server-leaks", "", "k8s", "The memory of Focus Server grows over time: with each view by some megabytes.",
     "POST /configure"),
    ("startup-error", "", "k8s", "Focus Server logs an error when it starts, and serves.", "Focus Server",
     "when its pod starts"),
    ("kubernetes-unavailable", "", "k8s", "The Kubernetes API answers 503 to everything: etcd is down.",
     "Kubernetes API"),
    ("node-not-ready", "", "k8s", "The worker node is not ready: its container runtime is down.", "Kubernetes objects"),
    ("focus-server-not-ready", "", "k8s", "The pod of Focus Server serves, but its readiness probe fails.",
     "readiness of pods"),
    ("mongodb-not-ready", "", "k8s", "The readiness probe of MongoDB fails, so its service refuses everyone.",
     "readiness of pods"),
    ("rabbitmq-not-ready", "", "k8s", "The readiness probe of RabbitMQ fails, so its service refuses everyone.",
     "readiness of pods"),
    ("recorder-missing", "", "k8s", "The deployment of the recorder was not installed.", "Kubernetes objects"),
    ("recorder-without-limits", "", "k8s", "The recorder does not say what it needs: nothing keeps it room.",
     "Kubernetes objects"),
    ("recorder-crashes", "", "k8s", "The recorder ends with an error and is restarted, again and again.", "recorder"),
    ("service-port-wrong", "", "k8s", "The service of RabbitMQ leads its metrics port to a port that nobody serves.",
     "Kubernetes objects"),
    ("metrics-missing", "", "k8s", "The metrics server measures no pod.", "metrics API"),
    ("pod-logs-lost", "", "k8s", "The node has thrown away what its workloads have logged.", "logs of pods"),
    ("requests-unlogged", "", "k8s", "Focus Server does not log the requests that it answers.", "log of Focus Server"),
    ("exec-broken", "", "k8s", "No command runs in a pod: the API server does not reach the kubelet.", "exec"),
    ("node-login-refused", "", "node", "The node refuses the login of the site's user.", "SSH node"),
    ("node-disk-full", "", "node", "The disk of the node is full: it takes no file.", "SSH node"),
    ("exchange-transient", "", "messaging", "The exchange prisma does not outlive a restart of the broker.",
     "RabbitMQ"),
    ("exchange-fanout", "", "messaging", "The exchange prisma gives each message to every queue.", "RabbitMQ"),
    ("exchange-catch-all", "", "messaging", "The recorder's queue gets every message of the exchange prisma.",
     "RabbitMQ"),
    ("recorder-queue-transient", "", "messaging", "The recorder's queue does not outlive a restart of the broker.",
     "RabbitMQ"),
    ("queues-drop-messages", "", "messaging", "A policy of the broker lets each queue keep 50 messages only.",
     "RabbitMQ"),
    ("broker-few-connections", "", "messaging", "The broker takes no more than 20 connections.", "RabbitMQ"),
    ("broker-guest-login", "", "connectivity", "Everybody knows a login of the broker: guest with password guest.",
     "RabbitMQ"),
    ("management-guest-login", "", "connectivity", "Everybody knows a login of the management API: guest, guest.",
     "RabbitMQ"),
    ("management-missing", "", "messaging", "RabbitMQ runs without its management API.", "RabbitMQ pod"),
    ("broker-memory-alarm", "", "messaging", "RabbitMQ has an alarm for its memory and takes no message.",
     "RabbitMQ pod"),
    ("broker-certificate-expired", "", "connectivity", "The certificate of RabbitMQ has run out.", "RabbitMQ pod"),
    ("broker-slow", "", "messaging", "Each answer of RabbitMQ comes 0.15 s late.", "Service rabbitmq-panda"),
    ("broker-heartbeat-off", "", "messaging", "Focus Server and broker do not notice when the other one is gone.",
     "Focus Server"),
    ("alert-queue-transient", "", "messaging", "The alerts' queue of the web app does not outlive a restart of the "
     "broker.", "web app"),
    ("alerts-unacknowledged", "", "messaging", "The web app never acknowledges an alert: the broker keeps them all.",
     "web app"),
    ("alerts-not-persistent", "", "messaging", "The web app sends alerts that a restart of the broker loses.",
     "push-to-rabbit"),
    ("alerts-untyped", "", "messaging", "The web app sends alerts without their content type.", "push-to-rabbit"),
    ("alert-message-incomplete", "", "messaging", "Alerts of the web app lack is_dead and is_faded.",
     "push-to-rabbit"),
    ("alerts-reversed", "", "messaging", "Several alerts of one request are sent in the reverse order.",
     "push-to-rabbit"),
    ("alerts-published-twice", "", "messaging", "Each alert is sent twice.", "push-to-rabbit"),
    ("webapp-never-reconnects", "", "messaging", "The web app does not connect again after it has lost the broker.",
     "web app"),
    ("job-queue-transient", "", "messaging", "The queue of a view does not outlive a restart of the broker.",
     "grpc-job", _NEW_JOBS),
    ("job-queue-unbounded", "", "messaging", "The queue of a view may grow without a limit.", "grpc-job", _NEW_JOBS),
    ("commands-exchange-transient", "", "messaging", "The exchange of the commands does not outlive a restart of the "
     "broker.", "RabbitMQ"),
    ("commands-half-bound", "", "messaging", "Of all commands only those for the ROI reach the queue of a view.",
     "grpc-job", _NEW_JOBS),
    ("commands-unread", "", "messaging", "The job of a view leaves its commands in their queue.", "grpc-job",
     "for views watched afterwards"),
    ("mongodb-anonymous", "", "connectivity", "MongoDB answers without a login.", "MongoDB pod"),
    ("mongodb-default-login", "", "connectivity", "Everybody knows a login of MongoDB: admin with password admin.",
     "MongoDB"),
    ("mongodb-secret-stale", "", "connectivity", "The Focus Server is given an old password of MongoDB: it works until "
     "its next start.", "Secret mongodb"),
    ("mongodb-slow", "", "connectivity", "Each answer of MongoDB comes 0.15 s late.", "Service mongodb"),
    ("certificate-expired", "", "connectivity", "The certificate of the ingress has run out.", "ingress"),
    ("certificate-other-host", "", "connectivity", "The certificate of the ingress names another host.", "ingress"),
    ("entrance-old-tls", "", "connectivity", "The entrance speaks TLS 1.0 too, which is out of date.", "ingress"),
    ("entrance-without-tls", "", "connectivity", "The entrance serves everything without TLS too.", "ingress"),
    ("entrance-502", "", "connectivity", "Neither Focus Server nor web app answers: the entrance does, with 502.",
     "ingress"),
    ("password-unchecked", "", "connectivity", "A login of the web app works with any password.", "web app"),
    ("login-configuration-login", "", "connectivity", "The login page needs a login itself.",
     "GET /login-configuration"),
)  # fmt: skip

REGISTRY: dict[str, Defect] = {row[0]: Defect(*row) for row in _ROWS}

# The deployed server has every known bug, and nothing of what it is not known to do: that has no key.
PROFILES: dict[str, tuple[str, ...]] = {
    "required": (),
    "deployed": tuple(name for name, defect in REGISTRY.items() if defect.bug_key),
}

_cache: tuple[Path, int, frozenset[str]] | None = None


def active(name: str) -> bool:
    """Say whether the defect is switched on at the site that this process belongs to.

    The site is the directory in ``FOCUS_SIMULATOR_STATE``; without one (a unit test of a part) nothing is on.
    The file is read again only when its modification time changed.
    """
    global _cache
    if name not in REGISTRY:
        raise KeyError(name)
    state = os.environ.get("FOCUS_SIMULATOR_STATE")
    if not state:
        return False
    path = Path(state) / "defects.json"
    try:
        changed = path.stat().st_mtime_ns
    except FileNotFoundError:
        return False
    if _cache is None or _cache[:2] != (path, changed):
        _cache = (path, changed, frozenset(read_active(path)))
    return name in _cache[2]


def read_active(path: Path) -> list[str]:
    """Return the names that are on, as the file lists them; none when there is no file."""
    if not path.exists():
        return []
    names = json.loads(path.read_text(encoding="utf-8"))
    return [str(name) for name in names]


def known(name: str) -> str:
    """Return the name when the registry has it, else raise one sentence with the nearest names."""
    if name in REGISTRY:
        return name
    near = get_close_matches(name, REGISTRY, n=3, cutoff=0.5)
    hint = f"near matches: {', '.join(near)}" if near else "'python -m simulator defects' lists the known ones"
    raise SimulatorError(f"There is no defect named {name!r}; {hint}.")
