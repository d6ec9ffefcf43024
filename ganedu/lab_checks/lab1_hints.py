"""What an error of Python or NumPy means in lab 1: it depends on the task in which it happens."""

from .common import borrowed

SIGMOID = ("sigmoid(-1000) rounds to 0, and log(0) is -infinity. Losses are computed from logits "
           "by softplus, not through a sigmoid")
LOGIT = ("the logarithm of 0 or of a negative number. d is a logit, not a probability: "
         "-log D = softplus(-d), -log(1 - D) = softplus(d)")
SWAPPED = "optimizer.step(network, gradients): the network first, then the list of its gradients"

HINTS = {
    "softplus": [
        ("overflow", "exp(1000) is too large for a float (and np.where computes both of its "
         "branches). See np.logaddexp"),
        ("encountered in log", "the logarithm of 0 or of a negative number. softplus(t) is the "
         "logarithm of 1 + e^t, which is never below 1"),
    ],
    "d_losses": [("overflow", "exp(900) is too large for a float: use softplus"),
                 ("encountered in log", LOGIT)],
    "g_loss": [("overflow", "this exp is too large for a float: use softplus"),
               ("encountered in log", LOGIT)],
    "optimal_discriminator": [
        ("encountered in log", "the logarithm of a density that is 0. D* is a share, p_data of "
         "p_data + p_g, and needs no logarithm"),
        ("divide by zero", "this divisor is 0 where the number above it is not. D* is a share: "
         "p_data of p_data + p_g"),
        ("invalid value", "0 / 0 where both densities are zero: make the divisor harmless there "
         "first (np.where computes both of its branches)"),
    ],
    "d_pulls": [
        ("element with a sequence|inhomogeneous|broadcast", "the pulls on the reals and on the "
         "fakes are two arrays of different lengths. Return the two arrays apart: `return a, b`"),
    ],
    "d_gradients": [
        ("element with a sequence|inhomogeneous|broadcast", "backward returns a pair: take its "
         "first part, a list, and add two lists array by array, their shapes differ"),
    ],
    "train_step": [
        ("NoneType", "optimizer.step changes the network in place and returns nothing: do not "
         "assign its result"),
    ],
}  # fmt: skip


def hints_for(function, given):
    """Pairs (pattern, hint) for this function; `given` are the names of the lab's functions."""
    name = function.__name__
    through = [("encountered in log", SIGMOID)] if borrowed(function, ("sigmoid",)) else []
    named = (rf"local variable '({'|'.join(given)})'",
             "a variable is named like the function: give the variable another name")
    return [named, *(through if name in ("softplus", "d_losses", "g_loss") else []),
            *HINTS.get(name, [])]
