"""Draw the nine pictures of examples/dongbuk4-2015.json and put them into that file.

The source of 2015 has captions only. These are drawings of places without people, each marked 예시 사진, so that nobody
takes them for photographs. Run from anywhere: ``.venv/bin/python examples/draw_photos.py``; same input, same bytes.
"""

# ruff: noqa: INP001, PLR2004 (a script of shapes; its places and sizes are numbers)
import base64
import hashlib
import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

HERE = Path(__file__).resolve().parent
FILE = HERE / "dongbuk4-2015.json"
FONTS = HERE.parent / "static" / "fonts"
WIDTH, HEIGHT, FINE = 1200, 800, 2  # pixels; drawn FINE times larger, then scaled down for smooth edges
FLOOR, BAND = 600, 700  # where the floor and the band with the words begin
COLOURS = 96  # of the palette; a flat drawing needs no more
PAPER, WALL, LIGHT, AWNING, LINE = "#ffffff", "#eef2f7", "#dfe6ef", "#fafbfd", "#c3ccd9"
INK, WOOD, DEEP = "#1e2b3c", "#b88a5b", "#8f6a45"
BLUE, GREEN, RED, GOLD, TEAL = "#256ef4", "#228738", "#d63d4a", "#c78500", "#0b7a8c"
Pen = ImageDraw.ImageDraw


def box(pen: Pen, x: float, y: float, width: float, height: float, fill: str, *, round_: float = 0) -> None:
    """Fill a rectangle; all measures in pixels of the finished picture."""
    corners = [x * FINE, y * FINE, (x + width) * FINE - 1, (y + height) * FINE - 1]
    pen.rounded_rectangle(corners, radius=round_ * FINE, fill=fill)


def disc(pen: Pen, x: float, y: float, radius: float, fill: str) -> None:
    pen.ellipse([(x - radius) * FINE, (y - radius) * FINE, (x + radius) * FINE, (y + radius) * FINE], fill=fill)


def shape(pen: Pen, points: list[tuple[float, float]], fill: str) -> None:
    pen.polygon([(x * FINE, y * FINE) for x, y in points], fill=fill)


def words(
    pen: Pen, x: float, y: float, text: str, *, size: int, fill: str, weight: str = "SemiBold", anchor: str = "lm"
) -> None:
    font = ImageFont.truetype(FONTS / f"PretendardGOV-{weight}.ttf", size * FINE)
    pen.text((x * FINE, y * FINE), text, font=font, fill=fill, anchor=anchor)


def hall(pen: Pen) -> None:
    """An empty room: wall, lamps, floor."""
    box(pen, 0, 0, WIDTH, FLOOR, WALL)
    for x in range(150, WIDTH, 300):
        box(pen, x - 60, 0, 120, 12, PAPER)
    box(pen, 0, FLOOR, WIDTH, HEIGHT - FLOOR, LIGHT)
    box(pen, 0, FLOOR, WIDTH, 4, LINE)


def screen(pen: Pen, x: float, width: float, colour: str) -> None:
    box(pen, x - 10, 80, width + 20, 380, INK, round_=8)
    box(pen, x, 90, width, 360, PAPER)
    box(pen, x, 90, width, 56, colour)
    box(pen, x + 30, 110, width * 0.42, 16, PAPER, round_=8)


def lectern(pen: Pen, x: float, colour: str) -> None:
    shape(pen, [(x - 70, 430), (x + 70, 430), (x + 56, 640), (x - 56, 640)], WOOD)
    shape(pen, [(x - 84, 404), (x + 84, 404), (x + 74, 436), (x - 74, 436)], DEEP)
    box(pen, x - 3, 330, 6, 76, INK)
    disc(pen, x, 326, 13, INK)
    disc(pen, x, 520, 24, colour)


def chairs(pen: Pen, colour: str) -> None:
    for x in range(46, WIDTH - 84, 114):
        box(pen, x, 612, 84, 58, colour, round_=14)
        box(pen, x + 8, 664, 68, 20, INK, round_=6)


def talk(colour: str, chart: Callable[[Pen, str], None]) -> Callable[[Pen], None]:
    """Return the scene of a district's talk: a screen with a chart of its own, and a lectern."""

    def scene(pen: Pen) -> None:
        hall(pen)
        screen(pen, 130, 640, colour)
        chart(pen, colour)
        lectern(pen, 980, colour)

    return scene


def ring(pen: Pen, colour: str) -> None:
    disc(pen, 300, 300, 110, colour)
    pen.pieslice([190 * FINE, 190 * FINE, 410 * FINE, 410 * FINE], 270, 360, fill=LINE)
    disc(pen, 300, 300, 62, PAPER)
    rows(pen, 470, 230)


def bars(pen: Pen, colour: str) -> None:
    for index, height in enumerate((90, 130, 110, 190, 230)):
        box(pen, 180 + index * 112, 420 - height, 74, height, colour if index > 2 else LINE, round_=4)
    box(pen, 160, 420, 580, 5, INK)


def nodes(pen: Pen, colour: str) -> None:
    places = [(450, 300), (260, 220), (640, 220), (260, 380), (640, 380)]
    for x, y in places[1:]:
        pen.line([450 * FINE, 300 * FINE, x * FINE, y * FINE], fill=LINE, width=8 * FINE)
    for index, (x, y) in enumerate(places):
        disc(pen, x, y, 34 if index else 52, LINE if index else colour)
    disc(pen, 450, 300, 26, PAPER)


def steps(pen: Pen, colour: str) -> None:
    for index in range(4):
        box(pen, 180 + index * 142, 380 - index * 60, 122, 44 + index * 60, colour if index == 3 else LINE, round_=4)


def rows(pen: Pen, x: float, y: float) -> None:
    for index, width in enumerate((240, 200, 220)):
        box(pen, x, y + index * 58, width, 20, LINE, round_=10)


def questions(pen: Pen) -> None:
    """A microphone before empty rows, two speech bubbles on the wall."""
    hall(pen)
    box(pen, 150, 110, 420, 190, PAPER, round_=28)
    shape(pen, [(230, 296), (300, 296), (220, 356)], PAPER)
    words(pen, 360, 206, "?", size=130, fill=BLUE, weight="Bold", anchor="mm")
    box(pen, 650, 170, 400, 170, BLUE, round_=28)
    shape(pen, [(920, 336), (990, 336), (1000, 396)], BLUE)
    for index, width in enumerate((260, 200)):
        box(pen, 700, 222 + index * 48, width, 20, PAPER, round_=10)
    chairs(pen, TEAL)
    box(pen, 594, 410, 12, 230, INK)
    shape(pen, [(520, 656), (680, 656), (640, 632), (560, 632)], INK)
    box(pen, 572, 330, 56, 100, INK, round_=28)
    box(pen, 572, 372, 56, 8, LINE)


def proposals(pen: Pen) -> None:
    """A screen with four lines, each ticked."""
    hall(pen)
    screen(pen, 230, 740, TEAL)
    for index, width in enumerate((470, 400, 520, 360)):
        y = 186 + index * 64
        box(pen, 280, y, 40, 40, TEAL, round_=8)
        pen.line(
            [290 * FINE, (y + 20) * FINE, 298 * FINE, (y + 29) * FINE, 311 * FINE, (y + 11) * FINE],
            fill=PAPER,
            width=6 * FINE,
        )
        box(pen, 350, y + 10, width, 20, LINE, round_=10)
    chairs(pen, TEAL)


def stage(pen: Pen) -> None:
    """The large hall: curtains, a wide screen, a lectern in the light."""
    box(pen, 0, 0, WIDTH, HEIGHT, "#24324a")
    shape(pen, [(730, 0), (930, 0), (1010, 604), (650, 604)], "#33456a")
    box(pen, 230, 70, 740, 330, PAPER, round_=6)
    box(pen, 230, 70, 740, 70, BLUE)
    box(pen, 300, 96, 330, 18, PAPER, round_=9)
    for index, (height, colour) in enumerate(((90, BLUE), (130, GREEN), (110, RED), (150, GOLD))):
        box(pen, 290 + index * 100, 370 - height, 76, height, colour, round_=6)
    for side in (0, 1):
        for fold in range(4):
            x = fold * 44 if not side else WIDTH - (fold + 1) * 44
            box(pen, x, 0, 44, FLOOR, ("#8e2530", "#a62f3b")[fold % 2])
    box(pen, 0, FLOOR, WIDTH, HEIGHT - FLOOR, DEEP)
    box(pen, 0, FLOOR, WIDTH, 8, WOOD)
    lectern(pen, 830, BLUE)


def booth(pen: Pen, x: float, width: float, colour: str) -> None:
    """A stall with awning, goods in boxes on the shelf, a table."""
    box(pen, x + 14, 210, 14, 420, LINE)
    box(pen, x + width - 28, 210, 14, 420, LINE)
    box(pen, x + 28, 250, width - 56, 230, PAPER)
    box(pen, x - 6, 140, width + 12, 14, INK, round_=4)
    count = round(width / 120) * 2 + 1  # stripes: coloured at both ends
    for index in range(count):
        stripe = width / count
        box(pen, x + index * stripe, 150, stripe, 82, colour if index % 2 == 0 else AWNING)
        disc(pen, x + (index + 0.5) * stripe, 232, stripe / 2 - 0.5, colour if index % 2 == 0 else AWNING)
    box(pen, x, 150, width, 3, LINE)
    box(pen, x + 60, 400, width - 120, 10, WOOD)
    for index in range(round((width - 140) / 76)):
        height = (74, 54, 64)[index % 3]
        box(pen, x + 76 + index * 76, 400 - height, 54, height, (WOOD, colour, GOLD)[index % 3], round_=4)
    box(pen, x, 480, width, 150, WOOD, round_=4)
    box(pen, x, 480, width, 26, DEEP, round_=4)


def one_booth(pen: Pen) -> None:
    hall(pen)
    booth(pen, 300, 600, GREEN)


def two_booths(pen: Pen) -> None:
    hall(pen)
    booth(pen, 70, 500, GOLD)
    booth(pen, 630, 500, BLUE)


SCENES = {
    "photo-1.png": talk(GREEN, ring),
    "photo-2.png": talk(BLUE, nodes),
    "photo-3.png": talk(GOLD, bars),
    "photo-4.png": talk(RED, steps),
    "photo-5.png": questions,
    "photo-6.png": proposals,
    "photo-7.png": stage,
    "photo-8.png": one_booth,
    "photo-9.png": two_booths,
}


def drawn(scene: Callable[[Pen], None], caption: str) -> bytes:
    """Draw a scene with its words and return the PNG, without metadata: the stored form of the portal."""
    image = Image.new("RGB", (WIDTH * FINE, HEIGHT * FINE), WALL)
    pen = ImageDraw.Draw(image)
    scene(pen)
    box(pen, 0, BAND, WIDTH, HEIGHT - BAND, INK)
    box(pen, 40, BAND + 26, 150, 48, PAPER, round_=8)
    words(pen, 115, BAND + 50, "예시 사진", size=28, fill=INK, weight="Bold", anchor="mm")
    words(pen, 218, BAND + 50, caption, size=36, fill=PAPER)
    image = image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    image = image.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    out = BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def main() -> None:
    data = json.loads(FILE.read_text("utf-8"))
    captions = {photo["file"]: photo["caption"] for photo in data["photos"]}
    for file in data["files"]:
        content = drawn(SCENES[file["name"]], captions[file["name"]])
        file["digest"] = hashlib.sha256(content).hexdigest()
        file["content"] = base64.b64encode(content).decode()
    FILE.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
