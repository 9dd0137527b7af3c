package io.atelier.gateway.streams;

import io.atelier.messaging.process.NativeLibraries;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.rocksdb.RocksDB;
import org.rocksdb.util.Environment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The native library of RocksDB, in which Kafka Streams keeps the state of the jobs. */
public final class RocksDbLibrary {

    private static final Logger log = LoggerFactory.getLogger(RocksDbLibrary.class);

    private RocksDbLibrary() {}

    /**
     * Unpacks the library and loads it from there. If that fails, RocksDB unpacks it to the temporary folder as usual. Must be called before
     * RocksDB is used.
     *
     * @param folder the folder for native libraries, see {@link NativeLibraries#folder}
     */
    public static void load(Path folder) {
        NativeLibraries.unpack(folder, "/", List.of(Environment.getJniLibraryFileName("rocksdb")))
                .ifPresent(RocksDbLibrary::loadUnpacked);
    }

    /** RocksDB looks in a folder for a name of its own: the ending that it adds to the name of the library is doubled. */
    private static void loadUnpacked(Path folder) {
        var link = folder.resolve(Environment.getJniLibraryFileName("rocksdbjni"));
        try {
            linkIfMissing(link);
            RocksDB.loadLibrary(List.of(folder.toString()));
        } catch (IOException | UnsatisfiedLinkError e) {
            log.warn("RocksDB cannot be loaded from {}; the temporary folder is used instead", folder, e);
        }
    }

    private static void linkIfMissing(Path link) throws IOException {
        try {
            Files.createSymbolicLink(link, Path.of(Environment.getJniLibraryFileName("rocksdb")));
        } catch (FileAlreadyExistsException e) {
            // By an earlier start, or by another process at the same time.
        }
    }
}
