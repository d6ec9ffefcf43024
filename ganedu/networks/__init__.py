"""Generators and discriminators from plain settings (claims A-arch, A-config, B-cgan).

    config = GeneratorConfig(image_shape=(28, 28, 1), projection=(7, 7, 128), filters=(64,))
    generator = config.build(seed=0)       # a Keras model: z [N, latent_size] -> images

    config = GeneratorConfig(filters=(64,), conditioning="input", classes=10)
    generator = config.build(seed=0)       # a Keras model: [z, y] -> images

A config is checked when it is made, says in its `shapes()` what it will build, and is plain
JSON on disk.  The networks of the reports are in `NAMED`.
"""

from .discriminator import DiscriminatorConfig
from .generator import GeneratorConfig
from .reports import NAMED, config_from_dict, load_config

__all__ = ["DiscriminatorConfig", "GeneratorConfig", "NAMED", "config_from_dict", "load_config"]
