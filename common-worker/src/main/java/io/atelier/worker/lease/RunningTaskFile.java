package io.atelier.worker.lease;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The tasks that one worker of this process runs, in a file that is mapped to memory: what is written is in the file when the process is killed, without
 * a call of the system for each task. Thread-safe.
 */
final class RunningTaskFile implements AutoCloseable {

    private static final String SUFFIX = ".running";

    /** Bytes for one task: its name in UTF-8, then zeros. */
    private static final int PLACE = 256;

    /** More than a worker has slots. */
    private static final int PLACES = 256;

    /** The files of this process that are in use. */
    private static final Set<Path> OPEN = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final MappedByteBuffer places;
    private final BitSet taken = new BitSet(PLACES);

    private RunningTaskFile(Path path, MappedByteBuffer places) {
        this.path = path;
        this.places = places;
    }

    /** Creates a file of its own in the folder. */
    static RunningTaskFile create(Path folder) throws IOException {
        var path = folder.resolve(UUID.randomUUID() + SUFFIX);
        // The mapping does not need the channel.
        try (var channel = FileChannel.open(
                path, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            var file = new RunningTaskFile(path, channel.map(FileChannel.MapMode.READ_WRITE, 0, PLACE * PLACES));
            OPEN.add(path);
            return file;
        }
    }

    /** Whether a path is that of such a file of a process that has ended. */
    static boolean isLeftBehind(Path path) {
        return is(path) && !OPEN.contains(path);
    }

    /** Whether a path is that of such a file. */
    static boolean is(Path path) {
        return path.toString().endsWith(SUFFIX);
    }

    /** The tasks that ran when the process of a file ended. */
    static List<String> tasks(Path path) throws IOException {
        var places = Files.readAllBytes(path);
        var tasks = new ArrayList<String>();
        for (int start = 0; start + PLACE <= places.length; start += PLACE) {
            int length = 0;
            while (length < PLACE && places[start + length] != 0) {
                length++;
            }
            if (length > 0) {
                tasks.add(new String(places, start, length, StandardCharsets.UTF_8));
            }
        }
        return tasks;
    }

    /** Writes that a task runs. Returns its place; empty if all are taken, or its name is too long. */
    synchronized OptionalInt add(String task) {
        var name = task.getBytes(StandardCharsets.UTF_8);
        int place = taken.nextClearBit(0);
        if (place >= PLACES || name.length > PLACE) {
            return OptionalInt.empty();
        }
        taken.set(place);
        places.put(place * PLACE, Arrays.copyOf(name, PLACE));
        return OptionalInt.of(place);
    }

    /** Writes that the task at a place has ended. */
    synchronized void remove(int place) {
        places.put(place * PLACE, new byte[PLACE]);
        taken.clear(place);
    }

    /** Leaves the file behind, as the end of the process does. */
    @Override
    public void close() {
        OPEN.remove(path);
    }
}
