"""The figures of a measurement with the machine that they were taken on: a table for people, JSON for programs."""

import datetime
import os
import pathlib
import platform
import subprocess
import sys

from measure.running_system import PROJECT, java


class Report:

    def __init__(self, measurement):
        self.measurement = measurement
        self.rows = []
        self.at = datetime.datetime.now(datetime.timezone.utc)
        self.load = os.getloadavg()[0]

    def note_load(self):
        """Warns of other work on this machine."""
        if self.load > 0.25 * os.cpu_count():
            print(f"The load of this machine is {self.load:.1f} without this measurement: its figures say little.", file=sys.stderr)

    def add(self, figure, value, unit, case=""):
        """Adds a figure, and prints it at once, because the next ones may take minutes.

        case: what was varied, such as the number of jobs; figures of several cases are columns of one table
        """
        self.rows.append({"case": case, "figure": figure, "unit": unit, "value": value})
        print(f"  {case + ': ' if case else ''}{figure}: {_number(value)} {unit}", file=sys.stderr)

    def print(self):
        """Prints the table in Markdown, one line for each figure and one column for each case."""
        if not self.rows:
            return
        cases = list(dict.fromkeys(row["case"] for row in self.rows))
        lines = [["figure", "unit", *(case or "value" for case in cases)]]
        for figure, unit in dict.fromkeys((row["figure"], row["unit"]) for row in self.rows):
            values = {row["case"]: row["value"] for row in self.rows if row["figure"] == figure}
            lines.append([figure, unit, *(_number(values[case]) if case in values else "" for case in cases)])
        lines.insert(1, ["---"] * len(lines[0]))
        widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
        print()
        for line in lines:
            print("| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths)) + " |")
        sys.stdout.flush()

    def as_json(self, options, complete):
        """options: those of the command line, with defaults; complete: whether everything was measured"""
        return {
            "measurement": self.measurement,
            "at": self.at.isoformat(timespec="seconds"),
            "complete": complete,
            "options": options,
            "build": _output("git", "-C", str(PROJECT), "describe", "--always", "--dirty"),
            "machine": {
                "processor": _processor(),
                "cores": os.cpu_count(),
                "memory_mib": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20,
                "system": platform.platform(),
                "java": _output(java(), "-version").partition("\n")[0],
                "load_before": round(self.load, 2),
            },
            "figures": self.rows,
        }


def _number(value):
    """With three significant digits, but no fewer than are before the point."""
    if isinstance(value, str):
        return value
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 1 else f"{value:.3f}"


def _processor():
    try:
        for line in pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.machine()


def _output(*command):
    try:
        result = subprocess.run(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=20, check=True)
    except (OSError, subprocess.SubprocessError):
        return ""
    return result.stdout.strip()
