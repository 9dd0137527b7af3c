package io.atelier.gateway.lifecycle;

import static io.atelier.gateway.lifecycle.JobEventFixtures.failed;
import static io.atelier.gateway.lifecycle.JobEventFixtures.gridRequested;
import static io.atelier.gateway.lifecycle.JobEventFixtures.requested;
import static io.atelier.gateway.lifecycle.JobEventFixtures.started;
import static io.atelier.gateway.lifecycle.JobEventFixtures.succeeded;
import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.Failure.Code;
import io.atelier.contract.job.GenerationEvent;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobEvent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class JobHistoryTests {

    @RepeatedTest(300)
    void anyOrderAndAnyRepetitionEndsInTheSameTerminalState(RepetitionInfo repetition) {
        var random = new Random(repetition.getCurrentRepetition());
        var events = RandomJobEvents.create(random);
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
        var events = new ArrayList<>(RandomJobEvents.create(random));
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
        var events = new ArrayList<>(RandomJobEvents.create(random));
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
