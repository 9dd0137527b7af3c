package io.atelier.generator.persona;

import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of the prompts of avatars.
 *
 * @param prompts what writes the prompts of grids: {@code flowise} for the flow of {@code io.atelier.flowise}, {@code template} for a template of the
 *     worker, {@code auto} for the flow if its address and its id are set, and else the template
 * @param promptAppend put at the end of the prompts of base images and grids, but not of prompts that a client gave; at most 4000 characters
 */
@Validated
@ConfigurationProperties(PersonaProperties.PREFIX)
record PersonaProperties(
        @DefaultValue("auto") @Pattern(regexp = "auto|flowise|template", message = "must be auto, flowise or template")
        String prompts,

        @DefaultValue("") @Size(max = 4000) String promptAppend) {

    static final String PREFIX = "io.atelier.personas";
}
