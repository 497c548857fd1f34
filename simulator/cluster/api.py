"""The HTTP side: what a path means, and how each verb is answered."""

from __future__ import annotations

import asyncio
import base64
import copy
import json
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from aiohttp import web

from simulator.cluster import discovery, meta, schema
from simulator.cluster.access import OPEN_PATHS, Access, impersonated
from simulator.cluster.authorizer import Authorizer
from simulator.cluster.errors import ApiError, bad_request, invalid, method_not_allowed, not_found
from simulator.cluster.execs import serve_exec
from simulator.cluster.kubelet import Kubelet
from simulator.cluster.logs import Line, selected, stored_lines
from simulator.cluster.metrics import Metrics
from simulator.cluster.patching import FieldManagers, patched
from simulator.cluster.port_forward import serve_port_forward
from simulator.cluster.protobuf import decoded
from simulator.cluster.registry import Registry
from simulator.cluster.requests import (
    PROTOBUF,
    Target,
    decode_continue,
    flag,
    is_dry_run,
    number,
    parse_path,
    read_body,
    same_kind,
    target_namespace,
    wanted_match,
    wants_table,
)
from simulator.cluster.resources import (
    NODE,
    NODE_METRICS,
    POD,
    POD_METRICS,
    SERVICE,
    SERVICE_ACCOUNT,
    Kind,
    Object,
)
from simulator.cluster.tables import table
from simulator.cluster.users import Action
from simulator.cluster.watching import DEFAULT_TIMEOUT, WatchRequest, serve_watch

log = logging.getLogger(__name__)

WARNINGS = "warnings"
APPLY = ("application/apply-patch+yaml", "application/apply-patch+json")
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Api:
    """Answers every request of the Kubernetes API."""

    def __init__(self, registry: Registry, kubelet: Kubelet, access: Access) -> None:
        self.registry = registry
        self.store = registry.store
        self._kubelet = kubelet
        self._faults = kubelet.node.faults
        self._access = access
        self._accounts = kubelet.node.accounts
        self._authorizer = Authorizer(registry.store)
        self._metrics = Metrics(kubelet)
        self._managers = FieldManagers()

    def application(self) -> web.Application:
        """The aiohttp application."""
        app = web.Application(middlewares=[self._failure_as_status], client_max_size=8 << 20)
        app.router.add_route("*", "/{path:.*}", self._dispatch)
        return app

    @web.middleware
    async def _failure_as_status(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Every request passes here. Failures become Status bodies."""
        try:
            return await handler(request)
        except ApiError as error:
            return _json(error.status(), error.code)
        except (asyncio.CancelledError, web.HTTPException, ConnectionError):
            raise
        except Exception as error:
            log.exception("%s %s", request.method, request.path_qs)
            internal = ApiError(500, "InternalError", f"Internal error occurred: {type(error).__name__}: {error}")
            return _json(internal.status(), 500)

    async def _dispatch(self, request: web.Request) -> web.StreamResponse:
        target = parse_path(request.path)
        user = None
        if request.path.rstrip("/") not in OPEN_PATHS:
            user = self._access.user(request.headers.get("Authorization", ""))
            if self._faults.api_unavailable():
                raise ApiError(503, "ServiceUnavailable", "etcdserver: request timed out")
        if target is None or user is None:
            return self._about(request)
        if other := impersonated(request.headers):
            self._authorizer.check(user, other[1])
            user = other[0]
        self._authorizer.check(user, _action(request, target))
        if target.kind.question:
            if request.method != "POST" or target.name:
                raise method_not_allowed(request.method, request.path)
            body = await _asked(request, target.kind.name)
            same_kind(target.kind, body)
            named = {"apiVersion": target.kind.api_version, "kind": target.kind.name, **body}
            return _json(self._authorizer.review(user, target.kind.name, named), 201)
        if target.kind in (POD_METRICS, NODE_METRICS):
            return self._answer(request, target.kind, self._measured(request, target))
        if target.subresource and target.subresource not in target.kind.subresources:
            what = f"{target.kind.plural}/{target.subresource}"
            raise ApiError(501, "NotImplemented", f"{what} is not part of the simulated cluster")
        if target.subresource not in ("", "status"):
            return await self._subresource(request, target)
        if request.method == "GET":
            return await self._read(request, target)
        body = await read_body(request)
        if request.method == "POST" and not target.name:
            body = _decoded(request, target.kind, body)
            created = self.registry.create(target.kind, target_namespace(target), body, dry_run=is_dry_run(request))
            return self._answer(request, target.kind, created, 201)
        if request.method == "PUT" and target.name:
            return self._update(request, target, self._current(target), body)
        if request.method == "PATCH" and target.name:
            return self._patch(request, target, body)
        if request.method == "DELETE" and not target.subresource:
            return self._delete(request, target, body)
        raise method_not_allowed(request.method, request.path)

    def _current(self, target: Target) -> Object:
        return self.registry.get(target.kind, target_namespace(target), target.name)

    # --- discovery -------------------------------------------------------------------------------------------------

    def _about(self, request: web.Request) -> web.StreamResponse:
        path = request.path.strip("/")
        if path in ("readyz", "healthz", "livez"):
            return web.Response(text="ok")
        body = _document(path)
        if body is None:
            text = "the server could not find the requested resource"
            raise ApiError(404, "NotFound", f"{text} (/{path} is not part of the simulated cluster)")
        return _json(body)

    # --- reading ---------------------------------------------------------------------------------------------------

    async def _read(self, request: web.Request, target: Target) -> web.StreamResponse:
        if target.name and not flag(request, "watch"):
            return self._answer(request, target.kind, self._current(target))
        match = wanted_match(request, target)
        if flag(request, "watch"):
            wanted = WatchRequest(
                target.kind,
                target.namespace,
                match,
                self._shape(request, target.kind),
                request.query.get("resourceVersion", ""),
                flag(request, "sendInitialEvents"),
                flag(request, "allowWatchBookmarks"),
                number(request, "timeoutSeconds") or DEFAULT_TIMEOUT,
            )
            return await serve_watch(request, self.store, wanted)
        objects = [obj for obj in self.store.objects(target.kind, target.namespace) if match(obj)]
        return self._list(request, target.kind, objects)

    def _list(self, request: web.Request, kind: Kind, objects: list[Object]) -> web.Response:
        metadata: Object = {}
        limit = int(number(request, "limit") or 0)
        start = decode_continue(request.query.get("continue", ""))
        if start:
            objects = [obj for obj in objects if meta.key_of(obj) > start]
        if limit and len(objects) > limit:
            last = objects[limit - 1]
            token = json.dumps(meta.key_of(last)).encode()
            metadata = {
                "continue": base64.urlsafe_b64encode(token).decode(),
                "remainingItemCount": len(objects) - limit,
            }
            objects = objects[:limit]
        version = str(self.store.revision)
        if wants_table(request):
            return _json(table(kind, objects, request.query.get("includeObject", ""), version, metadata))
        return _json(_listed(kind, objects, {"resourceVersion": version, **metadata}))

    def _shape(self, request: web.Request, kind: Kind) -> Callable[[Object], Object]:
        """How single objects are shown to this client."""
        if not wants_table(request):
            return lambda obj: obj
        include = request.query.get("includeObject", "")
        return lambda obj: table(kind, [obj], include, obj["metadata"].get("resourceVersion", ""))

    def _answer(self, request: web.Request, kind: Kind, obj: Object, code: int = 200) -> web.Response:
        listed = str(obj.get("kind", "")).endswith("List")
        answer = _json(obj if listed else self._shape(request, kind)(obj), code)
        for warning in request.get(WARNINGS, ()):
            answer.headers.add("Warning", f"299 - {json.dumps(warning)}")
        return answer

    def _measured(self, request: web.Request, target: Target) -> Object:
        if request.method != "GET" or target.subresource:
            raise method_not_allowed(request.method, request.path)
        source, measure = (POD, self._metrics.pod) if target.kind == POD_METRICS else (NODE, self._metrics.node)
        if target.name:
            measured = measure(self.registry.get(source, target.namespace, target.name))
            if measured is None:
                raise not_found(target.kind, f"{target.namespace}/{target.name}")
            return measured
        match = wanted_match(request, target)
        blind = source == POD and self._faults.pods_unmeasured()
        found = [] if blind else [measure(obj) for obj in self.store.objects(source, target.namespace) if match(obj)]
        return _listed(target.kind, [one for one in found if one is not None], {})

    # --- writing ---------------------------------------------------------------------------------------------------

    def _update(self, request: web.Request, target: Target, current: Object, edited: Any) -> web.Response:
        edited = _decoded(request, target.kind, edited)
        stored = self.registry.update(
            target.kind, current, edited, subresource=target.subresource, dry_run=is_dry_run(request)
        )
        return self._answer(request, target.kind, stored)

    def _patch(self, request: web.Request, target: Target, patch: Any) -> web.Response:
        if request.content_type in APPLY:
            return self._apply(request, target, patch)
        current = self._current(target)
        edited = patched(current, patch, request.content_type)
        if not isinstance(edited, dict) or not isinstance(edited.get("metadata"), dict):
            raise invalid(target.kind, target.name, [("metadata", "Required value")])
        # Without a resource version of its own a patch applies to whatever is stored now.
        return self._update(request, target, current, edited)

    def _apply(self, request: web.Request, target: Target, applied: Object) -> web.Response:
        """Server-side apply: creates the object or changes exactly the fields that this manager applies."""
        manager = request.query.get("fieldManager")
        if not manager:
            raise bad_request("PatchOptions.meta.k8s.io is invalid: fieldManager: Required value")
        applied = _decoded(request, target.kind, applied)
        name = applied.setdefault("metadata", {}).setdefault("name", target.name)
        if name != target.name:
            raise bad_request("the name of the object does not match the name on the URL")
        namespace, dry_run = target_namespace(target), is_dry_run(request)
        current = self.store.get(target.kind, namespace, name)
        if current is None:
            stored = self.registry.create(target.kind, namespace, applied, dry_run=dry_run)
        else:
            edited = self._managers.merged(current, manager, applied)
            stored = self.registry.update(target.kind, current, edited, subresource=target.subresource, dry_run=dry_run)
        if not dry_run:
            self._managers.remember(stored, manager, applied)
        return self._answer(request, target.kind, stored, 200 if current else 201)

    def _delete(self, request: web.Request, target: Target, options: Object) -> web.Response:
        propagation = options.get("propagationPolicy") or request.query.get("propagationPolicy") or "Background"
        if options.get("orphanDependents") is True:
            propagation = "Orphan"
        if propagation not in ("Background", "Foreground", "Orphan"):
            raise bad_request(f'propagationPolicy: Unsupported value: "{propagation}"')
        grace = options.get("gracePeriodSeconds", number(request, "gracePeriodSeconds"))
        delete = partial(
            self.registry.delete,
            target.kind,
            grace=None if grace is None else int(grace),
            propagation=propagation,
            preconditions=options.get("preconditions"),
            dry_run=is_dry_run(request) or bool(options.get("dryRun")),
        )
        if target.name:
            return self._deleted(target.kind, delete(target_namespace(target), target.name))
        match = wanted_match(request, target)
        objects = [obj for obj in self.store.objects(target.kind, target.namespace) if match(obj)]
        for obj in objects:
            delete(*meta.key_of(obj))
        return self._list(request, target.kind, objects)

    def _deleted(self, kind: Kind, obj: Object) -> web.Response:
        """The object where it goes on to exist or the API answers so, else a Status."""
        if kind in (POD, SERVICE, SERVICE_ACCOUNT) or meta.is_deleting(obj):
            return _json(obj)
        details = {"name": meta.name_of(obj), "group": kind.group, "kind": kind.plural, "uid": meta.uid_of(obj)}
        return _json({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "details": details})

    # --- sub-resources ---------------------------------------------------------------------------------------------

    async def _subresource(self, request: web.Request, target: Target) -> web.StreamResponse:
        name = target.subresource
        current = self._current(target)
        if name == "log" and request.method == "GET":
            return await self._log(request, current)
        if name == "exec" and request.method in ("GET", "POST"):
            return await self._exec(request, current)
        if name == "portforward" and request.method in ("GET", "POST"):
            if self._kubelet.worker(current) is None:
                phase = current["status"].get("phase")
                raise bad_request(f"unable to forward port because pod is not running. Current status={phase}")
            return await serve_port_forward(request, current)
        if name == "eviction" and request.method == "POST":
            self._delete(request, target, (await read_body(request)).get("deleteOptions") or {})
            return _json({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "code": 201}, 201)
        if name == "token" and request.method == "POST":
            return _json(self._accounts.answer(current, await _asked(request, "TokenRequest")), 201)
        if name == "scale":
            return await self._scale(request, target, current)
        raise method_not_allowed(request.method, request.path)

    async def _scale(self, request: web.Request, target: Target, current: Object) -> web.Response:
        if request.method in ("PUT", "PATCH"):
            body = await read_body(request)
            scale = body if request.method == "PUT" else patched(_scale_of(current), body, request.content_type)
            replicas = (scale.get("spec") or {}).get("replicas", 0)
            version = (scale.get("metadata") or {}).get("resourceVersion")
            edited = copy.deepcopy(current)
            edited["metadata"]["resourceVersion"] = version or current["metadata"]["resourceVersion"]
            edited["spec"]["replicas"] = replicas
            current = self.registry.update(target.kind, current, edited, dry_run=is_dry_run(request))
        elif request.method != "GET":
            raise method_not_allowed(request.method, request.path)
        return _json(_scale_of(current))

    async def _log(self, request: web.Request, pod: Object) -> web.StreamResponse:
        container = _container(request, pod)
        runner = self._kubelet.runner(pod, container)
        previous = flag(request, "previous")
        if previous and runner is not None and runner.program is None and runner.last_state:
            # Between two runs the last one is the previous one, and its log is still the newest.
            previous = False
        directory = self._kubelet.node.pod_directory(pod)
        lines = stored_lines(directory, container, previous=previous)
        if lines is None:
            if previous:
                raise bad_request(f'previous terminated container "{container}" in pod "{meta.name_of(pod)}" not found')
            waiting = _waiting_reason(pod, container)
            text = f'container "{container}" in pod "{meta.name_of(pod)}" is waiting to start: {waiting}'
            raise bad_request(text)
        if self._faults.logs_lost():
            lines = []
        choose = _line_choice(request)
        stamps = flag(request, "timestamps")
        if not flag(request, "follow") or previous or runner is None or runner.log is None:
            text_body = b"".join(_shown(line, stamps=stamps) for line in choose(lines))
            limit = number(request, "limitBytes")
            return web.Response(body=text_body if limit is None else text_body[: int(limit)], content_type="text/plain")
        answer = web.StreamResponse(headers={"Content-Type": "text/plain"})
        await answer.prepare(request)
        try:
            async for line in runner.log.follow(choose):
                await answer.write(_shown(line, stamps=stamps))
        except ConnectionError:
            log.debug("the reader of the log of %s went away", meta.name_of(pod))
        return answer

    async def _exec(self, request: web.Request, pod: Object) -> web.StreamResponse:
        container = _container(request, pod)
        runner = self._kubelet.runner(pod, container)
        if runner is None or runner.program is None:
            text = f"cannot exec into a container in a completed pod; current phase is {pod['status'].get('phase')}"
            raise bad_request(text)
        if self._faults.exec_refused():
            text = "error dialing backend: dial tcp 10.10.100.113:10250: connect: connection refused"
            raise ApiError(500, "InternalError", text)
        return await serve_exec(request, runner.env, self._kubelet.node.pod_directory(pod))


def _document(path: str) -> Object | None:
    """What the API says about itself at a path."""
    fixed = {
        "": discovery.paths,
        "api": discovery.core_versions,
        "apis": discovery.group_list,
        "version": discovery.version,
        "openapi/v3": discovery.openapi_index,
    }
    if path in fixed:
        return fixed[path]()
    head, _, rest = path.partition("/")
    if head == "openapi":
        return discovery.openapi_document(rest.removeprefix("v3/"))
    if head == "api":
        return discovery.resource_list("", rest)
    group, _, version = rest.partition("/")
    if head != "apis":
        return None
    return discovery.resource_list(group, version) if version else discovery.group(group)


async def _asked(request: web.Request, kind: str) -> Object:
    """The body of a question, for which kubectl knows protobuf only."""
    return decoded(kind, await request.read()) if request.content_type == PROTOBUF else await read_body(request)


def _action(request: web.Request, target: Target) -> Action:
    """What a request does, in the words of the authorizer."""
    verbs = {"GET": "get", "POST": "create", "PUT": "update", "PATCH": "patch", "DELETE": "delete"}
    verb = verbs.get(request.method, request.method.lower())
    if request.method == "GET" and flag(request, "watch"):
        verb = "watch"
    elif not target.name:
        verb = {"get": "list", "delete": "deletecollection"}.get(verb, verb)
    if target.subresource in ("exec", "portforward"):
        verb = "create"
    kind = target.kind
    return Action(verb, kind.group, kind.plural, target.subresource, target.namespace, target.name)


def _decoded(request: web.Request, kind: Kind, body: Any) -> Object:
    """An object as its type allows it; raises 400 for another kind, a wrong type and, where asked for, unknown fields.

    Unknown fields that are not refused are dropped, with a warning in the answer.
    """
    same_kind(kind, body)
    found = schema.examined(kind, body)
    strict = request.query.get("fieldValidation") == "Strict"
    unknown = [f'unknown field "{path}"' for _, _, path in found.unknown]
    troubles = found.wrong or ([f"strict decoding error: {', '.join(unknown)}"] if strict and unknown else [])
    if troubles:
        text = f'{kind.name} in version "{kind.version}" cannot be handled as a {kind.name}: {troubles[0]}'
        raise bad_request(text)
    for owner, key, _ in found.unknown:
        del owner[key]
    if kind.kept_only:
        unknown.append(f"the simulated cluster keeps a {kind.name} and does not act on it")
    if request.query.get("fieldValidation") != "Ignore":
        request[WARNINGS] = unknown
    return dict(body)


def _listed(kind: Kind, items: list[Object], metadata: Object) -> Object:
    return {"kind": f"{kind.name}List", "apiVersion": kind.api_version, "metadata": metadata, "items": items}


def _json(body: Object, code: int = 200) -> web.Response:
    return web.Response(body=json.dumps(body).encode(), status=code, content_type="application/json")


def _scale_of(obj: Object) -> Object:
    kept = ("name", "namespace", "uid", "resourceVersion", "creationTimestamp")
    labels = meta.value_at(obj, "spec.selector.matchLabels") or {}
    return {
        "kind": "Scale",
        "apiVersion": "autoscaling/v1",
        "metadata": {key: value for key, value in obj["metadata"].items() if key in kept},
        "spec": {"replicas": obj["spec"].get("replicas", 0)},
        "status": {
            "replicas": meta.value_at(obj, "status.replicas") or 0,
            "selector": ",".join(f"{key}={value}" for key, value in sorted(labels.items())),
        },
    }


def _container(request: web.Request, pod: Object) -> str:
    names = [one["name"] for one in meta.containers_of(pod["spec"])]
    wanted = request.query.get("container", "")
    if wanted and wanted not in names:
        raise bad_request(f"container {wanted} is not valid for pod {meta.name_of(pod)}")
    if not wanted and len(names) > 1:
        text = f"a container name must be specified for pod {meta.name_of(pod)}"
        raise bad_request(f"{text}, choose one of: [{' '.join(names)}]")
    return wanted or str(names[0])


def _waiting_reason(pod: Object, container: str) -> str:
    for status in pod["status"].get("containerStatuses") or []:
        if status["name"] == container:
            return str(status["state"].get("waiting", {}).get("reason", "ContainerCreating"))
    return "ContainerCreating" if pod["spec"].get("nodeName") else "the pod is not bound to a node"


def _line_choice(request: web.Request) -> Callable[[list[Line]], list[Line]]:
    since: datetime | None = None
    seconds, text = number(request, "sinceSeconds"), request.query.get("sinceTime", "")
    if seconds is not None:
        since = datetime.now(UTC) - timedelta(seconds=seconds)
    elif text:
        try:
            since = meta.parse_time(text)
        except ValueError as error:
            raise bad_request(f'sinceTime: Invalid value: "{text}" is no RFC 3339 time') from error
    tail = number(request, "tailLines")
    return lambda lines: selected(lines, since=since, tail=None if tail is None else int(tail))


def _shown(line: Line, *, stamps: bool) -> bytes:
    return f"{line.time} ".encode() + line.text if stamps else line.text
