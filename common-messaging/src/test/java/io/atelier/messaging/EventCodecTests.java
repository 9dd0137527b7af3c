package io.atelier.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.atelier.contract.job.GenerationEvent;
import io.atelier.contract.job.JobEvent;
import io.atelier.contract.job.JobStatus;
import io.atelier.contract.schema.Schemas;
import io.atelier.contract.work.TaskProgress;
import io.atelier.contract.work.WorkerAnnounced;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The golden files hold what v1 promised: names, headers and forms. They are added to, never changed. */
final class EventCodecTests {

    private static final EventCodec WIRE = new EventCodec("gateway");
    private static final String FIRST = "1.0";

    /** As they are written now. */
    static Stream<Said> records() {
        return Stream.of(
                        Stream.of(
                                        Samples.requested("default", "generate"),
                                        Samples.started(),
                                        Samples.succeeded(),
                                        Samples.failed(),
                                        Samples.canceled(),
                                        Samples.cancelRequested(),
                                        Samples.eraseRequested(),
                                        PublicSamples.moment())
                                .map(EventCodecTests::said),
                        PublicSamples.events().stream().map(EventCodecTests::said),
                        Stream.of(
                                new Said(Samples.split(), WIRE.record(Samples.split())),
                                new Said(Samples.progress(), WIRE.record(Samples.progress())),
                                new Said(Samples.worker(), WIRE.record(Samples.worker())),
                                new Said(Samples.letter(), WIRE.record(Samples.letter())),
                                new Said(Samples.job(), WIRE.record(Samples.job(), Samples.AT))))
                .flatMap(each -> each);
    }

    /** As they are written now where there is the most to say. */
    static Stream<Said> fullRecords() {
        return Stream.of(
                        Stream.of(FullSamples.requested(), FullSamples.succeeded(), FullSamples.failed())
                                .map(EventCodecTests::said),
                        FullSamples.events().stream().map(EventCodecTests::said),
                        Stream.of(
                                new Said(FullSamples.worker(), WIRE.record(FullSamples.worker())),
                                new Said(FullSamples.letter(), WIRE.record(FullSamples.letter())),
                                new Said(FullSamples.job(), WIRE.record(FullSamples.job(), Samples.AT))))
                .flatMap(each -> each);
    }

    /** As the first version wrote them, and what it meant. */
    static Stream<Said> recordsOfTheFirstVersion() {
        return Stream.of(
                said(Samples.requested("default", "generate")),
                said(Samples.started()),
                said(Samples.succeeded()),
                said(Samples.failed()),
                said(new GenerationEvent.Succeeded(
                        Samples.JOB, 9, JobStatus.SUCCEEDED, "done", Samples.AT, Samples.job())),
                new Said(Samples.split(), WIRE.record(Samples.split())),
                new Said(Samples.progress(), WIRE.record(Samples.progress())),
                new Said(Samples.letter(), WIRE.record(Samples.letter())),
                new Said(Samples.job(), WIRE.record(Samples.job(), Samples.AT)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("records")
    void recordIsAsItWasPromised(Said said) {
        assertThat(GoldenRecord.of(said.record()).text())
                .isEqualTo(GoldenRecord.read(Schemas.NEWEST, said.name()).text());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("fullRecords")
    void fullRecordIsAsItWasPromised(Said said) {
        assertThat(GoldenRecord.of(said.record()).text())
                .isEqualTo(GoldenRecord.read(GoldenRecord.FULL, said.name()).text());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"records", "fullRecords"})
    void recordIsReadAsWhatWasSaid(Said said) {
        assertThat(said.read(said.record().value())).isEqualTo(said.what());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("recordsOfTheFirstVersion")
    void recordOfTheFirstVersionIsReadAsWhatWasSaid(Said said) {
        var promised = GoldenRecord.read(FIRST, said.name()).value();

        assertThat(said.read(promised)).isEqualTo(said.what());
    }

    @Test
    void everyGoldenRecordIsHeldAgainstWhatWasSaid() {
        assertThat(GoldenRecord.names(Schemas.NEWEST))
                .containsExactlyInAnyOrderElementsOf(records().map(Said::name).toList());
        assertThat(GoldenRecord.names(GoldenRecord.FULL))
                .containsExactlyInAnyOrderElementsOf(
                        fullRecords().map(Said::name).toList());
        assertThat(GoldenRecord.names(FIRST))
                .containsExactlyInAnyOrderElementsOf(
                        recordsOfTheFirstVersion().map(Said::name).toList());
    }

    @Test
    void everyKindOfEventHasAGoldenRecord() {
        var kinds = records().<Class<?>>map(said -> said.what().getClass()).toList();

        assertThat(kinds).containsAll(kindsOf(JobEvent.class)).containsAll(kindsOf(GenerationEvent.class));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("records")
    void keyIsTheJobOrTheWorker(Said said) {
        var key = said.what() instanceof WorkerAnnounced ? Samples.WORKER.id() : Samples.JOB.value();

        assertThat(said.record().key()).isEqualTo(key);
        assertThat(EventCodec.header(said.record().headers(), "ce_partitionkey"))
                .isEqualTo(key);
    }

    @Test
    void repetitionOfAFactHasTheSameId() {
        var first = report(Samples.started());
        var again = report(Samples.started());

        assertThat(EventCodec.header(again.headers(), "ce_id")).isEqualTo(EventCodec.header(first.headers(), "ce_id"));
        assertThat(EventCodec.header(report(Samples.failed()).headers(), "ce_id"))
                .isNotEqualTo(EventCodec.header(first.headers(), "ce_id"));
    }

    @Test
    void kindThatIsNotKnownIsNoEvent() {
        var headers = new RecordHeaders().add("ce_type", "io.atelier.task.paused.v1".getBytes(StandardCharsets.UTF_8));

        assertThat(EventCodec.event(headers, new byte[0])).isEmpty();
    }

    @Test
    void fieldThatIsNotKnownIsPassedOver() {
        var value =
                "{\"job\":\"%s\",\"task\":\"generate\",\"attempt\":1,\"at\":\"%s\",\"phase\":\"denoise\",\"step\":11,\"steps\":26,\"mood\":\"good\"}"
                        .formatted(Samples.JOB, Samples.AT);

        assertThat(EventCodec.read(value.getBytes(StandardCharsets.UTF_8), TaskProgress.class))
                .isEqualTo(Samples.progress());
    }

    @Test
    void valueThatIsNoJsonIsUnreadable() {
        var value = "{\"job\": 17".getBytes(StandardCharsets.UTF_8);

        assertThatExceptionOfType(UnreadableRecord.class)
                .isThrownBy(() -> EventCodec.read(value, TaskProgress.class))
                .withMessageStartingWith("Not a TaskProgress");
    }

    @Test
    void letterIsCutToASizeThatABrokerTakes() {
        var letter = new DeadLetter("k", "", 1, Samples.AT, "t", 0, 0, Samples.FAILURE, "x".repeat(2_000_000));

        assertThat(letter.order()).hasSize(DeadLetter.LONGEST_ORDER);
    }

    private static ProducerRecord<String, byte[]> report(JobEvent event) {
        return WIRE.record(Topic.TASK_REPORTS, event);
    }

    private static Said said(JobEvent event) {
        return new Said(event, WIRE.record(Topic.of(event), event));
    }

    private static Said said(GenerationEvent event) {
        return new Said(event, WIRE.record(event, event.id() + "/" + event.version()));
    }

    /** The records that a sealed interface stands for. */
    private static List<Class<?>> kindsOf(Class<?> kind) {
        return kind.isSealed()
                ? Stream.of(kind.getPermittedSubclasses())
                        .flatMap(each -> kindsOf(each).stream())
                        .toList()
                : List.of(kind);
    }

    /** Something that is said, and its record. */
    record Said(Object what, ProducerRecord<String, byte[]> record) {

        /** The type without what all types share, such as {@code task-started}. */
        String name() {
            return EventCodec.type(record.headers())
                    .replaceAll("^io\\.atelier\\.|\\.v1$", "")
                    .replace('.', '-');
        }

        Object read(byte[] value) {
            return what instanceof JobEvent
                    ? EventCodec.event(record.headers(), value).orElseThrow()
                    : EventCodec.read(value, what.getClass());
        }

        @Override
        public String toString() {
            return name();
        }
    }
}
