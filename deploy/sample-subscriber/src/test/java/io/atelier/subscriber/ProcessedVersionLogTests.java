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

class ProcessedVersionLogTests {

    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final JobId ONE = new JobId(GoldenEvents.job(1));
    private static final JobId OTHER = new JobId(GoldenEvents.job(2));

    @TempDir
    private Path folder;

    @Test
    void containsTheHighestVersionOfEachJob() {
        try (var processed = open(NOW)) {
            processed.add(ONE, 9, NOW);

            assertThat(processed.contains(ONE, 9)).isTrue();
            assertThat(processed.contains(ONE, 2)).isTrue();
            assertThat(processed.contains(ONE, 10)).isFalse();
            assertThat(processed.contains(OTHER, 1)).isFalse();
        }
    }

    @Test
    void isCompleteAfterARestartAndSkipsAPartialLine() throws IOException {
        try (var processed = open(NOW)) {
            processed.add(ONE, 9, NOW);
            processed.add(ONE, 10, NOW);
        }
        Files.writeString(folder.resolve("handled.log"), OTHER + " 3", StandardOpenOption.APPEND);

        try (var processed = open(NOW)) {
            assertThat(processed.contains(ONE, 10)).isTrue();
            assertThat(processed.contains(OTHER, 3)).isFalse();
            processed.add(OTHER, 3, NOW);
        }
        try (var processed = open(NOW)) {
            assertThat(processed.contains(ONE, 10)).isTrue();
            assertThat(processed.contains(OTHER, 3)).isTrue();
        }
    }

    @Test
    void removesEntriesOlderThanTheRetention() throws IOException {
        try (var processed = open(NOW)) {
            processed.add(ONE, 9, NOW);
            processed.add(OTHER, 9, NOW.plus(Duration.ofDays(5)));
        }

        try (var processed = open(NOW.plus(Duration.ofDays(32)))) {
            assertThat(processed.contains(ONE, 9)).isFalse();
            assertThat(processed.contains(OTHER, 9)).isTrue();
        }
        assertThat(Files.readAllLines(folder.resolve("handled.log"))).hasSize(1);
    }

    private ProcessedVersionLog open(Instant now) {
        return ProcessedVersionLog.open(folder.resolve("handled.log"), now);
    }
}
