package io.atelier.gateway.api.cache;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of the responses that are kept: those of ended generations and of their images.
 *
 * @param size the memory for them; 0 keeps none
 * @param maxResponse the largest response that is kept
 */
@ConfigurationProperties("io.atelier.response-cache")
public record ResponseCacheProperties(
        @DefaultValue("32MB") DataSize size,
        @DefaultValue("8MB") DataSize maxResponse) {

    public ResponseCacheProperties {
        if (size.isNegative() || maxResponse.isNegative()) {
            throw new IllegalArgumentException("Must not be negative.");
        }
    }
}
