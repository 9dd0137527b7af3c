package io.atelier.messaging;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import java.util.List;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of the connection to Kafka, {@code io.atelier.messaging}.
 *
 * @param bootstrapServers {@code host:port}, several separated by commas
 * @param component name of this service; the CloudEvents source of its records is {@code urn:atelier:} and this name
 * @param pools pools of generator workers; each has a task topic of its own
 * @param replication number of brokers that store each record
 * @param deliveryTimeout time after which a publication without confirmation fails. Short in the gateway, where a client waits for the
 *     response; longer than a broker's restart in a worker, which reports the result of a task
 * @param metadataTimeout how long a publication may block its caller to find the leader of a partition
 * @param brokerStartTimeout how long a starting process waits for the brokers
 */
@Validated
@ConfigurationProperties("io.atelier.messaging")
public record MessagingProperties(
        @DefaultValue("127.0.0.1:9092")
        @NotBlank
        @Pattern(
                regexp = "\\s*[^\\s,]+:\\d{1,5}(\\s*,\\s*[^\\s,]+:\\d{1,5})*\\s*",
                message = "must be host:port, or several of them with commas between")
        String bootstrapServers,

        @DefaultValue("atelier")
        @Pattern(
                regexp = "[a-z][a-z0-9-]*",
                message = "must be lower-case letters, digits and hyphens, and begin with a letter")
        String component,

        @DefaultValue("default") List<@Pattern(regexp = POOL, message = POOL_RULE) String> pools,
        @DefaultValue("1") @Min(1) @Max(7) int replication,
        @DefaultValue("5s") @DurationMin(millis = 100) Duration deliveryTimeout,
        @DefaultValue("1s") @DurationMin(millis = 1) Duration metadataTimeout,
        @DefaultValue("5m") @DurationMin(seconds = 1) Duration brokerStartTimeout) {

    /** What the name of a pool is made of: it becomes a part of names of topics. */
    public static final String POOL = "[a-z0-9][a-z0-9.-]*";

    /** {@link #POOL} in words. */
    public static final String POOL_RULE =
            "must be lower-case letters, digits, dots and hyphens, and begin with a letter or digit";

    public MessagingProperties {
        pools = List.copyOf(pools);
    }
}
