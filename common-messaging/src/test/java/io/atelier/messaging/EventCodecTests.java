package io.atelier.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.atelier.contract.job.AvatarStep;
import io.atelier.contract.job.GenerationEvent;
import io.atelier.contract.job.JobEvent;
import io.atelier.contract.job.JobStatus;
import io.atelier.contract.schema.Schemas;
import io.atelier.contract.work.ModelUnloadRequested;
import io.atelier.contract.work.PreviewsRequested;
import io.atelier.contract.work.TaskProgress;
import io.atelier.contract.work.WorkerAnnounced;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares records with the golden files, which define topics, headers and values of v1. Golden files are added but never changed. */
final class EventCodecTests {

    private static final EventCodec CODEC = new EventCodec("gateway");
    private static final String FIRST_VERSION = "1.0";
    private static final String SECOND_VERSION = "1.1";
    private static final String THIRD_VERSION = "1.2";

    /** Samples without optional fields, as this version writes them. */
    static Stream<Sample> records() {
        return Stream.of(
                        Stream.of(
                                        Samples.requested("default", "generate"),
                                        Samples.started(),
                                        Samples.succeeded(),
                                        Samples.failed(),
                                        Samples.canceled(),
                                        Samples.cancelRequested(),
                                        Samples.eraseRequested(),
                                        PublicSamples.deadlinePassed(),
                                        AvatarSamples.released())
                                .map(EventCodecTests::sample),
                        PublicSamples.events().stream().map(EventCodecTests::sample),
                        Stream.of(sample(AvatarSamples.advanced())),
                        Stream.of(
                                new Sample(AvatarSamples.prompt(), CODEC.record(AvatarSamples.prompt())),
                                new Sample(AvatarSamples.publication(), CODEC.record(AvatarSamples.publication())),
                                new Sample(Samples.split(), CODEC.record(Samples.split())),
                                new Sample(Samples.progress(), CODEC.record(Samples.progress())),
                                new Sample(Samples.worker(), CODEC.record(Samples.worker())),
                                new Sample(Samples.deadLetter(), CODEC.record(Samples.deadLetter())),
                                new Sample(Samples.job(), CODEC.record(Samples.job(), Samples.AT))))
                .flatMap(each -> each);
    }

    /** Samples with all optional fields, as this version writes them. */
    static Stream<Sample> fullRecords() {
        return Stream.of(
                        Stream.of(FullSamples.requested(), FullSamples.succeeded(), FullSamples.failed())
                                .map(EventCodecTests::sample),
                        FullSamples.events().stream().map(EventCodecTests::sample),
                        Stream.of(
                                new Sample(FullSamples.progress(), CODEC.record(FullSamples.progress())),
                                new Sample(FullSamples.worker(), CODEC.record(FullSamples.worker())),
                                new Sample(FullSamples.deadLetter(), CODEC.record(FullSamples.deadLetter())),
                                new Sample(FullSamples.job(), CODEC.record(FullSamples.job(), Samples.AT))))
                .flatMap(each -> each);
    }

    /** Samples with numbers of provider calls, as this version writes them. */
    static Stream<Sample> recordsWithProviderCalls() {
        return Stream.of(
                        ProviderCallSamples.reports().stream().map(EventCodecTests::sample),
                        ProviderCallSamples.events().stream().map(EventCodecTests::sample),
                        Stream.of(new Sample(
                                ProviderCallSamples.job(), CODEC.record(ProviderCallSamples.job(), Samples.AT))))
                .flatMap(each -> each);
    }

    /** Samples of a job that only splits a grid, as this version writes them. */
    static Stream<Sample> recordsOfSplits() {
        return Stream.of(
                        Stream.of(SplitSamples.requested(), SplitSamples.succeeded())
                                .map(EventCodecTests::sample),
                        SplitSamples.events().stream().map(EventCodecTests::sample),
                        Stream.of(
                                new Sample(SplitSamples.split(), CODEC.record(SplitSamples.split())),
                                new Sample(SplitSamples.job(), CODEC.record(SplitSamples.job(), Samples.AT))))
                .flatMap(each -> each);
    }

    /** Samples of a job that changes a part of an uploaded file, as this version writes them. */
    static Stream<Sample> recordsOfEdits() {
        return Stream.of(
                        Stream.of(sample(EditSamples.requested())),
                        EditSamples.events().stream().map(EventCodecTests::sample),
                        Stream.of(new Sample(EditSamples.job(), CODEC.record(EditSamples.job(), Samples.AT))))
                .flatMap(each -> each);
    }

    /** Samples of a job whose provider says what it used, as this version writes them. */
    static Stream<Sample> recordsWithUsage() {
        return Stream.of(
                        Stream.of(sample(UsageSamples.requested())),
                        UsageSamples.reports().stream().map(EventCodecTests::sample),
                        UsageSamples.events().stream().map(EventCodecTests::sample),
                        Stream.of(new Sample(UsageSamples.job(), CODEC.record(UsageSamples.job(), Samples.AT))))
                .flatMap(each -> each);
    }

    /** Samples of a job with a webhook, as this version writes them. */
    static Stream<Sample> recordsWithWebhooks() {
        return Stream.of(
                        Stream.of(sample(WebhookSamples.requested())),
                        WebhookSamples.events().stream().map(EventCodecTests::sample),
                        Stream.of(
                                new Sample(WebhookSamples.job(), CODEC.record(WebhookSamples.job(), Samples.AT)),
                                new Sample(WebhookSamples.delivery(), CODEC.record(WebhookSamples.delivery()))))
                .flatMap(each -> each);
    }

    /** Samples of an avatar, as this version writes them. */
    static Stream<Sample> recordsOfAvatars() {
        return Stream.of(
                        AvatarSamples.inputs().stream().map(EventCodecTests::sample),
                        AvatarSamples.events().stream().map(EventCodecTests::sample),
                        Stream.of(
                                new Sample(AvatarSamples.job(), CODEC.record(AvatarSamples.job(), Samples.AT)),
                                new Sample(AvatarSamples.worker(), CODEC.record(AvatarSamples.worker()))))
                .flatMap(each -> each);
    }

    /** Samples of the records that the first version wrote. */
    static Stream<Sample> recordsOfTheFirstVersion() {
        return Stream.of(
                sample(Samples.requested("default", "generate")),
                sample(Samples.started()),
                sample(Samples.succeeded()),
                sample(Samples.failed()),
                sample(new GenerationEvent.Succeeded(
                        Samples.JOB, 9, JobStatus.SUCCEEDED, "done", Samples.AT, Samples.job())),
                new Sample(Samples.split(), CODEC.record(Samples.split())),
                new Sample(Samples.progress(), CODEC.record(Samples.progress())),
                new Sample(Samples.deadLetter(), CODEC.record(Samples.deadLetter())),
                new Sample(Samples.job(), CODEC.record(Samples.job(), Samples.AT)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("records")
    void recordEqualsItsGoldenFile(Sample sample) {
        assertThat(GoldenRecord.of(sample.record()).text())
                .isEqualTo(GoldenRecord.read(Schemas.NEWEST, sample.name()).text());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("fullRecords")
    void fullRecordEqualsItsGoldenFile(Sample sample) {
        assertThat(GoldenRecord.of(sample.record()).text())
                .isEqualTo(GoldenRecord.read(GoldenRecord.FULL, sample.name()).text());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("recordsWithProviderCalls")
    void recordWithProviderCallsEqualsItsGoldenFile(Sample sample) {
        assertThat(GoldenRecord.of(sample.record()).text())
                .isEqualTo(GoldenRecord.read(GoldenRecord.PROVIDER_CALLS, sample.name())
                        .text());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("recordsOfSplits")
    void recordOfASplitEqualsItsGoldenFile(Sample sample) {
        assertThat(GoldenRecord.of(sample.record()).text())
                .isEqualTo(GoldenRecord.read(GoldenRecord.SPLITS, sample.name()).text());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("recordsOfEdits")
    void recordOfAnEditEqualsItsGoldenFile(Sample sample) {
        assertThat(GoldenRecord.of(sample.record()).text())
                .isEqualTo(GoldenRecord.read(GoldenRecord.EDITS, sample.name()).text());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("recordsWithUsage")
    void recordWithUsageEqualsItsGoldenFile(Sample sample) {
        assertThat(GoldenRecord.of(sample.record()).text())
                .isEqualTo(GoldenRecord.read(GoldenRecord.USAGE, sample.name()).text());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("recordsWithWebhooks")
    void recordWithAWebhookEqualsItsGoldenFile(Sample sample) {
        assertThat(GoldenRecord.of(sample.record()).text())
                .isEqualTo(
                        GoldenRecord.read(GoldenRecord.WEBHOOKS, sample.name()).text());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("recordsOfAvatars")
    void recordOfAnAvatarEqualsItsGoldenFile(Sample sample) {
        assertThat(GoldenRecord.of(sample.record()).text())
                .isEqualTo(
                        GoldenRecord.read(GoldenRecord.AVATARS, sample.name()).text());
    }

    @Test
    void theSubmissionOfAnAvatarIsNoTaskForGenerators() {
        var submission = AvatarSamples.submission();
        var retried = new JobEvent.GenerationRequested(
                Samples.JOB, "grid-1", 1, 3, Samples.AT, null, submission.request(), AvatarStep.GRID);

        assertThat(Topic.of(submission)).isEqualTo(Topic.TASK_REPORTS);
        assertThat(Topic.of(retried)).isEqualTo(Topic.generationRequested("remote"));
    }

    @Test
    void aDeliveryOfAnErasedJobIsDeletedByItsKey() {
        var tombstone = EventCodec.deliveryTombstone(WebhookSamples.delivery().id());

        assertThat(tombstone.topic()).isEqualTo(Topic.WEBHOOK_DELIVERIES);
        assertThat(tombstone.key())
                .isEqualTo(CODEC.record(WebhookSamples.delivery()).key());
        assertThat(tombstone.value()).isNull();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({
        "records",
        "fullRecords",
        "recordsWithProviderCalls",
        "recordsOfSplits",
        "recordsOfEdits",
        "recordsWithUsage",
        "recordsWithWebhooks",
        "recordsOfAvatars"
    })
    void recordIsReadAsTheValueThatWasWritten(Sample sample) {
        assertThat(sample.read(sample.record().value())).isEqualTo(sample.value());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("recordsOfTheFirstVersion")
    void recordOfTheFirstVersionIsReadable(Sample sample) {
        var golden = GoldenRecord.read(FIRST_VERSION, sample.name()).value();

        assertThat(sample.read(golden)).isEqualTo(sample.value());
    }

    /** The samples whose kind the second version had. */
    static Stream<Sample> recordsOfTheSecondVersion() {
        return records().filter(sample -> GoldenRecord.names(SECOND_VERSION).contains(sample.name()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("recordsOfTheSecondVersion")
    void recordOfTheSecondVersionIsReadable(Sample sample) {
        assertThat(sample.read(GoldenRecord.read(SECOND_VERSION, sample.name()).value()))
                .isEqualTo(sample.value());
    }

    /** The full samples whose kind had optional fields in the second version. */
    static Stream<Sample> fullRecordsOfTheSecondVersion() {
        return fullRecords()
                .filter(sample -> GoldenRecord.names(SECOND_VERSION + "/full").contains(sample.name()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("fullRecordsOfTheSecondVersion")
    void fullRecordOfTheSecondVersionIsReadable(Sample sample) {
        assertThat(sample.read(GoldenRecord.read(SECOND_VERSION + "/full", sample.name())
                        .value()))
                .usingRecursiveComparison()
                .as("except what that version does not have")
                .ignoringFieldsMatchingRegexes("(.*\\.)?(models|devices|routing\\.device)")
                .isEqualTo(sample.value());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("recordsWithProviderCalls")
    void recordOfTheSecondVersionWithProviderCallsIsReadable(Sample sample) {
        assertThat(sample.read(GoldenRecord.read(SECOND_VERSION + "/provider-calls", sample.name())
                        .value()))
                .usingRecursiveComparison()
                .as("except what that version does not have")
                .ignoringFieldsMatchingRegexes("(.*\\.)?routing\\.device")
                .isEqualTo(sample.value());
    }

    static Stream<Arguments> recordsOfTheThirdVersion() {
        return Stream.of(
                        recordsOfTheSecondVersion().map(sample -> Arguments.of("", sample)),
                        fullRecordsOfTheSecondVersion().map(sample -> Arguments.of("/full", sample)),
                        recordsWithProviderCalls().map(sample -> Arguments.of("/provider-calls", sample)),
                        recordsOfSplits().map(sample -> Arguments.of("/splits", sample)),
                        recordsOfEdits().map(sample -> Arguments.of("/edits", sample)))
                .flatMap(each -> each);
    }

    @ParameterizedTest(name = "{1} of {0}")
    @MethodSource("recordsOfTheThirdVersion")
    void recordOfTheThirdVersionIsReadable(String folder, Sample sample) {
        assertThat(sample.read(
                        GoldenRecord.read(THIRD_VERSION + folder, sample.name()).value()))
                .usingRecursiveComparison()
                .as("except what that version does not have")
                .ignoringFieldsMatchingRegexes("(.*\\.)?(provenance|jpeg|models|devices|routing\\.device)")
                .isEqualTo(sample.value());
    }

    @Test
    void everyGoldenFileIsCompared() {
        assertThat(GoldenRecord.names(Schemas.NEWEST))
                .containsExactlyInAnyOrderElementsOf(records().map(Sample::name).toList());
        assertThat(GoldenRecord.names(GoldenRecord.FULL))
                .containsExactlyInAnyOrderElementsOf(
                        fullRecords().map(Sample::name).toList());
        assertThat(GoldenRecord.names(GoldenRecord.PROVIDER_CALLS))
                .containsExactlyInAnyOrderElementsOf(
                        recordsWithProviderCalls().map(Sample::name).toList());
        assertThat(GoldenRecord.names(GoldenRecord.SPLITS))
                .containsExactlyInAnyOrderElementsOf(
                        recordsOfSplits().map(Sample::name).toList());
        assertThat(GoldenRecord.names(GoldenRecord.EDITS))
                .containsExactlyInAnyOrderElementsOf(
                        recordsOfEdits().map(Sample::name).toList());
        assertThat(GoldenRecord.names(GoldenRecord.USAGE))
                .containsExactlyInAnyOrderElementsOf(
                        recordsWithUsage().map(Sample::name).toList());
        assertThat(GoldenRecord.names(GoldenRecord.WEBHOOKS))
                .containsExactlyInAnyOrderElementsOf(
                        recordsWithWebhooks().map(Sample::name).toList());
        assertThat(GoldenRecord.names(GoldenRecord.AVATARS))
                .containsExactlyInAnyOrderElementsOf(
                        recordsOfAvatars().map(Sample::name).toList());
        var sinceTheSecondVersion =
                recordsOfTheSecondVersion().map(Sample::name).toList();
        assertThat(GoldenRecord.names(SECOND_VERSION)).containsExactlyInAnyOrderElementsOf(sinceTheSecondVersion);
        assertThat(GoldenRecord.names(THIRD_VERSION)).containsExactlyInAnyOrderElementsOf(sinceTheSecondVersion);
        assertThat(GoldenRecord.names(FIRST_VERSION))
                .containsExactlyInAnyOrderElementsOf(
                        recordsOfTheFirstVersion().map(Sample::name).toList());
    }

    @Test
    void everyKindOfEventHasAGoldenRecord() {
        var kinds = records().<Class<?>>map(sample -> sample.value().getClass()).toList();

        assertThat(kinds).containsAll(kindsOf(JobEvent.class)).containsAll(kindsOf(GenerationEvent.class));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("records")
    void keyIsTheJobOrTheWorker(Sample sample) {
        var key = sample.value() instanceof WorkerAnnounced ? Samples.WORKER.id() : Samples.JOB.value();

        assertThat(sample.record().key()).isEqualTo(key);
        assertThat(EventCodec.header(sample.record().headers(), "ce_partitionkey"))
                .isEqualTo(key);
    }

    @Test
    void subjectIsTheJobUnlessARecordIsAboutNone() {
        assertThat(EventCodec.subject(CODEC.record(WebhookSamples.delivery()).headers()))
                .contains(Samples.JOB);
        assertThat(EventCodec.subject(report(Samples.started()).headers())).contains(Samples.JOB);
        assertThat(EventCodec.subject(CODEC.record(Samples.worker()).headers())).isEmpty();
        assertThat(EventCodec.subject(new RecordHeaders())).isEmpty();
    }

    @Test
    void aRepeatedEventHasTheSameId() {
        var first = report(Samples.started());
        var repeated = report(Samples.started());

        assertThat(EventCodec.header(repeated.headers(), "ce_id"))
                .isEqualTo(EventCodec.header(first.headers(), "ce_id"));
        assertThat(EventCodec.header(report(Samples.failed()).headers(), "ce_id"))
                .isNotEqualTo(EventCodec.header(first.headers(), "ce_id"));
    }

    @Test
    void anUnknownTypeIsNoEvent() {
        var headers = new RecordHeaders().add("ce_type", "io.atelier.task.paused.v1".getBytes(StandardCharsets.UTF_8));

        assertThat(EventCodec.event(headers, new byte[0])).isEmpty();
    }

    @Test
    void anUnknownFieldIsIgnored() {
        var value =
                "{\"job\":\"%s\",\"task\":\"generate\",\"attempt\":1,\"at\":\"%s\",\"phase\":\"denoise\",\"step\":11,\"steps\":26,\"extra\":\"value\"}"
                        .formatted(Samples.JOB, Samples.AT);

        assertThat(EventCodec.read(value.getBytes(StandardCharsets.UTF_8), TaskProgress.class))
                .isEqualTo(Samples.progress());
    }

    @Test
    void aRequestToAllWorkersHasATopicOfItsOwnAndIsNoEvent() {
        var command = new ModelUnloadRequested("sdxl-base", Samples.AT);

        var record = CODEC.record(command);

        assertThat(record.topic()).isEqualTo(Topic.WORKER_COMMANDS);
        assertThat(record.key()).isEqualTo("sdxl-base");
        assertThat(EventCodec.command(record.headers(), record.value())).contains(command);
        assertThat(EventCodec.event(record.headers(), record.value())).isEmpty();
        assertThat(EventCodec.subject(record.headers())).isEmpty();
        var cancellation = CODEC.record(Topic.CANCELLATIONS, Samples.started());
        assertThat(EventCodec.command(cancellation.headers(), cancellation.value()))
                .isEmpty();
    }

    @Test
    void aRequestForPreviewsHasTheKeyOfItsJobAndIsNoEvent() {
        var command = new PreviewsRequested(Samples.JOB, Samples.AT, Samples.AT.plusSeconds(60));

        var record = CODEC.record(command);

        assertThat(record.topic()).isEqualTo(Topic.WORKER_COMMANDS);
        assertThat(record.key()).isEqualTo(Samples.JOB.value());
        assertThat(EventCodec.subject(record.headers())).contains(Samples.JOB);
        assertThat(EventCodec.command(record.headers(), record.value())).contains(command);
        assertThat(EventCodec.event(record.headers(), record.value())).isEmpty();
    }

    @Test
    void aProgressThatIsRepeatedWithAPreviewHasAnIdOfItsOwn() {
        var shown = Samples.progress().withPreview(new TaskProgress.Preview(1, 0, 11, 26, 64, 64, 900));

        assertThat(EventCodec.header(CODEC.record(shown).headers(), "ce_id"))
                .isNotEqualTo(EventCodec.header(CODEC.record(Samples.progress()).headers(), "ce_id"));
    }

    @Test
    void aValueThatIsNoJsonIsUnreadable() {
        var value = "{\"job\": 17".getBytes(StandardCharsets.UTF_8);

        assertThatExceptionOfType(UnreadableRecord.class)
                .isThrownBy(() -> EventCodec.read(value, TaskProgress.class))
                .withMessageStartingWith("Not a TaskProgress");
    }

    @Test
    void theValueInADeadLetterIsCutToASizeThatBrokersAccept() {
        var deadLetter = new DeadLetter("k", "", 1, Samples.AT, "t", 0, 0, Samples.FAILURE, "x".repeat(2_000_000));

        assertThat(deadLetter.order()).hasSize(DeadLetter.MAX_ORDER_CHARACTERS);
    }

    private static ProducerRecord<String, byte[]> report(JobEvent event) {
        return CODEC.record(Topic.TASK_REPORTS, event);
    }

    private static Sample sample(JobEvent event) {
        return new Sample(event, CODEC.record(Topic.of(event), event));
    }

    private static Sample sample(GenerationEvent event) {
        return new Sample(event, CODEC.record(event, event.id() + "/" + event.version()));
    }

    /** The records that implement a sealed interface. */
    private static List<Class<?>> kindsOf(Class<?> kind) {
        return kind.isSealed()
                ? Stream.of(kind.getPermittedSubclasses())
                        .flatMap(each -> kindsOf(each).stream())
                        .toList()
                : List.of(kind);
    }

    /** A value and the record that the codec makes of it. */
    record Sample(Object value, ProducerRecord<String, byte[]> record) {

        /** The CloudEvents type without prefix and version, such as {@code task-started}. */
        String name() {
            return EventCodec.type(record.headers())
                    .replaceAll("^io\\.atelier\\.|\\.v1$", "")
                    .replace('.', '-');
        }

        Object read(byte[] json) {
            return value instanceof JobEvent
                    ? EventCodec.event(record.headers(), json).orElseThrow()
                    : EventCodec.read(json, value.getClass());
        }

        @Override
        public String toString() {
            return name();
        }
    }
}
