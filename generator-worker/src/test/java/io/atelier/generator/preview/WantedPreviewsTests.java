package io.atelier.generator.preview;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.JobId;
import io.atelier.contract.work.ModelUnloadRequested;
import io.atelier.contract.work.PreviewsRequested;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class WantedPreviewsTests {

    private static final Instant START = Instant.parse("2026-11-30T10:00:00Z");
    private static final JobId JOB = job(1);

    private Instant now = START;
    private final WantedPreviews wanted = new WantedPreviews(() -> now);

    @Test
    void previewsAreWantedUntilTheRequestExpires() {
        assertThat(wanted.contains(JOB)).isFalse();

        request(JOB, 60);

        assertThat(wanted.contains(JOB)).isTrue();
        assertThat(wanted.contains(job(2))).isFalse();
        now = START.plusSeconds(59);
        assertThat(wanted.contains(JOB)).isTrue();
        now = START.plusSeconds(60);
        assertThat(wanted.contains(JOB)).isFalse();
    }

    @Test
    @DisplayName("A repetition prolongs; a request of another gateway that ends earlier does not shorten")
    void laterEndCounts() {
        request(JOB, 60);
        request(JOB, 80);
        request(JOB, 40);

        now = START.plusSeconds(79);
        assertThat(wanted.contains(JOB)).isTrue();
    }

    @Test
    @DisplayName(
            "The requests that a worker reads at its start are over, and a clock that is ahead has no effect for ever")
    void otherClocks() {
        request(JOB, -1);
        assertThat(wanted.size()).isZero();

        request(JOB, 1_000_000);
        now = START.plus(WantedPreviews.MAX_VALIDITY);
        assertThat(wanted.contains(JOB)).isFalse();
    }

    @Test
    void theirNumberIsBoundedAndExpiredOnesMakeRoom() {
        for (int i = 0; i < WantedPreviews.MAX_JOBS; i++) {
            request(job(i), 60);
        }
        var late = job(-1);

        request(late, 60);
        assertThat(wanted.contains(late)).isFalse();
        request(job(5), 90);
        assertThat(wanted.size()).isEqualTo(WantedPreviews.MAX_JOBS);

        now = START.plusSeconds(60);
        request(late, 90);
        assertThat(wanted.contains(late)).isTrue();
        assertThat(wanted.size()).isEqualTo(2);
    }

    @Test
    void otherRequestsAreIgnored() {
        wanted.obey(new ModelUnloadRequested("sdxl", START));

        assertThat(wanted.size()).isZero();
    }

    private void request(JobId job, int seconds) {
        wanted.obey(new PreviewsRequested(job, START, START.plusSeconds(seconds)));
    }

    private static JobId job(int seed) {
        return JobId.create(START, new Random(seed));
    }
}
