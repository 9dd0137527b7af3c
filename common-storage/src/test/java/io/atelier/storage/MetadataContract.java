package io.atelier.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The part of {@link ObjectStoreContract} about metadata. */
abstract class MetadataContract {

    protected static final String PNG = "image/png";

    /** The store under test, after a successful {@link ObjectStore#check}. */
    protected abstract ObjectStore store();

    @Test
    void storesMetadata() {
        var key = newKey();
        var metadata = Map.of("seed", "42", "job-id", "!a-Z 0~9?\"',;:=%&<>[]{}|\\^`", "x1", "1");

        store().put(key, bytes("an image"), PNG, metadata).join();

        assertThat(store().find(key).join().orElseThrow().metadata()).isEqualTo(metadata);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Seed", "a b", "", "-a", "a--b", "ä", "sha256"})
    void rejectsInvalidNames(String name) {
        assertThatThrownBy(() -> store().put(newKey(), bytes("a"), PNG, Map.of(name, "1")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Not a metadata name: '" + name + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " a", "a ", "a\nb", "Bär"})
    void rejectsInvalidValues(String value) {
        assertThatThrownBy(() -> store().put(newKey(), bytes("a"), PNG, Map.of("name", value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Not a metadata value: '" + value + "'");
    }

    @Test
    void rejectsMoreMetadataThanServersAccept() {
        assertThatThrownBy(() -> store().put(newKey(), bytes("a"), PNG, Map.of("long", "a".repeat(1_797))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Metadata of 1801 characters; at most 1800 are allowed");

        var key = newKey();
        var longest = Map.of("long", "a".repeat(1_796));
        assertThat(store().put(key, bytes("a"), PNG, longest).join().metadata()).isEqualTo(longest);
    }

    protected static ObjectKey newKey() {
        return new ObjectKey("contract/" + UUID.randomUUID() + "/0.png");
    }

    protected static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
