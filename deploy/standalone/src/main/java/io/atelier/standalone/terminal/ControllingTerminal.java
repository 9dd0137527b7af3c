package io.atelier.standalone.terminal;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** The terminal that controls this process, {@code /dev/tty}. */
final class ControllingTerminal {

    private static final File DEVICE = new File("/dev/tty");
    private static final Path PROCESS = Path.of("/proc/self/stat");
    private static final int PROCESS_GROUP = 2;
    private static final int FOREGROUND_GROUP = 5;
    private static final int DEFAULT_COLUMNS = 80;
    private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(2);
    private static final Pattern SIZE = Pattern.compile("\\d+ ([1-9]\\d{0,4})");

    private ControllingTerminal() {}

    /** Whether this process may change and read the terminal: a background process that does so would be stopped. */
    static boolean isInForeground() throws IOException {
        List<String> groups;
        if (Files.exists(PROCESS)) {
            var state = Files.readString(PROCESS);
            // The fields after the program's name, which may contain anything.
            var fields = List.of(state.substring(state.lastIndexOf(')') + 2).split(" ", -1));
            groups = List.of(fields.get(PROCESS_GROUP), fields.get(FOREGROUND_GROUP));
        } else {
            groups = List.of(run(
                            "ps",
                            "-o",
                            "pgid=,tpgid=",
                            "-p",
                            Long.toString(ProcessHandle.current().pid()))
                    .split("\\s+", -1));
        }
        return groups.size() == 2 && groups.get(0).equals(groups.get(1));
    }

    /** The number of columns; 80 if it is unknown. */
    static int columns() throws IOException {
        var size = SIZE.matcher(run("stty", "size"));
        return size.matches() ? Integer.parseInt(size.group(1)) : DEFAULT_COLUMNS;
    }

    /**
     * Sends a query, and returns what the terminal answers until the answer is complete or the time is over. What it sends is neither
     * shown nor left for the shell.
     */
    static String ask(String query, Predicate<String> complete, Duration timeout) throws IOException {
        var settings = run("stty", "-g");
        var restore = new Thread(() -> restore(settings), "terminal-restore");
        Runtime.getRuntime().addShutdownHook(restore);
        run("stty", "-icanon", "-echo", "min", "0", "time", "1");
        try (var terminal = new RandomAccessFile(DEVICE, "rw")) {
            terminal.write(query.getBytes(StandardCharsets.US_ASCII));
            var answer = new StringBuilder();
            var buffer = new byte[1024];
            long end = System.nanoTime() + timeout.toNanos();
            while (!complete.test(answer.toString()) && System.nanoTime() < end) {
                // Returns after 0.1 s at the latest, then without bytes.
                int count = terminal.read(buffer);
                answer.append(new String(buffer, 0, Math.max(0, count), StandardCharsets.ISO_8859_1));
            }
            // Some terminals print a part of a query that they do not know.
            terminal.write("\r\u001B[K".getBytes(StandardCharsets.US_ASCII));
            return answer.toString();
        } finally {
            restore(settings);
            removeHook(restore);
        }
    }

    private static void restore(String settings) {
        try {
            run("stty", settings);
        } catch (IOException e) {
            // The terminal is gone; there is nothing to restore.
            return;
        }
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is already shutting down; restoring twice does no harm.
            return;
        }
    }

    private static String run(String... command) throws IOException {
        var process = new ProcessBuilder(new ArrayList<>(List.of(command)))
                .redirectInput(DEVICE)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
            if (!process.waitFor(COMMAND_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS) || process.exitValue() != 0) {
                throw new IOException(command[0] + " failed");
            }
            return output;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted", e);
        } finally {
            process.destroyForcibly();
        }
    }
}
