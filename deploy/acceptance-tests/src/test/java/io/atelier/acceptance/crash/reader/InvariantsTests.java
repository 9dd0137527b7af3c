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

/** Each invariant speaks up against the violation that is planted for it, and against nothing else. */
class InvariantsTests {

    private static final String JOB = "gen_1";
    private static final String IMAGE = "{\"key\":\"jobs/1/0.png\",\"sha256\":\"ab\",\"bytes\":7}";
    private static final Instant ANNOUNCED = Instant.parse("2026-11-21T10:00:03Z");
    private static final ImageRead.Promise PROMISE = new ImageRead.Promise("jobs/1/0.png", "ab", 7);
    private static final ImageRead READ = new ImageRead(PROMISE, 200, 200, "ab", 7, null);
    private static final ImageRead STORED = new ImageRead(PROMISE, 200, 200, "ab", 7, ANNOUNCED.minusSeconds(1));

    private List<ObservedRecord> events = new ArrayList<>(List.of(
            event(1, "accepted", "a", "queued"),
            event(2, "started", "b", "running"),
            event(3, "succeeded", "c", "succeeded")));
    private @Nullable JsonNode kept = state(3, "succeeded", IMAGE);
    private @Nullable JsonNode shown = state(3, "succeeded", IMAGE);
    private List<ImageRead> announced = List.of(READ);
    private List<ImageRead> stored = List.of(STORED);
    private boolean clockMoved;

    @Test
    void jobThatWentWellViolatesNothing() {
        assertThat(violations()).isEmpty();
    }

    @Test
    void eventSaidAgainViolatesNothing() {
        events.add(events.get(1));
        events.add(events.get(2));
        announced = List.of(READ, READ);

        assertThat(violations()).isEmpty();
    }

    @Test
    void jobThatDoesNotEndIsLost() {
        events.remove(2);
        announced = List.of();
        stored = List.of();
        kept = state(2, "running", "");
        shown = state(2, "running", "");

        assertThat(violations())
                .containsExactly(
                        "gen_1: lost: it was accepted, and its status is still 'running'",
                        "gen_1: lost: no terminal event");
    }

    @Test
    void jobThatNobodyKnowsIsLost() {
        kept = null;
        shown = null;

        assertThat(violations()).anyMatch(text -> text.contains("'unknown to HTTP'"));
    }

    @Test
    void failureAnnouncedAsSuccessIsMisreported() {
        kept = state(3, "failed", IMAGE);
        shown = state(3, "failed", IMAGE);

        assertThat(violations()).singleElement().asString().contains("misreported");
    }

    @Test
    void imageThatIsRefusedWhenItIsAnnouncedIsAViolation() {
        announced = List.of(ImageRead.none(PROMISE, 409, 409));

        assertThat(violations()).singleElement().asString().contains("announced before it was readable");
    }

    @Test
    void imageOfOtherBytesThanAnnouncedIsAViolation() {
        announced = List.of(new ImageRead(PROMISE, 200, 200, "cd", 7, null));

        assertThat(violations()).singleElement().asString().contains("announced before it was readable");
    }

    @Test
    void announcedImageThatNobodyReadIsAViolation() {
        announced = List.of();

        assertThat(violations()).containsExactly("gen_1: announced 1 images, of which 0 were read");
    }

    @Test
    void imageStoredAfterItsAnnouncementIsAViolationUnlessAClockMoved() {
        stored = List.of(new ImageRead(PROMISE, 200, 200, "ab", 7, ANNOUNCED.plusSeconds(2)));

        assertThat(violations()).singleElement().asString().contains("before it was stored");

        clockMoved = true;
        assertThat(violations()).isEmpty();
    }

    @Test
    void secondTerminalEventIsAViolation() {
        events.add(event(3, "failed", "d", "failed"));

        assertThat(violations()).anyMatch(text -> text.contains("announced 2 times, with the ids [c, d]"));
    }

    @Test
    void gapInTheVersionsIsAViolation() {
        events.remove(1);

        assertThat(violations()).singleElement().asString().contains("version 3 where 2 was due");
    }

    @Test
    void versionsInTheWrongOrderAreAViolation() {
        events.add(0, events.remove(1));

        assertThat(violations()).anyMatch(text -> text.contains("version 2 where 1 was due"));
    }

    @Test
    void versionThatIsUsedTwiceIsAViolation() {
        events.add(2, event(2, "started", "e", "running"));

        assertThat(violations()).anyMatch(text -> text.contains("version 2 where 3 was due"));
    }

    @Test
    void sequenceThatIsNotTheVersionIsAViolation() {
        events.set(1, said(2, "started", "b", "{\"version\":9," + at(2) + "}"));

        assertThat(violations()).singleElement().asString().contains("its sequence is not its version");
    }

    @Test
    void idWithTwoContentsIsAViolation() {
        events.add(said(2, "started", "b", "{\"version\":2,\"attempt\":5," + at(2) + "}"));

        assertThat(violations()).singleElement().asString().contains("one id, two contents");
    }

    @Test
    void stateThatHttpShowsOtherwiseIsAViolation() {
        shown = state(2, "running", IMAGE);

        assertThat(violations())
                .anyMatch(text -> text.contains("state: version is 3 on the compacted topic and 2 on HTTP"));
    }

    @Test
    void imagesThatHttpShowsOtherwiseAreAViolation() {
        shown = state(3, "succeeded", IMAGE.replace("ab", "cd"));

        assertThat(violations()).singleElement().asString().contains("state: images are [ab/7]");
    }

    @Test
    void timeThatGoesBackIsAViolation() {
        events.set(1, said(2, "started", "b", "{\"version\":2," + at(0) + "}"));

        assertThat(violations())
                .singleElement()
                .asString()
                .contains("told of 2026-11-21T10:00:01Z, and then of a time before");
    }

    @Test
    void stateBehindTheEventsIsAViolation() {
        kept = state(2, "succeeded", IMAGE);
        shown = state(2, "succeeded", IMAGE);

        assertThat(violations()).containsExactly("gen_1: state: version 2, but the events end with 3");
    }

    @Test
    void stateThatIsMissingIsAViolation() {
        kept = null;
        stored = List.of();

        assertThat(violations()).singleElement().asString().contains("on the compacted topic not there");
    }

    @Test
    void objectThatIsGoneIsAViolation() {
        stored = List.of(ImageRead.none(PROMISE, 404, 404));

        assertThat(violations()).singleElement().asString().contains("object and state disagree");
    }

    @Test
    void successWithoutAnImageIsAViolation() {
        events.set(2, said(3, "succeeded", "c", "{\"version\":3," + at(3) + ",\"job\":{\"images\":[]}}"));
        kept = state(3, "succeeded", "");
        shown = state(3, "succeeded", "");
        announced = List.of();
        stored = List.of();

        assertThat(violations()).containsExactly("gen_1: succeeded without an image");
    }

    private List<String> violations() {
        return Invariants.violations(new Evidence(
                JOB, events, Optional.ofNullable(kept), Optional.ofNullable(shown), announced, stored, clockMoved));
    }

    private static ObservedRecord event(int version, String kind, String id, String status) {
        var images = status.equals("succeeded") ? IMAGE : "";
        return said(
                version,
                kind,
                id,
                "{\"version\":%d,%s,\"job\":{\"images\":[%s]}}".formatted(version, at(version), images));
    }

    private static String at(int seconds) {
        return "\"at\":\"2026-11-21T10:00:0%dZ\"".formatted(seconds);
    }

    private static ObservedRecord said(int version, String kind, String id, String text) {
        var type = "io.atelier.generation." + kind + ".v1";
        return new ObservedRecord("events", 0, version, JOB, type, id, version, text, ANNOUNCED);
    }

    private static JsonNode state(int version, String status, String image) {
        return JsonMapper.builder()
                .build()
                .readTree(
                        "{\"version\":%d,\"status\":\"%s\",\"stage\":\"done\",\"attempt\":1,\"images\":[%s],\"grids\":[]}"
                                .formatted(version, status, image));
    }
}
