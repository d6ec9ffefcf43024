"""PyTorch's loop of `benchmarks.speed`, in a process of its own.

TensorFlow and PyTorch in one process end in a segmentation fault (2.21 and 2.14).  So this
one waits for its turns:

    python -m benchmarks.torch_peer IMAGES.npy    float32 [N, H, W, C] in [-1, 1]

It writes PyTorch's version, then reads lines "float32 16" (or bfloat16), trains that many
steps, and answers each with the seconds of processor time that they took.
"""

import sys
import time

import numpy as np
import torch
from torch import nn

from . import BATCH, LATENTS


class Flat(nn.Module):
    def forward(self, x):
        return x.reshape(-1, 256, 7, 7)


def up(channels, filters, stride):
    return nn.ConvTranspose2d(
        channels, filters, 5, stride, padding=2, output_padding=stride - 1, bias=False
    )


def tutorial_networks():
    """G and D of `peers.tutorial_networks`."""
    generator = nn.Sequential(
        nn.Linear(LATENTS, 7 * 7 * 256, bias=False),
        nn.BatchNorm1d(7 * 7 * 256),
        nn.LeakyReLU(0.3),
        Flat(),
        up(256, 128, 1),
        nn.BatchNorm2d(128),
        nn.LeakyReLU(0.3),
        up(128, 64, 2),
        nn.BatchNorm2d(64),
        nn.LeakyReLU(0.3),
        up(64, 1, 2),
        nn.Tanh(),
    )
    discriminator = nn.Sequential(
        nn.Conv2d(1, 64, 5, 2, padding=2),
        nn.LeakyReLU(0.3),
        nn.Dropout(0.3),
        nn.Conv2d(64, 128, 5, 2, padding=2),
        nn.LeakyReLU(0.3),
        nn.Dropout(0.3),
        nn.Flatten(),
        nn.Linear(7 * 7 * 128, 1),
    )
    return generator, discriminator


def loop(images, bfloat16):
    """The loop of PyTorch's DCGAN example: D on real and on fake, then G through the new D."""
    generator, discriminator = tutorial_networks()
    g_optimizer = torch.optim.Adam(generator.parameters(), 1e-4)
    d_optimizer = torch.optim.Adam(discriminator.parameters(), 1e-4)
    loss_fn = nn.BCEWithLogitsLoss()
    real, fake = torch.ones(BATCH, 1), torch.zeros(BATCH, 1)

    def forward(network, x):
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=bfloat16):
            return network(x).float()

    def train(steps):
        for rows in torch.randperm(len(images))[: steps * BATCH].split(BATCH):
            d_optimizer.zero_grad()
            loss_fn(forward(discriminator, images[rows]), real).backward()
            x_fake = forward(generator, torch.randn(BATCH, LATENTS))
            loss_fn(forward(discriminator, x_fake.detach()), fake).backward()
            d_optimizer.step()
            g_optimizer.zero_grad()
            loss_fn(forward(discriminator, x_fake), real).backward()
            g_optimizer.step()

    return train


def main(path):
    images = torch.from_numpy(np.ascontiguousarray(np.load(path).transpose(0, 3, 1, 2)))
    loops = {"float32": loop(images, False), "bfloat16": loop(images, True)}
    print(torch.__version__, flush=True)
    for line in sys.stdin:
        precision, steps = line.split()
        cpu = time.process_time()
        loops[precision](int(steps))
        print(time.process_time() - cpu, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
