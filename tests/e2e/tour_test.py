#!/usr/bin/env python3
"""Runs the blocks of a page in order, in one shell on a terminal of its own, and compares what is shown.

In a ```console block a line that begins with "$ " is typed, "> " goes on with it, and the lines after it are what has to
appear. "…" stands for anything within a line. --write puts what appeared in the place of what did not match.
"""
import argparse
import os
import pathlib
import pty
import re
import subprocess
import sys
import tempfile
import termios

MARK = "\x01"


class Shell:
    """bash whose output is a terminal, and whose input is a pipe."""

    def __init__(self, kring, directory):
        self.terminal, theirs = pty.openpty()
        attributes = termios.tcgetattr(theirs)
        attributes[1] &= ~termios.OPOST
        termios.tcsetattr(theirs, termios.TCSANOW, attributes)
        environment = {name: value for name, value in os.environ.items() if not name.startswith("KRING_")}
        environment |= {"PATH": f"{pathlib.Path(kring).resolve().parent}:{os.environ['PATH']}", "NO_COLOR": "1", "USER": "noor", "LC_ALL": "C.UTF-8"}
        self.process = subprocess.Popen(["bash"], stdin=subprocess.PIPE, stdout=theirs, stderr=theirs, cwd=directory, env=environment)
        os.close(theirs)

    def run(self, command):
        """What the command shows, as lines."""
        self.process.stdin.write(f"{command}\nprintf '\\001'\n".encode())
        self.process.stdin.flush()
        shown = b""
        while not shown.endswith(MARK.encode()):
            shown += os.read(self.terminal, 65536)
        return [line.rstrip() for line in shown.decode()[:-1].splitlines()]

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def steps_of(lines):
    """(line number of the command's end, command, expected lines), of all console blocks in order."""
    steps, inside = [], False
    for number, line in enumerate(lines):
        if line.startswith("```"):
            inside = line == "```console"
        elif inside and line.startswith("$ "):
            steps.append([number, line[2:], []])
        elif inside and line.startswith("> ") and not steps[-1][2]:
            steps[-1][0] = number
            steps[-1][1] += "\n" + line[2:]
        elif inside:
            steps[-1][2].append(line)
    return steps


def matches(expected, shown):
    pattern = lambda line: ".*".join(re.escape(part) for part in line.split("…"))
    return len(expected) == len(shown) and all(re.fullmatch(pattern(e), s) for e, s in zip(expected, shown))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("page", type=pathlib.Path)
    parser.add_argument("kring", help="the program")
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    lines = arguments.page.read_text(encoding="utf-8").splitlines()
    steps, wrong = steps_of(lines), []
    with tempfile.TemporaryDirectory() as directory:
        shell = Shell(arguments.kring, directory)
        for end, command, expected in steps:
            shown = shell.run(command)
            if not matches(expected, shown):
                wrong.append((end, expected, shown))
                print(f"{arguments.page}:{end + 1}: $ {command}\n--- expected\n" + "\n".join(expected) + "\n--- shown\n" + "\n".join(shown))
        shell.close()
    if arguments.write:
        for end, expected, shown in reversed(wrong):
            lines[end + 1:end + 1 + len(expected)] = shown
        arguments.page.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(steps)} commands, {len(wrong)} of them otherwise than on the page")
    return 0 if steps and not wrong else 1


if __name__ == "__main__":
    sys.exit(main())
