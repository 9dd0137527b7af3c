package io.atelier.gateway.upkeep.janitor;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How often and how boldly the store is tidied.
 *
 * @param interval the longest pause between two rounds; each is half to the whole of it, so that several gateways do not walk in step. 0
 *     for never
 * @param gracePeriod how old an object must be before it is looked at: longer than a worker takes from storing a picture to reporting it
 * @param pageInterval between two pages of 500 objects, so that a round is no load on the store
 * @param deleteUnknown whether pictures of jobs that nobody knows go, too. Leave it off if the bucket may hold those of another system, or
 *     of an earlier Kafka
 */
@Validated
@ConfigurationProperties("io.atelier.janitor")
public record JanitorProperties(
        @DefaultValue("1h") @DurationMin Duration interval,
        @DefaultValue("1h") @DurationMin Duration gracePeriod,
        @DefaultValue("200ms") @DurationMin Duration pageInterval,
        @DefaultValue("false") boolean deleteUnknown) {}
