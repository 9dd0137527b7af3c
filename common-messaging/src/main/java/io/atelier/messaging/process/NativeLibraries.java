package io.atelier.messaging.process;

import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Unpacks native libraries from their jars once for each version and data folder. Their owners by themselves unpack them to the temporary folder at
 * each start, and a process that is killed leaves them there: 39 MB for RocksDB and ONNX Runtime.
 */
public final class NativeLibraries {

    private static final Logger log = LoggerFactory.getLogger(NativeLibraries.class);

    private NativeLibraries() {}

    /**
     * The folder for the libraries of a process.
     *
     * @param environment the environment variables; {@code ATELIER_DATA} names the data folder, which is {@code data} otherwise
     */
    public static Path folder(Map<String, String> environment) {
        var data = environment.getOrDefault("ATELIER_DATA", "");
        return folder(Path.of(data.isEmpty() ? "data" : data));
    }

    /** The folder for the libraries in this data folder. */
    public static Path folder(Path data) {
        return data.resolve("native");
    }

    /**
     * Unpacks libraries that belong together. Several processes may unpack to the same folder at the same time.
     *
     * @param folder the folder for all libraries; created if it is missing
     * @param path the folder of the libraries in their jar, which begins and ends with a slash
     * @param names file names in it
     * @return the folder of the unpacked files; empty if one is missing in this build for this machine, or cannot be written: then their owner
     *     unpacks them to the temporary folder
     */
    public static Optional<Path> unpack(Path folder, String path, List<String> names) {
        var first = NativeLibraries.class.getResource(path + names.get(0));
        if (first == null) {
            return Optional.empty();
        }
        try {
            var target = folder.resolve(version(first));
            Files.createDirectories(target);
            for (var name : names) {
                var resource = NativeLibraries.class.getResource(path + name);
                if (resource == null) {
                    return Optional.empty();
                }
                unpack(resource, target.resolve(name));
            }
            return Optional.of(target.toAbsolutePath());
        } catch (IOException e) {
            // As in a container without a data folder, where the temporary folder ends with the container.
            log.info(
                    "{} cannot be unpacked below {}; the temporary folder is used instead: {}",
                    names,
                    folder,
                    e.toString());
            return Optional.empty();
        }
    }

    /** Another process may unpack the same file at the same time: both write the same, and the file appears when it is complete. */
    private static void unpack(URL resource, Path file) throws IOException {
        if (Files.exists(file)) {
            return;
        }
        var temporary =
                Files.createTempFile(file.resolveSibling(""), file.getFileName().toString(), ".part");
        try (var content = resource.openStream()) {
            Files.copy(content, temporary, StandardCopyOption.REPLACE_EXISTING);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /** The checksum and the size in the directory of the jar, which cost no reading of the library. */
    private static String version(URL resource) throws IOException {
        if (resource.openConnection() instanceof JarURLConnection connection) {
            var entry = connection.getJarEntry();
            return "%08x-%d".formatted(entry.getCrc(), entry.getSize());
        }
        throw new IOException(resource + " is not in a jar");
    }
}
