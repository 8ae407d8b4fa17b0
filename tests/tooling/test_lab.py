"""`course lab`: it answers to this machine and its token only, nothing of the user's settings counts, and it ends."""

import contextlib
import json
import os
import queue
import re
import signal
import socket
import subprocess
import sys
import time
import venv
from pathlib import Path

import psutil
import pytest
import requests
from jupyter_client import BlockingKernelClient

from course_utils import paths
from course_utils.tooling import lab

OPEN = """
import sys
from pathlib import Path
from course_utils.tooling import lab
sys.exit(lab.open_lab(browser=False, port=int(sys.argv[2]), folder=Path(sys.argv[1])))
"""
# Each of these alone would let somebody in, or send the server elsewhere.
HOSTILE = {
    "ServerApp": {
        "token": "",
        "password": "",
        "ip": "0.0.0.0",
        "allow_origin": "*",
        "allow_origin_pat": ".*",
        "allow_credentials": True,
        "allow_remote_access": True,
        "allow_unauthenticated_access": True,
        "disable_check_xsrf": True,
        "local_hostnames": ["evil.example"],
        "authenticate_prometheus": False,
        "trust_xheaders": True,
        "use_redirect_file": False,
        "base_url": "/elsewhere/",
        "sock_mode": "0777",
        "default_url": "/elsewhere",
        "root_dir": "/",
        "identity_provider_class": "jupyter_server.auth.identity.IdentityProvider",
        "tornado_settings": {"headers": {"Access-Control-Allow-Origin": "*"}},
    },
    "NotebookApp": {"token": "", "password": "", "ip": "0.0.0.0", "disable_check_xsrf": True},
    "IdentityProvider": {"token": "", "need_token": False},
    "PasswordIdentityProvider": {"token": "", "hashed_password": "", "password_required": False},
    "LabApp": {"token": "", "ip": "0.0.0.0", "default_url": "/elsewhere", "news_url": "http://192.0.2.1"},
}
HOSTILE_VARIABLES = {
    "JUPYTER_TOKEN": "known",
    "JUPYTER_TOKEN_FILE": "/etc/hostname",
    "JUPYTER_SERVER_ALLOW_UNAUTHENTICATED_ACCESS": "true",
    "JUPYTER_ALLOW_INSECURE_WRITES": "true",
    "JUPYTER_PORT": "1",
    "JUPYTERLAB_DIR": "/nowhere",
    "JUPYTER_PATH": "/nowhere",
    "PYTHONSTARTUP": "/nowhere.py",
    "PYTHONOPTIMIZE": "2",
    "PYTHONWARNINGS": "error",
    "PYTHONIOENCODING": "ascii",
    "KERAS_BACKEND": "nonsense",
    "MPLBACKEND": "nonsense",
    "MATPLOTLIBRC": "/nowhere",
    "XLA_FLAGS": "--nonsense",
    "LC_ALL": "C",
}


class Visitor(requests.Session):
    """Somebody who talks to a server, with its token or without."""

    def __init__(self, address, token=""):
        super().__init__()
        self.address, self.trust_env = address, False  # no proxy between this machine and itself
        if token:
            self.headers["Authorization"] = f"token {token}"

    def ask(self, path, data=None, **headers):
        """The answer; with data it is a POST."""
        kind = "GET" if data is None else "POST"
        return self.request(kind, self.address + path, json=data, headers=headers, timeout=60)


class Laboratory:
    """A running `course lab` in a folder."""

    def __init__(self, folder, python=sys.executable, port=0, **variables):
        self.folder, self.log = folder, folder.parent / "log"
        port = port or free_port()
        with self.log.open("w") as stream:
            self.process = subprocess.Popen(
                [python, "-c", OPEN, str(folder), str(port)],
                stdout=stream,
                stderr=stream,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                env={**os.environ, **variables},
            )
        deadline = time.monotonic() + 120
        pattern = r"(http://127\.0\.0\.1:(\d+))(/lab\S*)\?token=(\w{20,})"
        while not (found := re.search(pattern, self.log.read_text())):
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.2)
        address, port, self.page, self.token = found.groups()
        self.port = int(port)
        self.learner, self.stranger = Visitor(address, self.token), Visitor(address)
        self.family = psutil.Process(self.process.pid).children(recursive=True)
        wait_until(lambda: answers(self.port))  # it says where it will listen a moment before it does

    def kernel(self):
        """Start a kernel; a client that is connected to it."""
        started = self.learner.ask("/api/kernels", data={"name": "python3"}).json()
        file = self.folder / lab.KEPT / "runtime" / f"kernel-{started['id']}.json"
        client = BlockingKernelClient(connection_file=str(file))
        client.load_connection_file()
        client.start_channels(hb=False)  # a machine under load misses its beats
        for _ in range(20):
            client.kernel_info(reply=True, timeout=60)
            with contextlib.suppress(queue.Empty):
                client.get_iopub_msg(timeout=2)  # its outputs arrive too
                break
        self.family = psutil.Process(self.process.pid).children(recursive=True)
        return client

    def end(self):
        self.process.terminate()
        try:
            self.process.wait(60)
        finally:
            for process in (self.process, *self.family):
                with contextlib.suppress(psutil.Error, ProcessLookupError):
                    process.kill()


def answers(port):
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


def printed(client, code):
    """What code prints in a kernel; its error where there is one."""
    said = []

    def keep(message):
        content = message["content"]
        said.append(content.get("text") or "\n".join(content.get("traceback", [])))

    client.execute_interactive(code, output_hook=keep, timeout=180)
    return "".join(said)


def wait_until(condition, seconds=40):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.1)


@pytest.fixture
def mine(tmp_path):
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "00_start_here.ipynb").write_text('{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}')
    return folder


@pytest.fixture
def laboratory(mine):
    opened = []

    def start(**options):
        opened.append(Laboratory(mine, **options))
        return opened[-1]

    yield start
    for one in opened:
        one.end()


def hostile_places(tmp_path, python_home):
    """Every place where Jupyter looks for settings, filled; each file leaves a note beside itself when it is read."""
    home, witness = tmp_path / "home", tmp_path / "read"
    witness.mkdir()
    places = {
        "home": home / ".jupyter",
        "userbase": home / ".local" / "etc" / "jupyter",
        "JUPYTER_CONFIG_DIR": tmp_path / "config dir",
        "JUPYTER_CONFIG_PATH": tmp_path / "config path",
        "sys.prefix": python_home / "etc" / "jupyter",
        "working folder": tmp_path / "mine",
    }
    lines = [f"c.{name}.{key} = {value!r}" for name, keys in HOSTILE.items() for key, value in keys.items()]
    for number, folder in enumerate(places.values()):
        (folder / "jupyter_server_config.d").mkdir(parents=True, exist_ok=True)
        (folder / "labconfig").mkdir(exist_ok=True)
        for name in ("jupyter_config", "jupyter_server_config", "jupyter_lab_config", "jupyter_notebook_config"):
            note = f"open({str(witness / f'{number}-{name}')!r}, 'w')\n"
            (folder / f"{name}.py").write_text(note + "\n".join(lines))
            (folder / f"{name}.json").write_text(json.dumps(HOSTILE))
        (folder / "jupyter_server_config.d" / "own.json").write_text(json.dumps(HOSTILE))
        locked = {"disabledExtensions": {"@jupyterlab/notebook-extension:tracker": True}}
        (folder / "labconfig" / "page_config.json").write_text(json.dumps(locked))
    for place in (home / ".ipython", tmp_path / "ipython dir"):
        startup = place / "profile_default" / "startup"
        startup.mkdir(parents=True)
        (startup / "00.py").write_text(f"open({str(witness / 'startup')!r}, 'w')")
        (place.joinpath("profile_default") / "ipython_kernel_config.py").write_text("1 / 0")
    return witness, {
        "HOME": str(home),
        "JUPYTER_CONFIG_DIR": str(places["JUPYTER_CONFIG_DIR"]),
        "JUPYTER_CONFIG_PATH": str(places["JUPYTER_CONFIG_PATH"]),
        "IPYTHONDIR": str(tmp_path / "ipython dir"),
    }


def foreign_kernel(tmp_path, home):
    """A kernel called python3 that belongs to another Python, where a user's kernels are found first."""
    other = {"argv": [str(tmp_path / "no" / "python")], "display_name": "Python 3", "language": "python"}
    for folder in (home / ".local" / "share" / "jupyter", tmp_path / "data dir"):
        (folder / "kernels" / "python3").mkdir(parents=True)
        (folder / "kernels" / "python3" / "kernel.json").write_text(json.dumps(other))
    return {"JUPYTER_DATA_DIR": str(tmp_path / "data dir")}


def thin_environment(folder):
    """An environment of its own that borrows this one's packages: its folder of settings can be filled."""
    venv.create(folder, symlinks=os.name != "nt", with_pip=False)
    [packages] = folder.glob("[Ll]ib/**/site-packages")
    borrowed = [str(paths.project_root()), *(path for path in sys.path if path.endswith("site-packages"))]
    (packages / "borrowed.pth").write_text("\n".join(borrowed))
    (folder / "share").symlink_to(Path(sys.prefix) / "share")
    return folder / "bin" / "python"


def test_a_relative_data_home_is_the_same_in_the_laboratory_and_for_the_commands(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for variable in ("COURSE_DATA", "COURSE_STATE"):
        monkeypatch.setenv(variable, "beside/me")
        assert lab.environment(os.environ, tmp_path / "mine")[variable] == str(tmp_path / "beside" / "me")


def test_the_server_listens_on_this_machine_only(tmp_path):
    command = lab.lab_command(tmp_path, browser=False, port=9000)
    assert {"--ServerApp.ip=127.0.0.1", "--ServerApp.port=9000", "--no-browser"} <= set(command)
    assert "--no-browser" not in lab.lab_command(tmp_path, browser=True, port=9000)


@pytest.mark.unix_only("fills the folders where Jupyter looks on Unix")
def test_no_setting_in_any_place_lets_a_stranger_in(laboratory, mine, tmp_path):
    python = thin_environment(tmp_path / "environment")
    witness, variables = hostile_places(tmp_path, tmp_path / "environment")
    variables |= foreign_kernel(tmp_path, tmp_path / "home") | HOSTILE_VARIABLES
    for name in ("random", "keras", "numpy", "course_utils", "jupyterlab", "tornado", "matplotlib"):
        (mine / f"{name}.py").write_text(f"open({str(witness / name)!r}, 'w')\n1 / 0")
    (mine / "my_model.py").write_text("answer = 42")
    with socket.create_server(("127.0.0.1", 0)) as taken:  # somebody else's: the server has to take another port
        port = taken.getsockname()[1]
        lab_ = laboratory(python=python, port=port, **variables)
        assert lab_.port != port
    assert lab_.page == "/lab/tree/00_start_here.ipynb"

    for path in (
        "/api/contents",
        "/api/kernels",
        "/api/sessions",
        "/api/terminals",
        "/lab",
        "/metrics",
        "/files/00_start_here.ipynb",
    ):
        answer = lab_.stranger.ask(path)
        assert answer.status_code == 403 or answer.url.partition("?")[0].endswith("/login"), (path, answer.status_code)
    assert lab_.stranger.ask("/api/contents?token=").status_code == 403
    assert lab_.stranger.ask("/api/contents?token=known").status_code == 403
    assert lab_.stranger.ask("/api/kernels", data={}).status_code == 403
    for origin in ("http://evil.example", "null"):  # a page elsewhere, in the learner's own browser
        answer = lab_.stranger.ask("/api/contents", Origin=origin)
        assert answer.status_code in (403, 404) and answer.headers.get("Access-Control-Allow-Origin") is None
    assert lab_.learner.ask("/api/contents", Host="evil.example").status_code == 403
    listening = {(c.laddr.ip, c.laddr.port) for p in lab_.family for c in p.net_connections() if c.status == "LISTEN"}
    assert {ip for ip, _ in listening} == {"127.0.0.1"}
    names = {entry["name"] for entry in lab_.learner.ask("/api/contents").json()["content"]}
    assert "00_start_here.ipynb" in names and "home" not in names  # the working folder, not the root of the disk

    kernel = lab_.kernel()
    code = (
        "import random, keras, numpy, course_utils, my_model, sys; print(my_model.answer, sys.prefix, keras.__file__)"
    )
    said = printed(kernel, code)
    last = said.splitlines()[-1]  # matplotlib may say first that it looks for fonts
    assert last.startswith(f"42 {tmp_path / 'environment'} ") and str(mine) not in said, said
    kernel.stop_channels()
    assert list(witness.iterdir()) == []


@pytest.mark.unix_only("reads the permissions of Unix")
def test_nobody_else_can_read_the_token_and_a_lesson_begins_without_questions(laboratory, mine):
    lab_ = laboratory(JUPYTER_ALLOW_INSECURE_WRITES="true")
    everybody = [process.info["cmdline"] or [] for process in psutil.process_iter(["cmdline"])]
    assert not [words for words in everybody if lab_.token in " ".join(words)]
    holding = [
        file
        for file in mine.rglob("*")
        if file.is_file() and lab_.token in file.read_text(encoding="utf-8", errors="ignore")
    ]
    assert {file.suffix for file in holding} == {".json", ".html"}  # what the server tells its own user's programs
    kept = mine / lab.KEPT
    assert all(kept in file.parents for file in holding) and kept.stat().st_mode & 0o077 == 0
    page = lab_.stranger.ask(f"{lab_.page}?token={lab_.token}").text
    settings = re.search(r'id="jupyter-config-data"[^>]*>(.*?)</script>', page, re.DOTALL)
    config = json.loads(settings[1])
    assert config["news"] == {"disabled": True}
    assert config["terminalsAvailable"] is True
    assert "@jupyterlab/apputils-extension:announcements" in str(config["disabledExtensions"])
    tracker = lab_.learner.ask("/lab/api/settings/@jupyterlab/notebook-extension:tracker").json()
    assert tracker["schema"]["properties"]["codeCellConfig"]["default"]["lineWrap"] is True


@pytest.mark.unix_only("sends signals; on Windows, the way by closed standard input was read only")
@pytest.mark.parametrize("name", ["SIGHUP", "SIGKILL"])
def test_a_signal_ends_the_server_and_its_kernels(laboratory, name):
    lab_ = laboratory()
    kernel = lab_.kernel()
    kernel.execute("while True: pass")  # a busy one is the harder case
    kernel.stop_channels()
    assert len(lab_.family) >= 2
    lab_.process.send_signal(getattr(signal, name))
    assert lab_.process.wait(60) == (0 if name != "SIGKILL" else -signal.SIGKILL)
    wait_until(lambda: not any(process.is_running() and process.status() != "zombie" for process in lab_.family))
    assert not list((lab_.folder / lab.KEPT / "runtime").glob("jpserver-*"))
