package io.atelier.gateway.api.submission;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class IdempotencyKeyTests {

    @Test
    void keyHasTheSameJobIdInAllVersions() {
        var job = new IdempotencyKey("my key").jobId("POST /v1/generations");

        // Computed by another program: a repeated request must find the job that an older gateway created.
        assertThat(job.value()).isEqualTo("gen_0258f607f1h4eaacn0a9xjx358");
    }

    @Test
    void keyHasAnotherJobIdForAnotherRoute() {
        var key = new IdempotencyKey("my key");

        assertThat(key.jobId("POST /v1/generations")).isNotEqualTo(key.jobId("POST /v1/other"));
    }
}
