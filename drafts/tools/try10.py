import time, json, functools
import ganedu
from ganedu import data
from ganedu.experiments import probing, sweeps
from dataclasses import replace
probing.classify.fit = functools.partial(probing.classify.fit, steps=50)
row = next(r for r in sweeps.ROWS if r.setting=="cifar-16")
gan = row.recipe.build(0, "float32")
train, test = data.load("cifar10"), data.load("cifar10","test")
probing.SMALL=(1000,300); probing.DRAWS=2; probing.LOOKED=2000
p = probing.Probing(gan, row.recipe, train.rows(slice(6000)), test.rows(slice(1000)))
t=time.time(); f=p.all(probing.ARMS); print(time.time()-t)
for k in f["accuracy"]: print(f"{k:24}{f['accuracy'][k]:.3f} F {f['features'][k]} C {f['strength'].get(k)} read {f['classes_read'].get(k)} int {f['interval'].get(k)} {f['seconds'][k]:.1f} s")
