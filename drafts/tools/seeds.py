"""seeds.py NOTEBOOK SEED [cells]: run only the named code cells with SEED."""
import sys, json, traceback
import matplotlib; matplotlib.use("Agg")
nb, seed, *only = sys.argv[1:]
g = {}
for c in json.load(open(nb))["cells"]:
    if c["cell_type"] != "code" or (only and c["id"] not in only): continue
    src = "".join(c["source"]).replace("SEED = 0", f"SEED = {seed}")
    try: exec(compile(src, c["id"], "exec"), g)
    except Exception: traceback.print_exc(); print("FAILED", c["id"], seed)
print("seed", seed, "done")
