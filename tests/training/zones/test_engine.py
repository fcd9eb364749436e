"""Training zones reads what it may and nothing else, and goes on where it stopped."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from drawn_face import mesh, picture

pytest.importorskip("torch", reason="torch comes with the train extra")
pytest.importorskip("skimage", reason="scikit-image comes with the train extra")
from dermagrade.errors import UsageError
from dermagrade.tables.exclude import read_exclusions
from dermagrade.training.zones.data import load_samples, read_meshes
from dermagrade.training.zones.engine import ZoneJob, train_zones
from dermagrade.training.zones.fit import RECIPES
from dermagrade.training.zones.photos import find_photos
from dermagrade.training.zones.stages import POSTPROCESS, stage_pools
from dermagrade.training.zones.targets import learn_topology
from dermagrade.weights.model import load_model

pytestmark = pytest.mark.long

ASIDE = {"one": "aside.jpg", "two": "apart.jpg"}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Drawn faces in two collections, one photo of each to be left out, and a folder that must not be read."""
    root = tmp_path_factory.mktemp("data")
    files = {f"faces/{c}": [f"20_{i}.jpg" for i in range(4)] + [ASIDE[c]] for c in ASIDE}
    files |= {"faces/check": ["a.jpg"], "acne/photos": [f"a{i}.jpg" for i in range(4)]}
    names: dict[str, list[str]] = {"faces": [], "acne": []}
    for folder, photos in files.items():
        (root / folder).mkdir(parents=True)
        for i, photo in enumerate(photos):
            Image.fromarray(picture(128, spots=i)).save(root / folder / photo)
            kind, collection = folder.split("/")
            names[kind].append(f"{collection}/{photo}" if kind == "faces" else photo)
    for kind, found in names.items():
        points = np.stack([mesh(yaw_deg=3 * i) for i in range(len(found))]).astype(np.float32)
        np.savez(root / kind / "teacher_mesh.npz", photo=np.array(found), points=points)
    (root / "exclude.csv").write_text("folder,photo\none,aside.jpg\ntwo,apart.jpg\ncheck,\n")
    (root / "shares.csv").write_text("folder,base,later,last,title\ntwo,0.7,0.3,0.3,Second\none,0.3,0.2,0.15,\n")
    rows = [f"a{i}.jpg,p{i},{i},{i % 2},128,128" for i in range(4)]
    (root / "acne/labels.csv").write_text("photo,subject,grade,fold,width,height\n" + "\n".join(rows) + "\n")
    return root


def train(data: Path, out: Path, *, resume: bool = False, seed: int = 7) -> Path:
    job = ZoneJob(
        images=data / "faces", mesh=data / "faces/teacher_mesh.npz", out=out, recipe=RECIPES["smoke"],
        recipe_name="smoke", seed=seed, acne=data / "acne", exclude=(data / "exclude.csv",),
        shares=data / "shares.csv", people="Drawn faces.", resume=resume, noface=4, workers=1, command="make",
    )  # fmt: skip
    return train_zones(job)


def test_set_aside_photos_and_the_measured_fold_never_train(data: Path) -> None:
    photos = find_photos(data / "faces", data / "acne", read_exclusions([data / "exclude.csv"]))
    assert not any(name.startswith("check") for name in photos.names)
    known = read_meshes(data / "faces/teacher_mesh.npz")
    topology = learn_topology(np.stack(list(known.values())))
    known |= {f"acne/{k}": v for k, v in read_meshes(data / "acne/teacher_mesh.npz").items()}
    samples = load_samples(list(zip(photos.names, photos.paths, strict=True)), known, topology)
    aside = {f"{collection}/{name}" for collection, name in ASIDE.items()}
    assert aside & set(photos.names)
    for fold in (None, 0, 1):
        rows = np.concatenate([r for r, _ in stage_pools(photos, samples, fold, base=False)])
        trained = {photos.names[i] for i in rows}
        assert not trained & aside
        assert {n for n in trained if n.startswith("acne")} == {f"acne/a{i}.jpg" for i in range(4) if i % 2 != fold}
    base = np.concatenate([r for r, _ in stage_pools(photos, samples, None, base=True)])
    assert not any(photos.names[i].startswith("acne") for i in base)


def test_a_run_that_was_stopped_gives_the_same_network_as_one_that_was_not(data: Path, tmp_path: Path) -> None:
    done = train(data, tmp_path / "whole")
    model = load_model(done)
    assert model.manifest.postprocess == POSTPROCESS
    assert sorted(p.name for p in (tmp_path / "whole").glob("fold*/*.onnx")) == ["zones.onnx"] * 2
    card = (tmp_path / "whole/zones.md").read_text()
    assert card.startswith("# zones-2026.11")
    assert "Drawn faces." in card
    assert list(model.manifest.training_data[:3]) == ["Second: 4 photos", "one: 4 photos", "acne: 4 photos"]
    # As if it had been killed after the base: all that came later is gone.
    stopped = tmp_path / "stopped"
    stopped.mkdir()
    for name in ("base.pt", "run.json"):
        (stopped / name).write_bytes((tmp_path / "whole" / name).read_bytes())
    again = train(data, stopped, resume=True)
    assert load_model(again).manifest.sha256 == model.manifest.sha256
    for fold in (tmp_path / "whole").glob("fold*/zones.onnx"):
        assert (stopped / fold.parent.name / "zones.onnx").read_bytes() == fold.read_bytes()


def test_a_folder_that_holds_something_else_is_refused(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "run.json").write_text('{"model": "acne"}')
    with pytest.raises(UsageError, match="not empty"):
        train(data, out)
    with pytest.raises(UsageError, match="holds another run"):
        train(data, out, resume=True)


def test_a_folder_without_photos_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="hold no photos"):
        find_photos(tmp_path, None)
