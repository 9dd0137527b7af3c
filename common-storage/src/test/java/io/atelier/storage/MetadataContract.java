package io.atelier.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The part of {@link ObjectStoreContract} about notes: which are kept, and which are refused before they travel. */
abstract class MetadataContract {

    protected static final String PNG = "image/png";

    /** The store under test; its {@link ObjectStore#check} went well. */
    protected abstract ObjectStore store();

    @Test
    void keepsNotes() {
        var key = newKey();
        var notes = Map.of("seed", "42", "job-id", "!a-Z 0~9?\"',;:=%&<>[]{}|\\^`", "x1", "1");

        store().put(key, bytes("a picture"), PNG, notes).join();

        assertThat(store().find(key).join().orElseThrow().notes()).isEqualTo(notes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Seed", "a b", "", "-a", "a--b", "ä", "sha256"})
    void refusesNotesWithOtherNames(String name) {
        assertThatThrownBy(() -> store().put(newKey(), bytes("a"), PNG, Map.of(name, "1")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Not the name of a note: '" + name + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " a", "a ", "a\nb", "Bär"})
    void refusesNotesWithOtherValues(String value) {
        assertThatThrownBy(() -> store().put(newKey(), bytes("a"), PNG, Map.of("name", value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Not the value of a note: '" + value + "'");
    }

    @Test
    void refusesMoreNotesThanServersTake() {
        assertThatThrownBy(() -> store().put(newKey(), bytes("a"), PNG, Map.of("long", "a".repeat(1_797))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Notes of 1801 characters; at most 1800 are kept");

        var key = newKey();
        var longest = Map.of("long", "a".repeat(1_796));
        assertThat(store().put(key, bytes("a"), PNG, longest).join().notes()).isEqualTo(longest);
    }

    protected static ObjectKey newKey() {
        return new ObjectKey("contract/" + UUID.randomUUID() + "/0.png");
    }

    protected static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
