"""build.py DRAFT OUT [budget]: text with %%% cells -> notebook.  %cap %name %alt lines after a code cell."""
import json, sys, pathlib
draft, out = sys.argv[1:3]; budget = int(sys.argv[3]) if len(sys.argv) > 3 else 25
cells = []
def close(cell):
    if cell is None: return
    kind, cid, tags, lines = cell
    meta, body, fig = {}, [], {}
    for l in lines:
        if kind == "code" and l[:5] in ("%cap ",): fig["cap"] = l[5:]
        elif kind == "code" and l.startswith("%name "): fig["name"] = l[6:]
        elif kind == "code" and l.startswith("%alt "): fig["alt"] = l[5:]
        else: body.append(l)
    if fig:
        meta["mystnb"] = {"figure": {"caption": fig["cap"], "name": fig["name"]}, "image": {"alt": fig["alt"]}}
    if tags: meta["tags"] = tags
    src = "\n".join(body).strip("\n")
    c = {"cell_type": "markdown" if kind == "md" else "code", "id": cid, "metadata": meta}
    if kind == "code": c |= {"execution_count": None, "outputs": []}
    c["source"] = src.splitlines(keepends=True)
    cells.append(c)
cell = None
for l in pathlib.Path(draft).read_text().split("\n"):
    if l.startswith("%%% "):
        close(cell); _, kind, cid, *tags = l.split(); cell = (kind, cid, tags, [])
    else: cell[3].append(l)
close(cell)
nb = {"cells": cells, "metadata": {"ganedu": {"budget_seconds": budget}, "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}, "language_info": {"name": "python"}}, "nbformat": 4, "nbformat_minor": 5}
pathlib.Path(out).write_text(json.dumps(nb, indent=1, ensure_ascii=False) + "\n")
print(len(cells), "cells")
