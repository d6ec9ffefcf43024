"""The clinic: what is wrong with a GAN, from what can be seen of it, and what to try next.

    print(ganedu.diagnose("runs/digits"))
    print(ganedu.diagnose(gan, x, y, unseen=x_test, reader=readers.load("digits")))
    gan.fit(batches, callbacks=[clinic.EarlyWarning(x, y, stop=True, restore_best=True)])

`evidence` measures a GAN once, `states` is the table of what each number means, `diagnosis` puts
the two together, and `warning` does so while a training runs.  A sick training for each state, and
healthy ones, are in `experiments.patients`: `python -m ganedu reproduce clinic`.
"""

from .diagnosis import Diagnosis, diagnose
from .evidence import Evidence, gather
from .states import STATES, State
from .warning import EarlyWarning

__all__ = [
    "STATES", "Diagnosis", "EarlyWarning", "Evidence", "State", "diagnose", "gather",
]
