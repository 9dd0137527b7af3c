package io.atelier.embedded;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/**
 * Folders that only their owner may enter, because files in them hold prompts, images and keys. Does nothing on file systems without POSIX
 * permissions.
 */
public final class OwnerOnly {

    private static final Set<PosixFilePermission> OF_OWNER = EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    private OwnerOnly() {}

    /** Creates a folder and its missing parents with mode 0700; those that exist stay as they are. */
    public static void createMissing(Path folder) throws IOException {
        if (isPosix(existingParent(folder))) {
            Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(OF_OWNER));
        } else {
            Files.createDirectories(folder);
        }
    }

    /** As {@link #createMissing}; if the folder exists and others may enter it, it and all that it contains become those of the owner only. */
    public static void create(Path folder) throws IOException {
        createMissing(folder);
        if (isPosix(folder) && !OF_OWNER.containsAll(Files.getPosixFilePermissions(folder))) {
            restrict(folder);
        }
    }

    /** Takes the permissions of group and others from a folder and all that it contains. Links are not followed. */
    public static void restrict(Path folder) throws IOException {
        if (!isPosix(folder)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                    throws IOException {
                restrictOne(directory);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (!attributes.isSymbolicLink()) {
                    restrictOne(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                return ignoringDeleted(failure);
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException failure) throws IOException {
                return failure == null ? FileVisitResult.CONTINUE : ignoringDeleted(failure);
            }
        });
    }

    private static void restrictOne(Path file) throws IOException {
        try {
            var permissions = EnumSet.noneOf(PosixFilePermission.class);
            permissions.addAll(Files.getPosixFilePermissions(file));
            if (permissions.retainAll(OF_OWNER)) {
                Files.setPosixFilePermissions(file, permissions);
            }
        } catch (NoSuchFileException e) {
            // Servers that run delete files at any time.
            return;
        }
    }

    private static FileVisitResult ignoringDeleted(IOException failure) throws IOException {
        if (failure instanceof NoSuchFileException) {
            return FileVisitResult.CONTINUE;
        }
        throw failure;
    }

    private static Path existingParent(Path folder) {
        var existing = folder.toAbsolutePath();
        while (!Files.exists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        return existing;
    }

    private static boolean isPosix(Path file) {
        return Files.getFileAttributeView(file, PosixFileAttributeView.class) != null;
    }
}
