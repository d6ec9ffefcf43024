"""Draw book/images/way-of-*.svg, the pictures of the contributors' page, from book/ways.yml.

    python -m tools.draw_ways
"""

from html import escape
from pathlib import Path

import yaml

BOOK = Path(__file__).resolve().parents[1] / "book"
COLOURS = {"data": "#0072b2", "networks": "#009e73", "gan": "#222222", "game": "#d55e00",
           "measures": "#aa3377", "experiments": "#7a5c00", "cli": "#555555", "files": "#555555"}
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


def draw(way):
    """The SVG of one way."""
    lanes = {lane: LANE * (i + 0.5) for i, lane in enumerate(way["lanes"])}
    place = {name: (lanes[name.split(".")[0]], TOP + ROW * (i + 0.5))
             for i, (name, _) in enumerate(way["boxes"])}
    width, height = LANE * len(lanes), TOP + ROW * len(place) + 8
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"'
             f' width="{width}" height="{height}" font-family="sans-serif">',
             '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7"'
             ' markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" fill="#444"/></marker></defs>',
             f'<rect width="{width}" height="{height}" rx="6" fill="#fff"/>']
    for lane, x in lanes.items():
        parts += [f'<rect x="{x - LANE / 2 + 3:g}" y="3" width="{LANE - 6}" height="{height - 6}"'
                  f' rx="5" fill="{COLOURS[lane]}" fill-opacity="0.07"/>',
                  text(x, 25, lane, 15, font_weight="bold", fill=COLOURS[lane])]
    for start, end, words, *_ in way["arrows"]:
        parts.append(arrow(*place[start], *place[end], words))
    for name, what in way["boxes"]:
        (x, y), lane = place[name], name.split(".")[0]
        short = name.removeprefix(f"{lane}.")
        parts += [f'<rect x="{x - BOX / 2:g}" y="{y - TALL / 2:g}" width="{BOX}" height="{TALL}"'
                  f' rx="4" fill="#fff" stroke="{COLOURS[lane]}" stroke-width="1.5"/>',
                  text(x, y - 3, short, 11.5, font_family="monospace", fill="#111"),
                  text(x, y + 12, what, 10.5, fill="#444")]
    return "\n".join([*parts, "</svg>", ""])


def arrow(x0, y0, x1, y1, words):
    """Straight down in a lane; else out at the side, along the row, and down in the other lane."""
    end = y1 - TALL / 2 - 2
    if x0 == x1:
        start = y0 + TALL / 2
        path, at = f"M{x0:g} {start:g}V{end:g}", (x0, (start + end) / 2 + 3.5)
    else:
        side = 1 if x1 > x0 else -1
        path = f"M{x0 + side * BOX / 2:g} {y0:g}H{x1:g}V{end:g}"
        at = (x1, y0 - 5)
    halo = {"paint_order": "stroke", "stroke": "#fff", "stroke_width": 4, "stroke_linejoin": "round"}
    return (f'<path d="{path}" fill="none" stroke="#444" stroke-width="1.3" marker-end="url(#tip)"/>'
            + text(*at, words, 10.5, fill="#222", font_style="italic", **halo))


if __name__ == "__main__":
    for way in load():
        file(way).write_text(draw(way), "utf-8")
        print(file(way))
