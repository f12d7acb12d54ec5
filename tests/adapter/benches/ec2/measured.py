"""Runs a program and tells what it says, each line with the seconds since the start, and at its end what it took.

Arguments: a text that ends it as Ctrl-C does, as soon as a line holds it; then the program with its arguments.
"""

import json
import os
import resource
import signal
import subprocess
import sys
import time

stop, argv = sys.argv[1], sys.argv[2:]
begun = time.monotonic()
program = subprocess.Popen(
    argv, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, errors="replace", start_new_session=True
)


def tell(text):
    print(f"{time.monotonic() - begun:.3f}\t{text}", flush=True)


for line in program.stdout:
    tell(line.rstrip("\n"))
    if stop in line:
        os.killpg(program.pid, signal.SIGINT)
program.wait()
took = resource.getrusage(resource.RUSAGE_CHILDREN)
tell(json.dumps({"cpu": took.ru_utime + took.ru_stime, "peak_mib": took.ru_maxrss / 1024}))
