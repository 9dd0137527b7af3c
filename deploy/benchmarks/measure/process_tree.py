"""A process and all that it has started, as /proc shows them."""

import os
import pathlib
import subprocess

from measure.failure import MeasurementFailed

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


class ProcessTree:

    def __init__(self, root):
        self.root = root

    def pids(self):
        """The ids of all processes of the tree that are alive, parents first."""
        children = {}
        for folder in pathlib.Path("/proc").iterdir():
            if folder.name.isdigit():
                fields = _stat(folder.name)
                if fields:
                    children.setdefault(int(fields[1]), []).append(int(folder.name))
        found = [self.root] if _stat(self.root) else []
        for pid in found:
            found += children.get(pid, [])
        return found

    def processor_seconds(self):
        """The processor time that the tree has used, in user and system mode."""
        stats = [_stat(pid) for pid in self.pids()]
        return sum(int(fields[11]) + int(fields[12]) for fields in stats if fields) / TICKS_PER_SECOND

    def memory_mib(self):
        """The proportional set size (PSS): memory that several processes share is counted once."""
        return sum(_pss_kib(pid) for pid in self.pids()) / 1024

    def heap_mib(self):
        """The objects that are in use in all JVMs, after a full collection of each."""
        return sum(_heap_kib(pid) for pid in self.pids() if _is_jvm(pid)) / 1024


def _is_jvm(pid):
    try:
        return os.path.basename(os.readlink(f"/proc/{pid}/exe")) == "java"
    except OSError:
        return False


def _heap_kib(pid):
    """Asks the JVM with the jcmd that belongs to it."""
    jcmd = os.path.join(os.path.dirname(os.readlink(f"/proc/{pid}/exe")), "jcmd")
    try:
        # The serial collector compacts the whole heap in every fourth full collection only; in the others some garbage keeps its place.
        histograms = [subprocess.run([jcmd, str(pid), "GC.class_histogram"], text=True, stdout=subprocess.PIPE, check=True).stdout for _ in range(4)]
    except (OSError, subprocess.CalledProcessError) as failure:
        raise MeasurementFailed(f"the heap of process {pid} cannot be read: {failure}. Use a JDK: a JRE has no jcmd.") from failure
    # Its last line is the sum: Total, objects, bytes.
    return min(int(histogram.split()[-1]) for histogram in histograms) / 1024


def _stat(pid):
    """The fields of /proc/PID/stat from the third on, see proc(5); empty if there is no such process, or only its remains."""
    try:
        text = pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return []
    # The second field is the name of the program, which may contain anything.
    fields = text[text.rindex(")") + 2:].split()
    return [] if fields[0] == "Z" else fields


def _pss_kib(pid):
    try:
        for line in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    except (FileNotFoundError, ProcessLookupError):
        pass
    return 0
