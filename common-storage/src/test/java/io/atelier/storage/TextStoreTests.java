package io.atelier.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atelier.contract.job.StoredText;
import java.io.ByteArrayInputStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class TextStoreTests {

    private static final ObjectKey KEY = new ObjectKey("jobs/a/prompt-0-1/prompt.txt");
    private static final String TEXT = "Zoë said \"hi\"\r\n\uD83D\uDE00";

    private final InMemoryObjectStore store = new InMemoryObjectStore();
    private final TextStore texts = new TextStore(store, Runnable::run);

    @Test
    void readsWhatItStored() {
        var stored = texts.put(KEY, TEXT).join();

        assertThat(stored.key()).isEqualTo(KEY.value());
        assertThat(stored.bytes()).isEqualTo(TEXT.getBytes(StandardCharsets.UTF_8).length);
        assertThat(texts.read(stored).join()).isEqualTo(TEXT);
    }

    @Test
    void keepsMediaTypeAndMetadata() {
        var stored = texts.put(KEY, "{}".getBytes(StandardCharsets.UTF_8), TextStore.JSON, Map.of("by", "template"))
                .join();

        var found = store.find(KEY).join().orElseThrow();
        assertThat(found.mediaType()).isEqualTo("application/json");
        assertThat(found.metadata()).containsExactly(Map.entry("by", "template"));
        assertThat(TextStore.reference(found)).isEqualTo(stored);
    }

    @Test
    void theFirstTextStaysAndIsDescribed() {
        var first = texts.put(KEY, TEXT).join();

        assertThat(texts.put(KEY, "another").join()).isEqualTo(first);
        assertThat(texts.read(first).join()).isEqualTo(TEXT);
    }

    @Test
    void refusesAnotherTextThanTheOneThatWasStored() {
        var stored = texts.put(KEY, TEXT).join();
        var other = new StoredText(stored.key(), StoredObject.sha256Of(new byte[0]), stored.bytes());

        failsWith(
                ObjectStoreFailed.Kind.REFUSED,
                "another SHA-256",
                () -> texts.read(other).join());
    }

    @Test
    void failsForAMissingText() {
        var missing = new StoredText(KEY.value(), StoredObject.sha256Of(new byte[0]), 0);

        failsWith(
                ObjectStoreFailed.Kind.NOT_FOUND, "", () -> texts.read(missing).join());
    }

    @Test
    void acceptsNoTextAboveTheLimit() {
        var longest = texts.put(KEY, "a".repeat(TextStore.MAX_BYTES)).join();

        assertThat(texts.read(longest).join()).hasSize(TextStore.MAX_BYTES);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> texts.put(KEY, "b".repeat(TextStore.MAX_BYTES + 1)))
                .withMessageContaining("1048577 bytes")
                .withMessageNotContaining("bbb");
        var larger = new StoredText(KEY.value(), longest.sha256(), TextStore.MAX_BYTES + 1L);
        failsWith(
                ObjectStoreFailed.Kind.REFUSED,
                "at most",
                () -> texts.read(larger).join());
    }

    @Test
    void refusesAKeyThatIsNone() {
        failsWith(
                ObjectStoreFailed.Kind.REFUSED,
                "is no text",
                () -> texts.read(new StoredText("../a", "0", 1)).join());
    }

    @Test
    void failsWithTheFailureOfTheStore() {
        store.failNext(ObjectStoreFailed.Kind.UNAVAILABLE);

        failsWith(
                ObjectStoreFailed.Kind.UNAVAILABLE,
                "",
                () -> texts.put(KEY, TEXT).join());
    }

    @Test
    void closesATextThatNoThreadCanRead() {
        var stored = texts.put(KEY, TEXT).join();
        var closed = new AtomicInteger();
        var counted = (ObjectStore) Proxy.newProxyInstance(
                ObjectStore.class.getClassLoader(),
                new Class<?>[] {ObjectStore.class},
                (proxy, method, arguments) -> CompletableFuture.completedFuture(new ObjectContent(
                        new ByteArrayInputStream(new byte[0]) {
                            @Override
                            public void close() {
                                closed.incrementAndGet();
                            }
                        },
                        0)));
        var full = new TextStore(counted, task -> {
            throw new RejectedExecutionException("full");
        });

        failsWith(
                ObjectStoreFailed.Kind.UNAVAILABLE,
                "Try again",
                () -> full.read(stored).join());
        assertThat(closed).hasValue(1);
    }

    private static void failsWith(ObjectStoreFailed.Kind kind, String message, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        ObjectStoreFailed.class,
                        failure -> assertThat(failure.kind()).isEqualTo(kind))
                .hasMessageContaining(message);
    }
}
