"""What the logs of a training's epochs tell: how sure D was, NaN, and whether it was better before."""

import numpy as np

from ..game import objectives


def told(history, objective=None):
    """What the logs tell, a dict of some of the fields of `evidence.Evidence`.

    Args:
        history: the logs of each epoch, dicts in a list; or what Keras's `fit` returns, or its
            dict of lists; or None.
        objective: what was minimised.  D's outputs are taken to say how sure it is only where a
            logit is a log-odds: a `NonSaturating` or `Saturating`, or None, not known.
    """
    history = getattr(history, "history", history)
    if isinstance(history, dict):  # Keras's: a list for each name
        history = [dict(zip(history, row, strict=True)) for row in zip(*history.values(), strict=True)]
    if not history:
        return {}
    losses = ("d_loss_real", "d_loss_fake", "g_loss")
    bad = [not all(np.isfinite(row.get(name, 0.0)) for name in losses) for row in history]
    found = {"nan_epoch": bad.index(True) + 1 if any(bad) else 0}
    last = history[-max(1, len(history) // 3) :]
    if objective is None or isinstance(objective, objectives.NonSaturating):
        for name, log in {"d_real": "d_acc_real", "d_fake": "d_out_fake"}.items():
            if all(log in row for row in last):
                found[name] = float(np.mean([row[log] for row in last]))
        if all(name in history[-1] for name in losses):
            found["loss"] = max(abs(float(history[-1][name])) for name in losses)
    distances = [name for name in history[0] if name.startswith("val_") and "frechet" in name]
    if distances and len(history) > 1:
        values = np.array([row.get(distances[0], np.nan) for row in history], float)
        if np.nanmin(values, initial=np.inf) > 0 and np.isfinite(values).any():
            best = int(np.nanargmin(values))
            found |= {"fall": float(values[-1] / values[best]), "best_epoch": best + 1}
    return found
