package io.atelier.acceptance.crash;

import io.atelier.acceptance.HttpApiClient;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/** Submits jobs of all kinds and reads their states while faults are active, and records the responses. */
final class LoadGenerator implements AutoCloseable {

    /** The ids of personas begin so. */
    static final String PERSONA_PREFIX = "crash-";

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final HttpApiClient client;
    private final Random random;
    private final Kind kind;
    private final String personas;
    private int personaCount;
    private final List<String> accepted = new ArrayList<>();
    private final Set<String> unknown = new TreeSet<>();
    private final Map<String, Integer> responses = new TreeMap<>();
    private final Thread thread = new Thread(this::run, "load");
    private volatile boolean stopped;

    /** What is submitted. Of the kinds for one job, it is that of every second job, instead of every fifth or tenth. */
    enum Kind {
        /** Jobs without a preference. */
        MIXED,
        /** Grids to be split. */
        GRIDS,
        /** Jobs whose first attempt fails, so that the next one is due at a time of the wall clock. */
        FAILURES,
        /** Avatars, each of a persona of its own. */
        PERSONAS;

        private String path() {
            return this == PERSONAS ? "/v1/avatars" : "/v1/generations";
        }

        /** An avatar is several tasks. */
        private long intervalMillis() {
            return this == PERSONAS ? 1_000 : 400;
        }
    }

    LoadGenerator(HttpApiClient client, long seed, Kind kind) {
        this.client = client;
        this.random = new Random(seed);
        this.kind = kind;
        this.personas = PERSONA_PREFIX + Long.toHexString(seed) + "-";
    }

    /** Submits a burst of jobs, then one job per interval until it is stopped. */
    void start(int burst) {
        for (int i = 0; i < burst; i++) {
            send();
        }
        thread.start();
    }

    /** The jobs that were accepted with 202. */
    synchronized List<String> accepted() {
        return List.copyOf(accepted);
    }

    /** The accepted jobs for which a later GET returned 404. */
    synchronized List<String> unknown() {
        return List.copyOf(unknown);
    }

    /** The number of responses by status. */
    synchronized String responses() {
        return responses.entrySet().stream()
                .map(response -> response.getKey() + ":" + response.getValue())
                .collect(Collectors.joining(","));
    }

    @Override
    public void close() {
        stop();
    }

    /** Stops the load. Returns when the last response has arrived. */
    void stop() {
        stopped = true;
        try {
            // Returns at once if it was not started.
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (!stopped) {
                send();
                readNewest();
                TimeUnit.MILLISECONDS.sleep(kind.intervalMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Submits one job. Not to be called after {@link #start}. */
    void send() {
        try {
            var response = client.post(kind.path(), kind == Kind.PERSONAS ? avatar() : request());
            if (response.statusCode() == 202) {
                accept(JSON.readTree(response.body()).get("id").asString());
            }
            count(Integer.toString(response.statusCode()));
        } catch (UncheckedIOException e) {
            count("none");
        }
    }

    /** Reads the newest job, which is most likely to be unknown to a gateway. */
    private void readNewest() {
        var submitted = accepted();
        if (submitted.isEmpty()) {
            return;
        }
        var job = submitted.get(submitted.size() - 1);
        try {
            if (client.statusCode(job) == 404) {
                addUnknown(job);
            }
        } catch (UncheckedIOException e) {
            // No response proves nothing about the job.
        }
    }

    private synchronized void addUnknown(String job) {
        unknown.add(job);
    }

    private synchronized void accept(String job) {
        accepted.add(job);
    }

    private synchronized void count(String response) {
        responses.merge(response, 1, Integer::sum);
    }

    /** Four images, or eight, with one prompt or one for each grid. The persona's id is in its first bio, so that each call says whom it is about. */
    private Map<String, ?> avatar() {
        int choice = random.nextInt(3);
        var id = personas + personaCount++;
        return Map.of(
                "persona",
                Map.of(
                        "id", id,
                        "firstname", "Ada",
                        "lastname", "Miller",
                        "gender", "f",
                        "bio_facebook", "Signs as " + id + ", and bakes.",
                        "bio_instagram", "",
                        "bio_x", "",
                        "bio_tiktok", ""),
                "images",
                choice == 0 ? 4 : 8,
                "distinct_prompts",
                choice == 2);
    }

    private Map<String, ?> request() {
        int choice = random.nextInt(10);
        var delay = "delay:" + (100 + random.nextInt(500)) + "ms";
        if (choice < (kind == Kind.GRIDS ? 5 : 2)) {
            return Map.of(
                    "model",
                    "test-card",
                    "prompt",
                    delay + " icons grid:2x2",
                    "size",
                    "256x256",
                    "grid",
                    Map.of("layout", "2x2"));
        }
        if (choice >= (kind == Kind.FAILURES ? 5 : 9)) {
            return Map.of("model", "test-card", "prompt", delay + " card fail-times:1", "size", "64x64");
        }
        return Map.of("model", "test-card", "prompt", delay + " card", "size", "64x64", "n", choice == 8 ? 3 : 1);
    }
}
