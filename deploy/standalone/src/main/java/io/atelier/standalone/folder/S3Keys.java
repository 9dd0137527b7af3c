package io.atelier.standalone.folder;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Properties;
import java.util.Set;

/** Key pair of the embedded object store, created once per data folder and shared by all processes of that folder. */
public record S3Keys(String accessKey, String secretKey) {

    private static final String ACCESS_KEY = "access-key";
    private static final String SECRET_KEY = "secret-key";

    /** The keys of the folder, created if there are none. Safe across processes: one creates them, all others read them. */
    public static synchronized S3Keys of(DataFolder data) {
        var options = Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        var ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try (var file = FileChannel.open(data.keys(), options, ownerOnly)) {
            file.lock();
            var stored = new Properties();
            stored.load(Channels.newInputStream(file));
            return stored.containsKey(ACCESS_KEY) && stored.containsKey(SECRET_KEY)
                    ? new S3Keys(stored.getProperty(ACCESS_KEY), stored.getProperty(SECRET_KEY))
                    : create(file);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read or create the keys in " + data.keys(), e);
        }
    }

    @Override
    public String toString() {
        return "S3Keys[" + accessKey + ", ...]";
    }

    /** Also replaces a partial file of a process that died while writing: its keys were never used. */
    private static S3Keys create(FileChannel file) throws IOException {
        var random = new SecureRandom();
        var keys = new S3Keys(hex(random, 10), hex(random, 24));
        var properties = new Properties();
        properties.setProperty(ACCESS_KEY, keys.accessKey);
        properties.setProperty(SECRET_KEY, keys.secretKey);
        file.truncate(0);
        file.position(0);
        properties.store(Channels.newOutputStream(file), "The keys of the embedded object store");
        file.force(true);
        return keys;
    }

    private static String hex(SecureRandom random, int bytes) {
        var value = new byte[bytes];
        random.nextBytes(value);
        return HexFormat.of().formatHex(value);
    }
}
