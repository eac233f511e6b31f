"""Checks that are told in TAP, a line each, so that whoever started this program can tell them apart."""

import os
import sys
import time
import traceback

_CHECKS = []


def check(function):
    """Marks a function as a check; its name, read as words, is the promise."""
    _CHECKS.append(function)
    return function


def setting(name):
    """What the caller says by the environment."""
    return os.environ["APPRENTICE_" + name]


def raises(kind, function):
    """Calls the function, which has to fail so, and returns the error."""
    try:
        function()
    except kind as error:
        return error
    raise AssertionError(f"no {kind.__name__}")


def equal(found, expected):
    assert found == expected, f"expected {expected!r:.500}, found {found!r:.500}"


def run():
    print(f"1..{len(_CHECKS)}", flush=True)
    failed = 0
    for number, function in enumerate(_CHECKS, 1):
        name = function.__name__.replace("_", " ")
        begun = time.monotonic()
        try:
            function()
            print(f"ok {number} - {name}", flush=True)
        except Exception:
            failed += 1
            print(f"not ok {number} - {name}")
            print("# " + traceback.format_exc().replace("\n", "\n# "))
        print(f"# took {time.monotonic() - begun:.2f} s", flush=True)
    sys.exit(1 if failed else 0)
