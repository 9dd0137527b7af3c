package io.atelier.gateway.api.generations;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.atelier.contract.job.Job;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The time that the job took, in seconds, its calls of providers, and what these used. */
@Schema(name = "Usage")
record GenerationUsage(
        @Schema(description = "The total time of its engines") @Nullable
        Double engineSeconds,

        @Schema(description = "The time before it first ran") @Nullable
        Double queueSeconds,

        @Schema(description = "The time to rewrite the prompt; left out if not requested")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable
        Double enhanceSeconds,

        @Schema(
                description =
                        "The calls that asked providers for images in all attempts, repeated and failed ones included;"
                                + " left out if none did")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable
        Integer providerCalls,

        @Schema(description = "What providers say they used in all attempts; left out if none said anything")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable
        ProviderUsageObject provider) {

    static GenerationUsage of(Job job) {
        var started = job.startedAt();
        return new GenerationUsage(
                job.engineMillis() == null ? null : job.engineMillis() / 1000.0,
                started == null
                        ? null
                        : Math.max(0, Duration.between(job.createdAt(), started).toMillis()) / 1000.0,
                job.enhancement() == null ? null : job.enhancement().millis() / 1000.0,
                job.providerCalls(),
                ProviderUsageObject.of(job.providerUsage()));
    }
}
