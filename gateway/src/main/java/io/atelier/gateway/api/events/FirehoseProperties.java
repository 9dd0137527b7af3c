package io.atelier.gateway.api.events;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of the stream of all events.
 *
 * @param maxStreams the highest number of streams of a gateway at the same time; one more is refused. Each needs a consumer of its own and,
 *     while it reads, a thread
 */
@Validated
@ConfigurationProperties("io.atelier.firehose")
public record FirehoseProperties(
        @DefaultValue("32") @Min(1) @Max(1024) int maxStreams) {}
