"""``POST /v1/assess``: the record of the command line, for pictures good and bad, one at a time and many at once."""

from __future__ import annotations

import io
import json
import re
import shutil
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from PIL import Image
from pydantic import ValidationError

from bad_inputs import BAD_INPUTS, assess
from dermagrade.conditions import CONDITIONS
from dermagrade.service.api.records import Grade, PhotoRecord
from dermagrade.weights.store import SHIPPED
from drawn_face import picture
from service_process import HAS_PROC, KEY, Service, no_writing, peak_memory_kb

pytestmark = pytest.mark.long

LIMIT = 200_000

#: The bad inputs of the command line that are pictures; the rest is about paths, which no client can send.
BAD_PICTURES = [row for row in BAD_INPUTS if row.says and not re.search("folder|path|permission", row.title)]


def without_time(record: dict[str, Any]) -> dict[str, Any]:
    """The record without the milliseconds, but with the stages that were timed."""
    return record | {"elapsed_ms": sorted(record["elapsed_ms"])}


def jpeg(pixels: np.ndarray[Any, Any]) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "JPEG")
    return file.getvalue()


def is_problem(answer: httpx.Response, status: int, says: str = "") -> bool:
    """True for an answer that is a problem of this status, with one sentence that holds these words."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == status
    assert body["title"]
    assert says in body["detail"]
    assert body["detail"].endswith(".")
    assert "\n" not in body["detail"]
    return True


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A server that takes only small pictures, and those quickly."""
    with Service(tmp_path_factory.mktemp("small"), max_upload_bytes=LIMIT, upload_timeout_s=1) as running:
        yield running
        assert running.end() == (0, ""), "the service logged something, or did not end well"


def test_the_record_is_that_of_the_command_line(service: Service, portrait: Path, tmp_path: Path) -> None:
    shutil.copy(portrait, tmp_path / "face.jpg")
    expected = json.loads(assess(tmp_path / "face.jpg").stdout)
    answer = service.assess(portrait.read_bytes(), "face.jpg")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert without_time(answer.json()) == without_time(expected)
    assert answer.json()["status"] == "assessed"
    assert answer.json()["acne"]["score"] is not None


@pytest.mark.parametrize("row", BAD_PICTURES, ids=lambda row: row.title)
def test_a_bad_picture_gets_the_sentence_of_the_command_line(
    service: Service, portrait: Path, tmp_path: Path, row: Any
) -> None:
    path = row.make(tmp_path, Image.open(portrait).convert("RGB"))
    answer = service.assess(path.read_bytes(), path.name)
    if answer.status_code == 200:
        record = answer.json()
        assert record["status"] == "refused"
        assert any(row.says in finding["message"] for finding in record["screening"]["findings"])
    else:
        assert is_problem(answer, 415 if "text" in row.title else 422, row.says)


def test_a_refused_photo_is_an_answer_not_an_error(service: Service) -> None:
    grey = np.full((300, 300, 3), 128, np.uint8)
    record = service.assess(jpeg(grey)).json()
    assert record["status"] == "refused"
    assert record["screening"]["verdict"] == "refuse"
    assert "acne" not in record


def test_a_drawn_face_gets_an_answer_of_either_kind(service: Service) -> None:
    answer = service.assess(jpeg(picture(400, spots=8)))
    assert answer.status_code == 200
    assert answer.json()["status"] in {"assessed", "refused"}


def test_every_key_of_a_record_is_described_in_the_document(service: Service, portrait: Path) -> None:
    document = service.client.get("/openapi.json").json()
    schemas = document["components"]["schemas"]

    def unknown(value: Any, schema: dict[str, Any]) -> list[str]:
        """Keys of a value, and of all below it, that its schema does not name."""
        if "$ref" in schema:
            return unknown(value, schemas[schema["$ref"].rpartition("/")[2]])
        if "anyOf" in schema:
            return min((unknown(value, one) for one in schema["anyOf"] if one.get("type") != "null"), key=len)
        if isinstance(value, list):
            return [key for item in value for key in unknown(item, schema.get("items", {}))]
        if not isinstance(value, dict):
            return []
        named, others = schema.get("properties", {}), schema.get("additionalProperties")
        found = []
        for key, below in value.items():
            if key in named:
                found += [f"{key}.{name}" for name in unknown(below, named[key])]
            else:
                found += unknown(below, others) if isinstance(others, dict) else [key]
        return found

    record = service.assess(portrait.read_bytes()).json()
    PhotoRecord.model_validate(record)
    assert unknown(record, schemas["PhotoRecord"]) == []
    record["acne"]["lesions"]["items"] += [{"colour": "red"}]
    assert unknown(record | {"mood": "good"}, schemas["PhotoRecord"]) == ["acne.lesions.items.colour", "mood"]


def test_each_condition_s_own_answer_is_described_in_the_document(service: Service) -> None:
    schemas = service.client.get("/openapi.json").json()["components"]["schemas"]
    for condition in CONDITIONS.values():
        if condition.takes == "photo":
            described = schemas[f"{condition.name.title()}Grade"]["properties"]
            assert condition.details.schema().items() <= described.items()
            assert described["scale"]["examples"] == [condition.scale]
    assert "lesions" not in schemas["PigmentationGrade"]["properties"]


def test_measures_of_a_condition_are_described_in_the_document() -> None:
    grade = {"scale": "acne-5", "score": 2.0, "measures": {"share": {"value": 12.5, "unit": "%"}}}
    assert Grade.model_validate(grade).model_dump(exclude_unset=True) == grade
    with pytest.raises(ValidationError):
        Grade.model_validate(grade | {"measures": {"share": {"value": "much"}}})


def test_a_condition_narrows_the_answer_and_an_unknown_one_is_a_problem(service: Service, portrait: Path) -> None:
    chosen = service.assess(portrait.read_bytes(), data={"condition": "acne"})
    assert list(chosen.json()["model"]) == ["acne"]
    assert is_problem(service.assess(portrait.read_bytes(), data={"condition": "freckles"}), 422, "'freckles'")


@pytest.mark.parametrize(
    ("sent", "status", "says"),
    [
        ({"files": {"photo": ("a.jpg", b"x")}}, 422, "part named 'file'"),
        ({"files": [("file", ("a.jpg", b"x")), ("file", ("b.jpg", b"y"))]}, 422, "one photo"),
        ({"files": {"note": (None, b"no photo")}}, 422, "no photo"),
        ({"files": {"file": ("", b"")}}, 422, "no photo"),
        ({"files": [*[("note", (None, b"x"))] * 40, ("file", ("a.jpg", b"x"))]}, 400, "parts"),
        ({"files": {"note": (None, b"x" * 5000), "file": ("a.jpg", b"x")}}, 400, "too long"),
        ({"data": {"file": "x"}}, 415, "multipart/form-data"),
        ({"content": b"x" * 100}, 415, "multipart/form-data"),
        ({"content": b"", "headers": {"content-type": "multipart/form-data; boundary=b"}}, 400, "form"),
        ({"content": b"junk", "headers": {"content-type": "multipart/form-data; boundary=b"}}, 400, "form"),
        ({"content": b"x", "headers": {"content-type": "multipart/form-data; boundary=" + "b" * 5000}}, 400, "form"),
        ({"content": b"x", "headers": {"content-type": "multipart/form-data"}}, 415, "multipart/form-data"),
        (
            {
                "content": b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\ncut off',
                "headers": {"content-type": "multipart/form-data; boundary=b"},
            },
            400,
            "form",
        ),
        (
            {
                "content": b"--b\r\nX: y\r\n\r\n?\r\n--b--",
                "headers": {"content-type": "multipart/form-data; boundary=b"},
            },
            422,
            "",
        ),
    ],
)
def test_a_wrong_form_is_one_sentence(service: Service, sent: dict[str, Any], status: int, says: str) -> None:
    assert is_problem(service.client.post("/v1/assess", **sent), status, says)
    assert service.client.get("/health").status_code == 200


def test_the_name_of_the_client_comes_back_without_its_folders_and_harmless(service: Service, portrait: Path) -> None:
    record = service.assess(portrait.read_bytes(), "C:\\Users\\me\\../Me & <b>you\u202e.jpg").json()
    assert record["photo"] == "Me & <b>you.jpg"


@pytest.mark.parametrize("times", [1.5, 3])
@pytest.mark.parametrize("declared", [True, False])
def test_a_picture_over_the_limit_is_refused(small: Service, times: float, declared: bool) -> None:
    body = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n' + b"x" * int(times * LIMIT)
    content: Any = body if declared else iter([body[i : i + 8192] for i in range(0, len(body), 8192)])
    answer = small.client.post(
        "/v1/assess", content=content, headers={"content-type": "multipart/form-data; boundary=b"}
    )
    assert is_problem(answer, 413, "larger than the limit of 0.2 MB")


def test_a_picture_within_the_limit_is_taken(small: Service, portrait: Path) -> None:
    assert portrait.stat().st_size < LIMIT
    assert small.assess(portrait.read_bytes()).status_code == 200


@pytest.mark.skipif(not HAS_PROC, reason="reads a process's memory from /proc")
def test_an_endless_upload_fills_no_memory(small: Service) -> None:
    small.assess(jpeg(np.full((300, 300, 3), 128, np.uint8)))
    before = peak_memory_kb(small.process.pid)
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n'
    chunks = iter([head, *[b"x" * 100_000] * 1500])
    try:
        answer = small.client.post(
            "/v1/assess", content=chunks, headers={"content-type": "multipart/form-data; boundary=b"}
        )
    except httpx.TransportError:
        pass  # the server hung up on it, which is as good
    else:
        assert is_problem(answer, 413)
    assert peak_memory_kb(small.process.pid) - before < 30_000
    assert small.client.get("/health").status_code == 200


def test_a_client_that_asks_before_it_sends_is_told_at_once(small: Service) -> None:
    with socket.create_connection(small.address, timeout=300) as sock:
        sock.sendall(
            b"POST /v1/assess HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999\r\nExpect: 100-continue\r\n"
            b"Content-Type: multipart/form-data; boundary=b\r\n\r\n"
        )
        assert b" 413 " in sock.recv(100)


def test_a_picture_that_does_not_come_in_is_given_up(small: Service) -> None:
    with socket.create_connection(small.address, timeout=300) as sock:
        sock.sendall(
            b"POST /v1/assess HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n"
            b"Content-Type: multipart/form-data; boundary=b\r\n\r\n--b\r\n"
        )
        assert b" 408 " in sock.recv(100)


def test_a_client_that_leaves_does_no_harm(small: Service, portrait: Path) -> None:
    for _ in range(30):  # more than there are places for photos
        with socket.create_connection(small.address, timeout=300) as sock:
            sock.sendall(
                b"POST /v1/assess HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n"
                b"Content-Type: multipart/form-data; boundary=b\r\n\r\n--b\r\n"
            )
    assert small.assess(portrait.read_bytes()).status_code == 200


def test_twenty_at_once_are_all_answered_alike_while_the_loop_lives(service: Service, portrait: Path) -> None:
    data = portrait.read_bytes()

    def send(number: int) -> httpx.Response:
        return httpx.post(f"{service.url}/v1/assess", files={"file": (f"{number}.jpg", data)}, timeout=300)

    with ThreadPoolExecutor(20) as clients:
        waiting = [clients.submit(send, number) for number in range(20)]
        lived = [httpx.get(f"{service.url}/health", timeout=300).status_code for _ in range(5)]
        unfinished = sum(not future.done() for future in waiting)
        answers = [future.result() for future in waiting]
    assert lived == [200] * 5
    assert unfinished > 0, "all were done before the service was asked whether it lives"
    assert [answer.status_code for answer in answers] == [200] * 20
    records = [without_time(answer.json()) for answer in answers]
    assert [record.pop("photo") for record in records] == [f"{number}.jpg" for number in range(20)]
    assert all(record == records[0] for record in records)


@pytest.mark.skipif(not HAS_PROC, reason="limits what a process may write")
def test_no_byte_of_a_picture_is_written_anywhere(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (1400, 1400, 3), dtype=np.uint8)
    file = io.BytesIO()
    Image.fromarray(noise).save(file, "PNG")
    assert len(file.getvalue()) > 5_000_000
    with Service(tmp_path, before=no_writing) as running:
        assert running.assess(file.getvalue(), "secret-name.png").status_code == 200
        assert running.assess(b"broken", "secret-name.png").status_code == 415
        status, stderr = running.end()
    assert status == 0
    assert stderr == ""
    assert list(tmp_path.iterdir()) == []


def test_own_weights_take_the_place_of_the_shipped_ones(tmp_path: Path, portrait: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    for ending in (".onnx", ".md"):
        shutil.copy(SHIPPED / f"acne{ending}", mine)
    manifest = json.loads((SHIPPED / "acne.json").read_text())
    (mine / "acne.json").write_text(json.dumps(manifest | {"version": "mine-1"}))
    with Service(tmp_path, "--weights", "mine") as running:
        assert "mine-1@" in running.greeting
        assert running.assess(portrait.read_bytes()).json()["model"]["acne"].startswith("mine-1@")
        ids = [model["id"].split("@")[0] for model in running.client.get("/v1/models").json()["models"]]
        assert "mine-1" in ids
        (mine / "acne.onnx").write_bytes(b"damaged")
        assert is_problem(running.assess(portrait.read_bytes()), 503, "networks")
        assert is_problem(running.client.get("/ready"), 503, "networks")
        assert running.client.get("/health").status_code == 200


def test_own_weights_that_are_taken_away_are_not_replaced_by_the_shipped_ones(tmp_path: Path, portrait: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    for ending in (".onnx", ".json", ".md"):
        shutil.copy(SHIPPED / f"acne{ending}", mine)
    with Service(tmp_path, "--weights", "mine") as running:
        shutil.rmtree(mine)
        for answer in (
            running.assess(portrait.read_bytes()),
            running.client.get("/ready"),
            running.client.get("/v1/models"),
            running.client.get("/v1/models/acne/card"),
        ):
            assert is_problem(answer, 503, "networks")
            assert str(tmp_path) not in answer.text
        assert running.client.get("/health").status_code == 200
        page = running.client.post("/", files={"file": ("a.jpg", portrait.read_bytes())})
        assert (page.status_code, "networks" in page.text) == (503, True)
        assert running.client.get("/").status_code == 200


def test_a_key_is_needed_where_there_are_keys(tmp_path: Path) -> None:
    with Service(tmp_path, api_keys=f"another-key-of-ours, {KEY}") as running:
        assert KEY not in running.greeting
        for wrong in (None, "Bearer wrong", "Bearer", KEY, f"Basic {KEY}", f"Bearer {KEY}x"):
            headers = {} if wrong is None else {"authorization": wrong}
            answer = running.client.get("/v1/models", headers=headers)
            assert is_problem(answer, 401, "Authorization: Bearer KEY")
            assert answer.headers["www-authenticate"] == "Bearer"
            assert is_problem(running.client.get("/v1/models/acne/card", headers=headers), 401)
            assert is_problem(running.assess(b"x", headers=headers), 401)
        for key in (KEY, "another-key-of-ours"):
            assert running.client.get("/v1/models", headers={"authorization": f"Bearer {key}"}).status_code == 200
        assert running.assess(b"x", headers={"authorization": f"bearer {KEY}"}).status_code == 415
        for open_path in ("/health", "/ready", "/", "/openapi.json"):
            assert running.client.get(open_path).status_code == 200
        page = running.client.post("/", data={"key": "wrong"}, files={"file": ("a.jpg", b"x")})
        assert page.status_code == 401
        page = running.client.post("/", files={"file": ("a.jpg", b"x")})
        assert page.status_code == 401
        page = running.client.post("/", data={"key": KEY}, files={"file": ("a.jpg", b"x")})
        assert page.status_code == 415
