package io.atelier.acceptance.crash.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.acceptance.crash.fault.StoreProxy.StoreWrite;
import io.atelier.acceptance.crash.reader.ImageReadResult.ExpectedImage;
import io.atelier.acceptance.crash.reader.ObservedCall.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Each invariant of avatars finds its violation, and no other. */
class AvatarInvariantsTests {

    private static final String FOLDER = "jobs/2026/12/gen_1/";
    private static final String BASE = FOLDER + "base-1/0.png";
    private static final Instant START = Instant.parse("2026-12-01T10:00:00Z");

    private int imageCount = 4;
    private boolean hasDistinctPrompts;
    private boolean hasSucceeded = true;
    private List<ImageReadResult> copiesAtEvent = copies(4);
    private List<ImageReadResult> finalCopies = copies(4);
    private List<ObservedCall> calls = new ArrayList<>(List.of(
            call(Kind.PROMPT, "Ada", 0), call(Kind.BASE, "a selfie", 0), call(Kind.GRID, "in a kitchen", 3, BASE)));
    private Optional<Map<String, Instant>> objects = Optional.of(new HashMap<>(Map.of(
            FOLDER + "prompt-0-1/prompt.txt",
            START.plusSeconds(1),
            FOLDER + "base-1/prompt.txt",
            START.minusSeconds(5),
            BASE,
            START.plusSeconds(2),
            FOLDER + "grid-0-1/0.png",
            START.plusSeconds(4))));
    private Map<String, String> prompts = Map.of(FOLDER + "prompt-0-1/prompt.txt", "in a kitchen");
    private List<StoreWrite> writes = writes(4);

    @Test
    void normalAvatarViolatesNothing() {
        assertThat(violations()).isEmpty();
    }

    @Test
    void avatarThatFailedWithoutCopiesViolatesNothing() {
        hasSucceeded = false;
        copiesAtEvent = List.of();
        finalCopies = List.of();
        calls = List.of();
        writes = List.of();

        assertThat(violations()).isEmpty();
    }

    @Test
    void repeatedEventAndRepeatedCopiesViolateNothing() {
        copiesAtEvent = concat(copies(4), copies(4));
        writes = concat(writes(4), List.of(copy(0, false), copy(0, true)));

        assertThat(violations()).isEmpty();
    }

    @Test
    void callAgainBeforeTheResultIsStoredViolatesNothing() {
        calls.add(call(Kind.BASE, "a selfie", 1));
        calls.add(call(Kind.BASE, "a selfie", 2));

        assertThat(violations()).isEmpty();
    }

    @Test
    void copyThatIsMissingAtItsEventIsAViolation() {
        copiesAtEvent = replaced(copiesAtEvent, ImageReadResult.failure(expected(1), 404, 404));

        assertThat(violations()).singleElement().asString().contains("before its published copy was readable");
    }

    @Test
    void copyWithOtherBytesAtTheEndIsAViolation() {
        finalCopies = replaced(finalCopies, new ImageReadResult(expected(1), 200, 200, "cd", 7, null));

        assertThat(violations()).singleElement().asString().contains("published copy and state differ");
    }

    @Test
    void missingCopyIsAViolation() {
        copiesAtEvent = copies(3);

        assertThat(violations())
                .containsExactly("gen_1: announced 3 published copies, and its state has 4; 4 were expected");
    }

    @Test
    void copyOfAnAvatarThatFailedIsAViolation() {
        hasSucceeded = false;

        assertThat(violations()).singleElement().asString().contains("0 were expected");
    }

    @Test
    void copyBeforeTheLastTileIsStoredIsAViolation() {
        writes = new ArrayList<>(writes(4));
        writes.remove(new StoreWrite("/atelier/" + FOLDER + "split-0-1/3.png", true));

        assertThat(violations())
                .containsExactly("gen_1: published /avatars/avatars/crash-1/img_0.png when 3 of 4 images were stored");
    }

    @Test
    void tileThatTwoAttemptsStoredCountsOnce() {
        writes = new ArrayList<>(writes(4));
        writes.remove(new StoreWrite("/atelier/" + FOLDER + "split-0-1/3.png", true));
        writes.add(0, new StoreWrite("/atelier/" + FOLDER + "split-0-2/2.png", true));

        assertThat(violations()).singleElement().asString().contains("when 3 of 4 images were stored");
    }

    @Test
    void callForABaseImageThatTheStoreHasIsAViolation() {
        calls.add(call(Kind.BASE, "a selfie", 2, BASE));

        assertThat(violations())
                .singleElement()
                .asString()
                .contains("asked the provider for base, which was stored before");
    }

    @Test
    void callForABaseImageOfAnEarlierAttemptIsAViolation() {
        calls.add(call(Kind.BASE, "a selfie", 2, FOLDER + "base-2/0.png"));

        assertThat(violations()).singleElement().asString().contains("for base,");
    }

    @Test
    void callWhileTheStoreWasDownIsJudgedByTheTimesInTheStore() {
        calls.add(new ObservedCall(Kind.BASE, "a selfie", START.plusMillis(2_999), Optional.empty()));
        assertThat(violations()).isEmpty();

        calls.add(new ObservedCall(Kind.BASE, "a selfie", START.plusMillis(3_000), Optional.empty()));
        assertThat(violations()).singleElement().asString().contains("for base,");
    }

    @Test
    void callForAGridThatTheStoreHasIsAViolation() {
        calls.add(call(Kind.GRID, "in a kitchen", 4, FOLDER + "grid-0-1/0.png"));

        assertThat(violations()).singleElement().asString().contains("for grid-0,");
    }

    @Test
    void callForAPromptThatTheStoreHasIsAViolation() {
        calls.add(call(Kind.PROMPT, "Ada", 1, FOLDER + "prompt-0-1/prompt.txt"));

        assertThat(violations()).singleElement().asString().contains("for prompt-0,");
    }

    @Test
    void gridsWithOnePromptCannotBeToldApart() {
        eightImages();
        calls.add(call(Kind.GRID, "in a kitchen", 3));

        calls.add(call(Kind.GRID, "in a kitchen", 4, FOLDER + "grid-0-1/0.png"));
        assertThat(violations()).isEmpty();

        calls.add(call(Kind.GRID, "in a kitchen", 4, FOLDER + "grid-0-1/0.png", FOLDER + "grid-1-1/0.png"));
        assertThat(violations()).singleElement().asString().contains("for grid-0 or grid-1,");
    }

    @Test
    void gridsWithDistinctPromptsAreToldApart() {
        eightImages();
        hasDistinctPrompts = true;
        prompts = Map.of(
                FOLDER + "prompt-0-1/prompt.txt", "in a kitchen", FOLDER + "prompt-1-1/prompt.txt", "at the sea");
        calls.add(call(Kind.PROMPT, "Ada", 1));

        calls.add(call(Kind.GRID, "at the sea", 4, FOLDER + "grid-0-1/0.png"));
        assertThat(violations()).isEmpty();

        calls.add(call(Kind.GRID, "in a kitchen", 4, FOLDER + "grid-0-1/0.png"));
        assertThat(violations()).singleElement().asString().contains("for grid-0,");
    }

    @Test
    void callWithAnotherPromptThanTheStoredOnesIsAViolation() {
        calls.add(call(Kind.GRID, "on the moon", 3));

        assertThat(violations()).singleElement().asString().contains("asked with a prompt that is not stored");
    }

    @Test
    void successWithoutTheCallsThatItNeedsIsAViolation() {
        calls.remove(1);

        assertThat(violations()).containsExactly("gen_1: succeeded with 0 calls for BASE, and needs 1");
    }

    @Test
    void folderThatCannotBeListedIsAViolation() {
        objects = Optional.empty();

        assertThat(violations()).containsExactly("gen_1: its objects could not be listed");
    }

    private void eightImages() {
        imageCount = 8;
        copiesAtEvent = copies(8);
        finalCopies = copies(8);
        writes = writes(8);
    }

    private List<String> violations() {
        return AvatarInvariants.violations(new AvatarObservations(
                "gen_1",
                imageCount,
                hasDistinctPrompts,
                hasSucceeded,
                copiesAtEvent,
                finalCopies,
                calls,
                objects,
                prompts,
                writes));
    }

    private static ObservedCall call(Kind kind, String prompt, int second, String... stored) {
        return new ObservedCall(kind, prompt, START.plusSeconds(second), Optional.of(Set.of(stored)));
    }

    private static ExpectedImage expected(int index) {
        return new ExpectedImage("avatars/crash-1/img_%d.png".formatted(index), "ab", 7);
    }

    private static List<ImageReadResult> copies(int count) {
        var copies = new ArrayList<ImageReadResult>();
        for (int i = 0; i < count; i++) {
            copies.add(new ImageReadResult(expected(i), 200, 200, "ab", 7, null));
        }
        return copies;
    }

    private static List<ImageReadResult> replaced(List<ImageReadResult> reads, ImageReadResult second) {
        var replaced = new ArrayList<>(reads);
        replaced.set(1, second);
        return replaced;
    }

    /** The tiles, of which each four have a split, and then the copies. */
    private static List<StoreWrite> writes(int count) {
        var writes = new ArrayList<StoreWrite>();
        for (int i = 0; i < count; i++) {
            var path = "/atelier/" + FOLDER + "split-%d-1/%d.png".formatted(i / 4, i % 4);
            writes.add(new StoreWrite(path, false));
            writes.add(new StoreWrite(path, true));
        }
        for (int i = 0; i < count; i++) {
            writes.add(copy(i, false));
            writes.add(copy(i, true));
        }
        return writes;
    }

    private static StoreWrite copy(int index, boolean isPresent) {
        return new StoreWrite("/avatars/avatars/crash-1/img_%d.png".formatted(index), isPresent);
    }

    private static <T> List<T> concat(List<T> first, List<T> second) {
        var all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }
}
