"""The operator's page: the one document of all its paths, and the files below ``/assets``.

The document names the site and the page defects that are on; its modules read both there.
"""

from __future__ import annotations

import html
from pathlib import Path

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse, HTMLResponse

from simulator.defects import active
from simulator.pods.webapp.errors import ApiError

PAGES = Path(__file__).with_name("pages")
PATHS = ("/", "/liveView", "/investigations", "/analysis")
ASSETS = "/assets"
POLICY = "default-src 'self'; frame-ancestors 'none'; object-src 'none'; base-uri 'none'; form-action 'self'"
# What is wrong in the browser; all other defects are in the programs.
PAGE_DEFECTS = (
    "page-severity-colour",
    "page-sort-wrong",
    "page-filter-dates-ignored",
    "page-bell-without-dot",
    "page-hebrew-mangled",
    "page-channels-swapped",
    "page-time-axis-shifted",
    "page-waterfall-frozen",
    "page-row-stale",
    "page-refusal-hidden",
    "page-templates-shared",
    "page-role-may-change",
    "page-pixel-shift",
    "page-icon-missing",
    "page-move-closes-views",
    "page-alert-times-ignored",
    "page-alert-place-ignored",
    "page-balloon-misplaced",
)
# The modules are small and have no build that would name them anew: a browser asks whether they changed.
_CACHED = "no-cache"
_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".mp3": "audio/mpeg",
    ".txt": "text/plain; charset=utf-8",
}


def _modules() -> str:
    """Return links to all modules: without them a browser finds each only in another that it has read."""
    paths = sorted((PAGES / "assets").rglob("*.js"))
    return "\n".join(f'    <link rel="modulepreload" href="/{path.relative_to(PAGES).as_posix()}">' for path in paths)


def page_routes(site_id: str) -> APIRouter:
    """Return the routes of the page. They need no login: what they serve is the same for everybody."""
    routes = APIRouter(include_in_schema=False)
    document = (PAGES / "index.html").read_text(encoding="utf-8").replace("{modules}", _modules())

    async def page() -> Response:
        on = " ".join(name for name in PAGE_DEFECTS if active(name))
        filled = document.replace("{site}", html.escape(site_id)).replace("{defects}", on)
        return HTMLResponse(filled, headers={"Content-Security-Policy": POLICY})

    for path in PATHS:
        routes.add_api_route(path, page, methods=["GET", "HEAD"])

    @routes.api_route(ASSETS + "/{name:path}", methods=["GET", "HEAD"])
    async def asset(name: str, request: Request) -> Response:
        file = (PAGES / "assets" / name).resolve()
        if not file.is_relative_to(PAGES / "assets") or not file.is_file():
            raise ApiError(404, "NotFoundError", "There is no such path.")
        answer = FileResponse(file, media_type=_TYPES.get(file.suffix), headers={"Cache-Control": _CACHED})
        answer.set_stat_headers(file.stat())
        if request.headers.get("if-none-match") == answer.headers["etag"]:
            return Response(status_code=304, headers={"ETag": answer.headers["etag"], "Cache-Control": _CACHED})
        return answer

    return routes
