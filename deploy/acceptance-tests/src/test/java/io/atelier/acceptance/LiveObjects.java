package io.atelier.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What is in the heap of a JVM after a full collection.
 *
 * @param bytes of all objects, by the name of their class as the JVM shows it
 */
record LiveObjects(Map<String, Long> bytes) {

    /** Such as {@code 12:  3456  110592  java.lang.String (java.base@17.0.15)}. */
    private static final Pattern LINE = Pattern.compile("\\s*\\d+:\\s+\\d+\\s+(\\d+)\\s+(\\S+).*");

    private static final int SHOWN_CLASSES = 12;

    LiveObjects {
        bytes = Map.copyOf(bytes);
    }

    /** Collects the garbage of a JVM of this user and machine, and counts what is left. */
    static LiveObjects of(long pid) {
        try {
            var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
            var process = new ProcessBuilder(jcmd, Long.toString(pid), "GC.class_histogram")
                    .redirectErrorStream(true)
                    .start();
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            var bytes = new HashMap<String, Long>();
            output.lines()
                    .map(LINE::matcher)
                    .filter(line -> line.matches())
                    .forEach(line -> bytes.merge(line.group(2), Long.valueOf(line.group(1)), Long::sum));
            if (process.waitFor() != 0 || bytes.isEmpty()) {
                throw new IllegalStateException("jcmd ended with " + process.exitValue() + ":\n" + output);
            }
            return new LiveObjects(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    long total() {
        return bytes.values().stream().mapToLong(Long::longValue).sum();
    }

    /** The classes whose objects have grown most, for the message of a failed test. */
    String growthSince(LiveObjects earlier) {
        return bytes.entrySet().stream()
                .map(entry ->
                        Map.entry(entry.getKey(), entry.getValue() - earlier.bytes.getOrDefault(entry.getKey(), 0L)))
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder()))
                .limit(SHOWN_CLASSES)
                .map(entry -> "%,d %s".formatted(entry.getValue(), entry.getKey()))
                .collect(Collectors.joining("\n"));
    }
}
