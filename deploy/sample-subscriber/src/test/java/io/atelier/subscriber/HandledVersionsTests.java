package io.atelier.subscriber;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.JobId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HandledVersionsTests {

    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final JobId ONE = new JobId(GoldenEvents.job(1));
    private static final JobId OTHER = new JobId(GoldenEvents.job(2));

    @TempDir
    private Path folder;

    @Test
    void remembersTheHighestVersionOfEachJob() {
        try (var ledger = open(NOW)) {
            ledger.add(ONE, 9, NOW);

            assertThat(ledger.knows(ONE, 9)).isTrue();
            assertThat(ledger.knows(ONE, 2)).isTrue();
            assertThat(ledger.knows(ONE, 10)).isFalse();
            assertThat(ledger.knows(OTHER, 1)).isFalse();
        }
    }

    @Test
    void remembersAfterARestartWhateverWasWrittenLast() throws IOException {
        try (var ledger = open(NOW)) {
            ledger.add(ONE, 9, NOW);
            ledger.add(ONE, 10, NOW);
        }
        Files.writeString(folder.resolve("ledger"), OTHER + " 3", StandardOpenOption.APPEND);

        try (var ledger = open(NOW)) {
            assertThat(ledger.knows(ONE, 10)).isTrue();
            assertThat(ledger.knows(OTHER, 3)).isFalse();
            ledger.add(OTHER, 3, NOW);
        }
        try (var ledger = open(NOW)) {
            assertThat(ledger.knows(ONE, 10)).isTrue();
            assertThat(ledger.knows(OTHER, 3)).isTrue();
        }
    }

    @Test
    void forgetsWhatCannotBeRepeatedAnyMore() throws IOException {
        try (var ledger = open(NOW)) {
            ledger.add(ONE, 9, NOW);
            ledger.add(OTHER, 9, NOW.plus(Duration.ofDays(5)));
        }

        try (var ledger = open(NOW.plus(Duration.ofDays(32)))) {
            assertThat(ledger.knows(ONE, 9)).isFalse();
            assertThat(ledger.knows(OTHER, 9)).isTrue();
        }
        assertThat(Files.readAllLines(folder.resolve("ledger"))).hasSize(1);
    }

    private HandledVersions open(Instant now) {
        return HandledVersions.open(folder.resolve("ledger"), now);
    }
}
