package io.atelier.embedded;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real Kafka broker in this JVM, as a single-node cluster. Topics, records and offsets of all groups are stored in its folder and
 * survive {@link #close}, a restart and a killed process. It listens on 127.0.0.1 only, without authentication. Thread-safe.
 */
public final class EmbeddedBroker implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(EmbeddedBroker.class);
    private static final int ATTEMPTS = 3;

    /** A clean stop takes about a second. Without one, the next start checks the logs, as after a killed process. */
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);

    /** The exit status of a process whose broker ended because its disk is full. Differs from those of the JVM and of signals. */
    static final int DISK_FULL_STATUS = 89;

    private final FolderLock lock;
    private final int port;
    private final KafkaRaftServer server;
    private final AtomicBoolean closed = new AtomicBoolean();

    private EmbeddedBroker(FolderLock lock, int port, KafkaRaftServer server) {
        this.lock = lock;
        this.port = port;
        this.server = server;
    }

    /**
     * Starts a broker and returns when it serves clients: 1 to 5 seconds, up to 10 after its process was killed.
     *
     * @param dataDirectory its data folder; created and formatted if it is new
     * @param port 1 to 65535, or 0 for any free port
     * @throws EmbeddedServerFailed if the folder or the port is in use, or Kafka does not start; nothing is left running
     */
    public static EmbeddedBroker start(Path dataDirectory, int port) {
        return start(dataDirectory, port, Map.of());
    }

    /**
     * Starts a broker with further settings, such as those of a listener with security, which is called {@code CLIENTS}.
     *
     * @param settings by Kafka's names, in place of the standard ones
     * @see #start(Path, int)
     */
    public static EmbeddedBroker start(Path dataDirectory, int port, Map<String, String> settings) {
        if (port != 0 && !LoopbackPorts.isFree(port)) {
            throw LoopbackPorts.taken(port);
        }
        var lock = FolderLock.acquire(dataDirectory);
        try {
            format(lock.path());
            KafkaExitHandler.install(lock.path());
            return startOnFreePorts(lock, port, settings);
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /** The value of {@code bootstrap.servers} for clients. */
    public String bootstrapServers() {
        return LoopbackPorts.HOST + ":" + port;
    }

    /**
     * Stops the broker cleanly, in about a second, and releases its folder. A second call does nothing.
     *
     * @throws EmbeddedServerFailed if it has not stopped after 30 seconds, because a thread of Kafka is damaged; it keeps its folder until the
     *     process ends, and no record that was confirmed is lost
     */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        stopWithin(STOP_TIMEOUT, () -> {
            try {
                stop(server);
            } finally {
                lock.close();
            }
        });
    }

    /** Kafka waits for its threads without a limit, and for ever if one of them has failed. */
    static void stopWithin(Duration timeout, Runnable stop) {
        var stopping = new FutureTask<Void>(stop, null);
        var thread = new Thread(stopping, "broker-stop");
        thread.setDaemon(true);
        thread.start();
        try {
            stopping.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EmbeddedServerFailed("The stop of the embedded Kafka broker was interrupted.", e);
        } catch (ExecutionException e) {
            throw new EmbeddedServerFailed("The embedded Kafka broker did not stop cleanly: " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw new EmbeddedServerFailed(
                    "The embedded Kafka broker has not stopped after %d ms. End the process: the next start checks its logs."
                            .formatted(timeout.toMillis()),
                    e);
        }
    }

    private static void format(Path folder) {
        if (Files.exists(folder.resolve("meta.properties"))) {
            return;
        }
        try (var discarded = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
            new Formatter()
                    .setPrintStream(discarded)
                    .setClusterId(Uuid.randomUuid().toString())
                    .setNodeId(BrokerSettings.NODE)
                    .setControllerListenerName(BrokerSettings.CONTROLLER)
                    .setMetadataLogDirectory(folder.toString())
                    .addDirectory(folder.toString())
                    .run();
        } catch (Exception e) {
            throw new EmbeddedServerFailed("The folder " + folder + " could not be formatted for Kafka: " + e, e);
        }
    }

    private static EmbeddedBroker startOnFreePorts(FolderLock lock, int requestedPort, Map<String, String> settings) {
        for (int attempt = 1; ; attempt++) {
            int port = requestedPort == 0 ? LoopbackPorts.freePort() : requestedPort;
            int controllerPort = LoopbackPorts.freePort();
            try {
                return new EmbeddedBroker(lock, port, startServer(lock.path(), port, controllerPort, settings));
            } catch (RuntimeException e) {
                if (requestedPort != 0 && !LoopbackPorts.isFree(requestedPort)) {
                    throw LoopbackPorts.taken(requestedPort);
                }
                boolean portTaken = !LoopbackPorts.isFree(port) || !LoopbackPorts.isFree(controllerPort);
                if (!portTaken || attempt == ATTEMPTS) {
                    throw new EmbeddedServerFailed(
                            "The embedded Kafka broker did not start in " + lock.path() + ": " + e.getMessage(), e);
                }
                log.info("Another process took a port of the embedded Kafka broker before its start; retrying with"
                        + " other ports");
            }
        }
    }

    private static KafkaRaftServer startServer(Path folder, int port, int controllerPort, Map<String, String> more) {
        var settings = BrokerSettings.of(folder, port, controllerPort);
        settings.putAll(more);
        RequestHistograms.register();
        var server = new KafkaRaftServer(new KafkaConfig(settings, false), Time.SYSTEM);
        try {
            KafkaExitHandler.whileStarting(server::startup);
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
