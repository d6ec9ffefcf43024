"""Parts by name: how settings on disk name an objective, an order, a rule, a conditioning.

Each kind of part is a small object, and its module has a dict `NAMED` of the ready ones.  A new
part is one object; put in `NAMED`, it can be named in a recipe too.
"""

import difflib


def get(kind, named, part):
    """The part that a name stands for; an object is given back as it is.

    Args:
        kind: what the part is called in error messages.
        named: the kind's dict of name -> class or function that makes the part.
        part: a name, [name, *arguments], or the object itself.

    Raises:
        ValueError: if there is no part of that name, or it does not take the arguments.
    """
    if isinstance(part, str):
        part = (part,)
    if not isinstance(part, (list, tuple)):
        return part
    name, *arguments = part
    if name not in named:
        close = difflib.get_close_matches(str(name), named, 1)
        hint = f"; did you mean {close[0]!r}?" if close else ""
        raise ValueError(f"{kind} is {name!r}; choose one of {', '.join(named)}{hint}")
    try:
        return named[name](*arguments)
    except TypeError as error:
        raise ValueError(f"{kind} {name!r} does not take {arguments}: {error}") from None
