package io.atelier.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The part of {@link ObjectStoreContract} about listing and deletion. */
abstract class ListingContract extends MetadataContract {

    private final String folder = "contract/" + UUID.randomUUID() + "/";

    @Test
    void deletesAnObject() {
        var key = put("0.png");

        store().delete(key).join();

        assertThat(store().find(key).join()).isEmpty();
        assertThat(listed(folder, 10)).isEmpty();
    }

    @Test
    void deletionIsIdempotent() {
        var key = put("0.png");

        store().delete(key).join();
        store().delete(key).join();
        store().delete(newKey()).join();

        assertThat(store().find(key).join()).isEmpty();
    }

    @Test
    void deletesNoOtherObject() {
        var key = put("generate-1/0.png");
        var beside = put("generate-1/1.png");
        var below = put("generate-1/0/0.png");

        store().delete(key).join();

        assertThat(listed(folder, 10)).containsExactly(below, beside);
    }

    @Test
    void acceptsADeletedKeyAgain() {
        var key = put("0.png");
        store().delete(key).join();

        var stored = store().put(key, bytes("another"), PNG, Map.of()).join();

        assertThat(stored.bytes()).isEqualTo(7);
    }

    @Test
    void listsTheObjectsOfAFolder() {
        var key = put("generate-1/0.png");

        var page = store().list(folder, null, 10).join();

        assertThat(page.next()).isNull();
        assertThat(page.objects()).singleElement().satisfies(listed -> {
            assertThat(listed.key()).isEqualTo(key);
            assertThat(listed.bytes()).isEqualTo(key.value().length());
            assertThat(listed.lastModified())
                    .isBetween(
                            Instant.now().minus(5, ChronoUnit.MINUTES),
                            Instant.now().plus(5, ChronoUnit.MINUTES));
        });
    }

    @Test
    void listsInTheOrderOfTheKeys() {
        for (var name : List.of("b.png", "a/a/z.png", "a.png", "a-1/0.png", "a/b.png", "a.png-x.png", "a/a.png")) {
            put(name);
        }

        assertThat(listed(folder, 2))
                .extracting(key -> key.value().substring(folder.length()))
                .containsExactly("a-1/0.png", "a.png", "a.png-x.png", "a/a.png", "a/a/z.png", "a/b.png", "b.png");
    }

    @Test
    void listsNoNeighbouringFolders() {
        put("10/0.png");
        var inside = put("1/0.png");
        put("1-/0.png");

        assertThat(listed(folder + "1/", 10)).containsExactly(inside);
    }

    @Test
    void listsNoObjectsOfAnEmptyFolder() {
        assertThat(store().list(folder, null, 10).join()).isEqualTo(new ObjectPage(List.of(), null));
        assertThat(store().list(folder + "deeper/still/", folder + "deeper/still/0.png", 10)
                        .join()
                        .objects())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 7, 12, 13, 1_000})
    void listsPagesOfAnySize(int limit) {
        var stored = new ArrayList<ObjectKey>();
        for (int job = 10; job < 14; job++) {
            stored.add(put(job + "/generate-1/0.png"));
            stored.add(put(job + "/generate-1/1.png"));
            stored.add(put(job + "/split-0-1/0.png"));
        }

        assertThat(listed(folder, limit)).containsExactlyElementsOf(stored);
    }

    @Test
    void continuesAListingAfterADeletedObject() {
        put("0.png");
        var last = put("1.png");
        var first = store().list(folder, null, 1).join();

        store().delete(first.objects().get(0).key()).join();

        assertThat(store().list(folder, first.next(), 1).join().objects())
                .extracting(ObjectPage.Listed::key)
                .containsExactly(last);
    }

    @Test
    void aFolderCanBeEmptiedByManyClientsAtOnce() {
        var keys = IntStream.range(0, 40)
                .mapToObj(i -> put(i % 4 + "/" + i + ".png"))
                .toList();

        var deletions = keys.stream()
                .flatMap(key -> IntStream.range(0, 3).mapToObj(repetition -> store().delete(key)))
                .toArray(CompletableFuture<?>[]::new);

        CompletableFuture.allOf(deletions).join();
        assertThat(listed(folder, 100)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "jobs", "/jobs/", "jobs//", "jobs/ä/"})
    void rejectsAnInvalidFolder(String wrong) {
        assertThatThrownBy(() -> store().list(wrong, null, 10))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Not a folder: '" + wrong + "';");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1_001})
    void rejectsALimitOutOfRange(int limit) {
        assertThatThrownBy(() -> store().list(folder, null, limit))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("A page has 1 to 1000 objects; got a limit of " + limit);
    }

    /** The keys in a folder, listed page by page. */
    private List<ObjectKey> listed(String path, int limit) {
        var keys = new ArrayList<ObjectKey>();
        @Nullable String after = null;
        do {
            var page = store().list(path, after, limit).join();
            assertThat(page.objects()).hasSizeLessThanOrEqualTo(limit);
            page.objects().forEach(object -> keys.add(object.key()));
            after = page.next();
        } while (after != null);
        return keys;
    }

    private ObjectKey put(String name) {
        var key = new ObjectKey(folder + name);
        store().put(key, bytes(key.value()), PNG, Map.of()).join();
        return key;
    }
}
