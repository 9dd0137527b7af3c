package io.atelier.gateway.api.operations;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of the watch over free disk space, {@code io.atelier.disk}.
 *
 * @param folder the watched disk is that of this folder: the data folder
 * @param minFree new generations are refused while less is free, such as {@code 256MB}; {@code 0B} for never
 */
@Validated
@ConfigurationProperties("io.atelier.disk")
public record DiskProperties(
        @DefaultValue("./data") Path folder,
        @DefaultValue("256MB") DataSize minFree) {

    public DiskProperties {
        if (minFree.isNegative()) {
            throw new IllegalArgumentException(
                    "io.atelier.disk.min-free is %s; it must be 0B or more, such as 256MB.".formatted(minFree));
        }
    }
}
