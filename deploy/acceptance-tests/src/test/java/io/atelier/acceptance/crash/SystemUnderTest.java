package io.atelier.acceptance.crash;

import io.atelier.acceptance.AtelierProcess;
import io.atelier.acceptance.FreePorts;
import io.atelier.acceptance.HttpApiClient;
import io.atelier.acceptance.SupervisedProcess;
import io.atelier.acceptance.crash.fault.StoreProxy;
import io.atelier.acceptance.crash.plan.DeploymentShape;
import io.atelier.acceptance.crash.reader.ImageAvailabilityProbe;
import io.atelier.acceptance.crash.reader.JobObserver;
import io.atelier.acceptance.crash.reader.StoreReader;
import io.atelier.acceptance.crash.reader.TopicReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A running system whose parts can be disturbed individually, with its independent readers. */
final class SystemUnderTest implements AutoCloseable {

    /** Time to write the stack traces of all threads. */
    private static final Duration THREAD_DUMP_TIME = Duration.ofSeconds(1);

    /** Exit status of a process that must be restarted because the clock was set back. */
    private static final int CLOCK_EXIT_STATUS = 88;

    private static final int LOG_LINES = 60;
    private static final String ACCESS_KEY = "crash-suite";
    private static final String SECRET_KEY = "crash-suite-secret";

    private final Path data;
    private final Map<String, String> common;
    private final FreePorts ports = FreePorts.find();
    private final StoreProxy proxy;
    private final Map<String, String> parts;
    private final Map<String, SupervisedProcess> processes = new LinkedHashMap<>();
    private final HttpApiClient client = new HttpApiClient(ports.http());
    private final StoreReader store = new StoreReader(ports.s3(), ACCESS_KEY, SECRET_KEY);
    private final ImageAvailabilityProbe imageProbe = new ImageAvailabilityProbe(client, store);
    private final TopicReader topics;

    private SystemUnderTest(Path data, Map<String, String> parts, Map<String, String> common, long seed) {
        this.data = data;
        this.common = common;
        this.parts = parts;
        this.proxy = StoreProxy.to(ports.s3(), seed);
        try {
            parts.keySet().forEach(name -> start(name, Map.of()));
            awaitReady();
            this.topics = new TopicReader(ports.brokers(), imageProbe::accept);
        } catch (RuntimeException | Error e) {
            // No caller has a reference to them.
            processes.values().forEach(SupervisedProcess::kill);
            throw e;
        }
    }

    /** Starts a system with a new data folder, and returns when it is ready. */
    static SystemUnderTest of(DeploymentShape shape, Path data, long seed) {
        return new SystemUnderTest(
                data,
                shape == DeploymentShape.STANDALONE ? Map.of("standalone", "") : severalProcesses(2),
                Map.of(),
                seed);
    }

    /** Starts a system in several processes with further settings for all of them, and returns when it is ready. */
    static SystemUnderTest withSettings(Map<String, String> settings, Path data, long seed) {
        return new SystemUnderTest(data, severalProcesses(2), settings, seed);
    }

    /** Starts broker, store, gateway and the given number of generator workers with one slot each. */
    static SystemUnderTest withWorkers(int generatorCount, Path data) {
        var parts = severalProcesses(generatorCount);
        parts.remove("splitter");
        // Each run of a task is to be seen in the topic, not only those that take longer than the default.
        return new SystemUnderTest(data, parts, Map.of("IO_ATELIER_WORKER_STARTREPORTGRACEPERIOD", "0s"), 0);
    }

    private static Map<String, String> severalProcesses(int generatorCount) {
        var parts = new LinkedHashMap<String, String>();
        for (var part : List.of("broker", "store", "gateway", "splitter")) {
            parts.put(part, part);
        }
        for (int i = 1; i <= generatorCount; i++) {
            parts.put("generator-" + i, "generator");
        }
        return parts;
    }

    HttpApiClient client() {
        return client;
    }

    TopicReader topics() {
        return topics;
    }

    StoreReader store() {
        return store;
    }

    /** The proxy between the services and the store; unused in a standalone system. */
    StoreProxy proxy() {
        return proxy;
    }

    ImageAvailabilityProbe imageProbe() {
        return imageProbe;
    }

    JobObserver observer() {
        return new JobObserver(topics, imageProbe, store, client);
    }

    Path data() {
        return data;
    }

    AtelierProcess process(String name) {
        return supervised(name).current();
    }

    /** How often a part was restarted after it ended itself, since the last {@link #start}. */
    int restarts(String name) {
        return supervised(name).statuses().size();
    }

    /** Starts a stopped part with additional settings. It is restarted whenever it ends because the clock was set back. */
    void start(String name, Map<String, String> additional) {
        var settings = new HashMap<>(ports.settings(data, 1));
        settings.put("ATELIER_S3_ACCESS_KEY", ACCESS_KEY);
        settings.put("ATELIER_S3_SECRET_KEY", SECRET_KEY);
        if (parts.size() > 1) {
            settings.put("ATELIER_WORKER_ID", name);
            // The other shapes have the default, one.
            settings.put("ATELIER_LIFECYCLE_PARTITIONS", "3");
            if (!name.equals("store")) {
                settings.put("ATELIER_S3", "http://127.0.0.1:" + proxy.port());
            }
        } else {
            settings.put("ATELIER_GENERATOR_SLOTS", "2");
        }
        settings.putAll(common);
        settings.putAll(additional);
        var part = Objects.requireNonNull(parts.get(name));
        processes.put(
                name,
                SupervisedProcess.of(
                        () -> AtelierProcess.up(name, part, settings), status -> status == CLOCK_EXIT_STATUS));
    }

    /** Waits until the system is ready. */
    void awaitReady() {
        client.awaitReady(supervised(parts.size() > 1 ? "gateway" : "standalone"));
    }

    /** The parts that have ended by themselves. */
    List<String> ended() {
        return processes.keySet().stream()
                .filter(name -> !supervised(name).isAlive())
                .toList();
    }

    /** The last lines of all logs. */
    String logs() {
        try (var logs = Files.list(data.resolve("logs"));
                var outputs = Files.list(data)) {
            return Stream.concat(logs, outputs.filter(file -> file.toString().endsWith(".out")))
                    .sorted()
                    .map(SystemUnderTest::tail)
                    .collect(Collectors.joining("\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Makes every running process append a thread dump to its output.
     *
     * @return the files with the outputs
     */
    String dumpThreads() {
        processes.values().stream()
                .filter(SupervisedProcess::isAlive)
                .map(SupervisedProcess::current)
                .forEach(AtelierProcess::dumpThreads);
        LockSupport.parkNanos(THREAD_DUMP_TIME.toNanos());
        return data.resolve("*.out").toString();
    }

    /** Kills all processes; running jobs are discarded. */
    @Override
    public void close() throws IOException {
        topics.close();
        imageProbe.close();
        processes.values().forEach(SupervisedProcess::kill);
        store.close();
        proxy.close();
    }

    private SupervisedProcess supervised(String name) {
        return Objects.requireNonNull(processes.get(name), name);
    }

    private static String tail(Path file) {
        try {
            var lines = new ArrayList<>(Files.readAllLines(file));
            var last = lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size());
            return "---- " + file.getFileName() + "\n" + String.join("\n", last);
        } catch (IOException e) {
            return "---- " + file.getFileName() + ": " + e;
        }
    }
}
