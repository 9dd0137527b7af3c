package io.atelier.generator.source;

import io.atelier.generator.provider.ProviderSettings;
import jakarta.validation.Valid;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * How pictures to change are fetched.
 *
 * @param maxTotal how long the files of one request may be together: a worker has them all in memory
 * @param remote how the servers are asked on which they lie; {@code max-answer} and {@code max-pixels} count for pictures of the store, too
 */
@Validated
@ConfigurationProperties("io.atelier.sources")
record SourceImageProperties(
        @DefaultValue("64MB") DataSize maxTotal,
        @DefaultValue @Valid @NestedConfigurationProperty ProviderSettings remote) {}
