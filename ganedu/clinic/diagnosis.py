"""Which of the states the evidence names, as a text that says what to do: `diagnose`."""

import dataclasses
from pathlib import Path
from typing import NamedTuple

from .. import checks, data
from ..experiments.runs import Run
from ..measures import readers
from .evidence import Evidence, gather
from .states import HEALTHY, STATES, State


class Found(NamedTuple):
    """A state, and what was seen of it."""

    state: State
    seen: str


@dataclasses.dataclass(frozen=True)
class Diagnosis:
    """What is wrong with a GAN; print it.

    Attributes:
        found: the states, the one that explains most first.
        evidence: the numbers.
        unknown: (name of a state, what to give) pairs: what could not be looked for.
    """

    found: tuple
    evidence: Evidence
    unknown: tuple = ()

    @classmethod
    def of(cls, evidence):
        """The table applied: every state that shows, but for those that another one explains."""
        shown = [Found(state, state.test(evidence)) for state in STATES]
        shown = [found for found in shown if found.seen]
        hidden = {name for found in shown for name in found.state.hides}
        if any("*" in found.state.hides for found in shown):
            shown = shown[:1]
        found = [f for f in shown if f.state.name not in hidden]
        found = [f for f in found if not f.state.alone or len(found) == 1]
        unknown = [
            (state.name, state.give) for state in STATES
            if not state.known(evidence) and not any("*" in f.state.hides for f in found)
        ]  # fmt: skip
        return cls(tuple(found), evidence, tuple(unknown))

    @property
    def names(self):
        """Of the states found; "healthy" if there is none."""
        return tuple(found.state.name for found in self.found) or (HEALTHY,)

    @property
    def healthy(self):
        """Whether no state was found."""
        return not self.found

    def __str__(self):
        lines = []
        if self.healthy:
            looked = len(STATES) - len(self.unknown)
            lines = [f"{HEALTHY}: none of the {looked} states that were looked for shows"]
        for state, seen in self.found:
            lines += [state.name, f"    seen: {seen}", f"    what happens: {state.means}", "    try next:"]
            lines += [f"      - {cure}" for cure in state.try_next]
        lines += [f"not looked for: {name}; give {give}" for name, give in self.unknown]
        return "\n".join(lines)

    __repr__ = __str__


def diagnose(run_or_gan, x=None, y=None, unseen=None, reader=None, history=None, n=1000, seed=0):
    """Names what is wrong with a GAN, from what can be seen of it, and says what to try next.

    Args:
        run_or_gan: a `Run` or its folder: all else is then found there, its last epoch is
            judged, and what it held out is `unseen`.  Or a `GAN`.
        x, y, unseen, reader, history, n, seed: of a GAN, what `evidence.gather` takes; without
            `unseen`, `reader` or `history` some states cannot be looked for, and it says so.

    Returns:
        A `Diagnosis`.

    Raises:
        ValueError: a GAN without x, a run with x, or what `gather` refuses.
        FileNotFoundError: there is no run in the folder, or no epoch of it has finished.
    """
    if isinstance(run_or_gan, str | Path):
        run_or_gan = Run(run_or_gan)
    given = {"x": x, "y": y, "unseen": unseen, "reader": reader, "history": history}
    if not isinstance(run_or_gan, Run):
        if not callable(getattr(run_or_gan, "images_from", None)):
            raise ValueError(f"run_or_gan is {checks.short(run_or_gan)}; give a run's folder, or a GAN")
        if x is None:
            raise ValueError("x is None; give the real images that the GAN was shown")
        return Diagnosis.of(gather(run_or_gan, **given, n=n, seed=seed))
    for name, value in given.items():
        if value is not None:
            raise ValueError(f"{name} is given, but a run knows its own; leave it out")
    return Diagnosis.of(gather(run_or_gan.load(), **_found_in(run_or_gan), n=n, seed=seed))


def of_recipe(recipe, seed=0):
    """What `gather` takes of the data that a recipe trains on, a dict: x, y, unseen and reader.

    All the images that its batches draw from, whatever its `class_weights` leave out: a class that the
    GAN was not shown is one that it lost.  What the recipe holds out is `unseen`.

    Args:
        recipe: the `Recipe`.
        seed: of the run, which draws the images where the recipe takes few.

    Raises:
        ValueError: the data are a stream.
    """
    trained, held = recipe.images(seed=seed)
    if not hasattr(trained.images, "shape"):
        raise ValueError(
            f"{recipe.data} is a stream; load the run's GAN and give diagnose(gan, x) some of its images"
        )
    x, y = _prepared(trained, recipe)
    reader = readers.for_images(recipe.data, recipe.generator.image_shape)
    unseen = None if held is None else _prepared(held, recipe)[0]
    return {"x": x, "y": y, "unseen": unseen, "reader": reader}


def _found_in(run):
    history = run.metrics()
    if run.diverged:
        history = [*history, {"g_loss": float("nan")}]
    return of_recipe(run.recipe, run.seed) | {"history": history}


def _prepared(images, recipe):
    """All the images in one batch, as training sees them, and their labels (or None)."""
    batches = data.make_batches(images, batch_size=len(images.images), prepare=recipe.transforms())
    (batch,) = batches
    x, y = batch if isinstance(batch, tuple) else (batch, None)
    return x.numpy(), None if y is None else y.numpy()
