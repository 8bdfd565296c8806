"""Programs that are run as a visitor would, each in a process of its own.

To import torch takes most of the time of one: a first process does that, and each program runs in a fork of it.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

SECONDS = 240  # for one program
# Reads a folder, a file for what is said, and a program from each line; writes the exit status of each.
FORKS = f"""
import json, os, signal, sys, traceback
import torch

while line := sys.stdin.readline():
    folder, said, code = json.loads(line)
    child = os.fork()
    if child:
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
        continue
    status = 1
    try:
        signal.alarm({SECONDS})
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        for stream in (1, 2):
            os.dup2(os.open(said, os.O_WRONLY | os.O_CREAT | os.O_APPEND), stream)
        os.chdir(folder)
        exec(compile(code, "<string>", "exec"), {{"__name__": "__main__"}})
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        os._exit(status)
"""


class Programs:
    """Runs programs where nothing but torch has been imported, and where warnings are errors."""

    def __init__(self, said: Path):
        self.said = said
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self.process = subprocess.Popen([sys.executable, "-W", "error", "-c", FORKS], env=environment, **pipes)

    def run(self, code: str, folder: Path) -> tuple[int, str]:
        """The exit status of a program, and what it said."""
        self.said.write_text("")
        self.process.stdin.write(json.dumps([str(folder), str(self.said), code]) + "\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline()), self.said.read_text()

    def close(self) -> None:
        self.process.communicate()
