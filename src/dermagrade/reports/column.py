"""A column of text and small drawings, as the panels beside pictures are made of."""

from __future__ import annotations

from PIL import Image, ImageDraw, ImageFont

from dermagrade.reports.marks import font_of

INK, SOFT, PAPER, RULE = (24, 28, 36), (92, 99, 112), (250, 250, 248), (214, 216, 220)


class Column:
    """A sheet of fixed width that grows downwards while it is written on."""

    def __init__(self, width: int) -> None:
        self.width, self.y, self.pad = width, 24, 24
        self.sheet = Image.new("RGB", (width, 4000), PAPER)
        self.draw = ImageDraw.Draw(self.sheet)

    def write(self, text: str, size: int, colour: tuple[int, int, int] = INK, gap: int = 8) -> None:
        """Writes text in as many lines as it needs, and leaves a gap below."""
        font = font_of(size)
        room = self.width - 2 * self.pad
        for line in _wrap(self.draw, text, font, room):
            self.draw.text((self.pad, self.y), line, font=font, fill=colour)
            self.y += round(size * 1.3)
        self.y += gap

    def write_pair(self, name: str, value: str, size: int) -> None:
        """Writes a name in as many lines as it needs, with its value at the right end of the first."""
        font, top = font_of(size), self.y
        right = self.width - self.pad
        self.draw.text((right, top), value, font=font, fill=INK, anchor="ra")
        room = right - self.pad - self.draw.textlength(value, font=font) - size
        for line in _wrap(self.draw, name, font, max(int(room), 4 * size)):
            self.draw.text((self.pad, self.y), line, font=font, fill=INK)
            self.y += round(size * 1.3)
        self.y += 4

    def done(self) -> Image.Image:
        """What was written, no higher than need be."""
        return self.sheet.crop((0, 0, self.width, min(self.y + 12, self.sheet.height)))


def _wrap(
    draw: ImageDraw.ImageDraw, text: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont, room: int
) -> list[str]:
    lines: list[str] = []
    current = ""
    for word in text.split():
        longer = f"{current} {word}".strip()
        if current and draw.textlength(longer, font=font) > room:
            lines.append(current)
            current = word
        else:
            current = longer
        while draw.textlength(current, font=font) > room:  # one word wider than the column, such as an id
            cut = next(n for n in range(len(current) - 1, 0, -1) if draw.textlength(current[:n], font=font) <= room)
            lines.append(current[:cut])
            current = current[cut:]
    return [*lines, current] if current else lines
