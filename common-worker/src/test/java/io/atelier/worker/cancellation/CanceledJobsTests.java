package io.atelier.worker.cancellation;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.JobId;
import io.atelier.messaging.Samples;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** What is remembered of canceled jobs, and who hears of them. */
final class CanceledJobsTests {

    private final CanceledJobs jobs = new CanceledJobs();
    private final RandomGenerator random = new Random(1);

    @Test
    void canceledJobIsRememberedAndOthersAreNot() {
        jobs.add(Samples.JOB, cancellationRequest());

        assertThat(jobs.contains(Samples.JOB)).isTrue();
        assertThat(jobs.contains(another())).isFalse();
    }

    @Test
    void listenerFindsTheJobRemembered() {
        var heard = new ArrayList<JobId>();
        var registration = jobs.onCancel((job, cancellationRequest) -> {
            assertThat(jobs.contains(job)).isTrue();
            heard.add(job);
        });

        jobs.add(Samples.JOB, cancellationRequest());
        registration.close();
        jobs.add(another(), cancellationRequest());

        assertThat(heard).containsExactly(Samples.JOB);
    }

    @Test
    void oldestJobIsForgottenWhenThereAreTooMany() {
        jobs.add(Samples.JOB, cancellationRequest());
        var second = another();
        jobs.add(second, cancellationRequest());
        for (int number = 0; number < CanceledJobs.MAX_IDS - 1; number++) {
            jobs.add(another(), cancellationRequest());
        }

        assertThat(jobs.contains(Samples.JOB)).isFalse();
        assertThat(jobs.contains(second)).isTrue();
    }

    private JobId another() {
        return JobId.create(Samples.AT, random);
    }

    private static Cancellation.Request cancellationRequest() {
        return Cancellation.Request.receivedNow(Duration.ofSeconds(5));
    }
}
