"""A run that was handed to a cluster: where its objects are, and what it consists of."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from pipeline import paths
from pipeline.ci import plan as plans
from pipeline.ci.plan import Plan
from pipeline.errors import RunError
from pipeline.k8s import manifests
from pipeline.k8s.kubectl import Cluster
from pipeline.k8s.manifests import Manifests, Phase
from pipeline.k8s.state import LAST

NAME = "k8s.json"
FIRST = "shards"


@dataclass(frozen=True)
class Submitted:
    """Kept as k8s.json beside the plan, for commands that come later."""

    run_id: str
    cluster: Cluster
    overlay: str
    image: str

    @property
    def plan_file(self) -> Path:
        return paths.RESULTS / "ci" / self.run_id / plans.NAME

    @property
    def name(self) -> str:
        return manifests.name_of(self.run_id)

    @property
    def selector(self) -> str:
        """The option of kubectl that finds what belongs to the run."""
        return f"--selector={manifests.RUN}={self.name}"

    def job_name(self, phase: Phase) -> str:
        return f"{self.name}-{phase.name}"

    def render(self) -> Manifests:
        return manifests.render(self.overlay, namespace=self.cluster.namespace, image=self.image)

    def save(self) -> None:
        text = json.dumps(asdict(self), indent=1, ensure_ascii=False)
        self.plan_file.with_name(NAME).write_text(text + "\n", encoding="utf-8")


def find(run_id: str) -> Submitted:
    """The run of this id or beginning of an id, or `latest`. Raises RunError when there is not exactly one."""
    files = sorted((paths.RESULTS / "ci").glob(f"*/{NAME}"), key=lambda path: path.stat().st_mtime)
    if run_id != "latest":
        exact = [path for path in files if path.parent.name == run_id]
        files = exact or [path for path in files if path.parent.name.startswith(run_id)]
    if not files and run_id == "latest":
        raise RunError(
            "No run was submitted to a cluster from here: start one with 'python run.py k8s run --shards N'."
        )
    if not files or (len(files) > 1 and run_id != "latest"):
        why = "several begin so" if files else "none has this id"
        raise RunError(f"There is no one run '{run_id}' on a cluster, {why}: its folder in results/ci has a {NAME}.")
    try:
        data = json.loads(files[-1].read_text(encoding="utf-8"))
        return Submitted(**data | {"cluster": Cluster(**data["cluster"])})
    except (OSError, ValueError, KeyError, TypeError):
        raise RunError(f"{NAME} of run {files[-1].parent.name} cannot be read: choose another run.") from None


def phases(plan: Plan) -> list[Phase]:
    """The shards that run side by side, then what has to be alone."""
    beside = [shard.number for shard in plan.shards if not shard.last]
    alone = [shard.number for shard in plan.shards if shard.last]
    return [Phase(name, found[0], len(found)) for name, found in ((FIRST, beside), (LAST, alone)) if found]
