package io.atelier.generator.source;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Settings for loading source images; {@link io.atelier.worker.source.RemoteSourceProperties} has those for images at addresses.
 *
 * @param maxTotal the maximum size of all files of one request together: a worker holds them all in memory
 */
@Validated
@ConfigurationProperties("io.atelier.sources")
record SourceImageProperties(@DefaultValue("64MB") DataSize maxTotal) {}
