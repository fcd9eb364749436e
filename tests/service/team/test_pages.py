"""The team's desk over HTTP: who is let in, how a study is set up, and what goes out."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from PIL import Image
from sqlalchemy import func, select

from dermagrade.conditions import CONDITIONS
from dermagrade.people.store.database import Database
from dermagrade.people.store.schema import AuditRow, Study, StudyPhoto
from dermagrade.people.studies.adjudication import ask_adjudicator
from dermagrade.people.studies.exports.formats import FORMATS
from dermagrade.people.studies.progress import list_studies
from dermagrade.people.studies.record import read_study
from dermagrade.people.studies.roster import add_rater
from dermagrade.people.studies.setup import open_study
from dermagrade.service.team.routes import router
from drawn_face import picture
from service_process import Service
from signed import People, database_in, make_people, sign_in
from study_scene import Scene, answer_to

LIMIT = 200_000


@dataclass
class Site:
    """A server, its database, and who is signed in."""

    service: Service
    db: Database
    people: People
    team: httpx.Client
    rater: httpx.Client
    folder: Path

    def study(self, photos: int = 3) -> str:
        """A new draft with drawn photos, made by the pages."""
        fields = {"name": "Spots", "scale": "acne-5", "seed": "7", "repeats": "0", "per_photo": ""}
        made = self.team.post("/team/studies", data=fields)
        assert made.status_code == 303, made.text
        study_id = made.headers["location"].split("/")[3]
        if photos:
            self.send(study_id, *((f"p{n}.png", drawn(n)) for n in range(photos)))
        return study_id

    def send(self, study_id: str, *files: tuple[str, bytes], client: httpx.Client | None = None) -> httpx.Response:
        """Sends files by the form."""
        return (client or self.team).post(f"/team/studies/{study_id}/photos", files=[("photos", one) for one in files])

    def scene(self, study_id: str, *raters: str) -> Scene:
        """The study, open, with these raters, as tests of the store see it."""
        for rater in raters:
            add_rater(self.db, by=self.people.team, study_id=study_id, member_id=rater)
        open_study(self.db, by=self.people.team, study_id=study_id)
        ids = {photo.name: photo.id for photo in read_study(self.db, study_id).photos.values()}
        return Scene(self.db, None, study_id, self.people.team, raters, ids)  # type: ignore[arg-type]


def drawn(seed: int, size: int = 64) -> bytes:
    file = io.BytesIO()
    Image.fromarray(picture(size, spots=3 + seed, seed=seed)).save(file, "png")
    return file.getvalue()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One server for all tests here, which make studies of their own."""
    folder = tmp_path_factory.mktemp("team")
    db = database_in(folder)
    people = make_people(db)
    with Service(folder, max_upload_bytes=LIMIT) as service:
        team = sign_in(service.url, "team@clinic.example")
        rater = sign_in(service.url, "rater1@clinic.example")
        yield Site(service, db, people, team, rater, folder)
        team.close()
        rater.close()
        assert service.end() == (0, ""), "the service logged something, or did not end well"
    db.close()


def addresses() -> list[tuple[str, str]]:
    """Method and address of every route of the team's desk."""
    found = []

    def walk(routes: object) -> None:
        for route in routes:  # type: ignore[attr-defined]
            if hasattr(route, "methods"):
                found.extend((method, route.path) for method in route.methods)
            else:
                walk(getattr(route, "routes", None) or route.original_router.routes)

    walk(router.routes)
    return sorted(found)


def test_no_page_of_the_team_lets_a_rater_or_a_stranger_in(site: Site) -> None:
    every = addresses()
    assert len(every) > 20
    study_id = site.study(0)
    before = list_studies(site.db)
    with httpx.Client(base_url=site.service.url, timeout=300) as stranger:
        for method, path in every:
            address = re.sub(r"\{study_id\}", study_id, path)
            address = re.sub(r"\{\w+\}", "open", address)
            assert site.rater.request(method, address).status_code == 403, (method, path)
            answer = stranger.request(method, address)
            sent_to_sign_in = answer.status_code == 303 and answer.headers["location"].startswith("/sign-in")
            assert sent_to_sign_in or answer.status_code in {401, 403}, (method, path, answer.status_code)
    assert list_studies(site.db) == before


def test_nothing_is_changed_without_the_secret_of_the_session(site: Site) -> None:
    study_id = site.study(1)
    before = list_studies(site.db), read_study(site.db, study_id)
    cookies = dict(site.team.cookies)
    with httpx.Client(base_url=site.service.url, timeout=300, cookies=cookies) as forged:
        assert forged.get("/team").status_code == 200
        for method, path in addresses():
            if method != "POST":
                continue
            address = re.sub(r"\{\w+\}", "delete", path.replace("{study_id}", study_id))
            sent = (
                {"files": {"photos": ("p9.png", drawn(9))}}
                if path.endswith(("/photos", "references", "/pictures"))
                else {}
            )
            answer = forged.post(address, **(sent or {"data": {"format": "key"}}))  # type: ignore[arg-type]
            assert answer.status_code == 403, (path, answer.status_code, answer.text[:300])
    assert (list_studies(site.db), read_study(site.db, study_id)) == before


def test_a_new_study_offers_every_scale_of_the_conditions_table(site: Site) -> None:
    page = site.team.get("/team/new").text
    for condition in CONDITIONS.values():
        for scale in condition.label_scales:
            assert f'value="{scale}"' in page
    assert 'value="change"' not in page


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "  ", "name of 1 to 200"),
        ("scale", "change", "Choose one of the scales"),
        ("seed", "-1", "whole number"),
        ("seed", "1_0", "whole number"),
        ("seed", "99999999999", "seed goes from"),
        ("per_photo", "0", "one rater or more"),
        ("repeats", "51", "0 to 50"),
        ("repeats", "nan", "0 to 50"),
    ],
)
def test_a_wrong_setting_is_told_and_what_was_typed_is_kept(site: Site, field: str, value: str, sentence: str) -> None:
    fields = {"name": "Kept <b>name</b>", "scale": "acne-5", "seed": "7", "repeats": "10", "per_photo": ""}
    before = len(list_studies(site.db))
    answer = site.team.post("/team/studies", data=fields | {field: value})
    assert answer.status_code == 422
    assert sentence in answer.text
    if field != "name":
        assert "Kept &lt;b&gt;name&lt;/b&gt;" in answer.text
    assert len(list_studies(site.db)) == before


def test_pictures_of_the_grades_are_sent_seen_and_taken_away(site: Site) -> None:
    study_id = site.study(0)
    at = f"/team/studies/{study_id}/scale"

    def send(*files: tuple[str, bytes]) -> httpx.Response:
        return site.team.post(f"{at}/pictures", files=[("pictures", one) for one in files])

    assert send(("2.png", drawn(1)), ("4.png", drawn(2)), ("about.txt", b"Simulated.")).status_code == 303
    page = site.team.get(at).text
    assert "Simulated." in page
    (first, second) = re.findall(rf'src="({at}/pictures/\w+)"', page)
    assert first != second
    with Image.open(io.BytesIO(site.team.get(first).content)) as shown:
        assert shown.format == "JPEG"
    wrong = {
        "5.png: this is a text file": ("5.png", b"a letter"),
        "called by its grade": ("severe.png", drawn(3)),
        "is none of 1, 2, 3, 4, 5": ("4.5.png", drawn(3)),
        "larger than the limit": ("5.png", drawn(1) + bytes(LIMIT)),
    }
    for said, file in wrong.items():
        answer = send(("3.png", drawn(5)), file, ("1.png", drawn(6)))
        assert (answer.status_code, said in answer.text) == (422, True), said
        assert first in site.team.get(at).text, "a picture was lost to a file that was refused"
    assert site.team.post(f"{at}/no-pictures").status_code == 303
    assert "<img" not in site.team.get(at).text


def test_a_bad_file_is_told_in_a_sentence_and_the_others_stay(site: Site) -> None:
    study_id = site.study(0)
    answer = site.send(
        study_id,
        ("a.png", drawn(1)),
        ("letter.jpg", b"I am a letter."),
        ("huge.png", b"\x89PNG" + bytes(LIMIT)),
        ("../twin.png", drawn(1)),
        ("<i>.png", drawn(2)),
    )
    assert answer.status_code == 200
    assert sorted(photo.name for photo in read_study(site.db, study_id).photos.values()) == ["<i>.png", "a.png"]
    assert "letter.jpg: this is a text file" in answer.text
    assert "huge.png: the file is larger than the limit of 0.2 MB." in answer.text
    assert "The photo twin.png is the same as a.png" in answer.text
    assert "&lt;i&gt;.png" in answer.text
    assert "<i>.png" not in answer.text


def test_the_script_is_told_the_same_in_json_and_persons_come_along(site: Site) -> None:
    study_id = site.study(0)
    table = ("persons.csv", b"photo,subject\nc.png,P7\n")
    answer = site.team.post(
        f"/team/api/studies/{study_id}/photos",
        files=[("persons", table), ("photos", ("c.png", drawn(3))), ("photos", ("d.txt", b"no"))],
    )
    said = answer.json()
    assert said["stored"] == ["c.png"]
    assert len(said["problems"]) == 1
    (photo,) = read_study(site.db, study_id).photos.values()
    assert photo.person == "P7"
    for size in ("small", "whole"):
        picture_ = site.team.get(f"/team/studies/{study_id}/photos/{photo.id}/{size}")
        assert picture_.headers["content-type"] == "image/jpeg"
        with Image.open(io.BytesIO(picture_.content)) as image:
            assert image.size == (64, 64)


def test_photos_that_the_table_of_persons_lacks_are_said_with_the_reason(site: Site) -> None:
    study_id = site.study(0)
    composed, decomposed = "Zo\u00eb.png", "Zoe\u0308.png"
    table = ("persons.csv", f"photo,subject\nC.PNG,P7\n{composed},P8\n".encode())
    photos = [("photos", (name, drawn(number))) for number, name in enumerate(("c.png", decomposed))]
    said = site.team.post(f"/team/api/studies/{study_id}/photos", files=[("persons", table), *photos]).json()
    assert said["notes"] == [
        "1 of 2 photos sent is not in persons.csv: c.png. C.PNG is like c.png but for upper and lower case. Write each "
        "name in the same way in both. Each counts as a person of its own."
    ]
    persons = {photo.name: photo.person for photo in read_study(site.db, study_id).photos.values()}
    assert persons == {"c.png": "c.png", composed: "P8"}


def test_photos_that_the_table_of_persons_lacks_are_named_and_none_is_called_refused(site: Site) -> None:
    study_id = site.study(0)
    files = [("persons", ("persons.csv", b"photo,subject\nc.png,P7\n")), ("photos", ("c.png", drawn(3)))]
    files.append(("photos", ("e.png", drawn(4))))
    said = site.team.post(f"/team/api/studies/{study_id}/photos", files=files).json()
    assert (said["stored"], said["problems"]) == (["c.png", "e.png"], [])
    (note,) = said["notes"]
    assert note.startswith("1 of 2 photos sent is not in persons.csv: e.png.")
    files = [("persons", ("persons.csv", b"photo,subject\nc.png,P7\n")), ("photos", ("f.png", drawn(5)))]
    page = site.team.post(f"/team/studies/{study_id}/photos", files=files).text
    assert "Photos stored: 1.</p>" in page
    assert "files refused" not in page
    assert "not in persons.csv: f.png" in page


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        (b"", "is empty"),
        (b"photo,grade\n", "no rows"),
        (b"photo;grade\np0.png;3\n", "separate the columns by commas"),
        (b"\xff\xfe\x00", "not a comma-separated table"),
        (b"photo,grade\np0.png,3\nnobody.png,3\n", "no photo &#39;nobody.png&#39;"),
        (b"photo,grade\np0.png,3\np1.png,6\n", "not on the scale acne-5"),
        (b"photo,grade\np0.png,3\np1.png,Mild\n", "write the number"),
        (b"photo,grade\np0.png,3\np0.png,3\n", "named a second time"),
        (b"photo,grade,kind\np0.png,3,silver\n", "write golden or calibration"),
    ],
)
def test_a_bad_table_marks_nothing_and_says_which_line(site: Site, table: bytes, sentence: str) -> None:
    study_id = site.study(2)
    answer = site.team.post(f"/team/studies/{study_id}/references", files={"table": ("golden.csv", table)})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "/tmp" not in answer.text
    assert {photo.kind for photo in read_study(site.db, study_id).photos.values()} == {"ordinary"}


def test_a_table_and_the_list_mark_photos(site: Site) -> None:
    study_id = site.study(3)
    table = b"photo,grade,kind\np0.png,3.5,\np1.png,1,calibration\n"
    assert site.team.post(f"/team/studies/{study_id}/references", files={"table": ("g.csv", table)}).status_code == 303
    photos = {photo.name: photo for photo in read_study(site.db, study_id).photos.values()}
    assert {name: (p.kind, p.reference) for name, p in photos.items()} == {
        "p0.png": ("golden", 3.5),
        "p1.png": ("calibration", 1.0),
        "p2.png": ("ordinary", None),
    }
    at = f"/team/studies/{study_id}/photos/{photos['p0.png'].id}/kind"
    assert site.team.post(at, data={"kind": "golden", "reference": "much"}).status_code == 422
    assert site.team.post(at, data={"kind": "golden", "reference": "7"}).status_code == 422
    assert site.team.post(at, data={"kind": "ordinary", "reference": "3"}).status_code == 303
    assert {p.kind for p in read_study(site.db, study_id).photos.values()} == {"ordinary", "calibration"}


def test_an_invitation_is_shown_once_and_leads_in(site: Site) -> None:
    study_id = site.study(1)
    answer = site.team.post(f"/team/studies/{study_id}/raters/invite", data={"name": "Dr Neu", "days": "3"})
    assert answer.status_code == 201
    found = re.search(r'value="(http[^"]+token=([^"]+))"', answer.text)
    assert found is not None
    with httpx.Client(base_url=site.service.url, timeout=300, follow_redirects=True) as newcomer:
        assert newcomer.get(httpx.URL(found[1]).raw_path.decode()).status_code == 200
    again = site.team.get(f"/team/studies/{study_id}/raters").text
    assert "Dr Neu" in again
    assert found[2] not in again
    with site.db.read() as session:
        assert not any(found[2] in str(row.details) for row in session.scalars(select(AuditRow)))
    for days in ("0", "x", "1000"):
        wrong = site.team.post(f"/team/studies/{study_id}/raters/invite", data={"name": "A", "days": days})
        assert wrong.status_code == 422


def test_a_study_is_opened_closed_and_deleted_only_after_a_second_look(site: Site) -> None:
    study_id = site.study(1)
    at = f"/team/studies/{study_id}"

    def state() -> str | None:
        with site.db.read() as session:
            return session.scalar(select(Study.state).where(Study.id == study_id))

    assert site.team.post(f"{at}/open").status_code == 422  # no rater yet
    person = site.people.raters[0]
    assert site.team.post(f"{at}/raters/add", data={"person": person}).status_code == 303
    for verb, before, after in (("open", "draft", "open"), ("close", "open", "closed"), ("reopen", "closed", "open")):
        assert site.team.get(f"{at}/confirm/{verb}").status_code == 200
        assert state() == before
        assert site.team.post(f"{at}/{verb}").status_code == 303
        assert state() == after
    assert site.team.post(f"{at}/delete").status_code == 422  # no draft any more
    draft = site.study(1)
    assert site.team.get(f"/team/studies/{draft}/confirm/delete").status_code == 200
    assert site.team.post(f"/team/studies/{draft}/delete").headers["location"] == "/team?done=deleted"
    with site.db.read() as session:
        count = select(func.count()).select_from(StudyPhoto).where(StudyPhoto.study_id == draft)
        assert session.scalar(count) == 0
    assert site.team.get(f"/team/studies/{draft}").status_code == 404


def test_a_rater_is_removed_only_after_a_second_look_and_keeps_what_is_done(site: Site) -> None:
    study_id = site.study(3)
    scene = site.scene(study_id, *site.people.raters[:2])
    scene.grade(scene.raters[0], photos=2)
    at = f"/team/studies/{study_id}/raters"
    assert "What they graded stays" in site.team.get(f"{at}/{scene.raters[0]}/remove").text
    assert site.team.post(f"{at}/remove", data={"person": scene.raters[0]}).status_code == 303
    assert len(read_study(site.db, study_id).given) == 2
    assert site.team.get(f"{at}/{scene.raters[0]}/remove").status_code == 404
    assert "last rater" in site.team.post(f"{at}/remove", data={"person": scene.raters[1]}).text


def test_every_page_shows_a_study_that_runs_and_every_file_is_taken_and_noted(site: Site) -> None:
    study_id = site.study(6)
    scene = site.scene(study_id, *site.people.raters)
    for number, rater in enumerate(scene.raters):
        scene.grade(rater, photos=6, grade=2.0 + number)
    for tab in ("", "/photos", "/raters", "/golden", "/agreement", "/disagreements?by=1", "/export"):
        assert site.team.get(f"/team/studies/{study_id}{tab}").status_code == 200, tab
    assert "ICC" in site.team.get(f"/team/studies/{study_id}/agreement").text
    report = site.team.get(f"/team/studies/{study_id}/agreement/report")
    assert "still running" in report.text
    assert "attachment" in report.headers["content-disposition"]
    assert site.team.get(f"/team/studies/{study_id}/disagreements?by=none").status_code == 422
    for name in FORMATS:
        answer = site.team.post(f"/team/studies/{study_id}/export", data={"format": name})
        assert answer.status_code == 200, name
        assert "-running" in answer.headers["content-disposition"]
        assert answer.content
    assert site.team.post(f"/team/studies/{study_id}/export", data={"format": "secrets"}).status_code == 422
    with site.db.read() as session:
        log = session.scalars(select(AuditRow).where(AuditRow.study_id == study_id, AuditRow.what == "study.exported"))
        assert [row.details["format"] for row in log] == list(FORMATS)


def test_who_settles_a_disagreement_sees_no_grade_before_they_have_given_theirs(site: Site) -> None:
    study_id = site.study(4)
    scene = site.scene(study_id, *site.people.raters[:2])
    for grade, rater in zip((1.0, 5.0), scene.raters, strict=True):
        scene.grade(rater, photos=4, grade=grade)
    at = f"/team/studies/{study_id}"
    assert site.team.get(f"{at}/agreement").status_code == 200
    asked = site.team.post(f"{at}/disagreements", data={"by": "2", "person": site.people.team})
    assert asked.status_code == 303
    assert "Highest minus lowest" not in site.team.get(f"{at}/disagreements").text
    for page in ("golden", "agreement", "agreement/report", "export"):
        assert site.team.get(f"{at}/{page}").status_code == 403, page
    assert site.team.post(f"{at}/export", data={"format": "ratings"}).status_code == 403
    for task in scene.tasks(site.people.team):
        scene.store(site.people.team, answer_to(task.item_id, 4.0))
    assert site.team.get(f"{at}/agreement").status_code == 200
    labels = site.team.post(f"{at}/export", data={"format": "labels"}).text
    assert labels.count(",4,acne-5,adjudicated,2,running") == 4


def test_what_was_not_settled_is_taken_back_by_the_page(site: Site) -> None:
    study_id = site.study(2)
    scene = site.scene(study_id, *site.people.raters[:2])
    for grade, rater in zip((1.0, 5.0), scene.raters, strict=True):
        scene.grade(rater, photos=2, grade=grade)
    ask_adjudicator(
        site.db,
        by=site.people.team,
        study_id=study_id,
        member_id=site.people.admin,
        photo_ids=list(scene.photo_ids.values()),
    )
    at = f"/team/studies/{study_id}/disagreements"
    assert "0 of 2" in site.team.get(at).text
    assert site.team.post(f"{at}/withdraw", data={"person": site.people.admin}).status_code == 303
    assert site.team.post(f"{at}/withdraw", data={"person": site.people.admin}).status_code == 422


def test_an_unknown_study_is_not_found(site: Site) -> None:
    assert site.team.get("/team/studies/nothing").status_code == 404
    assert site.team.get("/team/studies/nothing/export").status_code == 404
    assert site.team.post("/team/studies/nothing/explode").status_code == 404
