package io.atelier.standalone.models.library;

import io.atelier.standalone.console.ByteCount;
import io.atelier.standalone.console.CommandFailed;
import io.atelier.standalone.console.ExitCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What this machine has for a model.
 *
 * @param memoryBytes the physical memory, or what the container may use of it
 * @param diskBytes the free space on the disk of the models folder
 */
public record HostResources(long memoryBytes, long diskBytes) {

    /** So that a download leaves room for logs and for the system that is to run. */
    private static final long DISK_RESERVE = 64_000_000;

    /** Those of this machine. */
    public static HostResources at(Path folder) {
        var machine = ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class);
        try {
            var existing = folder.toAbsolutePath();
            while (!Files.exists(existing) && existing.getParent() != null) {
                existing = existing.getParent();
            }
            return new HostResources(
                    machine.getTotalMemorySize(), Files.getFileStore(existing).getUsableSpace());
        } catch (IOException e) {
            throw new UncheckedIOException("The free space of the disk of " + folder + " is not known", e);
        }
    }

    /**
     * Checks that a model fits into the memory.
     *
     * @param bytes the memory that it needs
     * @param why how that is known, as the end of a sentence
     * @throws CommandFailed if it does not fit
     */
    public void requireMemory(long bytes, String why) {
        if (bytes > memoryBytes) {
            throw new CommandFailed(
                    ExitCode.REFUSED,
                    "The model needs about %s of memory%s, and this machine has %s. Choose a smaller model, or one with fewer bits per weight; --force adds it all the same, for a GPU or another machine."
                            .formatted(ByteCount.text(bytes), why, ByteCount.text(memoryBytes)));
        }
    }

    /**
     * Checks that files fit on the disk.
     *
     * @param bytes those that are still to be written
     * @throws CommandFailed if they do not fit
     */
    public void requireDisk(long bytes, Path folder) {
        if (bytes + DISK_RESERVE > diskBytes) {
            throw new CommandFailed(
                    ExitCode.UNWRITABLE,
                    "The files need %s on the disk of %s, and %s are free there. Free space, or set ATELIER_MODELS to a folder on another disk."
                            .formatted(ByteCount.text(bytes + DISK_RESERVE), folder, ByteCount.text(diskBytes)));
        }
    }
}
