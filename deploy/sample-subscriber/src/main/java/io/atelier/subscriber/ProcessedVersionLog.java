package io.atelier.subscriber;

import io.atelier.contract.job.JobId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Persistent log of the highest processed version of each job, for recognising repeated events. The events of a job arrive in the order of
 * their versions, so the highest one is enough. Not thread-safe. A service with a database would use a table.
 */
final class ProcessedVersionLog implements AutoCloseable {

    /** Older events are no longer in the topic, so they cannot be repeated. */
    private static final Duration RETENTION = Duration.ofDays(31);

    private static final Pattern ENTRY_LINE = Pattern.compile("(gen_\\w{26}) (\\d{1,9}) (\\d{1,15})");

    private final Map<JobId, Entry> versions;
    private final FileChannel file;

    private ProcessedVersionLog(Map<JobId, Entry> versions, FileChannel file) {
        this.versions = versions;
        this.file = file;
    }

    /** Opens the log, or creates it if it is missing, and removes entries older than the retention. */
    static ProcessedVersionLog open(Path path, Instant now) {
        try {
            var versions = Files.exists(path) ? read(path, now.minus(RETENTION)) : new HashMap<JobId, Entry>();
            var compacted = path.resolveSibling(path.getFileName() + ".new");
            Files.writeString(
                    compacted,
                    versions.entrySet().stream()
                            .map(entry -> line(entry.getKey(), entry.getValue()))
                            .collect(Collectors.joining()));
            Files.move(compacted, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return new ProcessedVersionLog(versions, FileChannel.open(path, StandardOpenOption.APPEND));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot open the log of processed versions " + path, e);
        }
    }

    /** Whether this version, or a later one, was processed. */
    boolean contains(JobId job, int version) {
        var entry = versions.get(job);
        return entry != null && entry.version() >= version;
    }

    /** Adds a version; it is synced to disk when this returns. */
    void add(JobId job, int version, Instant at) {
        var entry = new Entry(version, at.toEpochMilli());
        try {
            var line = ByteBuffer.wrap(line(job, entry).getBytes(StandardCharsets.UTF_8));
            while (line.hasRemaining()) {
                file.write(line);
            }
            file.force(false);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write to the log of processed versions", e);
        }
        versions.put(job, entry);
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot close the log of processed versions", e);
        }
    }

    /** Skips partial lines of a crash: their events were not committed and will be delivered again. */
    private static Map<JobId, Entry> read(Path path, Instant oldest) throws IOException {
        var versions = new HashMap<JobId, Entry>();
        for (var line : Files.readAllLines(path)) {
            var match = ENTRY_LINE.matcher(line);
            if (match.matches() && Long.parseLong(match.group(3)) >= oldest.toEpochMilli()) {
                var entry = new Entry(Integer.parseInt(match.group(2)), Long.parseLong(match.group(3)));
                versions.merge(
                        new JobId(match.group(1)),
                        entry,
                        (first, second) -> first.version() > second.version() ? first : second);
            }
        }
        return versions;
    }

    private static String line(JobId job, Entry entry) {
        return job + " " + entry.version() + " " + entry.millis() + "\n";
    }

    /** The highest version and the time of its record in milliseconds since the epoch. */
    private record Entry(int version, long millis) {}
}
