"""A page of each library and resource as libdoc makes it, and an index. A warning of libdoc is a complaint."""

from __future__ import annotations

from html import escape
from pathlib import Path
from urllib.parse import quote

from robot.errors import DataError
from robot.libdocpkg import LibraryDocumentation
from robot.libdocpkg.htmlutils import DocToHtml
from robot.output import LOGGER
from robot.output.loggerapi import LoggerApi
from robot.output.loggerhelper import Message

from pipeline.vocabulary import Found, documented, imports, keywords_of

html = DocToHtml("ROBOT")
HEAD = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="color-scheme" content="light dark">
<title>Focus keywords</title>
<style>
body { font-family: sans-serif; max-width: 70em; margin: 1em auto; padding: 0 1em; }
p { margin: 0; }
code { white-space: pre; }
td, th { text-align: left; vertical-align: top; padding: 0.2em 1em 0.2em 0; }
</style>
</head>
<body>
<h1>Focus keywords</h1>"""
END = """\
</body>
</html>
"""


class Complaints(LoggerApi):  # type: ignore[misc] # Robot's class is not typed
    """Collects what Robot warns of while it reads a library."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def message(self, msg: Message) -> None:
        if msg.level in ("WARN", "ERROR"):
            self.texts.append(msg.message)


def write(folder: Path) -> list[str]:
    """Write the pages into ``folder``, in place of those there; returns what Robot complained of."""
    complaints = Complaints()
    LOGGER.register_logger(complaints)
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.html"):
        old.unlink()
    lines = imports()
    pages: list[str] = []
    keywords: list[Found] = []
    for path in documented():
        try:
            documentation = LibraryDocumentation(str(path))
        except DataError as error:
            complaints.texts.append(f"{path.name}: {error}")
            continue
        about = documentation.doc.split("\n\n")[0]
        pages.append(
            f"<tr><td>{link(path.stem)}</td><td><code>{lines[path.stem]}</code></td><td>{html(about)}</td></tr>"
        )
        keywords += keywords_of(documentation, path.stem)
        # A page shows texts as they are: libdoc's command line converts them first, saving alone does not.
        documentation.convert_docs_to_html()
        documentation.save(str(folder / f"{path.stem}.html"), "HTML")
    (folder / "index.html").write_text(index_page(pages, keywords), encoding="utf-8", newline="\n")
    LOGGER.unregister_logger(complaints)
    return complaints.texts


def index_page(pages: list[str], keywords: list[Found]) -> str:
    """A table of the pages, given as rows, and one of all keywords."""
    words = [
        f"<tr><td>{link(keyword.home, keyword.name)}</td><td>{html(keyword.sentence)}</td></tr>"
        for keyword in sorted(keywords, key=lambda keyword: keyword.name)
    ]
    head = "<tr><th>page</th><th>comes with</th><th>about</th></tr>"
    return "\n".join(
        [HEAD, "<table>", head, *pages, "</table>", "<h2>All keywords</h2>", "<table>", *words, "</table>", END]
    )


def link(home: str, keyword: str = "") -> str:
    target = f"{home}.html#{quote(keyword)}" if keyword else f"{home}.html"
    return f'<a href="{target}">{escape(keyword or home)}</a>'
