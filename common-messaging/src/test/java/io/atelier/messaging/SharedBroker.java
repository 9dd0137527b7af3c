package io.atelier.messaging;

import io.atelier.embedded.EmbeddedBroker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import org.springframework.util.FileSystemUtils;

/** An embedded broker that all tests of a JVM share. It starts with the first use and stops with the JVM. */
public final class SharedBroker {

    private static final String BOOTSTRAP_SERVERS = start();

    private SharedBroker() {}

    public static String bootstrapServers() {
        return BOOTSTRAP_SERVERS;
    }

    private static String start() {
        try {
            var folder = Files.createTempDirectory("atelier-broker");
            var broker = EmbeddedBroker.start(folder, 0);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                broker.close();
                FileSystemUtils.deleteRecursively(folder.toFile());
            }));
            return broker.bootstrapServers();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
