package io.atelier.gateway.api.operations;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Measures the free space of a disk. */
@FunctionalInterface
public interface FreeSpace {

    /**
     * The bytes that this process may still write to the disk of a folder, which need not exist. Blocks.
     *
     * @throws IOException if it cannot be measured
     */
    long bytes(Path folder) throws IOException;

    /** The free space that the file system reports. */
    static FreeSpace ofFileSystem() {
        return folder -> {
            var existing = folder.toAbsolutePath();
            while (!Files.exists(existing) && existing.getParent() != null) {
                existing = existing.getParent();
            }
            return Files.getFileStore(existing).getUsableSpace();
        };
    }
}
