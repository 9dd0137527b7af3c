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

/** The key pair of the embedded store: made once per data folder, so that all processes that share the folder share the keys. */
public record S3Keys(String accessKey, String secretKey) {

    private static final String ACCESS_KEY = "access-key";
    private static final String SECRET_KEY = "secret-key";

    /** The folder's keys, made now if there are none. Safe with several processes: one makes them, all others read them. */
    public static synchronized S3Keys of(DataFolder data) {
        var options = Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        var ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try (var file = FileChannel.open(data.keys(), options, ownerOnly)) {
            file.lock();
            var kept = new Properties();
            kept.load(Channels.newInputStream(file));
            return kept.containsKey(ACCESS_KEY) && kept.containsKey(SECRET_KEY)
                    ? new S3Keys(kept.getProperty(ACCESS_KEY), kept.getProperty(SECRET_KEY))
                    : make(file);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read or make the keys in " + data.keys(), e);
        }
    }

    @Override
    public String toString() {
        return "S3Keys[" + accessKey + ", ...]";
    }

    /** Also replaces what a process left that died while it wrote: nobody has used half a key. */
    private static S3Keys make(FileChannel file) throws IOException {
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
        var noise = new byte[bytes];
        random.nextBytes(noise);
        return HexFormat.of().formatHex(noise);
    }
}
