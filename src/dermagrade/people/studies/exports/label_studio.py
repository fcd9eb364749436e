"""Marked lesions in the form that Label Studio imports: a task for each photo, an annotation for each reading of it.

Source: Label Studio's documentation, "Import pre-annotated data" and "Label Studio JSON format of annotated tasks":
places and radii are percent of the picture's width and height.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from urllib.parse import quote

from dermagrade.people.studies.record import Given, StudyRecord

#: The labelling setup that the tasks fit.
LABELLING_CONFIG = """<View>
  <Image name="image" value="$image" zoom="true"/>
  <EllipseLabels name="lesion" toName="image"><Label value="lesion"/></EllipseLabels>
</View>
"""


def label_studio_tasks(record: StudyRecord) -> list[dict[str, Any]]:
    """A task for each photo with a blind reading that could be graded, its marks as ellipses.

    A reading without a mark is an annotation without a result: the rater saw none. ``data.image`` is the photo's name
    as Label Studio's local files are addressed, below the folder that it serves.
    """
    readings: dict[str, list[Given]] = defaultdict(list)
    for given in record.blind:
        if given.marks is not None and given.grade is not None:
            readings[given.photo.id].append(given)
    return [
        {
            "data": {
                "image": f"/data/local-files/?d={quote(photo.name)}",
                "photo": photo.name,
                "study_state": "running" if record.running else "closed",
            },
            "annotations": [_annotation(given) for given in readings[photo.id]],
        }
        for photo in record.photos.values()
        if photo.id in readings
    ]


def _annotation(given: Given) -> dict[str, Any]:
    return {
        "ground_truth": False,
        "was_cancelled": False,
        "lead_time": round(given.seconds, 3),
        "result": [_region(given, i, mark) for i, mark in enumerate(given.marks or ())],
    }


def _region(given: Given, number: int, mark: Any) -> dict[str, Any]:
    wide, high = given.photo.width, given.photo.height
    return {
        "id": f"{given.item_id[:12]}-{number}",
        "type": "ellipselabels",
        "from_name": "lesion",
        "to_name": "image",
        "original_width": wide,
        "original_height": high,
        "image_rotation": 0,
        "origin": "manual",
        "meta": {"text": [f"{given.rater}, round {given.round}"]},
        "value": {
            "x": 100 * mark["x"] / wide,
            "y": 100 * mark["y"] / high,
            "radiusX": 100 * mark["radius"] / wide,
            "radiusY": 100 * mark["radius"] / high,
            "rotation": 0,
            "ellipselabels": ["lesion"],
        },
    }
