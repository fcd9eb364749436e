"""What holds for the whole service: its headers, its document, unknown addresses, and the page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dermagrade import __version__
from dermagrade.conditions import CONDITIONS
from dermagrade.environment import PREFIX
from dermagrade.service.settings import Settings
from service_process import Service

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200),
        ("GET", "/health", 200),
        ("GET", "/openapi.json", 200),
        ("GET", "/v1/models", 200),
        ("GET", "/nowhere", 404),
        ("DELETE", "/v1/assess", 405),
        ("POST", "/v1/assess", 415),
        ("POST", "/", 415),
    ],
)
def test_every_answer_carries_the_security_headers(service: Service, method: str, path: str, status: int) -> None:
    answer = service.client.request(method, path)
    assert answer.status_code == status
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert "server" not in answer.headers
    if status >= 400 and path != "/":
        assert answer.headers["content-type"] == "application/problem+json"


def test_a_method_that_is_not_possible_says_which_are(service: Service) -> None:
    assert service.client.delete("/v1/assess").headers["allow"] == "POST"


def test_the_document_describes_every_route_and_condition(service: Service) -> None:
    document = service.client.get("/openapi.json").json()
    assert document["info"]["version"] == __version__
    assert set(document["paths"]) == {"/health", "/ready", "/v1/assess", "/v1/models", "/v1/models/{name}/card"}
    assess = document["paths"]["/v1/assess"]["post"]
    assert set(assess["responses"]) == {"200", "400", "401", "408", "413", "415", "422", "503"}
    assert "multipart/form-data" in assess["requestBody"]["content"]
    graded = {name for name, condition in CONDITIONS.items() if condition.takes == "photo"}
    assert graded <= set(document["components"]["schemas"]["PhotoRecord"]["properties"])


def test_every_route_and_setting_stands_in_the_docs(service: Service) -> None:
    text = (DOCS / "service.md").read_text("utf-8")
    missing = [path for path in service.client.get("/openapi.json").json()["paths"] if path not in text]
    missing += [name for name in Settings.model_fields if f"`{PREFIX}{name.upper()}`" not in text]
    assert missing == []


def test_the_networks_are_named_with_their_cards(service: Service) -> None:
    models = {model["name"]: model for model in service.client.get("/v1/models").json()["models"]}
    assert {"acne", "zones"} <= set(models)
    card = service.client.get(models["acne"]["card"])
    assert card.headers["content-type"].startswith("text/markdown")
    assert "Limits of use" in card.text
    ready = [models[name]["id"] for name in ("zones", *(c.weights for c in CONDITIONS.values() if c.weights))]
    assert service.client.get("/ready").json()["models"] == ready


@pytest.mark.parametrize("name", ["none", "..", "..%2Facne", "acne.onnx", "%00"])
def test_a_network_that_there_is_not_is_a_problem(service: Service, name: str) -> None:
    assert service.client.get(f"/v1/models/{name}/card").status_code == 404


def test_the_page_says_what_it_is_and_fetches_nothing(service: Service) -> None:
    page = service.client.get("/")
    assert "not a diagnosis" in page.text
    assert "see a clinician" in page.text
    assert "<script" not in page.text
    assert re.findall(r'(?:src|href|action)="(?!/)[^"]*"', page.text) == []
    assert "url(" not in page.text
    assert "script-src" not in page.headers["content-security-policy"]


def test_the_page_shows_the_result_of_a_photo(service: Service, portrait: Path) -> None:
    data = portrait.read_bytes()
    record = service.assess(data).json()
    page = service.client.post("/", files={"file": ("me.jpg", data)})
    assert page.status_code == 200
    assert f"{record['acne']['score']:.1f}, {record['acne']['label']}" in page.text
    assert all(zone.replace("_", " ").capitalize() in page.text for zone in record["acne"]["zones"])
    assert record["model"]["acne"] in page.text
    assert "not a diagnosis" in page.text


def test_the_page_shows_what_a_client_named_without_obeying_it(service: Service, portrait: Path) -> None:
    page = service.client.post("/", files={"file": ("<b>bold.jpg", portrait.read_bytes())})
    assert "<b>bold" not in page.text
    assert "&lt;b&gt;bold.jpg" in page.text


def test_the_page_says_why_a_photo_did_not_work(service: Service) -> None:
    page = service.client.post("/", files={"file": ("letter.jpg", b"Dear all, I am well.")})
    assert page.status_code == 415
    assert "letter.jpg: this is a text file" in page.text
    assert 'type="file"' in page.text, "another photo can be tried"
