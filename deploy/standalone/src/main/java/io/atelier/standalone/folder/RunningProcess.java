package io.atelier.standalone.folder;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A process that runs parts of the system.
 *
 * @param pid its number, which the operating system gives again after its end
 * @param startedAt when the process started: with the number, it is told from a later process of the same number
 * @param parts what it runs, such as {@code gateway}
 * @param url where its gateway listens; null if it has none
 * @param kafka where its broker listens, host and port; null if it has none
 * @param s3 where its store listens; null if it has none
 */
public record RunningProcess(
        long pid,
        Instant startedAt,
        List<String> parts,
        @Nullable String url,
        @Nullable String kafka,
        @Nullable String s3) {

    /** The start is computed from the boot time, which moves a little when the clock is set. */
    private static final Duration CLOCK_SLACK = Duration.ofSeconds(2);

    public RunningProcess {
        parts = List.copyOf(parts);
    }

    /** This process. */
    public static RunningProcess current(
            List<String> parts, @Nullable String url, @Nullable String kafka, @Nullable String s3) {
        var self = ProcessHandle.current();
        var startedAt = self.info().startInstant().orElse(Instant.EPOCH);
        return new RunningProcess(self.pid(), startedAt, parts, url, kafka, s3);
    }

    /** The process, if it is still the one that was written down. */
    public Optional<ProcessHandle> handle() {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).filter(this::startedThen);
    }

    private boolean startedThen(ProcessHandle process) {
        var start = process.info().startInstant().orElse(Instant.EPOCH);
        return Duration.between(start, startedAt).abs().compareTo(CLOCK_SLACK) <= 0;
    }
}
