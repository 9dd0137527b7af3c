package io.atelier.gateway.api.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FirehoseCursorTests {

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 127, 128, 16_383, 16_384, 1L << 40, Long.MAX_VALUE})
    void everyOffsetIsRestored(long offset) {
        var cursor = new FirehoseCursor(List.of(0L, offset, 5L));

        assertThat(FirehoseCursor.parse(cursor.text())).contains(cursor);
    }

    @Test
    void cursorOfEightPartitionsIsShort() {
        var cursor =
                new FirehoseCursor(List.of(9_000_000L, 9_000_001L, 8_999_000L, 9_000_000L, 1L, 2L, 3L, 9_100_000L));

        assertThat(cursor.text()).startsWith("a").hasSizeLessThan(40).matches("[A-Za-z0-9_-]+");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "3",
                // An incomplete byte, and a number without an end.
                "aA",
                "agA",
                "a!!",
                "bAAAA",
                // Bits after the last byte, and a zero in two bytes.
                "abc",
                "agAA",
                "gen_06dahq1v1tw0f8v0sjy2m7sqs0",
                // More bits than an offset has.
                "a____________fw"
            })
    void invalidTextIsNotACursor(String text) {
        assertThat(FirehoseCursor.parse(text)).isEmpty();
    }
}
