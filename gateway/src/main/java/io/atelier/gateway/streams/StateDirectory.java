package io.atelier.gateway.streams;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * Where Kafka Streams keeps its stores: one folder a cluster, because stores that belong to other topics would stay silently empty, and an
 * instance id that outlives restarts, because a returning member of the group takes its partitions over at once.
 *
 * @param path of this cluster's folder
 * @param instance names this gateway among its group
 */
public record StateDirectory(Path path, String instance) {

    /** Opens the folder of a cluster, and makes it first if it is not there. */
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
            // Made by an earlier start, which is the point.
        }
        return Files.readString(file).strip();
    }
}
