package io.atelier.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atelier.storage.ObjectStore.ByteRange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract of {@link ObjectStore}. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
public abstract class ObjectStoreContract extends ListingContract {

    private static final String LONGEST_SEGMENT =
            "a234567890b234567890c234567890d234567890e234567890f234567890g234567890h234567890i234567890j234567890"
                    + "a234567890b234567890c234567890d234567890e234567890f234567890g234567890h234567890i234567890j23456.png";
    private static final int WRITERS = 16;
    private static final int LARGE = 10 << 20;

    @Test
    void returnsTheStoredBytes() throws Exception {
        var key = newKey();
        var bytes = bytes("an image");

        var put = store().put(key, bytes, PNG, Map.of()).join();

        assertThat(put.key()).isEqualTo(key);
        assertThat(put.bytes()).isEqualTo(bytes.length);
        assertThat(put.sha256()).isEqualTo("a5df3fde7b200c3fa2791144c7e05c5c2bced4c6ad863d3a4cf76c972c1712f9");
        assertThat(put.mediaType()).isEqualTo(PNG);
        assertThat(content(key, null)).isEqualTo(bytes);
    }

    @Test
    void findsAStoredObject() {
        var key = newKey();

        var put = store().put(key, bytes("an image"), PNG, Map.of()).join();

        assertThat(store().find(key).join()).contains(put);
    }

    @Test
    void findsNoObjectUnderAnUnusedKey() {
        assertThat(store().find(newKey()).join()).isEmpty();
    }

    @Test
    void failsToOpenAMissingObject() {
        var key = newKey();

        failsWith(
                ObjectStoreFailed.Kind.NOT_FOUND, () -> store().open(key, null).join());
        failsWith(
                ObjectStoreFailed.Kind.NOT_FOUND,
                () -> store().open(key, new ByteRange(0, 1)).join());
    }

    @Test
    void failsWithAnUnwrappedObjectStoreFailed() {
        var failure = store().open(newKey(), null).handle((content, thrown) -> thrown);

        assertThat(failure.join()).isInstanceOf(ObjectStoreFailed.class);
    }

    @Test
    void neverOverwritesAnObject() throws Exception {
        var key = newKey();
        var first = store().put(key, bytes("first"), PNG, Map.of("seed", "1")).join();

        var second = store().put(key, bytes("the second"), "image/jpeg", Map.of("seed", "2"))
                .join();

        assertThat(second).isEqualTo(first);
        assertThat(content(key, null)).isEqualTo(bytes("first"));
    }

    @Test
    void oneOfManyWritersWinsAndAllGetTheStoredObject() throws Exception {
        var key = newKey();
        var start = new CountDownLatch(1);
        var writers = new ArrayList<CompletableFuture<StoredObject>>();
        for (int writer = 0; writer < WRITERS; writer++) {
            var bytes = bytes("image of writer " + writer);
            writers.add(CompletableFuture.runAsync(() -> await(start), task -> new Thread(task).start())
                    .thenCompose(started -> store().put(key, bytes, PNG, Map.of())));
        }

        start.countDown();

        var answers = writers.stream().map(CompletableFuture::join).toList();
        assertThat(answers).containsOnly(answers.get(0));
        assertThat(store().find(key).join()).contains(answers.get(0));
        assertThat(new String(content(key, null), StandardCharsets.UTF_8)).startsWith("image of writer ");
    }

    @Test
    void opensARange() throws Exception {
        var key = put(bytes("0123456789"));

        assertThat(content(key, new ByteRange(0, 0))).isEqualTo(bytes("0"));
        assertThat(content(key, new ByteRange(3, 6))).isEqualTo(bytes("3456"));
        assertThat(content(key, new ByteRange(9, 9))).isEqualTo(bytes("9"));
    }

    @Test
    void shortensARangeThatEndsAfterTheLastByte() throws Exception {
        var key = put(bytes("0123456789"));

        assertThat(content(key, new ByteRange(8, 20))).isEqualTo(bytes("89"));
    }

    @Test
    void rejectsARangeAfterTheLastByte() {
        var key = put(bytes("0123456789"));

        failsWith(
                ObjectStoreFailed.Kind.REFUSED,
                () -> store().open(key, new ByteRange(10, 20)).join());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "_.-/-._/a.b-c_d.png",
                "A/a.png",
                "jobs/2026/11/0190c1a2-3b4c-7d5e-8f60-718293a4b5c6/generate-1/0.png",
                "..a/b..c/...d.png",
                "a.png-0190c1a2-3b4c-4d5e-8f60-718293a4b5c6.png",
                "x.7z",
                LONGEST_SEGMENT
            })
    void acceptsEveryValidKey(String form) throws Exception {
        var key = new ObjectKey("contract/" + UUID.randomUUID() + "/" + form);

        store().put(key, bytes(form), PNG, Map.of()).join();

        assertThat(store().find(key).join().orElseThrow().key()).isEqualTo(key);
        assertThat(content(key, null)).isEqualTo(bytes(form));
    }

    @Test
    void acceptsTheLongestKey() throws Exception {
        var prefix = "contract/" + UUID.randomUUID() + "/";
        var key = new ObjectKey(prefix + "a/".repeat((506 - prefix.length()) / 2) + "bb.png");
        assertThat(key.value()).hasSize(512);

        store().put(key, bytes("deep"), PNG, Map.of()).join();

        assertThat(content(key, null)).isEqualTo(bytes("deep"));
    }

    @Test
    void storesLargeObjects() throws Exception {
        var key = newKey();
        var bytes = large();

        var put = store().put(key, bytes, PNG, Map.of()).join();

        assertThat(put.bytes()).isEqualTo(LARGE);
        assertThat(content(key, null)).isEqualTo(bytes);
        assertThat(content(key, new ByteRange(LARGE - 3L, LARGE - 1L)))
                .isEqualTo(Arrays.copyOfRange(bytes, LARGE - 3, LARGE));
    }

    @Test
    void worksAfterContentsThatWereClosedBeforeTheirEnd() throws Exception {
        var bytes = large();
        var key = put(bytes);

        for (int reader = 0; reader < 5; reader++) {
            try (var content = store().open(key, null).join()) {
                assertThat(content.stream().readNBytes(1_000)).isEqualTo(Arrays.copyOf(bytes, 1_000));
            }
        }

        assertThat(content(key, null)).isEqualTo(bytes);
    }

    @Test
    void supportsManyReadersAtOnce() {
        var bytes = large();
        var key = put(bytes);

        var readers = new ArrayList<CompletableFuture<byte[]>>();
        for (int reader = 0; reader < 8; reader++) {
            readers.add(CompletableFuture.supplyAsync(() -> uncheckedContent(key), task -> new Thread(task).start()));
        }

        assertThat(readers.stream().map(CompletableFuture::join).toList())
                .allSatisfy(read -> assertThat(read).isEqualTo(bytes));
    }

    @Test
    void storesAnEmptyObject() throws Exception {
        var key = put(new byte[0]);

        assertThat(content(key, null)).isEmpty();
    }

    @Test
    void canBeCheckedRepeatedly() {
        var checks = List.of(store().check(), store().check(), store().check());

        assertThat(checks).allSatisfy(check -> assertThat(check.join()).isNull());
    }

    protected final ObjectKey put(byte[] bytes) {
        var key = newKey();
        store().put(key, bytes, PNG, Map.of()).join();
        return key;
    }

    protected static void failsWith(ObjectStoreFailed.Kind kind, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        ObjectStoreFailed.class,
                        failure -> assertThat(failure.kind()).isEqualTo(kind));
    }

    private byte[] content(ObjectKey key, @Nullable ByteRange range) throws IOException {
        try (var content = store().open(key, range).join()) {
            var bytes = content.stream().readAllBytes();
            assertThat(content.length()).isEqualTo(bytes.length);
            return bytes;
        }
    }

    private byte[] uncheckedContent(ObjectKey key) {
        try {
            return content(key, null);
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    private static byte[] large() {
        var bytes = new byte[LARGE];
        new Random(1).nextBytes(bytes);
        return bytes;
    }

    private static void await(CountDownLatch start) {
        try {
            start.await();
        } catch (InterruptedException e) {
            throw new CompletionException(e);
        }
    }
}
