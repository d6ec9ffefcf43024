"""What the reports expect of the experiments, and whether the recorded runs show it.

`EXPECTED` is a table, as `sweeps.ROWS` is: a row says which way a number shall turn from one setting
to another.  `verdict` compares the recorded runs of the two, see `measures.difference`: an effect
smaller than the spread of seeds is none, whatever its sign.  Nothing here is typed in after a run:

    reproduced        every expectation of the claim is met
    not reproduced    none is
    different         some are
"""

from typing import NamedTuple

import numpy as np

from ..measures.intervals import difference, paired
from . import records

FEWEST = 3  # runs of a setting, diverged ones among them


class Expected(NamedTuple):
    """What a report leads to expect.

    claim: its id.  setting, against: two settings of the claim's experiments; or against is None,
    and metric compares two numbers of the same run, "a - b": pairs.  metric: as `records.of_run`
    takes it.  way: "higher", "lower" or "none".  says: the report's words for it.
    """

    claim: str
    setting: str
    against: str | None
    metric: str
    way: str
    says: str


class Found(NamedTuple):
    """What the runs say to an expectation: the values of both settings, sorted; a `Difference`, or
    None where less than two runs of a setting are left; and how many runs diverged."""

    expected: Expected
    values: list
    against: list
    difference: tuple | None
    diverged: int

    @property
    def way(self):
        """"higher", "lower" or "none"; "diverged" where too few runs are left to compare."""
        return "diverged" if self.difference is None else self.difference.way

    @property
    def met(self):
        return self.way == self.expected.way

    def __str__(self):
        e, d = self.expected, self.difference
        lost = f", {self.diverged} diverged" if self.diverged else ""
        spread = "" if d is None else f"; spread of seeds {d.spread:.2g}"
        against = f" against {e.against}" if e.against else ", pairs"
        return (f"{e.says}\n    {e.metric}, {e.setting}{against}{lost}\n    {d or 'too few runs'}: "
                f"{self.way}{', as expected' if self.met else f', not {e.way}'}{spread}")  # fmt: skip


_PAIR = "accuracy.{} - accuracy.{}"
EXPECTED = tuple(Expected(*row) for row in (
    ("B-layers", "cgan-4-layers", "cgan-2-layers", "gap", "lower", "gap 0.4 with two layers, 0.3 with four (DCGAN)"),
    ("B-layers", "cgan-4-layers", "cgan-2-layers", "success", "higher", "more layers, more success"),
    ("B-cgan", "cgan-2-layers", "cgan", "success", "none", "success about 0.8 with two layers and with three"),
    ("B-cgan", "cgan-4-layers", "cgan", "success", "higher", "success above 0.9 with four layers"),
    ("B-cgan", "cgan-more-8-9", "cgan", "8 success_per_class", "higher", "more 8s in training help the 8"),
    ("B-cgan", "cgan-more-8-9", "cgan", "9 success_per_class", "higher", "more 9s in training help the 9"),
    ("B-gap", "cgan", "dcgan", "gap", "lower", "labels narrow the gap"),
    ("B-lr", "cgan-lr-low", "cgan", "success", "lower", "2e-5: images still unclear"),
    ("B-lr", "cgan-lr-low", "cgan", "gap", "higher", "2e-5: D overpowers G"),
    ("B-lr", "cgan-lr-high", "cgan", "success", "higher", "2e-3: fast at first"),
    ("B-lr", "cgan-lr-high", "cgan", "gap", "higher", "2e-3: D overpowers G later"),
    ("B-batch", "cgan-batch-300", "cgan", "success", "higher", "CGAN: 300 is best"),
    ("B-batch", "cgan-batch-300", "cgan-batch-100", "gap", "lower", "CGAN: large batches narrow the gap"),
    ("B-keep", "dcgan-keep-0.3", "dcgan", "ink", "lower", "DCGAN: thin digits at 0.3"),
    ("B-keep", "cgan-keep-0.9", "cgan", "success", "higher", "CGAN: 0.9 is best"),
    ("B-noise", "dcgan-uniform", "dcgan", "spread", "lower", "DCGAN, U(-1, 1): all digits look the same"),
    ("B-noise", "dcgan-uniform01", "dcgan", "spread", "lower", "DCGAN, U(0, 1): all digits look the same"),
    ("B-vbn", "cgan-vbn", "cgan", "success", "higher", "success from 0.80 to 0.95"),
    ("B-vbn", "cgan-vbn", "cgan", "min success_per_class", "higher", "worst class from 0.6 to 0.9"),
    ("B-vbn", "dcgan-vbn", "dcgan", "gap", "lower", "DCGAN: the gap narrows slightly"),
    ("B-vbn", "dcgan-vbn", "dcgan", "last g_loss", "lower", "DCGAN: G's loss improves"),
    ("B-vbn", "dcgan-vbn", "dcgan", "sure", "higher", "DCGAN: digits are easier to recognise"),
    ("B-deepD", "cgan-deep-d", "cgan", "success", "higher", "success from 0.80 to 0.95"),
    ("B-deepD", "cgan-deep-d", "cgan", "gap", "higher", "gap from 0.3 to 0.4"),
    ("B-balance", "cgan-ahead-1.5-3", "cgan-ahead-2-2", "success", "none", "the winner waits: not much changed"),
    ("B-balance", "cgan-ahead-1.5-3", "cgan-ahead-2-2", "gap", "higher", "the winner waits: the gap grew (DCGAN)"),
    ("B-balance", "cgan-2-to-1", "cgan", "success", "higher", "two to one may help"),
    ("B-smooth", "cgan-smooth-0.9", "cgan", "success", "higher", "0.9 is better than none"),
    ("B-smooth", "cgan-smooth-0.85", "cgan", "success", "higher", "0.85 is better than none"),
    ("B-smooth", "cgan-smooth-0.9", "cgan-smooth-0.85", "success", "higher", "0.9 is better than 0.85"),
    ("B-ideas", "dcgan-feature-matching", "dcgan", "frechet", "lower", "feature matching: better training"),
    ("B-ideas", "dcgan-minibatch", "dcgan", "recall", "higher", "minibatch discrimination: more diversity"),
    ("B-ideas", "dcgan-maxout", "dcgan", "frechet", "lower", "maxout: better performance"),
    ("A-step", "a-mnist-fast", "a-mnist", "frechet", "none", "32x32: the fast step works as well"),
    ("A-mnist", "a-mnist-relu", "a-mnist", "frechet", "higher", "ReLU in G is worse than LeakyReLU"),
    ("A-mnist", "a-mnist-deeper", "a-mnist", "frechet", "higher", "a deeper G is worse"),
    ("A-mnist", "a-mnist-faces", "a-mnist", "frechet", "higher", "the layers made for faces fail"),
    ("A-latent", "a-mnist-z-500", "a-mnist", "frechet", "higher", "500 latents are worse than 100"),
    # The report's GAN had all the training images; the same of a GAN that had the 1,000 alone stands beside it.
    *(("B-base", *row) for row in (
        ("all", None, _PAIR.format("made", "real"), "higher", "synthetic images alone read better than 1,000 real ones"),
        ("own", None, _PAIR.format("real-11000", "real"), "higher", "more real images read better"))),
    *(("B-ratio", "all", None, _PAIR.format(f"add-{r}", "real"), "higher", f"{r}% of synthetic images help")
      for r in (10, 25, 50, 100, 200, 500, 1000)),
    ("B-ratio", "all", None, _PAIR.format("add-50", "add-500"), "higher", "few of them help more than many"),
    ("B-without8", "all", None, _PAIR.format("no-worst-25", "add-25"), "higher", "few images: better without the worst class"),
    ("B-without8", "all", None, _PAIR.format("no-worst-500", "add-500"), "lower", "many images: worse without it"),
    ("B-without8", "all", None, _PAIR.format("made-no-worst", "made"), "lower", "synthetic alone: worse without it"),
    *(("B-confidence", "all", None, _PAIR.format(f"sure-999-{r}", f"add-{r}"), "higher", f"{r}%: the filter helps")
      for r in (100, 500)),
    *(("B-turn", "all", None, _PAIR.format(f"turn-{r}", f"add-{r}"), "higher", f"{r}%: in turn is better")
      for r in (100, 500)),
    ("B-once", "own", None, "max accuracy.add-* - accuracy.real", "higher", "the best of seven ratios by the test set: a gain"),
    *(("A-label", f"share-{a}", f"share-{b}", "accuracy.made", "higher", f"{a}% of the data teach better than {b}%")
      for a, b in ((60, 40), (80, 60))),
    ("A-label", "share-80", None, _PAIR.format("made", "all-turned"), "higher", "80%: better than all real images, turned"),
    ("A-probe", "cifar-4", "cifar-1", "accuracy.all", "higher", "4 epochs know more than 1"),
    ("A-probe", "cifar-16", "cifar-4", "accuracy.all", "higher", "16 epochs know more than 4"),
    ("A-probe", "cifar-16", None, _PAIR.format("all", "untrained"), "higher", "what D learned helps"),
    *(("A-pool", "cifar-16", None, _PAIR.format("per-layer", other), "higher", f"big windows low, small ones high: better than {name}")
      for other, name in (("window-2", "2x2 everywhere"), ("all", "a 4x4 grid"))),
    ("D-probe1", "cifar-16", None, _PAIR.format("d-all-rbf-tiny", "d-pixels-rbf-tiny"), "none", "C = 0.0001: all blocks as good as pixels"),
    ("D-probe1", "cifar-16", None, _PAIR.format("d-all-chosen", "d-pixels-chosen"), "none", "C chosen: all blocks as good as pixels"),
    ("D-probe2", "cifar-16", None, _PAIR.format("d-last-rbf-tiny", "d-all-rbf-tiny"), "none", "C = 0.0001: the last block as good as all"),
    ("D-probe2", "cifar-16", None, _PAIR.format("d-last-chosen", "d-all-chosen"), "none", "C chosen: the last block as good as all"),
    *(("D-same", "fashion-probe", "digits-probe", f"{on}.accuracy.all", "none", f"D of clothes or of digits: the same on {on}")
      for on in ("fashion_mnist", "mnist")),
    *(("D-base", "cifar-16", None, _PAIR.format(a, b), "higher", f"{name}: fewer errors")
      for a, b, name in (("d-network", "d-pixels-rbf-tiny", "a CNN against an RBF machine with C = 0.0001"),
                         ("d-pixels-rbf-tiny", "d-pixels-neighbours", "that against neighbours"),
                         ("d-pixels-neighbours", "d-pixels-linear", "neighbours against a linear machine"))),
    # Report A's faces: 32 to 64 and 128 pixels, and what goes wrong on the way.
    *(("A-hi-width", f"width{size}", other, "frechet", "lower", f"{size} px: wider is better than {name}")
      for size, other, name in ((64, "thin64", "deeper"), (64, "stride64", "larger strides"),
                                (64, "thin64-large", "deeper, of equal cost"),
                                (128, "depth128", "deeper"), (128, "stride128", "larger strides"))),
    ("A-hi-depth", "depth128", "width128", "gap", "higher", "128 px: D outpaces a deeper G"),
    ("A-hi-depth", "depth128", "width128", "evidence.spread", "lower", "128 px: a deeper G collapses"),
    ("A-hi-stride", "stride128", "width128", "frechet", "higher", "128 px: larger strides learn less than a wider map"),
    ("A-hi-stride", "stride128", "depth128", "frechet", "higher", "128 px: larger strides learn less than a deeper G"),
    ("A-hi-selu", "width128-selu", "width128", "first val_frechet_faces", "lower", "SELU: promising at epoch 1"),
    ("A-hi-selu", "width128-selu", "width128", "last g_loss", "higher", "SELU: G's loss explodes"),
    ("A-hi-selu", "width128-selu", "width128", "frechet", "higher", "SELU: worse in the end"),
    ("A-step", "thin32-fast", "thin32", "frechet", "none", "faces, 32x32: the fast step works as well"),
    ("A-step", "thin64-fast", "thin64", "frechet", "higher", "faces, 64x64: the fast step fails"),
    ("A-step", "thin64-fast", "thin64", "evidence.spread", "lower", "faces, 64x64: the fast step collapses"),
    *(("A-latent", f"thin{size}-z-500", f"thin{size}", "frechet", "higher", f"faces, {size}x{size}: 500 latents are worse than 100")
      for size in (32, 64)),
    *(("A-dstrong", f"thin{size}-{way}", f"thin{size}", metric, turn, f"{size} px, {name}: {says}")
      for size, way, name in ((64, "dropout", "dropout"), (32, "dropout", "dropout"), (32, "noise", "noise"),
                              (32, "smooth", "label smoothing"))
      for metric, turn, says in (("first val_frechet_faces", "lower", "helps early"),
                                 ("frechet", "higher", "costs quality in the end"))),
    *(("A-anneal", f"thin{size}-dropout-fades", f"thin{size}{other}", "frechet", "lower", f"{size} px: dropout that fades, against {name}")
      for size in (32, 64) for other, name in (("-dropout", "dropout that stays"), ("", "none"))),
    *(("A-collapse", f"thin32-{setting}", "thin32", "evidence.spread", "lower", says) for setting, says in (
        ("narrow", "fewer filters in G: less variety"), ("g-faster", "5.1.1: a G that learns too fast collapses"),
        ("d-faster", "5.1.6: a D that learns too fast makes it collapse"))),
    ("A-crop", "thin64-uncropped", "thin64", "frechet", "higher", "faces with what is round them are worse"),
    *(("A-arith", name, None, f"sums.smile.success.mean - sums.smile.success.{other}", "higher", f"{px} px: smile and beard, more often than {says}")
      for name, px in (("faces", 32), ("faces-64", 64))
      for other, says in (("chance", "by chance"), ("any", "in any direction"), ("one", "by single latents"))),
))  # fmt: skip


def values(claim, setting, metric, root=None):
    """One number of each recorded run of a setting, by seed.

    Args:
        claim, setting: as `records.load` takes them; None for the claim is any.
        metric: as `records.of_run` takes it.
        root: folder of records; the nearest by default.

    Returns:
        An array of floats; NaN for a run without that number, as one that diverged.

    Raises:
        FileNotFoundError: if there is no such run.
    """
    runs = records.load(records.root() if root is None else root, claim, setting)
    numbers = [records.of_run(run, metric) for run in runs]
    return np.array([np.nan if number is None else number for number in numbers], "float64")


def effect(claim, setting, against, metric, root=None):
    """How a number of one setting's recorded runs differs from that of another's.

    Args:
        claim, metric, root: as `values` takes them.
        setting, against: two settings of the claim, or, without one, of any.

    Returns:
        A `measures.difference`: mean of `setting` minus mean of `against`, with its interval.

    Raises:
        FileNotFoundError: if a setting has no run.
        ValueError: if a setting has less than two, or one of its runs has no such number.
    """
    return difference(values(claim, setting, metric, root), values(claim, against, metric, root))


def found(claim, root=None):
    """What the recorded runs say to each expectation of a claim: a list of `Found`.

    Expectations of which a setting has less than three runs yet are left out.
    """
    recorded, results = records.by_setting(records.root() if root is None else root, claim), []
    for expected in (e for e in EXPECTED if e.claim == claim):
        pairs = expected.against is None
        groups = [recorded.get(s, []) for s in (expected.setting, expected.against) if s is not None]
        if min(map(len, groups)) < FEWEST:
            continue
        values = [[records.of_run(run, expected.metric) for run in runs] for runs in groups]
        good = [sorted(v for v in group if v is not None) for group in values]
        diverged = sum(map(len, groups)) - sum(map(len, good))
        compared = None
        if min(map(len, good)) > 1:
            compared = paired(good[0], [0.0] * len(good[0])) if pairs else difference(*good)
        results.append(Found(expected, good[0], [] if pairs else good[1], compared, diverged))
    return results


def told(claim, root=None):
    """The claim's verdict and what it rests on, to print."""
    results = found(claim, root)
    return "\n".join([f"{claim}: {_verdict(claim, results) or 'not all is recorded'}", *map(str, results)])


def verdict(claim, root=None):
    """"reproduced", "not reproduced", "different"; None where an expectation has too few runs yet."""
    return _verdict(claim, found(claim, root))


def _verdict(claim, results):
    if not results or len(results) < sum(e.claim == claim for e in EXPECTED):
        return None
    met = [result.met for result in results]
    return "reproduced" if all(met) else "different" if any(met) else "not reproduced"
