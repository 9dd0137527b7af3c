package io.atelier.gateway.api.generations;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.atelier.contract.job.Job;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Why an attempt failed. */
@Schema(name = "AttemptError")
record AttemptError(
        String task,
        int attempt,
        Instant at,
        JobError error,

        @Schema(
                description =
                        "The calls that asked the provider for images, repeated and failed ones included; left out"
                                + " if none did")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable
        Integer providerCalls,

        @Schema(description = "What the provider says it used in this attempt; left out if it said nothing")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable
        ProviderUsageObject providerUsage) {

    static AttemptError of(Job.AttemptFailure failed) {
        return new AttemptError(
                failed.task(),
                failed.attempt(),
                failed.at(),
                JobError.of(failed.failure()),
                failed.providerCalls(),
                ProviderUsageObject.of(failed.providerUsage()));
    }
}
