"""The table of sick states: how each shows, what it is, and what to try next.

Each limit was set by hand between healthy and sick runs: the book's records, and runs of the recipes of
`experiments.patients` with seeds from 100 on; what they showed stands beside it.  (The runs by which the
table is judged have other seeds.)  A state is named only by evidence that was measured: a comparison with
NaN is never true.
"""

from typing import NamedTuple

DARK, LIGHT, FAR = -0.5, 0.5, 1.05  # real pixels lie below the first; none should pass the last
SAME = 1e-3  # a difference of pixels that nobody sees
# `spread`: 0.12 to 0.17 where D stood still, 0.59 (clothes) to 0.91 in healthy runs.
COLLAPSED, NARROW = 0.2, 0.4
REPEATING = 0.2  # `repeats`: 0.02 and less in healthy runs, 0.99 of one number in z, 0.01 of real images
# `by_latent`: 0.20 to 0.25 of latents from U(0, 1), 0.51 to 0.55 of one number in z, 0.73 and more in healthy runs.
PLAIN = 0.35
DEAF = 0.1  # `by_label`: 0.07 to 0.08 where nothing told G of labels, 0.75 and more in healthy runs
LOST = 0.2  # `rarest_share`: 0.07 to 0.11 of classes never drawn, 0.38 and more in the book's healthy quick runs
# `d_real`, `d_fake`: 0.995 and 0.016 or further in the book's runs that learned nothing (rule-adam-beta,
# behind-2-2), 0.995 and 0.037 in some that did (minibatch discrimination), 0.5 to 0.8 and 0.25 to 0.5 in good ones.
SURE_REAL, SURE_FAKE = 0.98, 0.02
COPYING = 0.1  # `copied`: 0.01 of honest images, 0.55 and more of a GAN that saw 20
HUGE = 100.0  # `loss`: 9 is a confident D, 2,500 and 3,600 were those at a learning rate of 1
FALLEN = 4.0  # `fall`
POOR = 0.5  # `distance`: healthy runs have 0.02 to 0.35


class State(NamedTuple):
    """One row of the table.

    name: what it is called.
    test: what shows it, in words with the numbers, of an `Evidence`; "" if it does not.
    means: what happens in such a GAN.
    try_next: what to change, the most likely cure first.
    needs: names in the evidence: where all of these are NaN it was not looked for.
    give: what `gather` must be given to look for it; "" if nothing beside GAN and images.
    hides: states that this one explains, which are not named beside it; "*" for all.
    at_once: in training, one look is enough to be sure.
    early: a training that has just begun looks like this anyway; if it learns, it will pass.
    alone: whether it is named only where no other is.
    """

    name: str
    test: object
    means: str
    try_next: tuple
    needs: tuple = ()
    give: str = ""
    hides: tuple = ()
    at_once: bool = False
    early: bool = False
    alone: bool = False

    def known(self, e):
        """Whether the evidence has what it takes to look for this state."""
        return not self.give or any(getattr(e, name) == getattr(e, name) for name in self.needs)


def _percent(share):
    return f"{100 * share:.0f}%" if share >= 0.1 else f"{100 * share:.1f}%"


def diverged(e):
    if e.nan_epoch > 0:
        return f"a loss is no number since epoch {e.nan_epoch:.0f}"
    if e.finite < 1:
        return f"{_percent(1 - e.finite)} of the generated images hold pixels that are no numbers"
    if e.loss > HUGE:
        return f"a loss of {e.loss:.0f}"
    return ""


def fallen_back(e):
    return (f"the distance to real images is {e.fall:.1f} times that of epoch {e.best_epoch}"
            if e.fall > FALLEN else "")


def wrong_range(e):
    made, real = (f"from {a:.3g} to {b:.3g}" for a, b in ((e.low, e.high), (e.x_low, e.x_high)))
    if max(abs(e.x_low), abs(e.x_high)) > FAR or e.x_low > -0.01:
        return f"the real images have pixels {real}; tanh makes -1 to 1"
    # Never below 0, where real ones are: a sigmoid or a ReLU.  (Tanh, untrained, has both signs.)
    half = 0 <= e.low < LIGHT and e.x_low < DARK
    if half or max(abs(e.low), abs(e.high)) > FAR:
        return f"generated pixels are {made}, real ones {real}"
    return ""


def deaf_to_latent(e):
    if e.change < SAME:
        return "other latents give the same image, to the last visible bit"
    if e.by_latent < PLAIN and e.spread > COLLAPSED:
        return (f"two images of one label differ {_percent(e.by_latent)} as much as two real ones of "
                "one class")
    return ""


def collapse(e):
    return (f"two images differ {_percent(e.spread)} as much as two real ones"
            if e.spread < COLLAPSED else "")


def deaf_to_label(e):
    if e.by_label < DEAF:
        return (f"another label changes an image {_percent(e.by_label)} as much as two real classes "
                "differ")
    if e.classes and e.success < 1 / e.classes + 0.1 * (1 - 1 / e.classes):
        return (f"{_percent(e.success)} read as the label asked for; by chance it were "
                f"{_percent(1 / e.classes)}")
    return ""


def memorising(e):
    return (f"{_percent(e.copied)} look like copies of training images, where honest ones have 1%"
            if e.copied > COPYING else "")


def partial_collapse(e):
    if e.spread < NARROW:
        return f"two images differ {_percent(e.spread)} as much as two real ones"
    if e.repeats > REPEATING:
        return (f"{_percent(e.repeats)} have another that is nearer than real images nearly ever "
                "are (1%)")
    return ""


def lost_classes(e):
    return (f"{e.rarest} comes {_percent(e.rarest_share)} as often as in the real images"
            if e.rarest_share < LOST else "")


def strong_d(e):
    return (f"D calls {_percent(e.d_real)} of the real images real, and gives generated ones "
            f"{e.d_fake:.3f} on average" if e.d_real > SURE_REAL and e.d_fake < SURE_FAKE else "")


def poor(e):
    return (f"the distance to real images is {e.distance:.2f} times what it would be if all were the "
            "mean real one" if e.distance > POOR else "")


STATES = (
    State(
        "diverged", diverged,
        "The two networks have driven each other out of all bounds; what was learned is gone, and "
        "more steps bring nothing back.",
        ("go back to the best epoch",
         "a smaller learning rate, for the network whose loss left first",
         "beta_1 0.5 or 0 in Adam", "float32, if it was another precision"),
        hides=("*",), at_once=True,
    ),
    State(
        "wrong pixel range", wrong_range,
        "Real and generated images do not have the same range of pixels, so D tells them apart by "
        "that alone, and G cannot do anything about it.",
        ("real images in [-1, 1]: ganedu.data.scale()", "tanh as G's last activation"),
        hides=("*",), at_once=True,
    ),
    State(
        "discriminator too strong", strong_d,
        "D is right, and sure of it, on everything: its answer hardly depends on what G tries, and "
        "G learns little from it.",
        ("dropout, noise or label smoothing in D (claim A-dstrong)",
         "beta_1 0.5 or 0 in Adam",
         "a smaller learning rate for D, or fewer steps (claim B-balance)", "a smaller D",
         "the non-saturating loss, if it was the minimax one"),
        needs=("d_fake",), give="history, the logs of its epochs",
        hides=("mode collapse", "partial mode collapse", "lost classes"),
    ),
    State(
        "generator ignores its latent", deaf_to_latent,
        "G makes nearly the same image (of each label) whatever z is.",
        ("is z wired into the generator, all the way?",
         "latents from N(0, 1), not from U(0, 1) (claim B-noise)",
         "a larger latent, joined at the first layer", "a term that rewards variety: minibatch "
         "discrimination (claim B-ideas)",
         "less weight for the class head: it pays for one plain image a class"),
        hides=("mode collapse", "partial mode collapse", "lost classes"), early=True,
    ),
    State(
        "mode collapse", collapse,
        "All latents give nearly the same image: the one that fools D best just now.",
        ("latents from N(0, 1), not from U(0, 1) (claim B-noise)",
         "a D that learns as fast as G: one that stands still is fooled by one image",
         "gamma from N(1, 0.02), more filters in G (claim A-collapse)",
         "minibatch discrimination, feature matching (claim B-ideas)",
         "elsewhere a slower network: which one is in dispute (claim A-collapse)"),
        hides=("partial mode collapse", "lost classes", "generator ignores its label"), early=True,
    ),
    State(
        "generator ignores its label", deaf_to_label,
        "G makes good images of some class, not of the one that it was asked for.",
        ("does D see the label, or have a class head? Nothing else makes G heed it",
         "the label at every layer, or projection", "more weight for the class head in G's loss",
         "are labels and images still in the same order?"),
        early=True,
    ),
    State(
        "memorising", memorising,
        "D knows the training images by heart, and G learned to copy them.",
        ("more training images (claim D-size)", "augment: all that D sees, real and fake",
         "dropout in D, a smaller D", "an earlier epoch"),
        needs=("copied",), give="unseen, real images that it was not shown",
        hides=("partial mode collapse",),
    ),
    State(
        "partial mode collapse", partial_collapse,
        "Many latents share few images, or all images are variants of a few.",
        ("minibatch discrimination (claim B-ideas)", "larger batches: D sees repetitions only "
         "within one", "a slower D, or one with label smoothing (claim B-smooth)", "more filters in G"),
        early=True,
    ),
    State(
        "lost classes", lost_classes,
        "Some kinds of image are never made: D does not miss what it does not see.",
        ("more training: rare kinds come last", "balanced batches, with labels (claim B-cgan)",
         "minibatch discrimination (claim B-ideas)"),
        needs=("rarest_share",), give="a reader, a classifier of such images", early=True,
    ),
    State(
        "fallen back", fallen_back,
        "The images were much better before: the balance of the two networks was lost on the way.",
        ("go back to the best epoch", "a smaller learning rate from there on",
         "an averaged generator, ema=0.99"),
        needs=("fall",), give="history, with a validation distance of at least two epochs",
    ),
    State(
        "has not learned", poor,
        "The images are far from real ones, and no other state says why.",
        ("more epochs: is the distance still falling?", "a larger learning rate",
         "ganedu.audit(gan): which DCGAN rules are broken?"),
        early=True, alone=True,
    ),
)  # fmt: skip
HEALTHY = "healthy"
