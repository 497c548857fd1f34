"""What the tests of views share: requests, logins, the cluster's objects, and a stream reader of its own."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import grpc
import pika
import requests
from google.protobuf.descriptor_pb2 import FieldDescriptorProto, FileDescriptorProto
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message_factory import GetMessageClass
from kubernetes import client, config
from support.site_commands import Site, eventually, secret

LIVE: dict[str, Any] = {
    "displayTimeAxisDuration": 10,
    "nfftSelection": 1024,
    "displayInfo": {"height": 1000},
    "channels": {"min": 11, "max": 60},
    "frequencyRange": {"min": 0, "max": 500},
    "view_type": 0,
}


class Views:
    """The Focus Server as one client sees it."""

    def __init__(self, site: Site, user: int | None = None) -> None:
        self.site = site
        self.url = site["focus"]["plain_url"]
        self.http = requests.Session()
        if user is not None:
            who = site["users"][user]
            login = {"username": who["username"], "password": secret(who["password"])}
            url = f"{site['webapp']['url']}/auth/login"
            answer = requests.post(url, json=login, timeout=30, verify=site["tls"]["ca_file"])
            # As the ingress passes it on; the plain port itself has no logins.
            self.http.headers["X-Forwarded-Access-Token"] = answer.json()["access_token"]

    def get(self, path: str) -> requests.Response:
        return self.http.get(f"{self.url}/{path}", timeout=30)

    def configure(self, **changes: Any) -> requests.Response:
        return self.http.post(f"{self.url}/configure", json={**LIVE, **changes}, timeout=60)

    def open(self, **changes: Any) -> dict[str, Any]:
        """Open a view and return its answer."""
        answer = self.configure(**changes)
        assert answer.status_code == 200, answer.text
        view: dict[str, Any] = answer.json()
        return view

    def close(self, job_id: str) -> requests.Response:
        return self.http.delete(f"{self.url}/job/{job_id}", timeout=30)

    def state(self, job_id: str) -> str:
        answer = self.get(f"ack/{job_id}")
        return str(answer.json()["status"]) if answer.status_code == 200 else str(answer.status_code)

    def running(self, job_id: str) -> None:
        """Wait until the job runs."""
        eventually(lambda: self.state(job_id) == "running")

    def recording(self) -> tuple[int, int]:
        """Return start and end of a finished recording of the last day, in seconds since the epoch."""
        now = int(time.time())
        window = {"start_time": now - 86_400, "end_time": now}
        found = self.http.post(f"{self.url}/recordings_in_time_range", json=window, timeout=30).json()
        start, end = next((start, end) for start, end in found if end > 0)
        return start, end

    def recordings(self) -> list[list[int]]:
        """Return [start, end] of the recordings of the last two weeks."""
        now = int(time.time())
        window = {"start_time": now - 14 * 86_400, "end_time": now}
        found: list[list[int]] = self.http.post(f"{self.url}/recordings_in_time_range", json=window, timeout=30).json()
        return found

    def gap(self) -> tuple[int, int]:
        """Return end and next start (seconds since the epoch) of the two recordings that are a minute apart."""
        return next(
            (end, start) for (_, end), (start, _) in itertools.pairwise(self.recordings()) if 50 <= start - end <= 70
        )

    def restart(self, cluster: Cluster) -> None:
        """Delete the Focus Server's pod and wait until the next one serves."""
        selector = self.site["workloads"]["focus_server"]["selector"]

        def names() -> list[str]:
            pods = cluster.core.list_namespaced_pod(cluster.namespace, label_selector=selector).items
            return [pod.metadata.name for pod in pods]

        (old,) = names()
        cluster.core.delete_namespaced_pod(old, cluster.namespace)
        eventually(lambda: old not in names() and self.get("ack").status_code == 200)

    def historic(self, seconds: int = 20) -> dict[str, Any]:
        """Return the times of a window inside a recording."""
        start, _ = self.recording()
        return {"start_time": start + 60, "end_time": start + 60 + seconds}


class Cluster:
    """The objects of the site's cluster."""

    def __init__(self, site: Site) -> None:
        self.namespace = site["kubernetes"]["namespace"]
        api = config.new_client_from_config(site["kubernetes"]["kubeconfig"])
        self.core, self.batch, self.apps = client.CoreV1Api(api), client.BatchV1Api(api), client.AppsV1Api(api)

    def job_names(self) -> set[str]:
        return {item.metadata.name for item in self.batch.list_namespaced_job(self.namespace).items}

    def job(self, job_id: str) -> Any:
        return self.batch.read_namespaced_job(f"grpc-job-{job_id}", self.namespace)

    def pods(self, job_id: str) -> list[Any]:
        selector = f"app=grpc-job-{job_id}"
        return list(self.core.list_namespaced_pod(self.namespace, label_selector=selector).items)

    def log(self, job_id: str) -> str:
        (pod,) = self.pods(job_id)
        return str(self.core.read_namespaced_pod_log(pod.metadata.name, self.namespace))

    def scale_stateful(self, name: str, replicas: int) -> None:
        self.apps.patch_namespaced_stateful_set_scale(name, self.namespace, {"spec": {"replicas": replicas}})

    def scale(self, deployment: str, replicas: int) -> None:
        self.apps.patch_namespaced_deployment_scale(deployment, self.namespace, {"spec": {"replicas": replicas}})


def queues(site: Site) -> set[str]:
    """Return the names of the broker's queues."""
    login = (site["rabbitmq"]["username"], secret(site["rabbitmq"]["password"]))
    answer = requests.get(f"{site['rabbitmq']['management_url']}/api/queues", auth=login, timeout=10)
    return {one["name"] for one in answer.json()}


@contextmanager
def broker_channel(site: Site) -> Iterator[Any]:
    """A channel at the site's broker."""
    address = site["rabbitmq"]
    login = pika.PlainCredentials(address["username"], secret(address["password"]))
    connection = pika.BlockingConnection(pika.ConnectionParameters(address["host"], address["port"], credentials=login))
    try:
        yield connection.channel()
    finally:
        connection.close()


def publish_command(site: Site, key: str, command: dict[str, Any]) -> None:
    """Publish an analyser command as a client of the site does."""
    with broker_channel(site) as channel:
        channel.confirm_delivery()
        channel.basic_publish("baby_analyzer_commands", key, json.dumps(command).encode())


_NUMBERS = [
    ("start_channel", 1, "INT32", False),
    ("end_channel", 2, "INT32", False),
    ("timestamp_in_milis", 3, "INT64", True),
    ("row_index", 4, "INT32", True),
    ("data_shape_x", 5, "INT32", False),
    ("data_shape_y", 6, "INT32", False),
    ("global_maximum", 7, "FLOAT", False),
    ("global_minimum", 8, "FLOAT", False),
    ("main_data", 9, "BYTES", True),
    ("job_id", 10, "INT32", False),
    ("data_shape_z", 11, "INT32", False),
]


def _messages() -> tuple[Any, Any]:
    """Build the two messages from the site contract's numbers, not from the simulator's own proto."""
    file = FileDescriptorProto(name="contract.proto", package="pandadatastream", syntax="proto3")
    request = file.message_type.add(name="StreamDataRequest")
    request.field.add(name="stream_id", number=1, type="TYPE_INT32", label="LABEL_OPTIONAL")
    frame = file.message_type.add(name="DataStream")
    for name, number, kind, repeated in _NUMBERS:
        label = FieldDescriptorProto.LABEL_REPEATED if repeated else FieldDescriptorProto.LABEL_OPTIONAL
        frame.field.add(name=name, number=number, type=f"TYPE_{kind}", label=label)
    pool = DescriptorPool()
    pool.Add(file)
    return tuple(
        GetMessageClass(pool.FindMessageTypeByName(f"pandadatastream.{name}"))
        for name in ("StreamDataRequest", "DataStream")
    )


Request, Frame = _messages()


def frames(channel: grpc.Channel, stream: int, timeout: float = 30) -> Iterator[Any]:
    """Return the frames of one stream as they come (the call can be cancelled)."""
    call = channel.unary_stream(
        "/pandadatastream.DataStreamService/StreamData",
        request_serializer=Request.SerializeToString,
        response_deserializer=Frame.FromString,
    )
    answers: Iterator[Any] = call(Request(stream_id=stream), timeout=timeout, wait_for_ready=True)
    return answers


def connect(port: int) -> grpc.Channel:
    """Return a channel to a job's port."""
    return grpc.insecure_channel(
        f"127.0.0.1:{port}",
        options=[("grpc.max_receive_message_length", 50 << 20), ("grpc.use_local_subchannel_pool", 1)],
    )
