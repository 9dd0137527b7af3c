package io.atelier.acceptance.crash.reader;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Each invariant finds its violation, and no other. */
class JobInvariantsTests {

    private static final String JOB = "gen_1";
    private static final String IMAGE = "{\"key\":\"jobs/1/0.png\",\"sha256\":\"ab\",\"bytes\":7}";
    private static final Instant PUBLISHED_AT = Instant.parse("2026-11-21T10:00:03Z");
    private static final ImageReadResult.ExpectedImage EXPECTED =
            new ImageReadResult.ExpectedImage("jobs/1/0.png", "ab", 7);
    private static final ImageReadResult READ = new ImageReadResult(EXPECTED, 200, 200, "ab", 7, null);
    private static final ImageReadResult STORED =
            new ImageReadResult(EXPECTED, 200, 200, "ab", 7, PUBLISHED_AT.minusSeconds(1));

    private List<TopicRecord> events = new ArrayList<>(List.of(
            event(1, "accepted", "a", "queued"),
            event(2, "started", "b", "running"),
            event(3, "succeeded", "c", "succeeded")));
    private @Nullable JsonNode topicState = state(3, "succeeded", IMAGE);
    private @Nullable JsonNode httpState = state(3, "succeeded", IMAGE);
    private List<ImageReadResult> readsAtEvent = List.of(READ);
    private List<ImageReadResult> finalReads = List.of(STORED);
    private boolean clockShifted;

    @Test
    void normalJobViolatesNothing() {
        assertThat(violations()).isEmpty();
    }

    @Test
    void repeatedEventViolatesNothing() {
        events.add(events.get(1));
        events.add(events.get(2));
        readsAtEvent = List.of(READ, READ);

        assertThat(violations()).isEmpty();
    }

    @Test
    void jobThatDoesNotEndIsLost() {
        events.remove(2);
        readsAtEvent = List.of();
        finalReads = List.of();
        topicState = state(2, "running", "");
        httpState = state(2, "running", "");

        assertThat(violations())
                .containsExactly(
                        "gen_1: lost: it was accepted, but its status is still 'running'",
                        "gen_1: lost: no terminal event");
    }

    @Test
    void unknownJobIsLost() {
        topicState = null;
        httpState = null;

        assertThat(violations()).anyMatch(text -> text.contains("'unknown to HTTP'"));
    }

    @Test
    void failurePublishedAsSuccessIsMisreported() {
        topicState = state(3, "failed", IMAGE);
        httpState = state(3, "failed", IMAGE);

        assertThat(violations()).singleElement().asString().contains("misreported");
    }

    @Test
    void imageThatIsRefusedAtItsEventIsAViolation() {
        readsAtEvent = List.of(ImageReadResult.failure(EXPECTED, 409, 409));

        assertThat(violations()).singleElement().asString().contains("published before it was readable");
    }

    @Test
    void imageWithOtherBytesIsAViolation() {
        readsAtEvent = List.of(new ImageReadResult(EXPECTED, 200, 200, "cd", 7, null));

        assertThat(violations()).singleElement().asString().contains("published before it was readable");
    }

    @Test
    void unreadImageIsAViolation() {
        readsAtEvent = List.of();

        assertThat(violations()).containsExactly("gen_1: published 1 images, of which 0 were read");
    }

    @Test
    void imageStoredAfterItsEventIsAViolationUnlessAClockWasShifted() {
        finalReads = List.of(new ImageReadResult(EXPECTED, 200, 200, "ab", 7, PUBLISHED_AT.plusSeconds(2)));

        assertThat(violations()).singleElement().asString().contains("before it was stored");

        clockShifted = true;
        assertThat(violations()).isEmpty();
    }

    @Test
    void secondTerminalEventIsAViolation() {
        events.add(event(3, "failed", "d", "failed"));

        assertThat(violations()).anyMatch(text -> text.contains("published 2 times, with the ids [c, d]"));
    }

    @Test
    void gapInTheVersionsIsAViolation() {
        events.remove(1);

        assertThat(violations()).singleElement().asString().contains("version 3 where 2 was expected");
    }

    @Test
    void versionsInTheWrongOrderAreAViolation() {
        events.add(0, events.remove(1));

        assertThat(violations()).anyMatch(text -> text.contains("version 2 where 1 was expected"));
    }

    @Test
    void repeatedVersionIsAViolation() {
        events.add(2, event(2, "started", "e", "running"));

        assertThat(violations()).anyMatch(text -> text.contains("version 2 where 3 was expected"));
    }

    @Test
    void sequenceThatIsNotTheVersionIsAViolation() {
        events.set(1, record(2, "started", "b", "{\"version\":9," + at(2) + "}"));

        assertThat(violations()).singleElement().asString().contains("its sequence is not its version");
    }

    @Test
    void idWithTwoContentsIsAViolation() {
        events.add(record(2, "started", "b", "{\"version\":2,\"attempt\":5," + at(2) + "}"));

        assertThat(violations()).singleElement().asString().contains("one id, two contents");
    }

    @Test
    void otherStateOverHttpIsAViolation() {
        httpState = state(2, "running", IMAGE);

        assertThat(violations())
                .anyMatch(text -> text.contains("state: version is 3 in the compacted topic and 2 over HTTP"));
    }

    @Test
    void otherImagesOverHttpAreAViolation() {
        httpState = state(3, "succeeded", IMAGE.replace("ab", "cd"));

        assertThat(violations()).singleElement().asString().contains("state: images are [ab/7]");
    }

    @Test
    void earlierTimeOfALaterEventIsAViolation() {
        events.set(1, record(2, "started", "b", "{\"version\":2," + at(0) + "}"));

        assertThat(violations())
                .singleElement()
                .asString()
                .contains("an event at 2026-11-21T10:00:01Z is followed by an earlier one");
    }

    @Test
    void stateBehindTheEventsIsAViolation() {
        topicState = state(2, "succeeded", IMAGE);
        httpState = state(2, "succeeded", IMAGE);

        assertThat(violations()).containsExactly("gen_1: state: version 2, but the events end with 3");
    }

    @Test
    void missingStateIsAViolation() {
        topicState = null;
        finalReads = List.of();

        assertThat(violations()).singleElement().asString().contains("in the compacted topic missing");
    }

    @Test
    void missingObjectIsAViolation() {
        finalReads = List.of(ImageReadResult.failure(EXPECTED, 404, 404));

        assertThat(violations()).singleElement().asString().contains("object and state differ");
    }

    @Test
    void successWithoutAnImageIsAViolation() {
        events.set(2, record(3, "succeeded", "c", "{\"version\":3," + at(3) + ",\"job\":{\"images\":[]}}"));
        topicState = state(3, "succeeded", "");
        httpState = state(3, "succeeded", "");
        readsAtEvent = List.of();
        finalReads = List.of();

        assertThat(violations()).containsExactly("gen_1: succeeded without an image");
    }

    private List<String> violations() {
        return JobInvariants.violations(new JobObservations(
                JOB,
                events,
                Optional.ofNullable(topicState),
                Optional.ofNullable(httpState),
                readsAtEvent,
                finalReads,
                clockShifted));
    }

    private static TopicRecord event(int version, String kind, String id, String status) {
        var images = status.equals("succeeded") ? IMAGE : "";
        return record(
                version,
                kind,
                id,
                "{\"version\":%d,%s,\"job\":{\"images\":[%s]}}".formatted(version, at(version), images));
    }

    private static String at(int seconds) {
        return "\"at\":\"2026-11-21T10:00:0%dZ\"".formatted(seconds);
    }

    private static TopicRecord record(int version, String kind, String id, String text) {
        var type = "io.atelier.generation." + kind + ".v1";
        return new TopicRecord("events", 0, version, JOB, type, id, version, text, PUBLISHED_AT);
    }

    private static JsonNode state(int version, String status, String image) {
        return JsonMapper.builder()
                .build()
                .readTree(
                        "{\"version\":%d,\"status\":\"%s\",\"stage\":\"done\",\"attempt\":1,\"images\":[%s],\"grids\":[]}"
                                .formatted(version, status, image));
    }
}
