"""A stand-in of the Hugging Face Hub on this machine: what its own library asks of it to read and to push a repository.

It keeps every commit whole. Large files lie on another host, as the Hub's do: localhost, where it itself is 127.0.0.1.
"""

import base64
import hashlib
import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit

import yaml

TOKEN = "hf_of_the_owner"
LARGE = ".safetensors"  # the Hub keeps these as LFS


class Repository:
    """Commits by their hash, each the files by their path; the branch main is the last one."""

    def __init__(self, private: bool = False):
        self.commits: dict[str, dict[str, bytes]] = {}
        self.private, self.gated = private, False
        self.status = 200  # another one is the answer to all questions
        self.sizes: dict[str, int] = {}  # told in place of the true ones
        self.commit({".gitattributes": b"*.safetensors filter=lfs\n"})

    @property
    def head(self) -> str:
        return list(self.commits)[-1]

    @property
    def files(self) -> dict[str, bytes]:
        return self.commits[self.head]

    def commit(self, files: dict[str, bytes]) -> str:
        self.commits[hashlib.sha1(f"{len(self.commits)}{sorted(files)}".encode()).hexdigest()] = files
        return self.head

    def add(self, files: dict[str, bytes]) -> str:
        return self.commit(self.files | files)


class Hub:
    """The server; asked holds method and path of every question so far."""

    def __init__(self) -> None:
        self.repositories: dict[str, Repository] = {}
        self.large: dict[str, bytes] = {}  # by SHA-256
        self.asked: list[tuple[str, str]] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Answer,), {"hub": self}))
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def storage(self) -> str:
        return f"http://localhost:{self._server.server_port}/storage"

    @property
    def downloads(self) -> list[str]:
        """Paths of the files that were asked for."""
        return [path.split("/", 5)[5] for _, path in self.asked if "/resolve/" in path]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class Answer(BaseHTTPRequestHandler):
    """One question: the first pattern that its path fits says which method answers it."""

    hub: Hub
    NAME = r"(?P<name>[\w.-]+/[\w.-]+)"
    ROUTES = (
        ("GET", rf"/api/models/{NAME}", "info"),
        ("GET", rf"/api/models/{NAME}/revision/(?P<revision>[^/]+)", "info"),
        ("GET", rf"/api/models/{NAME}/tree/(?P<revision>[^/]+)", "tree"),
        ("HEAD|GET", rf"/{NAME}/resolve/(?P<revision>[^/]+)/(?P<path>.+)", "resolve"),
        ("GET", r"/storage/(?P<digest>\w+)", "stored"),
        ("POST", r"/api/repos/create", "create"),
        ("POST", r"/api/validate-yaml", "validate"),
        ("POST", rf"/api/models/{NAME}/preupload/main", "preupload"),
        ("POST", rf"/{NAME}\.git/info/lfs/objects/batch", "batch"),
        ("PUT", r"/storage/(?P<digest>\w+)", "store"),
        ("POST", rf"/api/models/{NAME}/commit/main", "commit"),
    )

    def answer(self) -> None:
        path = urlsplit(self.path).path
        self.hub.asked.append((self.command, path))
        self.body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        for methods, pattern, method in self.ROUTES:
            if self.command in methods.split("|") and (match := re.fullmatch(pattern, path)):
                return getattr(self, method)(**{key: unquote(value) for key, value in match.groupdict().items()})
        self.give(404, {})

    do_GET = do_HEAD = do_POST = do_PUT = answer

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def give(self, status: int, content: Any, **headers: str) -> None:
        data = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response(status)
        for key, value in ({"Content-Length": str(len(data))} | headers).items():
            self.send_header(key.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def refuse(self, status: int, code: str) -> None:
        self.give(status, {"error": code}, X_Error_Code=code)

    @property
    def is_owner(self) -> bool:
        return self.headers.get("Authorization") == f"Bearer {TOKEN}"

    def found(self, name: str, revision: str = "main") -> tuple[Repository, str] | None:
        """The repository and the commit; None where the answer is given already."""
        repository = self.hub.repositories.get(name)
        if repository is None or (repository.private and not self.is_owner):
            self.refuse(404, "RepoNotFound")
        elif revision != "main" and revision not in repository.commits:
            self.refuse(404, "RevisionNotFound")
        elif repository.status != 200:
            self.give(repository.status, {})
        else:
            return repository, repository.head if revision == "main" else revision
        return None

    def info(self, name: str, revision: str = "main") -> None:
        if found := self.found(name, revision):
            repository, commit = found
            siblings = [{"rfilename": path} for path in repository.commits[commit]]
            self.give(200, {"id": name, "sha": commit, "private": repository.private, "siblings": siblings})

    def tree(self, name: str, revision: str) -> None:
        if found := self.found(name, revision):
            repository, commit = found
            entries: list[dict[str, Any]] = [{"type": "directory", "path": "vae", "oid": "0" * 40, "size": 0}]
            for path, content in repository.commits[commit].items():
                entry = {"type": "file", "path": path, "oid": oid(content)}
                entry["size"] = repository.sizes.get(path, len(content))
                large = {"oid": sha256(content), "size": entry["size"], "pointerSize": 134}
                entries.append(entry | ({"lfs": large} if path.endswith(LARGE) else {}))
            self.give(200, entries)

    def resolve(self, name: str, revision: str, path: str) -> None:
        if found := self.found(name, revision):
            repository, commit = found
            content = repository.commits[commit].get(path)
            if content is None:
                self.refuse(404, "EntryNotFound")
            elif repository.gated and not self.is_owner:
                self.refuse(403, "GatedRepo")
            elif path.endswith(LARGE):
                digest = sha256(content)
                self.hub.large[digest] = content
                linked = {"X_Linked_Etag": f'"{digest}"', "X_Linked_Size": str(len(content)), "X_Repo_Commit": commit}
                self.give(302, b"", Location=f"{self.hub.storage}/{digest}", **linked)
            else:
                self.give(200, content, ETag=f'"{oid(content)}"', X_Repo_Commit=commit)

    def stored(self, digest: str) -> None:
        assert self.headers.get("Authorization") is None  # a token is for the Hub alone
        self.give(200, self.hub.large[digest])

    def create(self) -> None:
        if not self.is_owner:
            return self.refuse(401, "Unauthorized")
        asked = json.loads(self.body)
        name = f"{asked['organization']}/{asked['name']}"
        there = name in self.hub.repositories
        if not there:
            self.hub.repositories[name] = Repository(asked.get("visibility") == "private")
        self.give(409 if there else 200, {"url": f"{self.hub.url}/{name}"})

    def validate(self) -> None:
        front = json.loads(self.body)["content"].split("---\n")[1]
        sound = isinstance(yaml.safe_load(front), dict)
        self.give(200 if sound else 400, {"errors": [] if sound else [{"message": "no metadata"}], "warnings": []})

    def preupload(self, name: str) -> None:
        asked = json.loads(self.body)["files"]
        modes = {file["path"]: "lfs" if file["path"].endswith(LARGE) else "regular" for file in asked}
        files = [{"path": path, "uploadMode": mode, "shouldIgnore": False} for path, mode in modes.items()]
        self.give(200, {"files": files})

    def batch(self, name: str) -> None:
        objects = json.loads(self.body)["objects"]
        for one in objects:
            one["actions"] = {"upload": {"href": f"{self.hub.storage}/{one['oid']}", "header": {}}}
        self.give(200, {"objects": objects})

    def store(self, digest: str) -> None:
        assert sha256(self.body) == digest
        self.hub.large[digest] = self.body
        self.give(200, {})

    def commit(self, name: str) -> None:
        found = self.found(name)
        if not self.is_owner or not found:
            return self.refuse(403, "Forbidden")
        files = dict(found[0].files)
        for line in self.body.decode().splitlines():
            key, value = (json.loads(line)[part] for part in ("key", "value"))
            if key == "file":
                files[value["path"]] = base64.b64decode(value["content"])
            elif key == "lfsFile":
                files[value["path"]] = self.hub.large[value["oid"]]
            elif key == "deletedFile":
                del files[value["path"]]
        commit = found[0].commit(files)
        self.give(200, {"commitUrl": f"{self.hub.url}/{name}/commit/{commit}", "commitOid": commit})


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def oid(content: bytes) -> str:
    """The name that git gives a file's content."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()
