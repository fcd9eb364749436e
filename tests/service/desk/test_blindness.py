"""Nothing that reaches a rater tells a golden photo, a repeat or an adjudication from an ordinary photo."""

from __future__ import annotations

import json
import re
import secrets
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from sqlalchemy import func, select

from browser import browser, signed_in
from dermagrade.people.store.schema import Item, Study, StudyPhoto
from desk_page import Rating
from desk_study import Made, open_desk
from signed import PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Response

__all__ = ["browser"]  # a fixture

pytestmark = pytest.mark.long

KINDS = {"ordinary", "golden", "repeat", "adjudication"}


@pytest.fixture
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    """A study with photos of every kind; rater 1 has one to adjudicate, too."""
    with open_desk(tmp_path_factory.mktemp("desk"), ordinary=8, golden=4, repeats=0.5, raters=2) as running:
        with running.db.begin() as session:
            ours = Item.study_id == running.id, Item.member_id == running.people.raters[0]
            last = session.scalar(select(func.max(Item.position)).where(*ours)) or 0
            photo = session.scalar(select(Item.photo_id).where(*ours, Item.kind == "ordinary").limit(1))
            session.add(
                Item(
                    study_id=running.id,
                    member_id=running.people.raters[0],
                    photo_id=photo,
                    kind="adjudication",
                    position=last + 1,
                )
            )
        yield running


def kinds_of(made: Made) -> dict[str, str]:
    """Item of rater 1 to its kind."""
    with made.db.read() as session:
        rows = session.execute(select(Item.id, Item.kind).where(Item.member_id == made.people.raters[0]))
        return dict(rows.all())


def secrets_of(made: Made) -> list[str]:
    """What no rater may ever see: names, keys, digests and ids of photos, and the words for their kinds."""
    with made.db.read() as session:
        photos = session.scalars(select(StudyPhoto).where(StudyPhoto.study_id == made.id)).all()
        seed = session.get_one(Study, made.id).seed
    assert seed == 1
    words = [word for photo in photos for word in (photo.name, photo.id, photo.key, photo.digest)]
    return [*words, "secret-", *KINDS, "seed"]


def plain(text: str, item: str) -> str:
    """A text without what may differ: the item's id, keys, the place in the order and how many are done."""
    text = text.replace(item, "ITEM")
    text = re.sub(r'"(position|done)":\s*\d+', r'"\1":N', text)
    return re.sub(r"\b[0-9a-f]{32}\b", "KEY", text)


def headers_of(answer: httpx.Response) -> tuple[tuple[str, str], ...]:
    """All headers in their order; the length is checked to be that of the body, and left out."""
    assert int(answer.headers["content-length"]) == len(answer.content)
    return tuple((name, value) for name, value in answer.headers.items() if name not in {"date", "content-length"})


def answer_to(item: str, corrects: str | None = None) -> dict[str, Any]:
    """An undo where it corrects something, else an answer."""
    now = datetime.now(UTC).isoformat()
    body = {"key": secrets.token_hex(16), "item": item, "shown_at": now, "answered_at": now}
    return body | ({"corrects": corrects} if corrects else {"kind": "grade", "grade": 3})


def test_all_that_the_server_says_is_the_same_for_every_kind(made: Made) -> None:
    kinds, said, texts = kinds_of(made), defaultdict(set), []
    with closing(made.rater(1)) as rater:
        page = rater.get(f"/desk/{made.id}")
        while tasks := rater.get(f"/desk/api/{made.id}/tasks", params={"count": 1}).json()["tasks"]:
            item = tasks[0]["item"]
            assert re.fullmatch(r"[A-Za-z0-9_-]{22}", item)
            photo = rater.get(f"/desk/photo/{item}")
            first, answers, undo = answer_to(item), f"/desk/api/{made.id}/answers", f"/desk/api/{made.id}/undo"
            exchange = [
                rater.get(f"/desk/api/{made.id}/tasks", params={"count": 1}),
                rater.post(answers, json=first),
                rater.post(answers, json=first),
                rater.post(answers, json=answer_to(item)),
                rater.post(answers, json=answer_to(item) | {"grade": 9}),
                rater.get(f"/desk/api/{made.id}/last"),
                rater.post(undo, json=answer_to(item, first["key"])),
                rater.get(f"/desk/photo/{item}", headers={"range": "bytes=0-9"}),
                rater.post(answers, json=answer_to(item)),
                rater.get(f"/desk/photo/{item}x"),
            ]
            again = rater.get(f"/desk/{made.id}")
            assert again.text == page.text
            assert headers_of(again) == headers_of(page)
            replies = [
                (r.status_code, headers_of(r), plain(r.text, item)) for r in exchange if r.content != photo.content
            ]
            said[kinds[item]].add((photo.status_code, headers_of(photo), tuple(replies)))
            texts += [reply.text for reply in exchange if reply.content != photo.content]
    assert set(said) == KINDS
    assert len(set.union(*said.values())) == 1
    everything = "\n".join([page.text, *texts])
    assert [word for word in secrets_of(made) if word in everything] == []


def test_all_that_a_browser_gets_is_the_same_for_every_kind(browser: Browser, made: Made) -> None:
    kinds = kinds_of(made)
    context = signed_in(browser, made.service.url, "rater1@clinic.example", PASSWORD)
    traffic: list[Response] = []
    context.on("response", lambda answer: traffic.append(answer))
    rater = Rating(context, made.id)
    shown = {}
    while item := rater.ready():
        rater.settled()  # else the page may say how many answers it is sending
        main = rater.page.locator("#desk").evaluate("(desk) => desk.outerHTML")
        told = r'blob:[^"]+|Photo \d+ of|value="\d+"|data-ahead="\d+"|(?<=role="status">)Kept:[^<]*'
        main = re.sub(told, "", main)
        shown[item] = re.sub(r' disabled=""', "", main.replace(item, "ITEM"))
        rater.grade(3)
    rater.settled()
    assert set(shown) == set(kinds)
    # The first photo has nothing before it that could be taken back, or said of it.
    assert len(set(list(shown.values())[1:])) == 1
    said, texts = defaultdict(set), []
    for answer in traffic:
        url = answer.url.removeprefix(made.service.url)
        if not url.startswith("/desk/"):
            continue
        body = answer.request.post_data or ""
        item = url.rpartition("/")[2] if "/photo/" in url else json.loads(body)["item"] if body else ""
        headers = {k: v for k, v in answer.all_headers().items() if k not in {"date", "content-length"}}
        text = "" if "/photo/" in url else plain(answer.text(), item)
        texts.append(url + text)
        if item:
            sent = {k: v for k, v in answer.request.headers.items() if k != "content-length"}
            body = re.sub(r'"\d{4}-[^"]+Z"', "TIME", plain(body, item))
            said[kinds[item]].add((plain(url, item), body, str(sent), answer.status, str(headers), text))
    assert set(said) == KINDS
    assert all(found == said["ordinary"] for found in said.values())
    assert {url for url, *_ in said["ordinary"]} == {"/desk/photo/ITEM", f"/desk/api/{made.id}/answers"}
    assert [word for word in secrets_of(made) if word in "\n".join(texts)] == []
    context.close()
