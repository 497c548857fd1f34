"""Program of the MongoDB pod: becomes the database server that the site has found."""

import os
from pathlib import Path


def main() -> None:
    server, port, data = (os.environ[f"MONGODB_{name}"] for name in ("SERVER", "PORT", "DATA"))
    Path(data).mkdir(parents=True, exist_ok=True)
    command = [server, "--port", port]
    if Path(server).name == "mongod":
        command += ["--bind_ip", "127.0.0.1", "--dbpath", data]
    else:
        command += ["--host", "127.0.0.1", "--storage-path", data, "--cache-size", "64M", "--standalone"]
    print(f"starting {server} on {port}", flush=True)
    os.execv(command[0], command)  # noqa: S606 - the pod's process is the database itself


if __name__ == "__main__":
    main()
