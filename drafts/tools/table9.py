from ganedu.experiments import effects, records
from ganedu import measures
import numpy as np, sys
for s in sys.argv[1:]:
    c = "B-base" if s in ("own","all") else "B-ratio"
    runs=records.load(records.root(),c,s)
    A={k:np.array([r["metrics"]["accuracy"].get(k,np.nan) for r in runs]) for k in runs[0]["metrics"]["accuracy"]}
    real=A["real"]
    print(s,[r["seconds"] for r in runs],[r["metrics"]["worst"] for r in runs],[round(r["metrics"]["read_as_asked"],3) for r in runs], [r["metrics"]["kept"] for r in runs])
    for k,v in A.items():
        base = A.get("lenet",real) if k.startswith("lenet") else real
        d = measures.paired(v,base) if k not in ("real","lenet") else ""
        print(f"{k:20}{np.round(v,4)} mean {v.mean():.4f} std {v.std(ddof=1):.4f}", d, d and d.way)
