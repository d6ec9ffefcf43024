"""What the checks share: asking a student's function, and saying in one line what went wrong."""

import contextlib
import copy
import dis
import functools
import inspect
import linecache
import re
import types
import warnings

import numpy as np

# What a Python or Keras error means in a lab: (pattern in "Type: message", what to do).
HINTS = [
    (r"truth value of an array", "an `if` asks the whole array at once; "
     "np.where(condition, a, b) asks each entry"),
    (r"only (length-1|size-1|0-dimensional) arrays|must be real number, not",
     "functions of `math` take one number; np.exp, np.log, ... take arrays"),
    (r"NoneType", "something here is None: does each function that you call `return`?"),
    (r"values to unpack|cannot unpack",
     "a pair was expected and something else came, or the other way round"),
    (r"can only concatenate (list|tuple)|sequence by non-int|\((list|tuple)|and '(list|tuple)'|"
     r"'(list|tuple)' and|'(list|tuple)' object has no|bad operand type for unary -: '(list|tuple)",
     "a list or a pair is no array; take the part you need, or make one array of it (np.array)"),
    (r"(slice )?indices must be integers|as an integer|expected int|invalid index to scalar",
     "whole numbers come from //; a single / makes a float"),
    (r"[Cc]annot cast ufunc|UFuncOutputCastingError|UFuncTypeError",
     "an array of whole numbers cannot take fractions: np.zeros(n) makes one of floats"),
    (r"out of bounds|out of range", "an index past the end: is the array long enough?"),
    (r"inhomogeneous|could not be broadcast|not aligned|mismatch in its core|not broadcastable|"
     r"Incompatible shapes|must be broadcast",
     "the shapes do not fit each other: print them just before this line"),
    (r"total size of the tensor must be unchanged|must be unchanged",
     "Reshape only rearranges: the layer before it must give as many numbers as it holds"),
    (r"got an unexpected keyword argument '(dtype|shape)'|Initializer|initializer.*callable",
     "an initializer is missing its brackets: normal(), normal(1.0)"),
    (r"Only input tensors may be passed|as a keyword argument|'(\w+)' object has no attribute "
     r"'shape'|<\w+ name=\w+, built=",
     "a layer stands where its output belongs: call it on what goes in, as in L.ReLU()(h)"),
    (r"numpy\(\) is only available|object has no attribute 'numpy'",
     "inside a network a tensor has no numbers yet, so no .numpy(): use TensorFlow's functions"),
    (r"KerasTensor", "while a network is drawn up there are no numbers yet: use a layer here, "
     "not a function of TensorFlow or NumPy"),
    (r"`?Concatenate`? layer requires|requires inputs with matching shapes",
     "L.Concatenate cannot join a label to images or vectors: Join() makes planes of it first"),
    (r"not compatible with the layer|incompatible with the layer|is incompatible",
     "what goes in is not what this layer takes: look at the shape before it"),
    (r"is not defined|referenced before assignment|not associated with a value",
     "a name that nothing was given to: a slip of the pen, or a cell that was not run?"),
    (r"unsupported format string passed to", "one number is to be printed here, and something else "
     "came: what does the check of that function say?"),
    (r"Division|division by zero|divide by zero", "something is divided by zero"),
]  # fmt: skip


class Wrong(AssertionError):
    """A mistake, in one line.  A notebook shows the line, and no traceback."""

    def _render_traceback_(self):
        return [f"\x1b[31mNot right yet.\x1b[39m {self}"]


def check(body):
    """Makes a check of `body`: says what was right, or raises `Wrong` with the mistake.

    `body(*functions, seed)` asserts, and returns what to say about a right answer.  The check
    is named like the first function that it is given.
    """

    @functools.wraps(body)
    def checked(*functions, seed=0):
        if not __debug__:
            raise RuntimeError("the checks are asserts: run Python without -O")
        name = body.__name__
        for function in functions:
            if not callable(function):
                raise Wrong(f"{name} is not a function any more but {brief(function)}: did you "
                            "give this name to something else? Run its cell again")
        try:
            words = body(*functions, seed)
        except AssertionError as error:
            words = str(error)
            raise Wrong(words if name in words else f"{name}: {words}") from None
        if not seed:  # the teacher's further numbers need no second line
            print(f"{name}: right. {words}")

    return checked


def run(helper, *arguments):
    """helper(*arguments), where the student's code is.

    A function of another process (`tools.grade`) stands for the student's by an object with
    `run`; helper is then called there.  What comes back are numbers, arrays, texts, and lists,
    tuples and dictionaries of them.
    """
    for argument in arguments:
        if hasattr(argument, "run_there"):
            return argument.run_there(helper, arguments)
    return helper(*arguments)


def ask(function, *arguments):
    """What the student's function gives for these arguments (see `call`)."""
    return run(call, function, *arguments)


def call(function, *arguments, parts=(), hints=(), changes=False, forbidden=(), allowed=()):
    """function(*arguments); whatever goes wrong in it becomes a `Wrong` of one line.

    Args:
        parts: {name: function}: what these names mean in the student's notebook meanwhile;
            one for the function itself is left out.
        hints: further pairs (pattern, hint), looked at before `HINTS`.
        changes: whether the function may change the arrays that it is given.
        forbidden: names and modules that the function may not use (see `borrowed`).
        allowed: names that it may, although their module is forbidden.
    """
    name = function.__name__
    space = getattr(inspect.unwrap(function), "__globals__", {})
    if found := borrowed(function, forbidden, allowed):
        raise Wrong(f"{name} uses `{found}`: write it yourself")
    before = copy.deepcopy([a for a in arguments if isinstance(a, np.ndarray | list)])
    parts = {other: part for other, part in dict(parts).items() if other != name}
    with replaced(space, parts), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            result = function(*arguments)
        except Wrong:
            raise
        except (Exception, SystemExit) as error:
            if (code := _unwritten(error, space)) is not None:
                own = [c for c in code.co_consts if isinstance(c, str) and c and c in str(error)]
                raise Wrong(f"{code.co_name} is not written yet: {max(own, key=len, default='')} "
                            "(is the line `raise NotImplementedError` still there?)") from None
            raise Wrong(f"{name} {explained(error, space, hints)}") from None
    after = [a for a in arguments if isinstance(a, np.ndarray | list)]
    for old, new in () if changes else zip(before, after):
        if not _same(old, new):
            what = "list" if isinstance(new, list) else "array"
            raise Wrong(f"{name} changes the {what} that it is given: work on a copy")
    return result


def play(train, *arguments):
    """train(*arguments) with the student's own parts, for no points: a failure is one line."""
    return call(train, *arguments, changes=True)


def task_6_first(found):
    """Stops in one line where a lab's training has left nothing to look at."""
    if found is None:
        raise Wrong("there is nothing to look at yet: run Task 6 first, to its last cell")


def _unwritten(error, space):
    """The code of the notebook's function that raises NotImplementedError itself, if that was it.

    TensorFlow raises this error too, and Keras puts words of its own around a message.
    """
    trace = error.__traceback__
    while trace.tb_next:
        trace = trace.tb_next
    code, kind = trace.tb_frame.f_code, NotImplementedError
    own = trace.tb_frame.f_globals is space and kind.__name__ in code.co_names
    return code if own and isinstance(error, kind) else None


def _same(a, b):
    if isinstance(a, list):
        return len(a) == len(b) and all(map(_same, a, b))
    return np.array_equal(a, b, equal_nan=np.asarray(a).dtype.kind == "f")


@contextlib.contextmanager
def replaced(space, parts):
    """Other meanings for some names of a notebook, for a while."""
    missing = object()
    kept = {name: space.get(name, missing) for name in parts}
    space.update(parts)
    try:
        yield
    finally:
        for name, value in kept.items():
            if value is missing:
                del space[name]
            else:
                space[name] = value


def called(parts):
    """The parts, each under the name that a student calls it by: Python's messages then say that one."""
    for name, part in parts.items():
        part.__qualname__ = name
    return parts


def explained(error, space, hints=()):
    """The line of the student's where it failed, the error, and what it means here."""
    line, trace = "", error.__traceback__
    while trace:
        if trace.tb_frame.f_globals is space:
            line = linecache.getline(trace.tb_frame.f_code.co_filename, trace.tb_lineno).strip()
        trace = trace.tb_next
    where = f" at `{line}`" if line else ""
    if isinstance(error, SystemExit):
        return f"ends Python{where}: leave exit() and quit() out"
    whole = f"{type(error).__name__}: {error}"
    hint = next((h for p, h in [*hints, *HINTS] if re.search(p, whole)), "")
    noise = (r"\x1b\[[\d;]*m|\{\{.*?\}\} |Exception encountered when calling [\w.]+\(\)\. |"
             r" \[Op:\w+\]( name:)?|Could not automatically infer .*? Error encountered: ")
    text = re.sub(noise, "", " ".join(whole.split()))
    first = re.match(
        r".{20,150}?(?<!\bvs)(?<!\b[ie]\.[eg])[.!?](?= |$)|.{0,150}$|.{0,147}(?= )|.{0,150}",
        text).group()
    first = first.rstrip(".") if first == text or first[-1:] in ".!?" else f"{first} ..."
    stop = "" if first.endswith("...") else "."
    return f"fails{where}: {first}" + (f"{stop} Here: {hint}" if hint else "")


def brief(value):
    """What a value is, in a few words."""
    if isinstance(value, np.ndarray) and value.ndim:
        return f"an array of shape {value.shape}"
    if isinstance(value, np.generic):
        value = value.item()
    if callable(value) and hasattr(value, "__name__"):
        return f"the function {value.__name__} itself (its brackets are missing)"
    text = " ".join(repr(value).split())
    kind = "" if value is None or isinstance(value, str | int | float) else f"a {type(value).__name__}: "
    return kind + (text if len(text) < 80 else text[:77] + "...")


def returned(what, value):
    """Refuses None, with the reason that it nearly always has."""
    assert value is not None, (
        f"{what} gives nothing (None): is `return` missing (or `...` still there)? Or does it "
        "return what works in place, as rng.shuffle does: None?")
    assert value is not ..., f"{what} gives `...`: write what it is to return"
    return value


def array(what, value, shape, why=""):
    """The array that `what` should be, if it is one of numbers and of that shape."""
    why = f": {why}" if why else ""
    returned(what, value)
    one = f"one array of shape {shape}" if shape else "one number"
    assert not (isinstance(value, tuple) and len(value) == 1), (
        f"{what} gives a tuple of one: a comma at the end of the line? It must be {one}{why}")
    assert not isinstance(value, list | tuple), (
        f"{what} gives a {type(value).__name__}; it must be {one}{why}")
    found = np.asarray(value)
    assert found.dtype.kind in "fiub", (
        f"{what} gives {brief(value)}; it must be {'an array' if shape else 'one number'}")
    assert found.shape == shape, (
        f"{what} gives {'one number' if found.shape == () else f'shape {found.shape}'}; "
        f"it must be {f'shape {shape}' if shape else 'one number'}{why}"
    )
    return found


def pair(what, value, of):
    """The two parts of a pair; `of` names them."""
    returned(what, value)
    assert isinstance(value, list | tuple) and len(value) == 2, (
        f"{what} gives {brief(value)}; it must give the pair ({of}): `return a, b`"
    )
    return value


def close(a, b, tolerance=1e-6):
    """Equal shapes and nearly equal numbers, array by array."""
    return len(a) == len(b) and all(
        np.shape(x) == np.shape(y) and np.allclose(x, y, rtol=1e-4, atol=tolerance)
        for x, y in zip(a, b))


def shown(values, digits=3):
    """An array in a message."""
    return np.array2string(np.asarray(values), precision=digits, suppress_small=True,
                           threshold=12, separator=", ").replace("\n", "")


def loops(code):
    """Does this code, or a function within it, hold a loop?"""
    return any(i.opname == "FOR_ITER" for i in dis.get_instructions(code)) or any(
        loops(c) for c in code.co_consts if isinstance(c, types.CodeType))


def global_names(code):
    """The names of the notebook that this code, or a function within it, reads."""
    inner = [global_names(c) for c in code.co_consts if isinstance(c, types.CodeType)]
    return {i.argval for i in dis.get_instructions(code) if i.opname == "LOAD_GLOBAL"}.union(*inner)


def names_read(function):
    """The names of the notebook that a function reads; none of what is not written in Python."""
    code = getattr(inspect.unwrap(function), "__code__", None)
    return global_names(code) if code else set()


def borrowed(function, forbidden=(), allowed=()):
    """A name in `function`, or in a function of the notebook that it calls, that is not allowed.

    `forbidden` holds names, and modules that a name may not come from: so an import under
    another name is found too.  The names of `allowed` may come from there.
    """
    def checks_own(name, module):
        return (module or "").startswith("ganedu.lab_checks") and (
            name.startswith("_") or not module.endswith("_given"))

    space, todo, seen = getattr(function, "__globals__", {}), [function], set()
    if checks_own(function.__name__, function.__module__):
        return function.__name__
    while todo:
        codes = [todo.pop().__code__]
        while codes:
            code = codes.pop()
            codes += [c for c in code.co_consts if isinstance(c, types.CodeType)]
            for name in set(code.co_names) - seen:
                seen.add(name)
                if name in allowed:
                    continue
                value = space.get(name)
                owner = value.__name__ if isinstance(value, types.ModuleType) else (
                    value.__module__ if isinstance(value, types.FunctionType | type) else "")
                if {name, owner} & set(forbidden) or name.startswith("ganedu.lab_checks") or (
                    checks_own(getattr(value, "__name__", name), owner)
                ):
                    return name
                if getattr(value, "__globals__", None) is space:
                    todo.append(value)
    return None
