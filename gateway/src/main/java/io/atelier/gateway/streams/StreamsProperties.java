package io.atelier.gateway.streams;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of the Kafka Streams applications.
 *
 * @param stateDirectory the directory of their stores, used by one gateway only
 * @param startTimeout how long to wait for a broker before the start fails
 * @param lifecyclePartitions into how many partitions the jobs are divided for the lifecycle: as many threads, of one or more gateways, share its
 *     work. Fixed by the first start of a cluster
 */
@Validated
@ConfigurationProperties("io.atelier.streams")
public record StreamsProperties(
        Path stateDirectory,
        @DefaultValue("60s") Duration startTimeout,
        @DefaultValue("1") @Min(1) @Max(32) int lifecyclePartitions) {}
