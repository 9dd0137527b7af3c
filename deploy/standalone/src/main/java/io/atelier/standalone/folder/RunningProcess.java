package io.atelier.standalone.folder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Record of a process that runs parts of the system.
 *
 * @param pid the process id, which the operating system may reuse after its end
 * @param startedAt the start time, which distinguishes it from a later process with the same id
 * @param parts the parts that it runs, such as {@code gateway}
 * @param url the URL of its gateway; null if it has none
 * @param kafka host and port of its broker; null if it has none
 * @param s3 the URL of its object store; null if it has none
 */
public record RunningProcess(
        long pid,
        Instant startedAt,
        List<String> parts,
        @Nullable String url,
        @Nullable String kafka,
        @Nullable String s3) {

    /** Tolerance for the start time: it is computed from the boot time, which moves when the clock is set. */
    private static final Duration START_TOLERANCE = Duration.ofSeconds(2);

    /** The process file system of Linux, see proc(5). */
    private static final Path PROC = Path.of("/proc");

    public RunningProcess {
        parts = List.copyOf(parts);
    }

    /** The record of this process. */
    public static RunningProcess current(
            List<String> parts, @Nullable String url, @Nullable String kafka, @Nullable String s3) {
        var self = ProcessHandle.current();
        var startedAt = self.info().startInstant().orElse(Instant.EPOCH);
        return new RunningProcess(self.pid(), startedAt, parts, url, kafka, s3);
    }

    /** The handle of the process; empty if it has ended, or if its id now belongs to another process. */
    public Optional<ProcessHandle> handle() {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .filter(this::hasSameStart)
                .filter(process -> !isZombie(process));
    }

    /** Whether the process is a zombie, which Java reports as alive: below a container's first process perhaps for ever. */
    private static boolean isZombie(ProcessHandle process) {
        try {
            var status = Files.readString(PROC.resolve(process.pid() + "/stat"));
            // The state follows the program's name, which may contain anything, brackets included.
            return status.startsWith("Z", status.lastIndexOf(')') + 2);
        } catch (IOException e) {
            // Not on Linux, or ended meanwhile.
            return !process.isAlive();
        }
    }

    private boolean hasSameStart(ProcessHandle process) {
        var start = process.info().startInstant().orElse(Instant.EPOCH);
        return Duration.between(start, startedAt).abs().compareTo(START_TOLERANCE) <= 0;
    }
}
