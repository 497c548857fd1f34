"""`python -m simulator.product_site MODULE --folder DIR`: a simulated site of another product, until stdin ends.

MODULE is the product's: `IMAGES` and `PRELOAD` as of every cluster, `NAMESPACE`, and `manifests(ports, folder)` and
`site(ports, folder)`, the Kubernetes objects and the content of the site file; `ports` are free ports by the names in
`PORTS`, beside `kubernetes`. Prints the path of the site file when all workloads are ready. Whoever starts it holds its
stdin: when that process ends, however it does, the site ends with all its pods.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType
from typing import Any

HOST = "127.0.0.1"
START_SECONDS = 180.0
POLL_SECONDS = 0.2
END_SECONDS = 20.0
# Never through a proxy: everything is on the loopback interface.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class NotStartedError(Exception):
    """The text is one sentence with cause and repair."""


def main() -> int:
    options = _options()
    if os.name == "nt":
        print("The simulated site runs on Linux and macOS: use WSL, or name a site that is up.", file=sys.stderr)
        return 1
    ended = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        ended.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    threading.Thread(target=_when_stdin_ends, args=(ended,), daemon=True).start()
    folder = options.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    product = importlib.import_module(options.module)
    ports = _free_ports(["kubernetes", *product.PORTS])
    with (folder / "cluster.log").open("ab") as log:
        cluster = subprocess.Popen(_command(options.module, product, ports, folder), stdout=log, stderr=log)
    try:
        _start(product, ports, folder, cluster, ended)
        if not ended.is_set():
            print(_site_file(product, ports, folder), flush=True)
        while not ended.wait(POLL_SECONDS):
            if cluster.poll() is not None:
                raise NotStartedError(f"The cluster ended by itself: see {folder / 'cluster.log'}.")
    except NotStartedError as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        _end(cluster)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m simulator.product_site", description=__doc__)
    parser.add_argument("module", help="the product's module with IMAGES, PRELOAD, NAMESPACE, PORTS, manifests, site")
    parser.add_argument("--folder", type=Path, required=True, help="where its pods and its site file go")
    return parser.parse_args()


def _when_stdin_ends(ended: threading.Event) -> None:
    # Not by sys.stdin: at the end of the process its lock would be held by this thread.
    while os.read(0, 4096):
        continue
    ended.set()


def _free_ports(names: list[str]) -> dict[str, int]:
    """A free port for each name; all are held until all are chosen, so that no two get the same."""
    held = [socket.create_server((HOST, 0)) for _ in names]
    ports = {name: one.getsockname()[1] for name, one in zip(names, held, strict=True)}
    for one in held:
        one.close()
    return ports


def _command(module: str, product: Any, ports: dict[str, int], folder: Path) -> list[str]:
    return [
        *(sys.executable, "-X", "utf8", "-m", "simulator.cluster", "--images", module),
        *("--state-dir", str(folder / "cluster"), "--port", str(ports["kubernetes"])),
        *("--namespace", product.NAMESPACE),
    ]


def _start(
    product: Any, ports: dict[str, int], folder: Path, cluster: subprocess.Popen[bytes], ended: threading.Event
) -> None:
    """Make the workloads once the cluster answers, and wait until all are ready."""
    deadline = time.monotonic() + START_SECONDS
    made = False
    while not ended.wait(POLL_SECONDS):
        if cluster.poll() is not None:
            raise NotStartedError(f"The cluster did not start: see {folder / 'cluster.log'}.")
        if not made:
            made = _answers(ports) and _make(product, ports, folder)
        elif not (waiting := _unready(product, ports)):
            return
        if time.monotonic() > deadline:
            what = f"{', '.join(waiting)} did not get ready" if made else "The cluster did not answer"
            raise NotStartedError(f"{what} within {START_SECONDS:.0f} s: see the logs of the pods in {folder}.")


def _answers(ports: dict[str, int]) -> bool:
    try:
        _call(ports, "GET", "/readyz")
    except OSError:
        return False
    return True


def _make(product: Any, ports: dict[str, int], folder: Path) -> bool:
    for path, manifest in product.manifests(ports, folder):
        try:
            _call(ports, "POST", path, manifest)
        except urllib.error.HTTPError as refused:
            answer = refused.read().decode("utf-8", "replace")
            raise NotStartedError(f"The cluster refused {path}: {answer}; correct the manifest.") from None
    return True


def _unready(product: Any, ports: dict[str, int]) -> list[str]:
    """The deployments that have not all their pods ready."""
    found = _call(ports, "GET", f"/apis/apps/v1/namespaces/{product.NAMESPACE}/deployments")["items"]
    return [
        one["metadata"]["name"]
        for one in found
        if (one.get("status") or {}).get("readyReplicas", 0) < one["spec"].get("replicas", 1)
    ]


def _call(ports: dict[str, int], method: str, path: str, body: Any = None) -> Any:
    request = urllib.request.Request(
        f"http://{HOST}:{ports['kubernetes']}{path}",
        data=None if body is None else json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
        method=method,
    )
    with _opener.open(request, timeout=10) as answer:
        text = answer.read()
    try:
        return json.loads(text)
    except ValueError:
        return text.decode("utf-8", "replace")


def _site_file(product: Any, ports: dict[str, int], folder: Path) -> Path:
    """Write the site file and the kubeconfig that it names; JSON is YAML, and the standard library writes it."""
    kubeconfig = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "here", "cluster": {"server": f"http://{HOST}:{ports['kubernetes']}"}}],
        "users": [{"name": "me", "user": {}}],
        "contexts": [{"name": "here", "context": {"cluster": "here", "user": "me", "namespace": product.NAMESPACE}}],
        "current-context": "here",
    }
    (folder / "kubeconfig").write_text(json.dumps(kubeconfig, indent=1), encoding="utf-8")
    content = {
        "name": "simulated",
        "simulated": True,
        "state_dir": str(folder / "state"),
        "kubernetes": {
            "kubeconfig": str(folder / "kubeconfig"),
            "context": "here",
            "namespace": product.NAMESPACE,
        },
        **product.site(ports, folder),
    }
    path = folder / "site.yaml"
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False), encoding="utf-8")
    return path


def _end(cluster: subprocess.Popen[bytes]) -> None:
    """The cluster ends its pods before itself; one that does not end is killed."""
    if cluster.poll() is None:
        cluster.terminate()
    try:
        cluster.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        cluster.kill()
        cluster.wait()


if __name__ == "__main__":
    sys.exit(main())
