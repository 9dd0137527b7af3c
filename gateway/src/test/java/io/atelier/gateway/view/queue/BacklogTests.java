package io.atelier.gateway.view.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.DeviceName;
import io.atelier.contract.job.JobStatus;
import io.atelier.contract.job.Routing;
import io.atelier.gateway.JobsWithoutTimeInId;
import io.atelier.gateway.view.jobs.JobSummary;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class BacklogTests {

    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

    private final Backlog backlog = new Backlog();

    @DisplayName("The queue of a pool counts jobs that wait in the topics of its devices, too")
    @Test
    void jobsThatRequireADeviceAreCounted() {
        backlog.changed(JobSummary.of(JobsWithoutTimeInId.at(NOW, JobStatus.QUEUED, "pocket", Map.of())));

        backlog.changed(onDevice("gpu"));
        backlog.changed(onDevice("cpu"));

        assertThat(backlog.depths()).hasSize(1);
        assertThat(backlog.depths().values()).extracting(Backlog.Depth::queued).containsExactly(3);
        assertThat(backlog.queued("default")).containsExactly(Map.entry("pocket", 3));
    }

    private static JobSummary onDevice(String device) {
        var job = JobsWithoutTimeInId.at(NOW, JobStatus.QUEUED, "pocket", Map.of());
        var request = job.request().toBuilder()
                .routing(new Routing(null, List.of()).withDevice(new DeviceName(device)))
                .build();
        return new JobSummary(
                job.id(),
                job.status(),
                job.stage(),
                job.createdAt(),
                job.startedAt(),
                job.completedAt(),
                JobSummary.Request.of(request),
                null);
    }
}
