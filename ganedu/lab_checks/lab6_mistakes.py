"""What the usual mistakes in lab 6 give, so that a check can name them."""

import numpy as np

from .lab6_parts import _live_statistics, _reference_statistics


def named(found, candidates, tolerance=1e-6):
    """Stops with the words of the first candidate (words, value) that was found."""
    for words, value in candidates:
        with np.errstate(all="ignore"):
            assert np.shape(value) != np.shape(found) or not np.allclose(
                found, value, rtol=1e-5, atol=tolerance), words


def movements_gone_wrong(generate, z, companies):
    """(the mistake in words, the movement that it gives)."""
    batches = [generate(np.concatenate([z[None], mates])) for mates in companies]
    images = np.array([batch[0] for batch in batches])
    alone = np.array([generate(mates)[0] for mates in companies])
    last = np.array([batch[-1] for batch in batches])
    first = [("you follow the image of the first *mate*: z is not in your batch",
              alone.std(0).mean()),
             ("you follow the last mate's image; z stands in front, at place 0",
              last.std(0).mean()),
             ("you follow the image at place 1, a mate's; z stands in front, at place 0",
              np.std([batch[1] for batch in batches], axis=0).mean())]
    whole = np.std(batches, axis=0).mean() if len({len(b) for b in batches}) == 1 else np.nan
    return [
        *first,
        ("you compare whole batches, the mates' images too: keep the image of z alone, [0]", whole),
        ("that is the variance; the standard deviation is np.std", images.var(0).mean()),
        ("you compare the images of one batch with each other: follow z's through all companies",
         batches[0].std(0).mean()),
        ("that is the deviation within one image: follow z's through all companies",
         images[-1].std()),
        ("that is the mean distance to the image in the first company; np.std with axis=0",
         np.abs(images - images[0]).mean()),
        ("np.std of all numbers at once also counts how the pixels differ from each other: "
         "axis=0 compares the companies, pixel by pixel", images.std()),
        ("you average the pixels first, and moved pixels cancel: the deviation of each pixel "
         "over the companies comes first, axis=0", images.mean((1, 2, 3)).std()),
        ("you compare the pixels of one image with each other: axis=0 compares the companies",
         images.std((1, 2, 3)).mean()),
        ("you divide by the number of companies less one (ddof=1); plain np.std",
         images.std(0, ddof=1).mean()),
        ("you average the variance over the pixels and take the root last: first each pixel's "
         "deviation, then the mean", np.sqrt(images.var(0).mean())),
        ("that is the mean distance to the mean image; np.std with axis=0",
         np.abs(images - images.mean(0)).mean()),
        ("the deviation is summed over the pixels; average it", images.std(0).sum()),
        ("that is the pixel that moves most; average over the pixels", images.std(0).max()),
        ("that is the mean of whole batches, with the mates' images in it: keep the first image",
         np.std([batch.mean(0) for batch in batches], axis=0).mean()),
    ]


def reference_gone_wrong(r):
    """The mistakes in (m_R, q_R): two lists."""
    r = np.asarray(r, float)
    m, q = _reference_statistics(r)
    count = r.size // r.shape[-1]
    middle = r.mean((1, 2)).var(0)
    return [
        ("m_R and q_R are swapped: m_R comes first", q),
        ("m_R is a sum; it is a mean over examples and positions", m * count),
        ("m_R is divided by the number of examples alone: how many numbers of a channel were "
         "added?", m * count / len(r)),
        ("m_R is the mean of all channels; each channel has its own", np.full_like(m, m.mean())),
        ("m_R is that of the first example alone", r[0].mean((0, 1))),
        ("m_R is a mean of squares; m_R is the mean of r", q),
    ], [
        ("q_R and m_R are swapped: m_R comes first", m),
        ("q_R is the variance; it is the mean of the squares, from which m^2 is only subtracted "
         "in Task 4", q - m**2),
        ("q_R is the standard deviation; it is the mean of the squares", np.sqrt(q - m**2)),
        ("q_R is the square of the mean; it is the mean of the squares", m**2),
        ("the square of r is r**2, not 2 r", 2 * m),
        ("q_R is a root; it is the mean of the squares", np.sqrt(q)),
        ("q_R is a sum; it is a mean over examples and positions", q * count),
        ("q_R is divided by the number of examples alone: how many numbers of a channel were "
         "added?", q * count / len(r)),
        ("q_R is the square of a mean, of |r|; square each number first, then average",
         np.abs(r).mean((0, 1, 2)) ** 2),
        ("q_R squares the examples' means; square each number first, then average",
         middle + m**2),
        ("q_R is the variance of the examples' means; it is the mean of all squares", middle),
        ("q_R is the mean of all channels; each channel has its own", np.full_like(q, q.mean())),
    ]


def live_gone_wrong(x, m_r, q_r, n):
    """The mistakes in (m_i, q_i): two lists."""
    x = np.asarray(x, float)
    m, q = _live_statistics(x, m_r, q_r, n)
    own_m, own_q = x.mean((1, 2), keepdims=True), (x**2).mean((1, 2), keepdims=True)

    def alike(a):
        return np.broadcast_to(a, m.shape)

    def shares(name, own, ref, of_batch):
        live, ref = len(x), np.asarray(ref)
        positions = x.shape[1] * x.shape[2]
        return [
            (f"{name}: without brackets `a / n + 1` is (a / n) + 1", (own + n * ref) / n + 1),
            (f"{name}: without brackets `a / n + 1` is (a / n) + 1",
             own / n + 1 + n * ref / n + 1),
            *[(f"{name}: without brackets `/ n + 1` divides by n, and adds 1", value) for value in (
                own / n + 1 + n * ref / (n + 1), own / (n + 1) + n * ref / n + 1)],
            (f"{name}: `//` throws the fraction away; divide by /", (own + n * ref) // (n + 1)),
            (f"{name} mixes the channels: axis 3 is theirs, the positions are axes 1 and 2",
             (own.mean(3, keepdims=True) + n * ref) / (n + 1)),
            (f"{name} takes the reference's statistics of x: they are the arguments",
             own / (n + 1) + n * of_batch / (n + 1)),
            (f"{name} is the example's own alone: the reference is missing", alike(own)),
            (f"{name} is the reference's alone: the example's own share is missing", alike(ref)),
            (f"{name}: the reference's part is missing, n {name[0]}_R / (n + 1)", own / (n + 1)),
            (f"{name} has the weights swapped: the example is 1 of n + 1, the reference n of them",
             n * own / (n + 1) + ref / (n + 1)),
            (f"{name} is half the example's, half the reference's: the example is 1 of n + 1",
             (own + ref) / 2),
            (f"{name}: the reference stands for n examples, not for one: n {name[0]}_R / (n + 1)",
             own / (n + 1) + ref / (n + 1)),
            (f"{name}: the reference is not weighted: n {name[0]}_R / (n + 1)",
             own / (n + 1) + ref),
            (f"{name}: the example's own is not divided by n + 1", own + n * ref / (n + 1)),
            (f"{name} divides by n; with the example there are n + 1",
             own / n + ref), (f"{name} divides by n; with the example there are n + 1",
             (own + n * ref) / n), (f"{name} divides by n; with the example there are n + 1",
             own / n + (n - 1) * ref / n),
            (f"{name} is a sum of n + 1 numbers; divide by n + 1", own + n * ref),
            (f"{name} has n - 1 examples of the reference: with the example there is one more, and "
             "the reference still has its n", (own + (n - 1) * ref) / (n + 1)),
            *[(f"{name} counts all N live examples below: each joins the reference alone", value)
              for value in ((own + n * ref) / (n + live), own / (n + live) + n * ref / (n + live),
                            own / (n + live) + n * ref / (n + 1))],
            (f"{name} has a sum over the example's positions in it, where a mean belongs",
             (positions * own + n * ref) / (n + 1)),
            (f"{name} is made as if n were 16: n is the argument", (own + 16 * ref) / 17),
            (f"{name} takes the number of channels for n: n is the argument",
             (own + len(ref) * ref) / (len(ref) + 1)),
            (f"{name} takes len(x) for n: n is the size of the reference, the argument",
             own / (live + 1) + live * ref / (live + 1)),
            (f"{name} has a mean over the whole live batch in it: each example for itself, "
             "axis=(1, 2)", alike(of_batch / (n + 1) + n * ref / (n + 1))),
            (f"{name} counts all live examples into one batch with the reference: each example "
             "joins the reference alone", alike((live * of_batch + n * ref) / (live + n))),
        ]

    at_m = [*shares("m_i", own_m, m_r, x.mean((0, 1, 2))),
            ("m_i and q_i are swapped: m_i comes first", q)]
    at_q = [
        *shares("q_i", own_q, q_r, (x**2).mean((0, 1, 2))),
        ("q_i and m_i are swapped: m_i comes first", m),
        ("q_i is the square of m_i: it is made like m_i, but of squares", m**2),
        ("q_i has m_i^2 subtracted already: that comes in Task 4", q - m**2),
        *[(f"q_i has {what} in it for the example: it is the mean of its squares, x**2",
           wrong / (n + 1) + n * np.asarray(q_r) / (n + 1))
          for what, wrong in (("the square of the mean", own_m**2),
                              ("(x - m_i)^2", ((x - m) ** 2).mean((1, 2), keepdims=True)),
                              ("the variance", own_q - own_m**2), ("the mean of x", own_m),
                              ("a standard deviation", np.sqrt(own_q - own_m**2)))],
        ("q_i has m_R in it where q_R belongs",
         own_q / (n + 1) + n * np.asarray(m_r) / (n + 1)),
        ("the square of x is x**2, not 2 x", (2 * own_m + n * np.asarray(q_r)) / (n + 1)),
        ("q_i squares the reference's q_R once more: q_R is a mean of squares already",
         own_q / (n + 1) + n * np.asarray(q_r) ** 2 / (n + 1)),
    ]
    return at_m, at_q


@np.errstate(all="ignore")
def norms_gone_wrong(x, r, gamma, beta, epsilon):
    """The mistakes in (x normalised, r normalised): two lists."""
    x, r = np.asarray(x, float), np.asarray(r, float)
    m_r, q_r = _reference_statistics(r)
    live = _live_statistics(x, m_r, q_r, len(r))
    both = _reference_statistics(np.concatenate([r, x]))

    def usual(a, m, q, what):
        v, scaled = q - m**2, gamma * (a - m)
        return [
            (f"{what} is divided by the variance: take its root", scaled / (v + epsilon) + beta),
            (f"{what}: epsilon stands under the root, sqrt(q - m^2 + epsilon)",
             scaled / (np.sqrt(v) + epsilon) + beta),
            (f"{what} is not divided by anything: sqrt(q - m^2 + epsilon)", scaled + beta),
            (f"{what}: epsilon is missing under the root", scaled / np.sqrt(v) + beta),
            (f"{what} is divided by sqrt(q): the variance is q - m^2",
             scaled / np.sqrt(q + epsilon) + beta),
            (f"{what}: the variance is q - m^2, not q - m",
             scaled / np.sqrt(np.abs(q - m) + epsilon) + beta),
            (f"{what}: the sign above the root: it is the activation minus m",
             -scaled / np.sqrt(v + epsilon) + beta),
            (f"{what}: beta is added, not subtracted", scaled / np.sqrt(v + epsilon) - beta),
            (f"{what}: the whole has the wrong sign",
             -scaled / np.sqrt(v + epsilon) - beta),
            (f"{what}: epsilon itself stands under the root, not its square",
             scaled / np.sqrt(v + epsilon**2) + beta),
            (f"{what}: the root is that of the whole, q - m^2 + epsilon",
             scaled / np.sqrt(q) - m + beta),
            *[(f"{what}: brackets: first the difference, activation minus m, then *all* of it is "
               "divided", value) for value in (
                  gamma * (a - m / np.sqrt(v + epsilon)) + beta,
                  gamma * a - m / np.sqrt(v + epsilon) + beta,
                  a - gamma * m / np.sqrt(v + epsilon) + beta)],
            (f"{what}: m is added, it is subtracted",
             gamma * (a + m) / np.sqrt(v + epsilon) + beta),
            (f"{what} is multiplied by the root; divide", scaled * np.sqrt(v + epsilon) + beta),
            *[(f"{what}: q and m^2 stand under *one* root: sqrt(q - m^2 + epsilon)",
               scaled / root + beta) for root in (
                np.sqrt(q + epsilon) - m, np.sqrt(q) - m, np.sqrt(q) - m + epsilon)],
            (f"{what}: the square of m is m**2, not 2 m",
             scaled / np.sqrt(q - 2 * m + epsilon) + beta),
            (f"{what}: m is not subtracted in (a - m)", gamma * a / np.sqrt(v + epsilon) + beta),
            (f"{what}: gamma is missing", (a - m) / np.sqrt(v + epsilon) + beta),
            (f"{what}: beta is missing", scaled / np.sqrt(v + epsilon)),
            (f"{what}: neither gamma nor beta is there", (a - m) / np.sqrt(v + epsilon)),
            (f"{what}: gamma and beta are swapped, gamma multiplies, beta is added",
             beta * (a - m) / np.sqrt(v + epsilon) + gamma),
            (f"{what}: beta is added at the end, after gamma multiplied",
             gamma * ((a - m) / np.sqrt(v + epsilon) + beta)),
            (f"{what}: epsilon is 1e-5 whatever the argument",
             scaled / np.sqrt(v + 1e-5) + beta),
        ]

    def norm(a, m, q):
        return gamma * (a - m) / np.sqrt(q - m**2 + epsilon) + beta

    squared = (r.mean((1, 2)) ** 2).mean(0)  # a q of squared means, as is alike
    alike = (x.mean((1, 2), keepdims=True) ** 2 + len(r) * squared) / (len(r) + 1)

    def own(a):
        return norm(a, a.mean((1, 2), keepdims=True), (a**2).mean((1, 2), keepdims=True))

    def batch(a):
        return norm(a, *_reference_statistics(a))

    at_x = [
        ("x: the variance of example i is q_i - m_i^2; you subtract m_R^2, or mix m_i and m_R",
         gamma * (x - live[0]) / np.sqrt(live[1] - m_r**2 + epsilon) + beta),
        ("x: the variance of example i is q_i - m_i^2; you subtract m_R^2, or mix m_i and m_R",
         gamma * (x - m_r) / np.sqrt(live[1] - live[0] ** 2 + epsilon) + beta),
        *[("x: m_i and q_i of the example, above as below: you mix in q_R", value) for value in (
            gamma * (x - live[0]) / np.sqrt(q_r - m_r**2 + epsilon) + beta, norm(x, live[0], q_r))],
        *[(f"n is len(r), how many examples the reference has; you pass one {word}",
           norm(x, *_live_statistics(x, m_r, q_r, len(r) + more)))
          for word, more in (("more", 1), ("less", -1))],
        *[("q is made of squared means: square each number first, then average",
           norm(x, live[0], q)) for q in (alike, _live_statistics(x, m_r, squared, len(r))[1])],
        ("all examples are normalised by the first one's (m, q); each has its own",
         norm(x, live[0][:1], live[1][:1])),
        ("q_R is a mean of squares, not the variance: reference_statistics gives both",
         norm(x, *_live_statistics(x, m_r, q_r - m_r**2, len(r)))),
        ("n is the number of reference *examples*, len(r), not of all their numbers",
         norm(x, *_live_statistics(x, m_r, q_r, r.size))),
        ("the pair is swapped: x first, then r", norm(r, m_r, q_r)),
        ("m_R and q_R are to be those of r; you take them of x", norm(
            x, *_live_statistics(x, *_reference_statistics(x), len(r)))),
        ("x is normalised by the reference alone, (m_R, q_R): each live example has a share of "
         "its own, (m_i, q_i)", norm(x, m_r, q_r)),
        ("x is normalised by the live batch's own statistics: that is ordinary batch norm",
         batch(x)),
        ("x is normalised by live and reference together: that is ordinary batch norm of the "
         "joined batch", norm(x, *both)),
        ("each example is normalised by itself alone: where is the reference?", own(x)),
        ("live_statistics takes n, the size of the *reference*: len(r), not len(x)",
         norm(x, *_live_statistics(x, m_r, q_r, len(x)))),
        *usual(x, *live, "x"),
    ]
    at_r = [
        ("the pair is swapped: x first, then r", norm(x, *live)),
        ("r comes back as it was: the reference is normalised too, by (m_R, q_R)", r),
        ("r is normalised as if it were live, with a share of each example: the reference itself "
         "is normalised by (m_R, q_R)", norm(r, *_live_statistics(r, m_r, q_r, len(r)))),
        ("r is normalised by live and reference together: the reference itself is normalised by "
         "(m_R, q_R)", norm(r, *both)),
        ("r is normalised by a live example's (m_i, q_i): the reference itself is normalised by "
         "(m_R, q_R)", norm(r, live[0][0], live[1][0])),
        ("q_R is made of squared means: square each number first, then average",
         norm(r, m_r, squared)),
        *usual(r, m_r, q_r, "r"),
    ]
    return at_x, at_r
