package io.atelier.acceptance.crash.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Simulates a full disk for one process: the kernel refuses writes beyond a file size limit, with EFBIG instead of ENOSPC. */
public final class WriteLimit {

    private WriteLimit() {}

    /** Whether the command {@code prlimit} is installed. */
    public static boolean available() {
        try {
            return new ProcessBuilder("prlimit", "--version")
                            .redirectErrorStream(true)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Sets the maximum size of files that the process writes. */
    public static void set(long pid, long bytes) {
        // Only the soft limit: raising the hard limit again needs root.
        prlimit(pid, Long.toString(bytes));
    }

    /** Removes the limit. Does nothing if the process has ended. */
    public static void lift(long pid) {
        if (ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent()) {
            prlimit(pid, "unlimited");
        }
    }

    private static void prlimit(long pid, String soft) {
        try {
            var process = new ProcessBuilder("prlimit", "--pid", Long.toString(pid), "--fsize=" + soft + ":")
                    .redirectErrorStream(true)
                    .start();
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0 && ProcessHandle.of(pid).isPresent()) {
                throw new IllegalStateException("prlimit: " + output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
