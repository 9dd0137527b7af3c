package io.atelier.gateway.faces.hayhooks;

import io.atelier.gateway.faces.listener.FacePort;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of the face for clients of hayhooks.
 *
 * @param port the port of its listener: 0 for any free one, {@code off} for none
 * @param corsOrigins the origins of web pages that may use it; {@code *} is every origin, as hayhooks has it
 * @param model the model of requests to {@code image_generation} that name none
 * @param pipelines a folder of YAML files and jars, which add pipelines; null for none
 * @param rescanInterval how often the folder is read for files that were added, changed or removed
 * @param anyHuggingFaceModel whether requests may name models of Hugging Face, such as {@code org/name}, that the catalogue does not have
 * @param strictStatus whether every failure of a pipeline has the status 500, as hayhooks has it
 * @param maxRuns the highest number of runs of pipelines in Java at the same time; one more is refused
 * @param runTimeout how long a pipeline in Java may take until it has a result
 * @param idleTimeout for how long nothing of the result of a pipeline in Java may be sent before the response is aborted: the client takes nothing, or
 *     the pipeline has nothing
 * @param getAllowed whether {@code GET} on the path of a pipeline runs it too; any web page can then make images here
 */
@Validated
@ConfigurationProperties("io.atelier.faces.hayhooks")
public record HayhooksProperties(
        @DefaultValue(FacePort.OFF) @Pattern(regexp = FacePort.PATTERN, message = FacePort.RULE)
        String port,

        @DefaultValue("*") List<String> corsOrigins,

        @DefaultValue("black-forest-labs/FLUX.1-schnell") @NotBlank
        String model,

        @Nullable Path pipelines,
        @DefaultValue("2s") @DurationMin(millis = 100) Duration rescanInterval,
        @DefaultValue("true") boolean anyHuggingFaceModel,
        @DefaultValue("16") @Min(1) @Max(256) int maxRuns,

        @DefaultValue("55s") @DurationMin(millis = 100) @DurationMax(hours = 1)
        Duration runTimeout,

        @DefaultValue("2m") @DurationMin(millis = 100) Duration idleTimeout,
        @DefaultValue("false") boolean strictStatus,
        @DefaultValue("false") boolean getAllowed) {

    public HayhooksProperties {
        corsOrigins = List.copyOf(corsOrigins);
    }
}
