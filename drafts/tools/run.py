"""run.py NOTEBOOK OUTDIR [SEED]: run the cells in one process, save figures, print outputs."""
import sys, json, pathlib, time, traceback, io, contextlib
nb, out = sys.argv[1:3]; seed = sys.argv[3] if len(sys.argv) > 3 else None
import matplotlib; matplotlib.use("Agg")
import matplotlib.pyplot as plt
out = pathlib.Path(out); out.mkdir(parents=True, exist_ok=True)
g = {"__name__": "__main__"}; t0 = time.time(); c0 = time.process_time()
cid = ""
def show(*a, **k):
    for i, n in enumerate(plt.get_fignums()):
        plt.figure(n).savefig(out / f"{cid}{'' if i == 0 else i}.png", dpi=100, bbox_inches="tight")
    plt.close("all")
plt.show = show
bad = 0
for c in json.load(open(nb))["cells"]:
    if c["cell_type"] != "code": continue
    src = "".join(c["source"]); cid = c["id"]
    if seed is not None: src = src.replace("SEED = 0", f"SEED = {seed}")
    print(f"--- {cid}", flush=True); t = time.time()
    try: exec(compile(src, cid, "exec"), g)
    except Exception: traceback.print_exc(); bad += 1
    plt.close("all")
    if time.time() - t > 1: print(f"   ({time.time()-t:.1f} s)")
print(f"{time.time()-t0:.1f} s wall, {time.process_time()-c0:.1f} CPU-s, {bad} failed")
