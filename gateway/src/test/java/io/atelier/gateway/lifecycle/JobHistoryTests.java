package io.atelier.gateway.lifecycle;

import static io.atelier.gateway.lifecycle.JobEventFixtures.failed;
import static io.atelier.gateway.lifecycle.JobEventFixtures.gridRequested;
import static io.atelier.gateway.lifecycle.JobEventFixtures.requested;
import static io.atelier.gateway.lifecycle.JobEventFixtures.started;
import static io.atelier.gateway.lifecycle.JobEventFixtures.succeeded;
import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.image.GridSpec;
import io.atelier.contract.job.Failure.Code;
import io.atelier.contract.job.GenerationEvent;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobEvent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class JobHistoryTests {

    @RepeatedTest(300)
    void anyOrderAndAnyRepetitionEndsInTheSameTerminalState(RepetitionInfo repetition) {
        var random = new Random(repetition.getCurrentRepetition());
        var events = events(random);
        var expected = outcome(history(events));

        var shuffled = new ArrayList<>(events);
        IntStream.range(0, random.nextInt(6)).forEach(i -> shuffled.add(events.get(random.nextInt(events.size()))));
        Collections.shuffle(shuffled, random);

        assertThat(outcome(history(shuffled)))
                .as("events %s, applied as %s", names(events), names(shuffled))
                .isEqualTo(expected);
    }

    @RepeatedTest(100)
    void historyIsThatOfItsEventsHoweverItCameToBe(RepetitionInfo repetition) {
        var random = new Random(repetition.getCurrentRepetition());
        var events = new ArrayList<>(events(random));
        events.add(JobEventFixtures.eraseRequested());
        Collections.shuffle(events, random);

        var serde = JobHistorySerde.create();
        var history = JobHistory.empty();
        for (var event : events) {
            history = history.with(event);
            var folded = new JobHistory(history.applied(), history.pending());

            assertThat(history.state()).isEqualTo(folded.state());
            assertThat(history.states()).isEqualTo(folded.states());
            assertThat(serde.deserializer().deserialize("", serde.serializer().serialize("", history)))
                    .isEqualTo(history);
        }
    }

    @RepeatedTest(100)
    void versionsAreAnnouncedWithoutGapsAndWithoutChange(RepetitionInfo repetition) {
        var random = new Random(repetition.getCurrentRepetition());
        var events = new ArrayList<>(events(random));
        Collections.shuffle(events, random);

        var announced = new ArrayList<Announcement>();
        var history = JobHistory.empty();
        for (var event : events) {
            var before = history.version();
            history = history.with(event);
            for (int version = before + 1; version <= history.version(); version++) {
                announced.add(history.announcement(version));
            }
        }

        assertThat(announced)
                .extracting(announcement -> announcement.event().version())
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, history.version()).boxed().toList());
        for (int version = 1; version <= history.version(); version++) {
            assertThat(history.announcement(version)).isEqualTo(announced.get(version - 1));
        }
        assertThat(announced.stream().filter(a -> a.job().status().terminal())).hasSize(1);
        assertThat(announced.get(announced.size() - 1).job().history())
                .extracting(Job.Step::type)
                .containsExactlyElementsOf(
                        announced.stream().map(a -> a.event().type()).toList());
    }

    @Test
    void aRepeatedEventIsRecognisedByTheVersionItMade() {
        var history = history(List.of(requested(), started("generate", 1), succeeded("generate", 1)));

        assertThat(history.with(started("generate", 1))).isEqualTo(history);
        assertThat(history.versionsMadeBy(started("generate", 1))).containsExactly(2);
        assertThat(history.announcement(2).event()).isInstanceOf(GenerationEvent.Started.class);
    }

    @Test
    void aStartInTheReportOfAnEndMakesAVersionOfItsOwn() {
        var start = JobEventFixtures.NOON.plusMillis(7);
        var end = JobEventFixtures.withStart(succeeded("generate", 1), start);

        var history = history(List.of(requested(), end));

        assertThat(history.versionsMadeBy(end)).containsExactly(2, 3);
        assertThat(history.with(end)).isEqualTo(history);
        assertThat(history.announcement(2))
                .isEqualTo(history(List.of(requested(), started("generate", 1, start)))
                        .announcement(2));
        assertThat(history.announcement(3).job())
                .isEqualTo(history(List.of(requested(), started("generate", 1, start), succeeded("generate", 1)))
                        .announcement(3)
                        .job());
    }

    @Test
    void aStartThatWasReportedByItselfMakesNoSecondVersion() {
        var end = JobEventFixtures.withStart(succeeded("generate", 1), JobEventFixtures.NOON.plusMillis(7));

        var history = history(List.of(requested(), started("generate", 1), end));

        assertThat(history.version()).isEqualTo(3);
        assertThat(history.versionsMadeBy(end)).containsExactly(2, 3);
    }

    @Test
    void aReportBeforeItsRequestAppliesAfterTheRequest() {
        var early = JobHistory.empty().with(started("generate", 1));
        assertThat(early.version()).isZero();

        var history = early.with(requested());

        assertThat(history.version()).isEqualTo(2);
        assertThat(history.pending()).isEmpty();
    }

    @Test
    void aHistorySurvivesSerialization() {
        var history = history(List.of(
                gridRequested(),
                started("generate", 1),
                failed("generate", 1, Code.OUT_OF_MEMORY),
                succeeded("generate", 2),
                started("split", 1)));
        var early = JobHistory.empty().with(succeeded("generate", 1));
        try (var serde = JobHistorySerde.create()) {
            for (var each : List.of(history, early)) {
                var bytes = serde.serializer().serialize("store", each);
                assertThat(serde.deserializer().deserialize("store", bytes)).isEqualTo(each);
            }
        }
    }

    @Test
    void eventIdsAreUuidsOfVersionSevenAndDifferByVersion() {
        var history = history(List.of(requested(), started("generate", 1), succeeded("generate", 1)));

        var ids = IntStream.rangeClosed(1, 3)
                .mapToObj(version -> history.announcement(version).eventId())
                .toList();

        assertThat(ids)
                .doesNotHaveDuplicates()
                .allSatisfy(id ->
                        assertThat(java.util.UUID.fromString(id).version()).isEqualTo(7));
    }

    /** The events of a random job: attempts that fail, are lost or succeed, fallback models, and the lifecycle's own requests between them. */
    private static List<JobEvent> events(Random random) {
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

    private static JobHistory history(List<JobEvent> events) {
        var history = JobHistory.empty();
        for (var event : events) {
            history = history.with(event);
        }
        return history;
    }

    /** The parts of the final state that a client can see. */
    private static List<Object> outcome(JobHistory history) {
        Job job = history.announcement(history.version()).job();
        assertThat(job.status().terminal()).isTrue();
        return List.of(
                job.status(),
                job.images(),
                job.grids(),
                Objects.requireNonNullElse(job.error(), "no error"),
                job.attempt(),
                job.warnings(),
                job.request());
    }

    private static List<String> names(List<JobEvent> events) {
        return events.stream().map(JobEvent::fingerprint).toList();
    }
}
