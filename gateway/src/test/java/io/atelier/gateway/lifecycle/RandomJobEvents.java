package io.atelier.gateway.lifecycle;

import static io.atelier.gateway.lifecycle.JobEventFixtures.failed;
import static io.atelier.gateway.lifecycle.JobEventFixtures.started;
import static io.atelier.gateway.lifecycle.JobEventFixtures.succeeded;

import io.atelier.contract.image.GridSpec;
import io.atelier.contract.job.Failure.Code;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.JobEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;

/** Creates all events of random jobs of today's kinds for tests, in an order in which they can happen. */
final class RandomJobEvents {

    private RandomJobEvents() {}

    /** The events of a random job: attempts that fail, are lost or succeed, fallback models, and the lifecycle's own requests between them. */
    static List<JobEvent> create(Random random) {
        if (random.nextInt(4) == 0) {
            return splitEvents(random);
        }
        var grid = random.nextBoolean();
        var models = List.of("b", "c").subList(0, random.nextInt(3)).toArray(String[]::new);
        var request = JobEventFixtures.requested(grid ? new GridSpec(2, 2, true, 0, 8, 32) : null, models);
        var events = new ArrayList<JobEvent>();
        events.add(request);
        var end = task("generate", random, events, request);
        for (int number = 1; number <= models.length && end == End.FALLBACK_ALLOWED; number++) {
            request = retry(
                    "generate-fallback-" + number, 1, request, request.request().withNextFallback());
            events.add(request);
            end = task(request.task(), random, events, request);
        }
        if (end == End.DONE && grid) {
            task("split", random, events, request);
        }
        return events;
    }

    /** The events of a random job that only splits. Its further attempts are not requested by events. */
    private static List<JobEvent> splitEvents(Random random) {
        var events = new ArrayList<JobEvent>();
        var request = JobEventFixtures.splitRequested();
        events.add(request);
        if (task("split", random, events, request) == End.DONE) {
            events.replaceAll(event -> event instanceof JobEvent.TaskSucceeded end
                    ? JobEventFixtures.split("split", end.attempt())
                    : event);
        }
        events.removeIf(event -> event instanceof JobEvent.GenerationRequested again && again.attempt() > 1);
        return events;
    }

    /** How a task of a random job ends. */
    private enum End {
        DONE,
        FALLBACK_ALLOWED,
        PERMANENT
    }

    private static End task(String task, Random random, List<JobEvent> events, JobEvent.GenerationRequested request) {
        for (int attempt = 1; attempt <= JobEventFixtures.MAX_ATTEMPTS; attempt++) {
            int start = random.nextInt(4);
            if (start > 1) {
                events.add(started(task, attempt));
            }
            UnaryOperator<JobEvent> report =
                    end -> start == 1 ? JobEventFixtures.withStart(end, JobEventFixtures.NOON.plusMillis(1)) : end;
            switch (random.nextInt(5)) {
                case 0 -> {
                    // The worker was lost without a report; the broker delivers the record again.
                    if (attempt == JobEventFixtures.MAX_ATTEMPTS) {
                        events.add(failed(task, attempt + 1, Code.POISONED));
                        return End.PERMANENT;
                    }
                }
                case 1 -> {
                    events.add(report.apply(failed(task, attempt, Code.ENGINE_UNAVAILABLE)));
                    if (attempt == JobEventFixtures.MAX_ATTEMPTS) {
                        return End.FALLBACK_ALLOWED;
                    }
                    events.add(retry(task, attempt + 1, request, request.request()));
                }
                case 2 -> {
                    events.add(report.apply(failed(task, attempt, Code.RATE_LIMITED)));
                    return End.FALLBACK_ALLOWED;
                }
                case 3 -> {
                    events.add(report.apply(failed(task, attempt, Code.MODERATION_BLOCKED)));
                    return End.PERMANENT;
                }
                default -> {
                    events.add(report.apply(succeeded(task, attempt)));
                    return End.DONE;
                }
            }
        }
        return End.PERMANENT;
    }

    /** A further attempt, as the lifecycle requests it. */
    private static JobEvent.GenerationRequested retry(
            String task, int attempt, JobEvent.GenerationRequested first, GenerationRequest request) {
        return new JobEvent.GenerationRequested(
                first.job(), task, attempt, first.maxAttempts(), first.at().plusSeconds(attempt), null, request);
    }
}
