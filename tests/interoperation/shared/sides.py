"""What the programs in Python share: they compare, count what they did, and tell the harness."""

import json
import sys

counts = {"written": 0, "read": 0, "updated": 0, "found": 0, "deleted": 0}


def count(what, number=1):
    counts[what] += number


def expect(found, expected, what):
    if found != expected:
        sys.exit(f"{what}: expected {expected!r}, found {found!r}")


def expect_read(found, expected, what):
    """An item that was read is what the other side wrote."""
    expect(found, expected, what)
    count("read")


def expect_found(found, expected, what):
    """The items that a query of an index found, in their order."""
    expect(found, expected, what)
    count("found", len(expected))


def expect_refusal(error, operation):
    try:
        operation()
    except error:
        return
    sys.exit(f"expected {error.__name__}")


def run(**steps):
    """Does the step that the command line names, and prints what was counted as one line of JSON."""
    steps[sys.argv[1]]()
    print(json.dumps(counts))
