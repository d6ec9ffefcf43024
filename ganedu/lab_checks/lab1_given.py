"""What lab 1 is given: the data, the networks with their derivatives, the optimizer."""

import numpy as np

from .common import Wrong

CENTRES, WIDTH = (-1.5, 1.5), 0.4


def sample_real(n, rng):
    """n real examples: two heaps, equally likely."""
    return rng.choice(CENTRES, n) + WIDTH * rng.standard_normal(n)


def p_data(x):
    """The density of the real examples.  You know it; the networks do not."""
    heaps = [np.exp(-0.5 * ((x - c) / WIDTH) ** 2) for c in CENTRES]
    return sum(heaps) / (2 * WIDTH * np.sqrt(2 * np.pi))


def new_network(hidden, spread, rng):
    """A network with one hidden layer, numbers in, numbers out: its parameters W, b, V, c."""
    return [spread * rng.standard_normal(hidden), spread * rng.standard_normal(hidden),
            rng.standard_normal(hidden) / np.sqrt(hidden), np.zeros(1)]


def _network_first(net, call):
    if isinstance(net, np.ndarray):
        raise Wrong(f"{call}: the network first, then its inputs x")


def forward(net, x):
    """The network's output, one number for each number in x."""
    _network_first(net, "forward(net, x)")
    W, b, V, c = net
    return np.tanh(np.outer(x, W) + b) @ V + c


def backward(net, x, pull):
    """Back-propagation.  pull[i] is the derivative of the loss by output number i.

    Returns a pair: the derivatives of the loss by W, b, V, c (a list of four arrays), and by
    each number in x (an array).
    """
    _network_first(net, "backward(net, x, pull)")
    if not isinstance(pull, np.ndarray):
        raise Wrong(f"backward got a {type(pull).__name__} as pull; it must be one array (note "
                    "that d_pulls and backward each return a pair)")
    if pull.shape != np.shape(x):
        raise Wrong(f"backward got {np.size(x)} inputs and {pull.size} pulls; one pull for each "
                    "input: is the pull on the reals given with the reals, that on the fakes "
                    "with the fakes?")
    W, b, V, c = net
    h = np.tanh(np.outer(x, W) + b)
    pull_h = np.outer(pull, V) * (1 - h**2)
    return [x @ pull_h, pull_h.sum(axis=0), h.T @ pull, np.array([pull.sum()])], pull_h @ W


class Adam:
    """Changes a network's parameters in place, one gradient step at a time."""

    def __init__(self, rate):
        self.rate, self.t, self.m, self.v = rate, 0, 0, 0

    def step(self, net, gradients):
        self.t += 1
        flat = np.concatenate(gradients)
        self.m = 0.5 * self.m + 0.5 * flat
        self.v = 0.999 * self.v + 0.001 * flat**2
        move = self.m / (1 - 0.5**self.t) / (np.sqrt(self.v / (1 - 0.999**self.t)) + 1e-8)
        for p, change in zip(net, np.split(move, np.cumsum([p.size for p in net])[:-1])):
            p -= self.rate * change
