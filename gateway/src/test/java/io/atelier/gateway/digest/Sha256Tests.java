package io.atelier.gateway.digest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Ids that were given out must stay as they are, so the expected ones were computed by another program. */
class Sha256Tests {

    private final Sha256 digest = Sha256.of("a name \u00E9");

    @Test
    void hexIsThatOfTheTextInUtf8() {
        assertThat(digest.hex()).isEqualTo("32adcc1f07700dafc7c8208ab16eb6fae6c89ba306423d361b4ee084df9ee571");
    }

    @Test
    void uuidWithoutATimeIsOfVersionEight() {
        assertThat(digest.uuid()).hasToString("32adcc1f-0770-8daf-87c8-208ab16eb6fa");
    }

    @Test
    void uuidOfAMomentIsOfVersionSeven() {
        assertThat(digest.uuidAt(Instant.ofEpochMilli(1_763_712_000_123L)))
                .hasToString("019aa56d-607b-7daf-87c8-208ab16eb6fa");
    }
}
