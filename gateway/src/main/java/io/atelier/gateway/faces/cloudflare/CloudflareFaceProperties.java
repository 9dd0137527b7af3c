package io.atelier.gateway.faces.cloudflare;

import io.atelier.gateway.view.models.Catalogue;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of the face for clients of Cloudflare workers, below {@code /faces/cloudflare} on the main port.
 *
 * @param key which {@code POST /faces/cloudflare/sdxl} requires; empty for no such path. Clients take only keys of these characters
 * @param getAllowed whether {@code GET /faces/cloudflare/flux} generates, for which no key is needed
 * @param fluxModel the model of {@code /faces/cloudflare/flux}
 * @param sdxlModel the model of {@code /faces/cloudflare/sdxl}
 * @param maxQueued how many generations may wait for a model before further ones are refused
 */
@Validated
@ConfigurationProperties("io.atelier.faces.cloudflare")
public record CloudflareFaceProperties(
        @Pattern(regexp = "|[A-Za-z0-9_-]{10,256}", message = "must have 10 to 256 letters, digits, '_' or '-'")
        @DefaultValue("")
        String key,

        @DefaultValue("false") boolean getAllowed,
        @DefaultValue(Catalogue.AUTO) @NotBlank String fluxModel,
        @DefaultValue(Catalogue.AUTO) @NotBlank String sdxlModel,
        @DefaultValue("100") @Min(1) int maxQueued) {

    @Override
    public String toString() {
        return "CloudflareFaceProperties[getAllowed=%s]".formatted(getAllowed);
    }
}
