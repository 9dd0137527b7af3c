package io.atelier.acceptance.crash.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** A full disk for one process: the kernel refuses what would make any of its files longer than a limit, with EFBIG in place of ENOSPC. */
public final class WriteLimit {

    private WriteLimit() {}

    /** Whether this machine has the command {@code prlimit}. */
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

    /** From now on no file of the process can grow beyond so many bytes. */
    public static void set(long pid, long bytes) {
        // Only the soft limit: to raise the hard one again takes root.
        prlimit(pid, Long.toString(bytes));
    }

    /** Takes the limit away. Does nothing if the process is gone. */
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
