package io.atelier.generator.source;

import io.atelier.generator.provider.ProviderSettings;
import jakarta.validation.Valid;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Settings for loading source images.
 *
 * @param maxTotal the maximum size of all files of one request together: a worker holds them all in memory
 * @param remote settings of the HTTP client for downloads; {@code remote.limits} also applies to images in the object store
 */
@Validated
@ConfigurationProperties("io.atelier.sources")
record SourceImageProperties(
        @DefaultValue("64MB") DataSize maxTotal,
        @DefaultValue @Valid @NestedConfigurationProperty ProviderSettings remote) {}
