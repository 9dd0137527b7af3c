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
 * Which version of which job was handled, in a file that outlives the process. A job's events come in the order of their versions, so the
 * highest one says it all. Not thread-safe; a service with a database keeps this in a table.
 */
final class HandledVersions implements AutoCloseable {

    /** An event that is older has left its topic and cannot come again. */
    private static final Duration LONGEST_REPETITION = Duration.ofDays(31);

    private static final Pattern LINE = Pattern.compile("(gen_\\w{26}) (\\d{1,9}) (\\d{1,15})");

    private final Map<JobId, Entry> handled;
    private final FileChannel file;

    private HandledVersions(Map<JobId, Entry> handled, FileChannel file) {
        this.handled = handled;
        this.file = file;
    }

    /** Reads what is in the file, if there is one, and writes it anew without what is no longer needed. */
    static HandledVersions open(Path path, Instant now) {
        try {
            var handled = Files.exists(path) ? read(path, now.minus(LONGEST_REPETITION)) : new HashMap<JobId, Entry>();
            var fresh = path.resolveSibling(path.getFileName() + ".new");
            Files.writeString(
                    fresh,
                    handled.entrySet().stream()
                            .map(entry -> line(entry.getKey(), entry.getValue()))
                            .collect(Collectors.joining()));
            Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return new HandledVersions(handled, FileChannel.open(path, StandardOpenOption.APPEND));
        } catch (IOException e) {
            throw new UncheckedIOException("The ledger " + path + " cannot be opened", e);
        }
    }

    boolean knows(JobId job, int version) {
        var entry = handled.get(job);
        return entry != null && entry.version() >= version;
    }

    /** Returns when the disk has it. */
    void add(JobId job, int version, Instant at) {
        var entry = new Entry(version, at.toEpochMilli());
        try {
            var line = ByteBuffer.wrap(line(job, entry).getBytes(StandardCharsets.UTF_8));
            while (line.hasRemaining()) {
                file.write(line);
            }
            file.force(false);
        } catch (IOException e) {
            throw new UncheckedIOException("The ledger cannot be written", e);
        }
        handled.put(job, entry);
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException("The ledger cannot be closed", e);
        }
    }

    /** A line that a crash tore is passed over: its event was not handled for sure, and comes again. */
    private static Map<JobId, Entry> read(Path path, Instant oldest) throws IOException {
        var handled = new HashMap<JobId, Entry>();
        for (var line : Files.readAllLines(path)) {
            var match = LINE.matcher(line);
            if (match.matches() && Long.parseLong(match.group(3)) >= oldest.toEpochMilli()) {
                var entry = new Entry(Integer.parseInt(match.group(2)), Long.parseLong(match.group(3)));
                handled.merge(
                        new JobId(match.group(1)),
                        entry,
                        (one, other) -> one.version() > other.version() ? one : other);
            }
        }
        return handled;
    }

    private static String line(JobId job, Entry entry) {
        return job + " " + entry.version() + " " + entry.millis() + "\n";
    }

    /** A version, and when it was said. */
    private record Entry(int version, long millis) {}
}
