package io.atelier.gateway.upkeep.janitor;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of the janitor.
 *
 * @param interval the longest time between two sweeps; each is random between half of it and the whole, so that several gateways do not
 *     sweep at the same time. 0 for no sweeps
 * @param gracePeriod the age from which objects are looked at: longer than a worker takes from storing an image to reporting it
 * @param pageInterval the time between two pages of 500 objects, which limits the load on the store
 * @param deleteUnknown whether images of unknown jobs are deleted, too. Leave it off if the bucket may contain those of another system, or
 *     of an earlier Kafka
 */
@Validated
@ConfigurationProperties("io.atelier.janitor")
public record JanitorProperties(
        @DefaultValue("1h") @DurationMin Duration interval,
        @DefaultValue("1h") @DurationMin Duration gracePeriod,
        @DefaultValue("200ms") @DurationMin Duration pageInterval,
        @DefaultValue("false") boolean deleteUnknown) {}
