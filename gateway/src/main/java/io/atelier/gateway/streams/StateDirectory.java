package io.atelier.gateway.streams;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * The directory of the Kafka Streams stores. It has one folder for each Kafka cluster, because a store of another cluster's topics would
 * stay empty without an error. Its instance id survives restarts, because a returning group member gets its partitions back at once.
 *
 * @param path the folder of this cluster
 * @param instance the id of this gateway in its consumer group
 */
public record StateDirectory(Path path, String instance) {

    /**
     * Opens the folder of a cluster; creates it if it does not exist.
     *
     * @throws UncheckedIOException if the folder cannot be created or written
     */
    public static StateDirectory open(Path root, String clusterId) {
        var folder = root.resolve(clusterId).toAbsolutePath();
        try {
            Files.createDirectories(folder);
            return new StateDirectory(folder, instance(folder.resolve("instance-id")));
        } catch (IOException e) {
            throw new UncheckedIOException("The state directory " + folder + " cannot be used: " + e.getMessage(), e);
        }
    }

    private static String instance(Path file) throws IOException {
        try {
            Files.writeString(file, UUID.randomUUID().toString(), StandardOpenOption.CREATE_NEW);
        } catch (FileAlreadyExistsException e) {
            // An earlier start has created it.
        }
        return Files.readString(file).strip();
    }
}
