"""What the desk's routes let a rater do, and what they refuse: each with one sentence."""

from __future__ import annotations

import io
import json
import secrets
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image
from sqlalchemy import func, select

from dermagrade.people.store.schema import Item, RatingRow, StudyPhoto
from dermagrade.people.studies.answers import current_ratings
from dermagrade.people.studies.roster import remove_rater
from dermagrade.people.studies.setup import close_study, reopen_study
from desk_study import HEIGHT, WIDTH, Made, incoming, make_study, open_desk


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    """A server with a study on acne-5 that asks for lesions, too."""
    with open_desk(tmp_path_factory.mktemp("desk"), ordinary=40, golden=2, repeats=0, lesions=True) as running:
        yield running


@pytest.fixture(scope="module")
def rater(made: Made) -> Iterator[httpx.Client]:
    """Rater 1, signed in."""
    with closing(made.rater(1)) as client:
        yield client


def api(made: Made, verb: str, study: str | None = None) -> str:
    """Address of one of the JSON routes."""
    return f"/desk/api/{study or made.id}/{verb}"


def next_task(client: httpx.Client, made: Made, study: str | None = None) -> dict[str, Any]:
    """The task that comes next."""
    task: dict[str, Any] = client.get(api(made, "tasks", study), params={"count": 1}).json()["tasks"][0]
    return task


def answer_to(item: str, **changes: Any) -> dict[str, Any]:
    """An answer that is in order, but for what ``changes`` says."""
    now = datetime.now(UTC)
    return {
        "key": secrets.token_hex(16),
        "item": item,
        "kind": "grade",
        "grade": 3,
        "reason": None,
        "marks": None,
        "shown_at": (now - timedelta(seconds=4)).isoformat(),
        "answered_at": now.isoformat(),
        "corrects": None,
    } | changes


def undo_of(item: str, corrects: str) -> dict[str, Any]:
    """Takes an answer back."""
    now = datetime.now(UTC).isoformat()
    return {"key": secrets.token_hex(16), "item": item, "corrects": corrects, "shown_at": now, "answered_at": now}


def number_of_rows(made: Made) -> int:
    """All rows of ratings, of all studies."""
    with made.db.read() as session:
        return session.scalar(select(func.count()).select_from(RatingRow)) or 0


def sentence(answer: httpx.Response, status: int) -> str:
    """The one sentence of a problem."""
    assert answer.status_code == status, answer.text[:500]
    body = answer.json()
    assert set(body) == {"title", "status", "detail"}
    detail: str = body["detail"]
    assert detail.endswith(".")
    assert "\n" not in detail
    assert len(detail) < 400
    return detail


def item_of(made: Made, person: str) -> str:
    """Some unanswered item of a person."""
    with made.db.read() as session:
        answered = select(RatingRow.item_id)
        found = session.scalars(select(Item.id).where(Item.member_id == person, Item.id.not_in(answered))).first()
    assert found is not None
    return found


def test_the_photo_of_an_item_is_its_very_bytes(made: Made, rater: httpx.Client) -> None:
    task = next_task(rater, made)
    answer = rater.get(f"/desk/photo/{task['item']}")
    assert answer.status_code == 200
    assert Image.open(io.BytesIO(answer.content)).size == (task["width"], task["height"]) == (WIDTH, HEIGHT)
    assert answer.headers["cache-control"] == "private, no-store"
    with made.db.read() as session:
        item = session.get_one(Item, task["item"])
        key = session.get_one(StudyPhoto, item.photo_id).key
        assert item.shown_at is not None
    folder = Path(made.db.engine.url.database or "").parent
    assert answer.content == (folder / "photos" / key).read_bytes()


def test_tasks_come_in_order_and_from_a_place_on(made: Made, rater: httpx.Client) -> None:
    reply = rater.get(api(made, "tasks"), params={"after": -1, "count": 6}).json()
    places = [task["position"] for task in reply["tasks"]]
    assert len(places) == 6
    assert places == sorted(places)
    later = rater.get(api(made, "tasks"), params={"after": places[2], "count": 50}).json()["tasks"]
    assert [task["position"] for task in later][:3] == places[3:]
    assert reply["total"] == 42


@pytest.mark.parametrize("query", ["after=x", "after=-2", "count=0", "count=51", "count=1e1", "after=" + "9" * 400])
def test_a_number_that_is_none_is_refused(made: Made, rater: httpx.Client, query: str) -> None:
    sentence(rater.get(api(made, "tasks") + "?" + query), 422)


def test_an_answer_is_stored_once_however_often_it_comes(made: Made, rater: httpx.Client) -> None:
    body = answer_to(next_task(rater, made)["item"], marks=[{"x": 10, "y": 20.5, "radius": 3}])
    replies = [rater.post(api(made, "answers"), json=body).json() for _ in range(3)]
    assert [reply["new"] for reply in replies] == [True, False, False]
    [row] = [row for row in current_ratings(made.db, made.id) if row.item_id == body["item"]]
    assert (row.key, row.grade, row.rows) == (body["key"], 3.0, 1)
    assert row.marks == ({"x": 10.0, "y": 20.5, "radius": 3.0},)
    assert next_task(rater, made)["item"] != body["item"]
    other = answer_to(body["item"], grade=4)
    assert "another answer already" in sentence(rater.post(api(made, "answers"), json=other), 422)


def test_taking_back_adds_a_row_and_gives_the_task_again(made: Made, rater: httpx.Client) -> None:
    task = next_task(rater, made)
    body = answer_to(task["item"])
    assert rater.post(api(made, "answers"), json=body).status_code == 200
    last = rater.get(api(made, "last")).json()["last"]
    assert (last["task"], last["answer"]["key"], last["answer"]["grade"]) == (task, body["key"], 3.0)
    undo = undo_of(task["item"], body["key"])
    replies = [rater.post(api(made, "undo"), json=undo).json() for _ in range(2)]
    assert [reply["new"] for reply in replies] == [True, False]
    assert replies[0]["task"] == task == next_task(rater, made)
    assert task["item"] not in {row.item_id for row in current_ratings(made.db, made.id)}
    again = answer_to(task["item"], kind="cannot", grade=None, reason="Out of focus")
    assert rater.post(api(made, "answers"), json=again).status_code == 200
    [row] = [row for row in current_ratings(made.db, made.id) if row.item_id == task["item"]]
    assert (row.answer, row.reason, row.rows) == ("cannot", "Out of focus", 3)
    assert "no such answer" in sentence(
        rater.post(api(made, "undo"), json=undo_of(next_task(rater, made)["item"], "0" * 32)), 422
    )


def test_another_raters_item_is_not_there(made: Made, rater: httpx.Client) -> None:
    theirs = item_of(made, made.people.raters[1])
    before = number_of_rows(made)
    said = {
        sentence(rater.get(f"/desk/photo/{item}"), 404)
        for item in (theirs, "nobody", "x" * 300, "..%5c..%5cdermagrade.sqlite3", "%00")
    }
    said |= {
        sentence(rater.post(api(made, "answers"), json=answer_to(item)), 404)
        for item in (theirs, secrets.token_hex(11))
    }
    said.add(sentence(rater.post(api(made, "undo"), json=undo_of(theirs, "0" * 32)), 404))
    assert said == {"This photo is not, or no longer, among yours."}
    assert number_of_rows(made) == before


def test_a_study_of_others_is_not_there(made: Made, rater: httpx.Client) -> None:
    with closing(made.rater(2)) as second:
        for study in ("nothing", "x" * 500, "'; DROP TABLE ratings; --"):
            said = sentence(second.get(api(made, "tasks", study)), 404)
            assert said == "This study is not, or no longer, among yours."
            assert second.get(f"/desk/{study}").status_code == 404
    item = next_task(rater, made)["item"]
    sentence(rater.post(api(made, "answers", "nothing"), json=answer_to(item)), 404)


def test_a_rater_sees_the_pictures_of_their_own_study_alone(made: Made, rater: httpx.Client) -> None:
    folder = Path(made.db.engine.url.database or "").parent
    shown = {2.0: incoming(70), 4.0: incoming(71)}
    study = make_study(made.db, folder.parent, made.people, ordinary=1, golden=0, pictures=shown)
    remove_rater(made.db, by=made.people.team, study_id=study, member_id=made.people.raters[1])
    for one in shown.values():
        answer = rater.get(f"/desk/picture/{study}/{one.digest}")
        assert (answer.status_code, answer.content) == (200, one.data)
        assert answer.headers["cache-control"] == "private, no-store"
        sentence(rater.get(f"/desk/picture/{made.id}/{one.digest}"), 404)
        with closing(made.rater(2)) as second:
            sentence(second.get(f"/desk/picture/{study}/{one.digest}"), 404)
    sentence(rater.get(f"/desk/picture/{study}/{'0' * 64}"), 404)


def test_without_a_session_there_is_only_the_sign_in(made: Made) -> None:
    with httpx.Client(base_url=made.service.url) as nobody:
        for path in ("/desk", f"/desk/{made.id}", f"/desk/photo/{item_of(made, made.people.raters[0])}"):
            answer = nobody.get(path)
            assert answer.status_code == 303
            assert answer.headers["location"].startswith("/sign-in?next=/desk")
        for path in ("/desk/api/me", api(made, "tasks"), api(made, "last")):
            sentence(nobody.get(path), 401)
        for verb in ("answers", "undo"):
            sentence(nobody.post(api(made, verb), json={}), 401)


@pytest.mark.parametrize("token", ["", "x", "\u00e9", "0" * 5000])
def test_a_page_from_elsewhere_can_store_nothing(made: Made, rater: httpx.Client, token: str) -> None:
    before, body = number_of_rows(made), answer_to(next_task(rater, made)["item"])
    headers = {"x-csrf-token": token.encode("latin-1")}
    # Without the header the secret is looked for in a form, and this is none.
    status = 403 if token else 415
    sentence(rater.post(api(made, "answers"), json=body, headers=headers), status)
    sentence(rater.post(api(made, "undo"), json=undo_of(body["item"], "0" * 32), headers=headers), status)
    assert number_of_rows(made) == before


@pytest.mark.parametrize(
    "changes",
    [
        {"grade": 6},
        {"grade": 2.5},
        {"grade": -1},
        {"grade": 1e400},
        {"grade": "3"},
        {"grade": True},
        {"grade": None},
        {"grade": 3, "kind": "cannot", "reason": "Out of focus"},
        {"kind": "cannot", "grade": None},
        {"kind": "cannot", "grade": None, "reason": ""},
        {"kind": "cannot", "grade": None, "reason": " "},
        {"kind": "cannot", "grade": None, "reason": "x" * 501},
        {"kind": "cannot", "grade": None, "reason": "nul\0"},
        {"kind": "undone", "grade": None},
        {"reason": "and a reason"},
        {"key": "short"},
        {"key": "G" * 32},
        {"key": None},
        {"item": ["a"]},
        {"item": "../.."},
        {"shown_at": "2026-01-01T00:00:00"},
        {"shown_at": "2999-01-01T00:00:00Z", "answered_at": "2999-01-01T00:00:01Z"},
        {"answered_at": "2026-01-01T00:00:00Z"},
        {"answered_at": "never"},
        {"corrects": "0" * 32},
        {"marks": [{"x": WIDTH + 1, "y": 5, "radius": 3}]},
        {"marks": [{"x": 5, "y": -0.1, "radius": 3}]},
        {"marks": [{"x": 5, "y": 5, "radius": 0}]},
        {"marks": [{"x": 5, "y": 5, "radius": 1e9}]},
        {"marks": [{"x": 5, "y": 5}]},
        {"marks": [{"x": 5, "y": 5, "radius": 3, "kind": "nodule"}]},
        {"marks": [{"x": 5, "y": 5, "radius": 3}] * 1001},
        {"marks": {"x": 5}},
        {"rater": "R02"},
        {"reference": 3},
    ],
    ids=lambda changes: "-".join(f"{key}={str(value)[:24]}" for key, value in changes.items()),
)
def test_an_answer_that_does_not_fit_is_refused_and_leaves_nothing(
    made: Made, rater: httpx.Client, changes: dict[str, Any]
) -> None:
    before, body = number_of_rows(made), answer_to(next_task(rater, made)["item"])
    # Not by the client's own encoder, which refuses what is no JSON.
    content = dumps(body | changes)
    answer = rater.post(
        api(made, "answers"), content=content.encode("utf-8"), headers={"content-type": "application/json"}
    )
    sentence(answer, 422)
    assert number_of_rows(made) == before


def dumps(body: object) -> str:
    """As JSON, infinity included."""
    return json.dumps(body)


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"key": "\\ud800"}', b"[" * 100_000, b'{"a":' * 50_000],
    ids=["empty", "cut", "list", "null", "no-utf8", "half-character", "deep-list", "deep-object"],
)
def test_what_is_no_answer_is_refused(made: Made, rater: httpx.Client, content: bytes) -> None:
    headers = {"content-type": "application/json"}
    for verb in ("answers", "undo"):
        sentence(rater.post(api(made, verb), content=content, headers=headers), 422)
        sentence(rater.post(api(made, verb), content=content, headers={"content-type": "text/plain"}), 415)


def test_ten_megabytes_are_too_much(made: Made, rater: httpx.Client) -> None:
    before, body = number_of_rows(made), answer_to(next_task(rater, made)["item"])
    content = dumps(body | {"reason": "x" * 10_000_000}).encode()
    for verb in ("answers", "undo"):
        answer = rater.post(api(made, verb), content=content, headers={"content-type": "application/json"})
        assert "256 KB" in sentence(answer, 413)
    assert number_of_rows(made) == before


def test_half_steps_are_grades_of_pigment_9(made: Made, rater: httpx.Client) -> None:
    folder = Path(made.db.engine.url.database or "").parent.parent
    study = make_study(made.db, folder, made.people, ordinary=2, golden=0, scale="pigment-9", name="Spots")
    item = next_task(rater, made, study)["item"]
    url = api(made, "answers", study)
    assert "4.25" in sentence(rater.post(url, json=answer_to(item, grade=4.25)), 422)
    # A study without lesions takes none.
    sentence(rater.post(url, json=answer_to(item, grade=4.5, marks=[])), 422)
    assert rater.post(url, json=answer_to(item, grade=4.5)).json() == {"stored": True, "new": True, "reference": None}
    # An item of one study cannot be answered by the address of another.
    other = next_task(rater, made, study)["item"]
    sentence(rater.post(api(made, "answers"), json=answer_to(other, grade=4)), 404)


def test_calibration_alone_tells_the_reference(made: Made, rater: httpx.Client) -> None:
    folder = Path(made.db.engine.url.database or "").parent.parent
    study = make_study(made.db, folder, made.people, ordinary=3, golden=3, calibration=2, name="Calibrated")
    told = []
    while tasks := rater.get(api(made, "tasks", study)).json()["tasks"]:
        reply = rater.post(api(made, "answers", study), json=answer_to(tasks[0]["item"])).json()
        told.append((tasks[0]["round"], reply["reference"]))
    rounds = [name for name, _ in told]
    assert rounds == ["calibration"] * 2 + ["study"] * (len(told) - 2)
    assert all((reference is not None) == (name == "calibration") for name, reference in told)
    references = select(StudyPhoto.reference).where(StudyPhoto.study_id == study, StudyPhoto.kind == "calibration")
    with made.db.read() as session:
        assert sorted(reference for _, reference in told[:2]) == sorted(session.scalars(references))


def test_a_closed_study_takes_no_answer_but_knows_those_it_has(made: Made, rater: httpx.Client) -> None:
    folder = Path(made.db.engine.url.database or "").parent.parent
    study = make_study(made.db, folder, made.people, ordinary=3, golden=0, repeats=0, name="To be closed")
    first, second = rater.get(api(made, "tasks", study)).json()["tasks"][:2]
    body = answer_to(first["item"])
    rater.post(api(made, "answers", study), json=body)
    close_study(made.db, by=made.people.team, study_id=study)
    reply = rater.get(api(made, "tasks", study)).json()
    assert (reply["state"], reply["tasks"], reply["done"], reply["total"]) == ("closed", [], 1, 3)
    assert "closed" in sentence(rater.post(api(made, "answers", study), json=answer_to(second["item"])), 422)
    assert "closed" in sentence(rater.post(api(made, "undo", study), json=undo_of(first["item"], body["key"])), 422)
    assert "closed" in sentence(rater.get(f"/desk/photo/{second['item']}"), 404)
    assert rater.get(api(made, "last", study)).json() == {"last": None}
    assert rater.post(api(made, "answers", study), json=body).json()["new"] is False
    assert rater.get(f"/desk/{study}").status_code == 200
    assert "This study is closed" in rater.get("/desk").text
    reopen_study(made.db, by=made.people.team, study_id=study)
    assert rater.post(api(made, "answers", study), json=answer_to(second["item"])).json()["new"] is True


def test_a_rater_who_was_taken_out_sees_nothing_more(made: Made) -> None:
    folder = Path(made.db.engine.url.database or "").parent.parent
    study = make_study(made.db, folder, made.people, ordinary=3, golden=1, repeats=0, name="Without the third")
    with closing(made.rater(3)) as third:
        tasks = third.get(api(made, "tasks", study)).json()["tasks"]
        assert third.post(api(made, "answers", study), json=answer_to(tasks[0]["item"])).status_code == 200
        remove_rater(made.db, by=made.people.team, study_id=study, member_id=made.people.raters[2])
        assert third.get(f"/desk/{study}").status_code == 404
        assert "Without the third" not in third.get("/desk").text
        sentence(third.get(api(made, "tasks", study)), 404)
        sentence(third.get(api(made, "last", study)), 404)
        sentence(third.get(f"/desk/photo/{tasks[1]['item']}"), 404)
        refused = third.post(api(made, "answers", study), json=answer_to(tasks[1]["item"]))
        assert refused.status_code in {404, 422}
    kept = [row for row in current_ratings(made.db, study) if row.member_id == made.people.raters[2]]
    assert [row.item_id for row in kept] == [tasks[0]["item"]]
