package io.atelier.embedded;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Kafka broker in this JVM, the real one, alone in its cluster. Topics, records and offsets of all groups lie in its folder and
 * survive {@link #close}, a restart and a killed process. It listens on 127.0.0.1 only, without a password. Thread-safe.
 */
public final class EmbeddedBroker implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(EmbeddedBroker.class);
    private static final int ATTEMPTS = 3;

    private final LockedFolder folder;
    private final int port;
    private final KafkaRaftServer server;
    private final AtomicBoolean closed = new AtomicBoolean();

    private EmbeddedBroker(LockedFolder folder, int port, KafkaRaftServer server) {
        this.folder = folder;
        this.port = port;
        this.server = server;
    }

    /**
     * Starts a broker and returns when it serves clients: 1 to 5 seconds, up to 10 after its process was killed.
     *
     * @param dataDirectory where its data lie; made and formatted when it is new
     * @param port 1 to 65535, or 0 for any free one
     * @throws EmbeddedServerFailed if the folder or the port is in use by another, or Kafka does not start; nothing is left running
     */
    public static EmbeddedBroker start(Path dataDirectory, int port) {
        if (port != 0 && !Loopback.isFree(port)) {
            throw Loopback.taken(port);
        }
        var folder = LockedFolder.claim(dataDirectory);
        try {
            format(folder.path());
            FatalFaultHandler.install();
            return startOnFreePorts(folder, port);
        } catch (RuntimeException e) {
            folder.close();
            throw e;
        }
    }

    /** What clients set as {@code bootstrap.servers}. */
    public String bootstrapServers() {
        return Loopback.HOST + ":" + port;
    }

    /** Stops the broker in good order, in about a second, and frees its folder. Does nothing the second time. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            stop(server);
        } finally {
            folder.close();
        }
    }

    private static void format(Path folder) {
        if (Files.exists(folder.resolve("meta.properties"))) {
            return;
        }
        try (var silence = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
            new Formatter()
                    .setPrintStream(silence)
                    .setClusterId(Uuid.randomUuid().toString())
                    .setNodeId(BrokerSettings.NODE)
                    .setControllerListenerName(BrokerSettings.CONTROLLER)
                    .setMetadataLogDirectory(folder.toString())
                    .addDirectory(folder.toString())
                    .run();
        } catch (Exception e) {
            throw new EmbeddedServerFailed("The folder " + folder + " could not be made ready for Kafka: " + e, e);
        }
    }

    private static EmbeddedBroker startOnFreePorts(LockedFolder folder, int wantedPort) {
        for (int attempt = 1; ; attempt++) {
            int port = wantedPort == 0 ? Loopback.freePort() : wantedPort;
            int controllerPort = Loopback.freePort();
            try {
                return new EmbeddedBroker(folder, port, startServer(folder.path(), port, controllerPort));
            } catch (RuntimeException e) {
                if (wantedPort != 0 && !Loopback.isFree(wantedPort)) {
                    throw Loopback.taken(wantedPort);
                }
                boolean portLost = !Loopback.isFree(port) || !Loopback.isFree(controllerPort);
                if (!portLost || attempt == ATTEMPTS) {
                    throw new EmbeddedServerFailed(
                            "The embedded Kafka broker did not start in " + folder.path() + ": " + e.getMessage(), e);
                }
                log.info("Somebody took a port before the embedded Kafka broker had it; trying other ports");
            }
        }
    }

    private static KafkaRaftServer startServer(Path folder, int port, int controllerPort) {
        var settings = BrokerSettings.of(folder, port, controllerPort);
        var server = new KafkaRaftServer(new KafkaConfig(settings, false), Time.SYSTEM);
        try {
            FatalFaultHandler.whileStarting(server::startup);
        } catch (RuntimeException e) {
            stop(server);
            throw e;
        }
        return server;
    }

    private static void stop(KafkaRaftServer server) {
        server.shutdown();
        server.awaitShutdown();
    }
}
