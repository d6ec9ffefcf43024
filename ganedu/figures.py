"""Plots of runs and records, a line each on a page.

    figures.style()
    figures.claim("B-cgan", "success")              # every recorded seed of every setting
    figures.films("A-arch", "digits")               # their film strips
    figures.curves({"G": history["g_loss"]})

All are `WIDTH` inches wide with letters of 10 points, so that a phone of 360 pixels shows
letters of 10 pixels; at most two panels stand side by side.  Each function returns the figure:
end a cell with it, or with `;` and `plt.show()` as usual.
"""

import math

import numpy as np

from . import pictures
from .experiments import records
from .measures.intervals import difference, interval

REAL, FAKE, GENERATOR = "#0072b2", "#d55e00", "#009e73"  # one colour each, in every picture
COLOURS = (FAKE, REAL, GENERATOR, "#cc79a7", "#e69f00", "#56b4e9", "#666666")
WIDTH = 5.0  # inches: at 360 pixels a point is a pixel
STYLE = {
    "figure.dpi": 130,
    "font.size": 10,
    "axes.titlesize": 10,
    "axes.labelsize": 10,
    "xtick.labelsize": 10,
    "ytick.labelsize": 10,
    "legend.fontsize": 10,
    "legend.frameon": False,
    "axes.spines.top": False,
    "axes.spines.right": False,
}


def style():
    """Makes every later figure of the notebook look like those of this module."""
    import matplotlib.pyplot as plt

    plt.rcParams.update(STYLE)


def dots(groups, label="", real=None, kind="t", ax=None, colours=None):
    """A dot for each seed, sorted, and below them their mean with its 95% interval.

    Args:
        groups: {name: values, one a seed}; a value that is None or NaN (a run that diverged)
            is counted beside the name.
        label: of the value's axis.
        real: the value of real images, a number or {name: number}: a blue line.
        kind: of the interval, see `interval`; None draws none.
        ax: axes to draw in, by default those of a new figure.
        colours: one for each group.
    """
    figure, ax = _axes(ax, 0.75 + 0.42 * len(groups))
    names, told = [], False
    for row, (name, values) in enumerate(groups.items()):
        values = np.array([np.nan if v is None else v for v in values], float)
        good = np.sort(values[np.isfinite(values)])
        lost = len(values) - len(good)
        names.append(name + (f"\n({lost} diverged)" if lost else ""))
        colour = (colours or [FAKE] * len(groups))[row]
        places = row + np.linspace(0.02, -0.3, len(good)) if len(good) > 1 else [row - 0.14]
        ax.plot(good, places, "o", color=colour, ms=5, alpha=0.85, mew=0)
        if len(good) > 1:
            if kind:
                ax.plot(interval(good, kind), [row + 0.22] * 2, color="black", lw=1.5)
            ax.plot(good.mean(), row + 0.22, "|", color="black", ms=9, mew=2)
        mark = real.get(name) if isinstance(real, dict) else real
        if mark is not None:
            ax.plot([mark] * 2, [row - 0.42, row + 0.42], color=REAL, lw=2)
            if not told:
                ax.annotate("real", (mark, row - 0.44), color=REAL, ha="center", va="bottom")
            told = True
    ax.set_yticks(range(len(names)), names)
    ax.set(xlabel=label, ylim=(len(names) - 0.45, -0.75 if real is not None else -0.55))
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="x", color="0.9")
    ax.set_axisbelow(True)
    return figure


def claim(claim, metric, settings=None, kind="t", label=None, root=None, ax=None):
    """The recorded runs of a claim in one picture: `dots` of all seeds of all settings.

    Args:
        claim: its id.
        metric: what of a record's metrics to draw, as `records.of_run` takes it, say "success"
            or "min class_shares".
        settings: a setting, several, or {setting: what to call it}; by default all that have
            the metric.
        kind: of the interval, see `interval`.
        label: of the value's axis, by default the metric's name.
        root: the folder of records, by default the book's.
        ax: axes to draw in, by default those of a new figure.

    The blue lines are what real images get, where the records say it.
    """
    found = _runs(claim, settings, root)
    if settings is None:
        found = {
            name: runs for name, runs in found.items()
            if any(records.of_run(run, metric) is not None for run in runs)
        }  # fmt: skip
        if not found:
            raise ValueError(f"metric is {metric!r}; no record of claim {claim} has it")
    groups = {n: [records.of_run(r, metric) for r in runs] for n, runs in found.items()}
    reals = {n: records.real_value(runs[0]["metrics"], metric) for n, runs in found.items()}
    if all(value is None for value in reals.values()):
        reals = None
    return dots(groups, metric.replace("_", " ") if label is None else label, reals, kind, ax)


def effects(groups, against, label="", ax=None):
    """What each of some settings changes, largest first, beside the spread of seeds.

    A dot is the difference of the means and a line its 95% interval (`measures.difference`); grey
    where an effect is called none.  The grey band is one deviation of the seeds of `against`.

    Args:
        groups: {name: values, one a seed}; a value that is None (a run that diverged) is left out
            and counted beside the name, a group with less than two left has no dot.
        against: the values of the setting that all are compared with.
        label: of the axis.
        ax: axes to draw in, by default those of a new figure.
    """
    good = {name: [v for v in values if v is not None] for name, values in groups.items()}
    found = {n: difference(v, against) if len(v) > 1 else None for n, v in good.items()}
    names = sorted(found, key=lambda n: -found[n].difference if found[n] else float("inf"))
    figure, ax = _axes(ax, 0.75 + 0.27 * len(names))
    ax.axvspan(-np.std(against, ddof=1), np.std(against, ddof=1), color="0.92")
    ax.axvline(0, color="0.5", lw=0.8)
    for row, name in enumerate(names):
        if effect := found[name]:
            colour = {"none": "0.55", "higher": REAL, "lower": FAKE}[effect.way]
            ax.plot((effect.low, effect.high), (row, row), color=colour, lw=1.5)
            ax.plot(effect.difference, row, "o", color=colour, ms=5)
    lost = {name: len(groups[name]) - len(good[name]) for name in names}
    ax.set_yticks(range(len(names)), [n + (f" ({lost[n]} diverged)" if lost[n] else "") for n in names])
    ax.set(xlabel=label, ylim=(len(names) - 0.4, -0.6))
    ax.tick_params(axis="y", length=0)
    return figure


def knobs(baseline, metric, names=None, label=None, root=None, ax=None):
    """`effects` of all recorded ablations of a baseline: every knob in one picture.

    Args:
        baseline: a setting, say "cgan"; its ablations are the settings "cgan-...".
        metric: as `records.of_run` takes it.
        names: {setting: what to call it}, by default all, called as `ablations.NAMES` has it.
        label, root, ax: as in `claim`.
    """
    recorded = records.by_setting(records.root() if root is None else root)
    found = {
        setting: [records.of_run(run, metric) for run in runs]
        for setting, runs in recorded.items() if f"{setting}-".startswith(f"{baseline}-")
    }  # fmt: skip
    against = [v for v in found.pop(baseline, []) if v is not None]
    if len(against) < 2 or not found:
        raise FileNotFoundError(f"no ablations of {baseline!r} are recorded, or not two runs of itself")
    if names is None:
        from .experiments.ablations import NAMES

        short = {setting: setting.removeprefix(f"{baseline}-") for setting in found}
        names = {setting: NAMES.get(name, name) for setting, name in short.items()}
    label = f"{metric.replace('_', ' ')}, against {baseline}" if label is None else label
    return effects({name: found[setting] for setting, name in names.items()}, against, label, ax)


def curves(groups, x=None, label="", xlabel="epoch", level=None, ax=None):
    """A line for each seed, a colour for each group; the group's name at the end of its mean.

    Args:
        groups: {name: the values of one run, or a list of such, one a seed}.
        x: where the values stand, by default 1, 2, ...
        label, xlabel: of the axes.
        level: a number to mark by a dotted line, or (number, text).
        ax: axes to draw in, by default those of a new figure.
    """
    figure, ax = _axes(ax, 2.8)
    for (name, runs), colour in zip(groups.items(), _cycle(len(groups)), strict=True):
        runs = [runs] if np.ndim(runs[0]) == 0 else runs
        for i, run in enumerate(runs):
            places = np.arange(1, len(run) + 1) if x is None else np.asarray(x)[: len(run)]
            ax.plot(places, run, color=colour, lw=1.5 if len(runs) == 1 else 1.0,
                    alpha=1 if len(runs) == 1 else 0.65, label=None if i else name)  # fmt: skip
    if level is not None:
        value, text = level if isinstance(level, tuple) else (level, "")
        ax.axhline(value, color="grey", lw=0.8, ls=":")
        ax.annotate(text, (1, value), xycoords=("axes fraction", "data"), color="grey",
                    ha="right", va="bottom")  # fmt: skip
    ax.set(xlabel=xlabel, ylabel=label)
    ax.locator_params(axis="x", nbins=5)
    if len(groups) > 1:
        ax.legend()
    return figure


def claim_curves(claim, metric, settings=None, label=None, root=None, ax=None):
    """How a metric of the recorded runs went, epoch by epoch: `curves` of all seeds.

    Takes the arguments of `claim`; `metric` is one of the figures of an epoch ("g_loss",
    "d_out_fake", "val_...").

    Raises:
        ValueError: if no record of these settings holds that curve (older records hold none).
    """
    groups = {
        name: [run["curves"][metric] for run in runs if metric in (run["curves"] or {})]
        for name, runs in _runs(claim, settings, root).items()
    }
    groups = {name: runs for name, runs in groups.items() if runs}
    if not groups:
        raise ValueError(f"metric is {metric!r}; no record of claim {claim} holds its curve")
    return curves(groups, label=metric.replace("_", " ") if label is None else label, ax=ax)


def training(histories, seen=1):
    """What D says, how often it is right, and the losses, as training went: a column a run.

    Args:
        histories: {title: the `history` of `fit`'s result}, two at most.
        seen: images (or steps, or epochs) between two values of a history.
    """
    import matplotlib.pyplot as plt

    rows = (
        ("d_out", "D's mean output", (0.5, "1/2")),
        ("d_acc", "D's accuracy", (0.5, "guessing")),
        ("d_loss", "losses", (math.log(2), "log 2")),
    )
    with plt.rc_context(STYLE):
        figure, axes = plt.subplots(
            3, len(histories), figsize=(WIDTH, 6.2), sharex="col", sharey="row", squeeze=False,
            layout="constrained",
        )  # fmt: skip
    for column, (title, history) in zip(axes.T, histories.items(), strict=True):
        for ax, (name, label, level) in zip(column, rows, strict=True):
            shown = {"on real": history[f"{name}_real"], "on fake": history[f"{name}_fake"]}
            x = seen * np.arange(1, len(history[f"{name}_real"]) + 1)
            for (text, values), colour in zip(shown.items(), (REAL, FAKE), strict=True):
                ax.plot(x, values, color=colour, label=text)
            if name == "d_loss":
                ax.plot(x, history["g_loss"], color=GENERATOR, label="G")
            else:
                ax.set_ylim(-0.03, 1.03)
            ax.axhline(level[0], color="grey", lw=0.8, ls=":")
            ax.annotate(level[1], (1, level[0]), xycoords=("axes fraction", "data"),
                        color="grey", ha="right", va="bottom")  # fmt: skip
            ax.xaxis.set_major_formatter("{x:,.0f}")
            ax.locator_params(axis="x", nbins=3)
            if column is axes.T[0]:
                ax.set_ylabel(label)
        column[0].set_title(title)
        column[-1].set_xlabel("images seen" if seen > 1 else "epoch")
    axes[0, 0].legend()
    axes[-1, 0].legend()
    return figure


def films(claim, settings=None, metric=None, root=None):
    """The film strips of recorded runs: every setting, every seed, time downwards.

    Args:
        claim, settings, root: as in `claim`.
        metric: written beside each seed; the runs are then sorted by it.
    """
    shown = {}
    for name, runs in _runs(claim, settings, root).items():
        if metric:
            value = {run["seed"]: records.of_run(run, metric) for run in runs}
            runs = sorted(runs, key=lambda r: (value[r["seed"]] is None, value[r["seed"]]))
        for run in runs:
            title = f"{name}, seed {run['seed']}" + (f": {_text(value[run['seed']])}" if metric else "")
            shown[title] = pictures.load_png(run["film"])
    return sheets(shown)


def sheets(shown, columns=8, rows=None, panels=2):
    """Sheets of images with their titles, two side by side.

    Args:
        shown: {title: images [N, H, W, C] in [-1, 1], or a uint8 picture}.
        columns: images in a row.
        rows: names of the rows, written at the left.
        panels: how many side by side, 1 or 2.
    """
    import matplotlib.pyplot as plt

    made = {t: _picture(images, columns) for t, images in shown.items()}
    panels = min(panels, len(made), 2)
    lines = -(-len(made) // panels)
    height, width = np.max([picture.shape[:2] for picture in made.values()], axis=0)
    each = (WIDTH - (0.7 if rows else 0)) / panels
    with plt.rc_context(STYLE):
        figure, axes = plt.subplots(
            lines, panels, figsize=(WIDTH, lines * (each * height / width + 0.28)),
            squeeze=False, layout="constrained",
        )  # fmt: skip
    for ax in axes.flat:
        ax.set(xticks=[], yticks=[])
        ax.spines[:].set_visible(False)
    for ax, (title, picture) in zip(axes.flat, made.items(), strict=False):
        ax.imshow(picture.squeeze(), cmap="gray", vmin=0, vmax=255)
        ax.set_title(title, loc="left")
    if rows:
        for ax in axes[:, 0]:
            each = (len(next(iter(made.values()))) + pictures.GAP) / len(rows)
            ax.set_yticks((np.arange(len(rows)) + 0.5) * each - pictures.GAP / 2, rows)
            ax.tick_params(length=0)
    return figure


def film(frames, height, shown=None, names=None, label="images seen"):
    """A film strip: the first row of some of a run's sheets, time downwards.

    Args:
        frames: sheets, uint8 pictures, as `callbacks.SampleSheets` keeps them.
        height: of one image.
        shown: which of them, by default as `pictures.film_strip` chooses.
        names: of the rows shown, written at the left (how many images were seen, say).
        label: what the names are.
    """
    chosen = frames if shown is None else [frames[i] for i in shown]
    figure = sheets({"": pictures.film_strip(chosen, height, max(8, len(chosen)))}, rows=names)
    if names:
        figure.axes[0].set_ylabel(label)
    return figure


def _picture(images, columns):
    images = np.asarray(images)
    return images if images.dtype == np.uint8 and images.ndim == 3 else pictures.sheet(images, columns)


def _runs(claim, settings, root):
    """{what to call a setting: its records, sorted by seed}, in the order asked for."""
    root = records.root() if root is None else root
    if isinstance(settings, str):
        settings = [settings]
    if settings is None:
        settings = list(dict.fromkeys(run["setting"] for run in records.load(root, claim)))
    if not isinstance(settings, dict):
        settings = {setting: setting for setting in settings}
    return {name: records.load(root, claim, setting) for setting, name in settings.items()}


def _axes(ax, height):
    """The axes given, or those of a new figure of that height, and their figure."""
    import matplotlib.pyplot as plt

    if ax is not None:
        return ax.figure, ax
    with plt.rc_context(STYLE):
        return plt.subplots(figsize=(WIDTH, height), layout="constrained")


def _cycle(n):
    return [COLOURS[i % len(COLOURS)] for i in range(n)]


def _text(value):
    return "diverged" if value is None else f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}"
