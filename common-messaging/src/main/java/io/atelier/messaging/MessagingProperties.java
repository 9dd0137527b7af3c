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
 * Where Kafka is and how to speak to it.
 *
 * @param bootstrapServers {@code host:port}, several separated by commas
 * @param component who speaks: the source of every event is {@code urn:atelier:} and this word
 * @param pools the pools that orders for generators may go to; each has a topic of its own
 * @param replication on how many brokers a record lies
 * @param deliveryTimeout after which a publication that the brokers have not confirmed has failed. Short where a client waits for the
 *     answer; longer than a broker's restart where a worker reports what it did
 * @param metadataTimeout how long a publication may block its caller to find out which broker leads a partition
 * @param brokerStartTimeout how long a starting process waits for the brokers to answer before it gives up
 */
@Validated
@ConfigurationProperties("io.atelier.messaging")
public record MessagingProperties(
        @DefaultValue("127.0.0.1:9092") @NotBlank String bootstrapServers,

        @DefaultValue("atelier") @Pattern(regexp = "[a-z][a-z0-9-]*")
        String component,

        @DefaultValue("default") List<@Pattern(regexp = "[a-z0-9][a-z0-9.-]*") String> pools,
        @DefaultValue("1") @Min(1) @Max(7) int replication,
        @DefaultValue("5s") @DurationMin(millis = 100) Duration deliveryTimeout,
        @DefaultValue("1s") @DurationMin(millis = 1) Duration metadataTimeout,
        @DefaultValue("5m") @DurationMin(seconds = 1) Duration brokerStartTimeout) {

    public MessagingProperties {
        pools = List.copyOf(pools);
    }
}
