package io.atelier.worker.binding;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.JobId;
import io.atelier.contract.work.TaskProgress;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ProgressOutboxTests {

    private static final Instant AT = Instant.parse("2026-11-21T12:00:00Z");

    private final JobId job = JobId.create(AT, new Random(1));
    private final ProgressOutbox outbox = new ProgressOutbox();

    @Test
    void progressLeavesInTheOrderInWhichItCame() {
        outbox.accept(step(1));
        outbox.accept(step(2));

        assertThat(outbox.next()).contains(step(1));
        assertThat(outbox.next()).contains(step(2));
        assertThat(outbox.next()).isEmpty();
    }

    @Test
    void oldestIsDroppedWhenTheOutboxIsFull() {
        for (int step = 1; step <= ProgressOutbox.CAPACITY + 3; step++) {
            outbox.accept(step(step));
        }

        assertThat(outbox.next()).contains(step(4));
    }

    private TaskProgress step(int step) {
        return new TaskProgress(job, "generate", 1, AT, "denoising", step, 2_000);
    }
}
