package io.atelier.gateway.view.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.JobStatus;
import io.atelier.gateway.JobsWithoutTimeInId;
import io.atelier.messaging.EventCodec;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ParsedJobsTests {

    private static final Instant AT = Instant.parse("2026-11-21T10:00:00Z");

    private final ParsedJobs parsed = new ParsedJobs();

    @Test
    void jobIsParsedOnceAsLongAsItDoesNotChange() {
        var job = JobsWithoutTimeInId.at(AT, JobStatus.QUEUED);
        var bytes = EventCodec.json().writeValueAsBytes(job);

        var first = parsed.parse(job.id(), bytes);

        assertThat(first).isEqualTo(job);
        assertThat(parsed.parse(job.id(), bytes.clone())).isSameAs(first);
    }

    @Test
    void readerGetsTheStateThatTheStoreHas() {
        var job = JobsWithoutTimeInId.at(AT, JobStatus.QUEUED);
        var json = new String(EventCodec.json().writeValueAsBytes(job), StandardCharsets.UTF_8);
        var later = json.replace("\"queued\"", "\"running\"");
        parsed.parse(job.id(), json.getBytes(StandardCharsets.UTF_8));

        var read = parsed.parse(job.id(), later.getBytes(StandardCharsets.UTF_8));

        assertThat(read.status()).isEqualTo(JobStatus.RUNNING);
        assertThat(read.id()).isEqualTo(job.id());
    }

    @Test
    void newStateIsReadOnceForTheIndexAndForReaders() {
        var job = JobsWithoutTimeInId.at(AT, JobStatus.QUEUED);
        var bytes = EventCodec.json().writeValueAsBytes(job);

        var arrived = parsed.readNew(job.id(), bytes);

        assertThat(parsed.parse(job.id(), bytes.clone())).isSameAs(arrived);
    }

    @Test
    void newStateThatCannotBeReadIsLeftToTheIndex() {
        var job = JobsWithoutTimeInId.at(AT, JobStatus.QUEUED);

        assertThat(parsed.readNew(job.id(), "{}".getBytes(StandardCharsets.UTF_8)))
                .isNull();
    }
}
