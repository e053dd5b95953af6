#!/usr/bin/env python3
"""Drives HubSpot's own SDKs, unmodified, against a running simulator.

Usage: run_sdks.py ADDRESS.json

ADDRESS.json is the line that the simulator prints at its start: base_url, client_id, client_secret,
token, control_url. Every check prints its name; the last line is "N passed, M failed", and the
program ends with 1 when anything failed. Tokens and records' values are never printed.
"""

import json
import sys

from common_road import Checks, calls, control
from dated_calls import dated_calls
from dated_road import dated_sdk
from legacy_calls import legacy_calls
from legacy_road import legacy_sdk


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        address = json.loads(file.readline())
    # Two SDKs side by side would spend most of their time waiting. What an OAuth app is told about
    # its limit stays as it is.
    most = {"search": 10_000, "fixed": 10_000, "associations": 10_000}
    control(address, "limits", most)
    check = Checks()
    dated_sdk(check, address)
    dated_calls(check, address)
    legacy_sdk(check, address)
    legacy_calls(check, address)
    made = calls(address)
    for call, count in sorted(made.items()):
        print(f"{count:6} {call}")
    print(f"{len(made)} different calls were made")
    print(f"{check.passed} passed, {check.failed} failed")
    return 1 if check.failed else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: run_sdks.py ADDRESS.json")
    sys.exit(main())
