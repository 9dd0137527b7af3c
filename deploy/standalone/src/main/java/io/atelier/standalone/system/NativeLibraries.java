package io.atelier.standalone.system;

import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDB;
import org.rocksdb.util.Environment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Unpacks the large native libraries once for each version and data folder. By themselves RocksDB and ONNX Runtime unpack them to the temporary
 * folder at each start, and a process that is killed leaves 39 MB there.
 */
public final class NativeLibraries {

    private static final Logger log = LoggerFactory.getLogger(NativeLibraries.class);

    private static final String ONNX_RUNTIME_FOLDER = "onnxruntime.native.path";

    private NativeLibraries() {}

    /**
     * Unpacks the libraries, and makes RocksDB and ONNX Runtime use them. If a library cannot be unpacked, its owner unpacks it to the temporary
     * folder as usual. Must be called before either is used.
     */
    public static void unpack(Path folder) {
        var rocks = unpack(folder, "/", List.of(Environment.getJniLibraryFileName("rocksdb")));
        if (rocks != null) {
            loadRocksDb(rocks);
        }
        var onnx = unpack(
                folder,
                "/ai/onnxruntime/native/" + platform() + "/",
                List.of(System.mapLibraryName("onnxruntime"), System.mapLibraryName("onnxruntime4j_jni")));
        if (onnx != null && System.getProperty(ONNX_RUNTIME_FOLDER) == null) {
            System.setProperty(ONNX_RUNTIME_FOLDER, onnx.toString());
        }
    }

    /** RocksDB looks in a folder for a name of its own: the ending that it adds to the name of the library is doubled. */
    private static void loadRocksDb(Path folder) {
        var link = folder.resolve(Environment.getJniLibraryFileName("rocksdbjni"));
        try {
            if (!Files.exists(link)) {
                Files.createSymbolicLink(link, Path.of(Environment.getJniLibraryFileName("rocksdb")));
            }
            RocksDB.loadLibrary(List.of(folder.toString()));
        } catch (IOException | UnsatisfiedLinkError e) {
            log.warn("RocksDB cannot be loaded from {}; the temporary folder is used instead", folder, e);
        }
    }

    /** Returns the folder of the unpacked files; null if one is missing in this build for this machine, or cannot be written. */
    static @Nullable Path unpack(Path folder, String path, List<String> names) {
        var first = NativeLibraries.class.getResource(path + names.get(0));
        if (first == null) {
            return null;
        }
        try {
            var target = folder.resolve(version(first));
            Files.createDirectories(target);
            for (var name : names) {
                var resource = NativeLibraries.class.getResource(path + name);
                if (resource == null) {
                    return null;
                }
                unpack(resource, target.resolve(name));
            }
            return target;
        } catch (IOException e) {
            log.warn("{} cannot be unpacked below {}; the temporary folder is used instead", names, folder, e);
            return null;
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

    /** The name of this machine's kind in the jar of ONNX Runtime. */
    private static String platform() {
        var system = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac") ? "osx" : "linux";
        var processor = System.getProperty("os.arch");
        return system + "-" + (processor.equals("amd64") || processor.equals("x86_64") ? "x64" : processor);
    }
}
