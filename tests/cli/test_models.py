"""``dermagrade models``: what is installed, under what licence, and how good it is."""

import json

from command_line import Run
from dermagrade.weights.store import find_weights, installed_names


def test_every_installed_network_is_listed_with_licence_and_metrics(run: Run) -> None:
    done = run("models", "--json")
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert (done.returncode, done.stderr) == (0, "")
    assert [record["name"] for record in records] == list(installed_names())
    for record in records:
        weights = find_weights(record["name"])
        assert record["id"] == weights.id
        assert record["size_bytes"] == weights.path.stat().st_size
        assert record["licence"] == weights.manifest.licence
        assert record["metrics"] == weights.manifest.record()["metrics"]


def test_the_plain_list_names_every_id(run: Run) -> None:
    done = run("models")
    assert done.returncode == 0
    assert all(find_weights(name).id in done.stdout for name in installed_names())
