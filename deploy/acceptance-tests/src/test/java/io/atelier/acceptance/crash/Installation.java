package io.atelier.acceptance.crash;

import io.atelier.acceptance.AtelierProcess;
import io.atelier.acceptance.Client;
import io.atelier.acceptance.FreePorts;
import io.atelier.acceptance.SupervisedProcess;
import io.atelier.acceptance.crash.fault.StoreProxy;
import io.atelier.acceptance.crash.plan.Shape;
import io.atelier.acceptance.crash.reader.Inquiry;
import io.atelier.acceptance.crash.reader.StoreReader;
import io.atelier.acceptance.crash.reader.TopicReader;
import io.atelier.acceptance.crash.reader.Witness;
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

/** A running system whose parts can be broken one by one, and its independent reader. */
final class Installation implements AutoCloseable {

    /** Enough for a thousand stack traces. */
    private static final Duration WRITING = Duration.ofSeconds(1);

    /** By which a process says that the clock was set back, and that it wants to be started again. */
    private static final int SET_BACK_STATUS = 88;

    private static final int LINES = 60;
    private static final String ACCESS_KEY = "crash-suite";
    private static final String SECRET_KEY = "crash-suite-secret";

    private final Path data;
    private final FreePorts ports = FreePorts.find();
    private final StoreProxy proxy;
    private final Map<String, String> parts;
    private final Map<String, SupervisedProcess> processes = new LinkedHashMap<>();
    private final Client client = new Client(ports.http());
    private final Witness witness = new Witness(client);
    private final StoreReader store = new StoreReader(ports.s3(), ACCESS_KEY, SECRET_KEY);
    private final TopicReader topics;

    private Installation(Path data, Map<String, String> parts, long seed) {
        this.data = data;
        this.parts = parts;
        this.proxy = StoreProxy.to(ports.s3(), seed);
        try {
            parts.keySet().forEach(name -> start(name, Map.of()));
            awaitReady();
            this.topics = new TopicReader(ports.brokers(), witness::hear);
        } catch (RuntimeException | Error e) {
            // Nobody else will ever know of them.
            processes.values().forEach(SupervisedProcess::kill);
            throw e;
        }
    }

    /** Starts a system with its data in a new folder, and returns when it takes jobs. */
    static Installation of(Shape shape, Path data, long seed) {
        return new Installation(data, shape == Shape.STANDALONE ? Map.of("standalone", "") : severalProcesses(2), seed);
    }

    /** Starts broker, store, gateway, and so many generator workers with one slot each. */
    static Installation ofWorkers(int generators, Path data) {
        var parts = severalProcesses(generators);
        parts.remove("splitter");
        return new Installation(data, parts, 0);
    }

    private static Map<String, String> severalProcesses(int generators) {
        var parts = new LinkedHashMap<String, String>();
        for (var part : List.of("broker", "store", "gateway", "splitter")) {
            parts.put(part, part);
        }
        for (int i = 1; i <= generators; i++) {
            parts.put("generator-" + i, "generator");
        }
        return parts;
    }

    Client client() {
        return client;
    }

    TopicReader topics() {
        return topics;
    }

    StoreReader store() {
        return store;
    }

    /** Between the services and the store; nobody asks it in a standalone system. */
    StoreProxy proxy() {
        return proxy;
    }

    Inquiry inquiry() {
        return new Inquiry(topics, witness, store, client);
    }

    Path data() {
        return data;
    }

    AtelierProcess process(String name) {
        return supervised(name).current();
    }

    /** How often a part has ended itself to be started again, and was, since the last {@link #start}. */
    int restarts(String name) {
        return supervised(name).statuses().size();
    }

    /** Starts a part that does not run, with settings of its own. It is started again whenever it ends itself for that. */
    void start(String name, Map<String, String> more) {
        var settings = new HashMap<>(ports.settings(data, 1));
        settings.put("ATELIER_S3_ACCESS_KEY", ACCESS_KEY);
        settings.put("ATELIER_S3_SECRET_KEY", SECRET_KEY);
        if (parts.size() > 1) {
            settings.put("ATELIER_WORKER_ID", name);
            if (!name.equals("store")) {
                settings.put("ATELIER_S3", "http://127.0.0.1:" + proxy.port());
            }
        } else {
            settings.put("ATELIER_GENERATOR_SLOTS", "2");
        }
        settings.putAll(more);
        var part = Objects.requireNonNull(parts.get(name));
        processes.put(
                name,
                SupervisedProcess.of(
                        () -> AtelierProcess.up(name, part, settings), status -> status == SET_BACK_STATUS));
    }

    /** Waits until the system takes jobs. */
    void awaitReady() {
        client.awaitReady(supervised(parts.size() > 1 ? "gateway" : "standalone"));
    }

    /** The parts that have ended, though nobody ended them. */
    List<String> ended() {
        return processes.keySet().stream()
                .filter(name -> !supervised(name).alive())
                .toList();
    }

    /** The last lines of all logs. */
    String logs() {
        try (var logs = Files.list(data.resolve("logs"));
                var outputs = Files.list(data)) {
            return Stream.concat(logs, outputs.filter(file -> file.toString().endsWith(".out")))
                    .sorted()
                    .map(Installation::tail)
                    .collect(Collectors.joining("\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Makes every process that runs write where its threads stand, after whatever else it has said.
     *
     * @return where its output lies
     */
    String askForThreads() {
        processes.values().stream()
                .filter(SupervisedProcess::alive)
                .map(SupervisedProcess::current)
                .forEach(AtelierProcess::askForThreads);
        LockSupport.parkNanos(WRITING.toNanos());
        return data.resolve("*.out").toString();
    }

    /** Stops everything, whatever state it is in: what is under way is of no interest any more. */
    @Override
    public void close() throws IOException {
        topics.close();
        witness.close();
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
            var last = lines.subList(Math.max(0, lines.size() - LINES), lines.size());
            return "---- " + file.getFileName() + "\n" + String.join("\n", last);
        } catch (IOException e) {
            return "---- " + file.getFileName() + ": " + e;
        }
    }
}
