package io.atelier.acceptance.crash;

import io.atelier.acceptance.Client;
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

/** A client that goes on sending jobs of all kinds and asking for them while things break, and remembers what it was told. */
final class Load implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final long PAUSE_MILLIS = 400;

    private final Client client;
    private final Random random;
    private final Kind kind;
    private final List<String> accepted = new ArrayList<>();
    private final Set<String> forgotten = new TreeSet<>();
    private final Map<String, Integer> answers = new TreeMap<>();
    private final Thread trickle = new Thread(this::trickle, "load");
    private volatile boolean enough;

    /** What every second job is, rather than only every fifth or tenth. */
    enum Kind {
        /** As it comes. */
        MIXED,
        /** A grid to be cut. */
        GRIDS,
        /** One that fails at first, so that its next attempt is due at a moment that a clock tells. */
        FAILURES
    }

    Load(Client client, long seed, Kind kind) {
        this.client = client;
        this.random = new Random(seed);
        this.kind = kind;
    }

    /** Sends some jobs at once, and from then on one after the other until it is stopped. */
    void start(int burst) {
        for (int i = 0; i < burst; i++) {
            send();
        }
        trickle.start();
    }

    /** The jobs that were answered with 202. */
    synchronized List<String> accepted() {
        return List.copyOf(accepted);
    }

    /** The accepted jobs of which it was said, at some time, that there is no such job. */
    synchronized List<String> forgotten() {
        return List.copyOf(forgotten);
    }

    /** How often which answer was given. */
    synchronized String answers() {
        return answers.entrySet().stream()
                .map(answer -> answer.getKey() + ":" + answer.getValue())
                .collect(Collectors.joining(","));
    }

    @Override
    public void close() {
        stop();
    }

    /** Sends nothing more. Returns when the last answer has come. */
    void stop() {
        enough = true;
        try {
            trickle.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void trickle() {
        try {
            while (!enough) {
                send();
                ask();
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void send() {
        try {
            var answer = client.post(request());
            if (answer.statusCode() == 202) {
                accept(JSON.readTree(answer.body()).get("id").asString());
            }
            count(Integer.toString(answer.statusCode()));
        } catch (UncheckedIOException e) {
            count("none");
        }
    }

    /** After the newest job, of which whoever answers is the most likely to know nothing. */
    private void ask() {
        var known = accepted();
        if (known.isEmpty()) {
            return;
        }
        var job = known.get(known.size() - 1);
        try {
            if (client.statusCode(job) == 404) {
                forget(job);
            }
        } catch (UncheckedIOException e) {
            // Nobody answers: that says nothing of the job.
        }
    }

    private synchronized void forget(String job) {
        forgotten.add(job);
    }

    private synchronized void accept(String job) {
        accepted.add(job);
    }

    private synchronized void count(String answer) {
        answers.merge(answer, 1, Integer::sum);
    }

    private Map<String, ?> request() {
        int dice = random.nextInt(10);
        var delay = "delay:" + (100 + random.nextInt(500)) + "ms";
        if (dice < (kind == Kind.GRIDS ? 5 : 2)) {
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
        if (dice >= (kind == Kind.FAILURES ? 5 : 9)) {
            return Map.of("model", "test-card", "prompt", delay + " card fail-times:1", "size", "64x64");
        }
        return Map.of("model", "test-card", "prompt", delay + " card", "size", "64x64", "n", dice == 8 ? 3 : 1);
    }
}
