"""Draw book/images/way-of-*.svg, the pictures of the contributors' page, from book/ways.yml.

    python -m tools.draw_ways
"""

from html import escape
from pathlib import Path

import yaml

BOOK = Path(__file__).resolve().parents[1] / "book"
COLOURS = ("#0072b2", "#7a5c00", "#222222", "#d55e00")
LANE, ROW, TOP, BOX, TALL = 200, 66, 44, 184, 38  # widths and heights


def load():
    """The content of ways.yml."""
    return yaml.safe_load((BOOK / "ways.yml").read_text("utf-8"))


def file(way):
    return BOOK / "images" / f"{way['file']}.svg"


def text(x, y, words, size, **style):
    style = "".join(f' {name.replace("_", "-")}="{value}"' for name, value in style.items())
    return (f'<text x="{x:g}" y="{y:g}" font-size="{size}" text-anchor="middle"{style}>'
            f"{escape(words)}</text>")


def lane_of(way, name):
    """Number of the lane that holds the box `name`."""
    (found,) = [i for i, holds in enumerate(way["lanes"].values())
                if any(name.startswith(f"{module}.") for module in holds)]
    return found


def draw(way):
    """The SVG of one way."""
    place = {}
    for row, (name, _) in enumerate(way["boxes"]):
        place[name] = LANE * (lane_of(way, name) + 0.5), TOP + ROW * (row + 0.5)
    width, height = LANE * len(way["lanes"]), TOP + ROW * len(place) + 8
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"'
             f' width="{width}" height="{height}" font-family="sans-serif">',
             '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7"'
             ' markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" fill="#444"/></marker></defs>',
             f'<rect width="{width}" height="{height}" rx="6" fill="#fff"/>']
    for i, (title, colour) in enumerate(zip(way["lanes"], COLOURS, strict=False)):
        parts += [f'<rect x="{LANE * i + 3}" y="3" width="{LANE - 6}" height="{height - 6}" rx="5"'
                  f' fill="{colour}" fill-opacity="0.07"/>',
                  text(LANE * (i + 0.5), 25, title, 14, font_weight="bold", fill=colour)]
    for start, end, words, *_ in way["arrows"]:
        between = [(x, y) for x, y in place.values() if place[start][1] < y < place[end][1]]
        parts.append(arrow(*place[start], *place[end], words, between))
    for name, what in way["boxes"]:
        (x, y), short = place[name], name.removeprefix("experiments.").removeprefix("gan.")
        parts += [f'<rect x="{x - BOX / 2:g}" y="{y - TALL / 2:g}" width="{BOX}" height="{TALL}"'
                  f' rx="4" fill="#fff" stroke="{COLOURS[lane_of(way, name)]}" stroke-width="1.5"/>',
                  text(x, y - 3, short, 11 if len(short) < 26 else 10, font_family="monospace",
                       fill="#111"),
                  text(x, y + 12, what, 10.5, fill="#444")]
    return "\n".join([*parts, "</svg>", ""])


def arrow(x0, y0, x1, y1, words, between):
    """Straight down in a lane, or past its boxes; else out at the side, and down in the other."""
    end = y1 - TALL / 2 - 2
    if x0 != x1:
        side = 1 if x1 > x0 else -1
        path, at = f"M{x0 + side * BOX / 2:g} {y0:g}H{x1:g}V{end:g}", (x1, y0 - 5)
    elif any(x == x0 for x, _ in between):
        edge = x0 + BOX / 2
        path, at = f"M{edge:g} {y0:g}h6V{y1:g}h-4", (edge - 18, y1 - TALL / 2 - 6)
    else:
        start = y0 + TALL / 2
        path, at = f"M{x0:g} {start:g}V{end:g}", (x0, min((start + end) / 2, start + 16) + 3.5)
    halo = {"paint_order": "stroke", "stroke": "#fff", "stroke_width": 4, "stroke_linejoin": "round"}
    return (f'<path d="{path}" fill="none" stroke="#444" stroke-width="1.3" marker-end="url(#tip)"/>'
            + text(*at, words, 10.5, fill="#222", font_style="italic", **halo))


if __name__ == "__main__":
    for way in load():
        file(way).write_text(draw(way), "utf-8")
        print(file(way))
