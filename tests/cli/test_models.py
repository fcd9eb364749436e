"""``dermagrade models``: what is installed, under what licence, and how good it is."""

import json

from command_line import Run
from dermagrade.weights import runtime


def test_every_installed_network_is_listed_with_licence_and_metrics(run: Run) -> None:
    done = run("models", "--json")
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert (done.returncode, done.stderr) == (0, "")
    assert [record["name"] for record in records] == list(runtime.shipped())
    for record in records:
        weights = runtime.find(record["name"])
        assert record["id"] == weights.id
        assert record["size_bytes"] == weights.path.stat().st_size
        assert record["licence"] == weights.manifest["licence"]
        assert record["metrics"] == weights.manifest["metrics"]


def test_the_plain_list_names_every_id(run: Run) -> None:
    done = run("models")
    assert done.returncode == 0
    assert all(runtime.find(name).id in done.stdout for name in runtime.shipped())
