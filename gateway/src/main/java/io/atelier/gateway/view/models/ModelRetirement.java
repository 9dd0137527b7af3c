package io.atelier.gateway.view.models;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import java.time.LocalDate;
import org.springframework.boot.context.properties.ConfigurationPropertiesSource;

/**
 * The end of a model at its maker. From that day on its name is an alias: requests for it get another model, and a warning.
 *
 * @param model its id; the catalogue describes the model as long as it can still be asked
 * @param shutdown the first day (UTC) on which its maker does not answer for it any more
 * @param replacedBy the model of the catalogue that takes its place
 */
@ConfigurationPropertiesSource
public record ModelRetirement(
        @NotBlank String model,
        @NotNull LocalDate shutdown,
        @NotBlank String replacedBy) {}
