"""``dermagrade serve``: how it starts, and how it ends."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from command_line import Run
from service_process import CLEAN, KEY, Service

pytestmark = pytest.mark.long


def takes_connections(url: str) -> bool:
    try:
        httpx.get(f"{url}/health", timeout=300)
    except httpx.TransportError:
        return False
    return True


def test_a_busy_port_is_one_sentence(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = run("serve", "--port", str(taken.getsockname()[1]), env=CLEAN)
    assert done.returncode == 2
    assert done.stdout == ""
    assert re.fullmatch(
        r"dermagrade: Port \d+ of 127.0.0.1 cannot be used \(.+\); choose another with --port.\n", done.stderr
    )


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--host", "0.0.0.0"], "--api-key-file"),
        (["--host", "0.0.0.0", "--api-key-file", "none"], "none cannot be read"),
        (["--port", "many"], "DERMAGRADE_PORT"),
        (["--weights", "nowhere"], "holds no weights"),
        (["--workers", "0"], "DERMAGRADE_WORKERS"),
        (["--host", "203.0.113.7", "--api-key-file", "keys"], "203.0.113.7"),
    ],
)
def test_a_wrong_call_ends_with_2_and_one_line(run: Run, tmp_path: Path, arguments: list[str], says: str) -> None:
    (tmp_path / "keys").write_text(KEY + "\n")
    done = run("serve", *arguments, env=CLEAN)
    assert done.returncode == 2
    assert done.stdout == ""
    assert says in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert KEY not in done.stderr


def test_damaged_weights_are_told_before_anything_is_served(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "acne.onnx").write_bytes(b"damaged")
    done = run("serve", "--weights", "mine", env=CLEAN)
    assert done.returncode == 1
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1


def test_without_the_extra_the_way_to_get_it_is_named(tmp_path: Path) -> None:
    code = "import sys; sys.modules['fastapi'] = None; from dermagrade.cli.main import main; sys.exit(main(['serve']))"
    done = subprocess.run([sys.executable, "-c", code], env=CLEAN, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 1
    assert "pip install 'dermagrade[server]'" in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_lets_a_running_request_end_first(tmp_path: Path, portrait: Path, ending: signal.Signals) -> None:
    body = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n'
    body += portrait.read_bytes() + b"\r\n--b--\r\n"
    with Service(tmp_path) as running, socket.create_connection(running.address, timeout=300) as sock:
        sock.sendall(
            b"POST /v1/assess HTTP/1.1\r\nHost: x\r\nConnection: close\r\nExpect: 100-continue\r\n"
            b"Content-Type: multipart/form-data; boundary=b\r\n" + f"Content-Length: {len(body)}\r\n\r\n".encode()
        )
        assert sock.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"  # by now the server has begun the request
        sock.sendall(body[:1000])
        running.process.send_signal(ending)
        while takes_connections(running.url):
            pass
        sock.sendall(body[1000:])
        answer = b"".join(iter(lambda: sock.recv(65536), b""))
        status, stderr = running.ended()
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b'"status":"assessed"' in answer
    assert status == 0
    assert "Traceback" not in stderr


def test_several_workers_serve_and_end_together(tmp_path: Path, portrait: Path) -> None:
    with Service(tmp_path, "--workers", "2") as running:
        scores = {running.assess(portrait.read_bytes()).json()["acne"]["score"] for _ in range(4)}
        status, stderr = running.end()
    assert len(scores) == 1
    assert status == 0
    assert "Traceback" not in stderr


def test_another_address_is_served_with_keys(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text(f"# of the clinic\n{KEY}\n")
    with Service(tmp_path, "--host", "0.0.0.0", "--api-key-file", "keys") as running:
        assert "without a key" not in running.greeting
        assert running.client.get("/v1/models").status_code == 401
        assert running.client.get("/v1/models", headers={"authorization": f"Bearer {KEY}"}).status_code == 200
