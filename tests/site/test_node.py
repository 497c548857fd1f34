"""The SSH node with paramiko, SFTP and SSHLibrary."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import paramiko
import pytest
from focus_core.base.errors import BenchError
from focus_core.node.shell import NodeShell
from focus_core.site import loader as site_loader
from focus_core.site import model
from SSHLibrary import SSHLibrary
from support.site_commands import Site, eventually, processes_of, secret


def connected(site: Site, **login: str) -> paramiko.SSHClient:
    node = site["node"]
    ssh = paramiko.SSHClient()
    ssh.set_missing_host_key_policy(paramiko.AutoAddPolicy())  # noqa: S507 - a site of our own, on loopback
    ssh.connect(node["host"], node["port"], node["username"], allow_agent=False, look_for_keys=False, **login)
    return ssh


@pytest.fixture
def ssh(simulated_site: Site) -> Iterator[paramiko.SSHClient]:
    client = connected(simulated_site, password=secret(simulated_site["node"]["password"]))
    yield client
    client.close()


def test_command_with_output_errors_and_exit_code(ssh: paramiko.SSHClient) -> None:
    _, out, err = ssh.exec_command("echo out; echo err >&2; exit 7")
    assert (out.read(), err.read(), out.channel.recv_exit_status()) == (b"out\n", b"err\n", 7)


def test_input_reaches_the_command(ssh: paramiko.SSHClient) -> None:
    stdin, out, _ = ssh.exec_command("tr a-z A-Z")
    stdin.write("words")
    stdin.channel.shutdown_write()
    assert out.read() == b"WORDS"


def test_a_wrong_password_and_a_wrong_user_are_refused(simulated_site: Site) -> None:
    with pytest.raises(paramiko.AuthenticationException):
        connected(simulated_site, password="wrong")
    stranger = {**simulated_site, "node": {**simulated_site["node"], "username": "root"}}
    with pytest.raises(paramiko.AuthenticationException):
        connected(stranger, password=secret(simulated_site["node"]["password"]))


def test_login_by_key(simulated_site: Site) -> None:
    key = Path(simulated_site["state_dir"]) / "secrets" / "node_key"
    client = connected(simulated_site, key_filename=str(key))
    assert client.exec_command("echo in")[1].read() == b"in\n"
    client.close()


@pytest.fixture
def shell(simulated_site: Site) -> NodeShell:
    site = site_loader.read(str(Path(simulated_site["state_dir"]) / "site.yaml"))
    assert isinstance(site, model.Site)
    return NodeShell(site)


def test_a_command_may_complain_as_much_as_it_likes(shell: NodeShell) -> None:
    ended = shell.execute("head -c 5000000 /dev/zero >&2; head -c 3000000 /dev/zero", timeout=15)
    assert (ended.code, len(ended.output), len(ended.errors)) == (0, 3_000_000, 5_000_000)


@pytest.mark.parametrize("command", [pytest.param("sleep 4712", marks=pytest.mark.nightly), "yes 4712"])
def test_a_command_that_goes_on_and_on_is_ended(shell: NodeShell, simulated_site: Site, command: str) -> None:
    begun = time.monotonic()
    with pytest.raises(BenchError, match=rf"broke off '{command}' or did not end it within 1 s"):
        shell.execute(command, timeout=1)
    assert time.monotonic() - begun < 5
    eventually(lambda: not any("4712" in one.cmdline() for one in processes_of(simulated_site["state_dir"])))


def test_kubectl_sees_the_pods(ssh: paramiko.SSHClient) -> None:
    _, out, err = ssh.exec_command("kubectl get pods --no-headers -o custom-columns=NAME:.metadata.name")
    names = out.read().decode().split()
    assert err.read() == b""
    assert "rabbitmq-panda-0" in names
    assert any(name.startswith("panda-panda-focus-server-") for name in names)


def test_files_over_sftp_land_in_the_home_of_the_shell(ssh: paramiko.SSHClient, tmp_path: Path) -> None:
    source = tmp_path / "note.txt"
    source.write_text("carried")
    sftp = ssh.open_sftp()
    sftp.put(str(source), "note.txt")
    assert ssh.exec_command("cat note.txt")[1].read() == b"carried"
    sftp.remove("note.txt")


def test_a_broken_connection_ends_its_commands(simulated_site: Site) -> None:
    client = connected(simulated_site, password=secret(simulated_site["node"]["password"]))
    client.exec_command("sleep 4711 & sleep 4711")

    def sleepers() -> list[int]:
        return [p.pid for p in processes_of(simulated_site["state_dir"]) if p.cmdline()[-1:] == ["4711"]]

    eventually(lambda: len(sleepers()) == 2)
    client.close()
    eventually(lambda: not sleepers())


def test_terminal_has_a_size_and_takes_an_interrupt(ssh: paramiko.SSHClient) -> None:
    shell = ssh.invoke_shell(width=132, height=40)
    shell.send(b"stty size; sleep 100\n")
    seen = bytearray()

    def printed(words: bytes) -> bool:
        if shell.recv_ready():
            seen.extend(shell.recv(4096))
        return words in seen

    def answers_after_an_interrupt() -> bool:
        # Typed again until it is heard: an interrupt also throws away what was typed just before.
        shell.send(b"\x03")
        time.sleep(0.3)
        shell.send(b"echo after $((40 + 2))\n")
        time.sleep(0.3)
        return printed(b"after 42")

    eventually(lambda: printed(b"40 132"))
    eventually(answers_after_an_interrupt)


def test_robot_ssh_library(simulated_site: Site, tmp_path: Path) -> None:
    node = simulated_site["node"]
    library = SSHLibrary(timeout="5 seconds")
    library.open_connection(node["host"], port=node["port"], prompt="$ ")
    library.login(node["username"], secret(node["password"]))
    assert library.execute_command("echo one", return_rc=True) == ["one", 0]
    library.write("echo $((20 + 1))")
    assert "21" in library.read_until_prompt()
    source = tmp_path / "by-robot.txt"
    source.write_text("x")
    library.put_file(str(source), ".")
    assert "by-robot.txt" in library.list_directory(".")
    library.close_all_connections()
