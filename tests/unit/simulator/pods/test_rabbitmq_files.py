"""Finding and fetching RabbitMQ with stand-ins for apt-get and dpkg."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from simulator.errors import SimulatorError
from simulator.pods import rabbitmq_files

APT = """#!/bin/sh
echo "$@" >> {log}
case "$*" in
  *update*) exit 0 ;;
  *Dir::State::lists*) touch rabbitmq-server_1.deb; exit 0 ;;
esac
echo "E: Unable to locate package rabbitmq-server" >&2
exit {code}
"""
DPKG = """#!/bin/sh
mkdir -p "$3/usr/lib/rabbitmq/bin" "$3/usr/lib/erlang/bin"
{fault}
touch "$3/usr/lib/rabbitmq/bin/rabbitmq-server"
echo "ROOTDIR=/usr/lib/erlang" > "$3/usr/lib/erlang/bin/erl"
"""


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without RabbitMQ whose apt-get finds packages only with fresh lists."""
    programs = tmp_path / "bin"
    programs.mkdir()
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}/usr/bin{os.pathsep}/bin")
    monkeypatch.setenv("FOCUS_SIMULATOR_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(rabbitmq_files, "_SYSTEM_SERVER", tmp_path / "nowhere")
    write(programs / "apt-get", APT.format(log=tmp_path / "calls", code=100))
    write(programs / "dpkg", DPKG.format(fault=""))
    return programs


def write(program: Path, text: str) -> None:
    program.write_text(text)
    program.chmod(0o755)


@pytest.mark.usefixtures("machine")
def test_fetching_reads_fresh_lists_privately_when_the_machine_has_none(tmp_path: Path) -> None:
    printed: list[str] = []
    server = rabbitmq_files.fetch(printed.append)
    assert server == tmp_path / "home/rabbitmq/usr/lib/rabbitmq/bin/rabbitmq-server"
    assert rabbitmq_files.find_server() == server
    erl = (tmp_path / "home/rabbitmq/usr/lib/erlang/bin/erl").read_text()
    assert erl == f"ROOTDIR={tmp_path}/home/rabbitmq/usr/lib/erlang\n"
    calls = (tmp_path / "calls").read_text().splitlines()
    assert ["update" in call for call in calls] == [False, True, False]
    assert rabbitmq_files.search_path(server).startswith(str(tmp_path / "home/rabbitmq/usr/lib/erlang/bin"))
    assert any("downloading" in line for line in printed)


@pytest.mark.usefixtures("machine")
def test_a_second_fetch_downloads_nothing(tmp_path: Path) -> None:
    rabbitmq_files.fetch(lambda _text: None)
    (tmp_path / "calls").unlink()
    rabbitmq_files.fetch(lambda _text: None)
    assert not (tmp_path / "calls").exists()


def test_an_interrupted_unpacking_is_repaired_by_the_next_call(machine: Path, tmp_path: Path) -> None:
    write(machine / "dpkg", DPKG.format(fault="echo 'no space' >&2; exit 2"))
    with pytest.raises(SimulatorError, match="could not be unpacked: no space"):
        rabbitmq_files.fetch(lambda _text: None)
    assert rabbitmq_files.find_server() is None
    (tmp_path / "home/rabbitmq.part-killed/tree").mkdir(parents=True)
    write(machine / "dpkg", DPKG.format(fault=""))
    assert rabbitmq_files.fetch(lambda _text: None).exists()
    assert sorted(path.name for path in (tmp_path / "home").iterdir()) == ["rabbitmq", "rabbitmq.lock"]


def test_no_network_is_one_sentence(machine: Path, tmp_path: Path) -> None:
    write(machine / "apt-get", "#!/bin/sh\necho 'E: Failed to fetch' >&2\nexit 100\n")
    with pytest.raises(SimulatorError, match=r"could not be downloaded .* apt-get output: E: Failed to fetch"):
        rabbitmq_files.fetch(lambda _text: None)
    assert not (tmp_path / "home/rabbitmq").exists()


def test_a_system_without_apt_gets_a_way_to_get_it(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(machine.parent / "empty"))
    with pytest.raises(SimulatorError, match="brew install rabbitmq"):
        rabbitmq_files.fetch(lambda _text: None)


def test_a_server_on_path_is_used(machine: Path) -> None:
    write(machine / "rabbitmq-server", "#!/bin/sh\n")
    assert rabbitmq_files.find_server() == machine / "rabbitmq-server"
