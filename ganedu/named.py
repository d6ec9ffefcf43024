"""Parts by name: how settings on disk name an objective, an order, a rule, a conditioning.

Each kind of part is a small object, and its module has a dict `NAMED` of the ready ones.  A new
part is one object; put in `NAMED`, it can be named in a recipe too.
"""

import inspect

from . import checks


def get(kind, named, part, methods=()):
    """The part that a name stands for; an object is given back as it is, a class is called.

    Args:
        kind: what the part is called in error messages.
        named: the kind's dict of name -> class or function that makes the part.
        part: a name, [name, *arguments], the object itself, or its class.
        methods: what such a part must have, `__call__` for one that is called itself.

    Raises:
        ValueError: if there is no part of that name, it does not take the arguments, or the
            object lacks a method.
    """
    if isinstance(part, str):
        part = (part,)
    if isinstance(part, list | tuple):
        name, arguments = (part[0] if part else None), part[1:]
        if not isinstance(name, str) or name not in named:
            raise ValueError(
                f"{kind} is {checks.short(name)}; choose one of {', '.join(named)}"
                f"{checks.hint(name, named)}"
            )
        return _made(f"{kind} {name!r}", named[name], arguments)
    if isinstance(part, type):
        part = _made(f"{kind} {part.__name__}", part, ())
    for method in methods:
        if not callable(getattr(part, method, None)):
            needs = ", ".join(methods).replace("__call__", "a call")
            raise ValueError(
                f"{kind} is {checks.short(part)}; choose one of {', '.join(named)}, or give an "
                f"object that has {needs}"
            )
    return part


def get_all(kind, named, parts, methods=()):
    """Several parts; a single one need not stand in a list."""
    alone = not isinstance(parts, list | tuple)
    # ("feature_matching", 0.1) is one part with its argument, not two.
    if alone or (
        parts and isinstance(parts[0], str) and not all(isinstance(p, str) for p in parts)
    ):
        parts = [parts]
    return tuple(get(kind, named, part, methods) for part in parts)


def spec(kind, named, part):
    """[name, *arguments] of which `get` makes an equal part.

    Raises:
        ValueError: if the part's class has no name.
    """
    for name, made_by in named.items():
        if type(part) is made_by:
            return [name, *(getattr(part, p) for p in inspect.signature(made_by).parameters)]
    raise ValueError(f"{kind} is {checks.short(part)}, which has no name in NAMED")


def _made(what, maker, arguments):
    try:
        return maker(*arguments)
    except TypeError as error:
        raise ValueError(f"{what} does not take {tuple(arguments)}: {error}") from None
