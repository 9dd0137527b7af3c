package io.atelier.contract.digest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Published ids must not change, so another program computed the expected values. */
class Sha256Tests {

    private static final String TEXT = "a name \u00E9";

    private final Sha256 digest = Sha256.of(TEXT);

    @Test
    void theNumberIsTheFirstSixteenDigits() {
        assertThat(digest.firstLong())
                .isEqualTo(Long.parseUnsignedLong(digest.hex().substring(0, 16), 16));
    }

    @Test
    void hexIsTheDigestOfTheTextInUtf8() {
        assertThat(digest.hex()).isEqualTo("32adcc1f07700dafc7c8208ab16eb6fae6c89ba306423d361b4ee084df9ee571");
    }

    @Test
    void bytesAndTextInUtf8HaveTheSameDigest() {
        assertThat(Sha256.of(TEXT.getBytes(StandardCharsets.UTF_8)).hex()).isEqualTo(digest.hex());
    }

    @Test
    void uuidWithoutTimeHasVersionEight() {
        assertThat(digest.uuid()).hasToString("32adcc1f-0770-8daf-87c8-208ab16eb6fa");
    }

    @Test
    void uuidWithTimeHasVersionSeven() {
        assertThat(digest.uuidAt(Instant.ofEpochMilli(1_763_712_000_123L)))
                .hasToString("019aa56d-607b-7daf-87c8-208ab16eb6fa");
    }
}
