"""What one 12-megapixel photo costs: milliseconds by stage, peak memory, and the ratio to decoding it in full.

Run by ``make bench``. The photo is made from the public-domain portrait of the demo, enlarged to 3024 x 4032.
"""

from __future__ import annotations

import io
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image

from dermagrade.cli.demo import portrait
from dermagrade.photo.read import read_photo

ROUNDS = 7

#: Assesses, then tells its own peak. (The peak that the system keeps for children also counts this process's own memory
#: at the moment of the fork.)
ASSESS = """
import sys
from dermagrade.cli.main import main
main(sys.argv[1:])
status = open("/proc/self/status").read()
print(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")), file=sys.stderr)
"""


def make_photo(path: Path) -> None:
    """A 12-megapixel JPEG with sensor-like noise, so that it decodes as a camera's file does."""
    with Image.open(portrait()) as opened:
        large = opened.convert("RGB").resize((3024, 4032), Image.Resampling.BICUBIC)
    noise = np.random.default_rng(1).normal(0, 4, (4032, 3024, 1))
    pixels = np.clip(np.asarray(large, np.float32) + noise, 0, 255).astype(np.uint8)
    Image.fromarray(pixels).save(path, quality=92)


def median_ms(call: object) -> float:
    """Median wall time of a call in milliseconds, after one call that warms up."""
    assert callable(call)
    call()
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        call()
        times.append(1000 * (time.perf_counter() - started))
    return statistics.median(times)


def main() -> None:
    """Make the photo, time it, print."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "large.jpg"
        make_photo(path)
        data = path.read_bytes()
        full = median_ms(lambda: Image.open(io.BytesIO(data)).convert("RGB").load())
        reduced = median_ms(lambda: read_photo(path))
        command = [sys.executable, "-c", ASSESS, "assess", "--json", *[str(path)] * ROUNDS]
        started = time.perf_counter()
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        whole = time.perf_counter() - started
        stages = [json.loads(line)["elapsed_ms"] for line in done.stdout.splitlines()]
        peak = int(done.stderr.splitlines()[-1]) / 1024
    print(f"photo: {len(data) / 1e6:.1f} MB JPEG, 3024 x 4032")
    print(f"read as we do / decoded in full: {reduced:.0f} / {full:.0f} ms, ratio {reduced / full:.2f}")
    print("stage           first photo   median of the rest (ms)")
    for stage in stages[0]:
        print(f"{stage:<15} {stages[0][stage]:>11} {statistics.median(s[stage] for s in stages[1:]):>12.0f}")
    print(f"process of {ROUNDS} photos: {whole:.2f} s, peak memory {peak:.0f} MB")


if __name__ == "__main__":
    main()
