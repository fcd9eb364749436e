"""Drives the grading page of a real browser as a rater does."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from browser import PATIENCE_MS

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Locator, Page

#: Waits, in the page, for something to do; a photo that was just answered is none.
_CAN_ACT = """
(left) => {
  const { state, item } = document.getElementById("desk").dataset;
  const waits = ["loading", "busy"].includes(state) || (state === "grading" && item === left);
  return waits ? null : { state, item };
}
"""


class Rating:
    """A rater at their page, and what they chose.

    Args:
        context: signed in.
        study: its id.
    """

    def __init__(self, context: BrowserContext, study: str) -> None:
        self.context = context
        self.study = study
        self.chosen: dict[str, float | str] = {}
        self.errors: list[str] = []
        self.left: str
        self.page: Page
        self.open()

    def open(self) -> None:
        """Opens the page in a new tab."""
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.goto(f"/desk/{self.study}")
        self.left = ""

    def ready(self) -> str:
        """Waits until a photo can be graded, going on wherever the page asks to; the item. Empty at the end."""
        while True:
            now = self.page.wait_for_function(_CAN_ACT, arg=self.left).json_value()
            if now["state"] in {"grading", "ended"}:
                item: str = now["item"]
                return item
            self.page.click('[data-part="cover"] button')

    def grade(self, grade: float, *keys: str) -> str:
        """Grades the photo that is shown by these keys, or by the grade's own; its item, empty at the end."""
        item = self.ready()
        if item:
            for key in keys or (f"{grade:g}",):
                self.page.keyboard.press(key)
            self.chosen[item] = grade
            self.left = item
        return item

    def cannot(self, reason: str) -> str:
        """Says by keyboard that the photo cannot be graded; its item."""
        item = self.ready()
        self.page.keyboard.press("x")
        self.page.get_by_role("radio", name=reason).press("Space")
        self.page.keyboard.press("Enter")
        self.chosen[item] = reason
        self.left = item
        return item

    def disconnect(self, answers: int) -> None:
        """Takes the connection away once nothing waits and the photos for so many answers and one more are there."""
        self.ready()
        self.settled()
        self.page.wait_for_function("(n) => Number(document.getElementById('desk').dataset.ahead) >= n", arg=answers)
        self.context.set_offline(True)

    def undo(self) -> str:
        """Takes the last answer back; its item, which is shown again."""
        self.left = self.ready()
        self.page.keyboard.press("u")
        item = self.ready()
        self.chosen.pop(item, None)
        return item

    @property
    def status(self) -> Locator:
        """Where the page speaks of the connection."""
        return self.page.locator('[data-part="status"]')

    @property
    def count(self) -> Locator:
        """Where the page says which photo this is."""
        return self.page.locator('[data-part="count"]')

    def settled(self, besides: int = 0) -> None:
        """Waits until nothing waits to be sent, besides so many answers of somebody else."""
        settle(self.page, besides)


#: Reads, in the page, what waits on this device.
WAITING = """
async () => {
  const open = indexedDB.open("dermagrade-desk");
  const database = await new Promise((resolve) => { open.onsuccess = () => resolve(open.result); });
  const request = database.transaction("waiting").objectStore("waiting").getAll();
  const rows = await new Promise((resolve) => { request.onsuccess = () => resolve(request.result); });
  database.close();
  return rows.length;
}
"""


def waiting(page: Page) -> int:
    """How many answers wait on this device, of whomever."""
    number: int = page.evaluate(WAITING)
    return number


def settle(page: Page, besides: int = 0) -> None:
    """Waits until nothing waits on this device, besides so many answers."""
    # Not by wait_for_function: it takes the promise of an async function for a yes.
    end = time.monotonic() + PATIENCE_MS / 1000
    while (number := waiting(page)) != besides:
        assert time.monotonic() < end, f"{number} answers wait, not {besides}"
        page.wait_for_timeout(20)


def profile_process(profile: Path) -> int:
    """Process id of the browser that runs with this profile."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                words = (entry / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if f"--user-data-dir={profile}".encode() in words and not any(w.startswith(b"--type=") for w in words):
                return int(entry.name)
    raise AssertionError(f"no browser runs with {profile}")
