package io.atelier.benchmark.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A system on this machine with a data folder of its own, from its start to {@link #close}. */
public final class RunningSystem implements AutoCloseable {

    private static final String S3 = "ATELIER_S3";

    private final LaunchConfiguration configuration;
    private final Path folder;
    private final Map<String, String> settings;
    private final GatewayApi gateway;
    private final String brokers;
    private final List<SystemProcess> processes = new ArrayList<>();

    private RunningSystem(LaunchConfiguration configuration, Path folder, FreePorts ports) {
        this.configuration = configuration;
        this.folder = folder;
        this.settings = settings(configuration, folder, ports);
        this.gateway = new GatewayApi("http://127.0.0.1:" + ports.http());
        this.brokers = "127.0.0.1:" + ports.kafka();
    }

    /**
     * Starts a system with the test card and returns when it is ready. The environment variables ATELIER_S3, ATELIER_S3_ACCESS_KEY and
     * ATELIER_S3_SECRET_KEY of this process can name another S3 server than the embedded one.
     */
    public static RunningSystem start(LaunchConfiguration configuration) {
        var system = new RunningSystem(configuration, newFolder(configuration), FreePorts.find());
        try {
            system.startProcesses();
            return system;
        } catch (RuntimeException e) {
            system.close();
            throw e;
        }
    }

    /** Kills all processes, starts them again with the same data, and returns the time from their start until the system is ready. */
    public Duration killAndRestart() {
        processes.forEach(SystemProcess::kill);
        processes.clear();
        long start = System.nanoTime();
        startProcesses();
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private void startProcesses() {
        for (var parts : configuration.processes(System.getenv(S3) == null)) {
            processes.add(SystemProcess.up(configuration.javaOptions(), configuration.build(), parts, settings));
        }
        gateway.awaitReady(() -> processes.forEach(SystemProcess::requireAlive));
    }

    public GatewayApi gateway() {
        return gateway;
    }

    /** The value of {@code bootstrap.servers} for clients. */
    public String brokers() {
        return brokers;
    }

    /** The processor time that all processes have used. */
    public Duration processorTime() {
        return processes.stream().map(SystemProcess::processorTime).reduce(Duration.ZERO, Duration::plus);
    }

    /** Stops the processes in reverse order of their start, and deletes the folder. */
    @Override
    public void close() {
        for (int last = processes.size() - 1; last >= 0; last--) {
            processes.get(last).close();
        }
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot delete " + folder, e);
        }
    }

    private static Path newFolder(LaunchConfiguration configuration) {
        try {
            Files.createDirectories(configuration.data());
            return Files.createTempDirectory(configuration.data(), "system-");
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot create a folder in " + configuration.data(), e);
        }
    }

    private static Map<String, String> settings(LaunchConfiguration configuration, Path folder, FreePorts ports) {
        var settings = new HashMap<String, String>();
        settings.put("ATELIER_DATA", folder.toString());
        settings.put("ATELIER_HTTP_PORT", Integer.toString(ports.http()));
        settings.put("ATELIER_KAFKA", "127.0.0.1:" + ports.kafka());
        settings.put(S3, System.getenv().getOrDefault(S3, "http://127.0.0.1:" + ports.s3()));
        settings.put("ATELIER_TEST_CARD", "true");
        settings.putAll(configuration.settings());
        return settings;
    }
}
