package io.atelier.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.atelier.contract.job.GenerationEvent;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobEvent;
import io.atelier.contract.job.JobStatus;
import io.atelier.contract.work.SplitRequested;
import io.atelier.contract.work.TaskProgress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** The golden files hold what v1 promised: names, headers and forms. They are added to, never changed. */
final class WireTests {

    private static final Wire WIRE = new Wire("gateway");
    private static final String NEWEST = "1.1";
    private static final List<String> VERSIONS = List.of("1.0", NEWEST);

    static Stream<Arguments> records() {
        var requested = Samples.requested("default", "generate");
        return Stream.of(
                Arguments.of("generation-requested", WIRE.record(Topic.of(requested), requested), JobEvent.class),
                Arguments.of("task-started", report(Samples.started()), JobEvent.class),
                Arguments.of("task-succeeded", report(Samples.succeeded()), JobEvent.class),
                Arguments.of("task-failed", report(Samples.failed()), JobEvent.class),
                Arguments.of("split-requested", WIRE.record(Samples.split()), SplitRequested.class),
                Arguments.of("task-progressed", WIRE.record(Samples.progress()), TaskProgress.class),
                Arguments.of("task-buried", WIRE.record(Samples.letter()), DeadLetter.class),
                Arguments.of("generation-state", WIRE.record(Samples.job(), Samples.AT), Job.class),
                Arguments.of(
                        "generation-succeeded",
                        WIRE.record(
                                new GenerationEvent.Succeeded(
                                        Samples.JOB, 9, JobStatus.SUCCEEDED, "done", Samples.AT, Samples.job()),
                                Samples.JOB + "/9"),
                        GenerationEvent.Succeeded.class));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("records")
    void recordIsAsItWasPromised(String name, ProducerRecord<String, byte[]> written, Class<?> kind) {
        assertThat(Wire.json().writeValueAsString(shape(written)))
                .isEqualTo(golden(NEWEST, name).toString());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("records")
    void recordOfEveryVersionIsReadAsWhatWasSaid(String name, ProducerRecord<String, byte[]> written, Class<?> kind) {
        for (var version : VERSIONS) {
            var promised = golden(version, name).get("value").toString().getBytes(StandardCharsets.UTF_8);

            assertThat(read(promised, written, kind)).as(version).isEqualTo(read(written.value(), written, kind));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("records")
    void keyIsTheJob(String name, ProducerRecord<String, byte[]> written, Class<?> kind) {
        assertThat(written.key()).isEqualTo(Samples.JOB.value());
        assertThat(Wire.header(written.headers(), "ce_partitionkey")).isEqualTo(Samples.JOB.value());
    }

    @Test
    void everyFactSurvivesTheRoundTrip() {
        for (JobEvent event : List.of(
                Samples.requested("default", "generate"), Samples.started(), Samples.succeeded(), Samples.failed())) {
            var written = WIRE.record(Topic.of(event), event);

            assertThat(Wire.event(written.headers(), written.value())).contains(event);
        }
        assertThat(Wire.read(WIRE.record(Samples.split()).value(), SplitRequested.class))
                .isEqualTo(Samples.split());
        assertThat(Wire.read(WIRE.record(Samples.progress()).value(), TaskProgress.class))
                .isEqualTo(Samples.progress());
        assertThat(Wire.read(WIRE.record(Samples.job(), Samples.AT).value(), Job.class))
                .isEqualTo(Samples.job());
        assertThat(Wire.read(WIRE.record(Samples.letter()).value(), DeadLetter.class))
                .isEqualTo(Samples.letter());
    }

    @Test
    void repetitionOfAFactHasTheSameId() {
        var first = report(Samples.started());
        var again = report(Samples.started());

        assertThat(Wire.header(again.headers(), "ce_id")).isEqualTo(Wire.header(first.headers(), "ce_id"));
        assertThat(Wire.header(report(Samples.failed()).headers(), "ce_id"))
                .isNotEqualTo(Wire.header(first.headers(), "ce_id"));
    }

    @Test
    void kindThatIsNotKnownIsNoEvent() {
        var headers = new RecordHeaders().add("ce_type", "io.atelier.task.paused.v1".getBytes(StandardCharsets.UTF_8));

        assertThat(Wire.event(headers, new byte[0])).isEmpty();
    }

    @Test
    void fieldThatIsNotKnownIsPassedOver() {
        var value =
                "{\"job\":\"%s\",\"task\":\"generate\",\"attempt\":1,\"at\":\"%s\",\"phase\":\"denoise\",\"step\":11,\"steps\":26,\"mood\":\"good\"}"
                        .formatted(Samples.JOB, Samples.AT);

        assertThat(Wire.read(value.getBytes(StandardCharsets.UTF_8), TaskProgress.class))
                .isEqualTo(Samples.progress());
    }

    @Test
    void valueThatIsNoJsonIsUnreadable() {
        var value = "{\"job\": 17".getBytes(StandardCharsets.UTF_8);

        assertThatExceptionOfType(UnreadableRecord.class)
                .isThrownBy(() -> Wire.read(value, TaskProgress.class))
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

    private static Object read(byte[] value, ProducerRecord<String, byte[]> written, Class<?> kind) {
        return kind == JobEvent.class ? Wire.event(written.headers(), value).orElseThrow() : Wire.read(value, kind);
    }

    private static JsonNode shape(ProducerRecord<String, byte[]> written) {
        var shape = Wire.json().createObjectNode();
        shape.put("topic", written.topic());
        shape.put("key", written.key());
        var headers = shape.putObject("headers");
        Stream.of(written.headers().toArray())
                .sorted(Comparator.comparing(Header::key))
                .forEach(header -> headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8)));
        shape.set("value", Wire.json().readTree(written.value()));
        return Wire.json().readTree(shape.toString());
    }

    private static JsonNode golden(String version, String name) {
        var path = "/wire/" + version + "/" + name + ".json";
        try (var file =
                Objects.requireNonNull(WireTests.class.getResourceAsStream(path), () -> "no golden file " + path)) {
            return Wire.json().readTree(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
