package io.atelier.gateway.faces.intel;

import io.atelier.gateway.faces.listener.FacePort;
import io.atelier.gateway.view.models.Catalogue;
import jakarta.validation.constraints.Pattern;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of the face with the API of Intel's text2image service.
 *
 * @param port of its listener; 0 for any free one, {@code off} for no listener
 * @param model what it generates with: {@code stable-diffusion-xl}, {@code stable-diffusion-v3.5}, {@code stable-diffusion-v3}, {@code
 *     flux-schnell}, {@code flux-dev}, or a model of the catalogue
 * @param strict whether getting an image erases it, as the replaced service deleted its file
 * @param corsOrigins origins of web pages that may use it, as {@code io.atelier.http.cors-origins} for the main port
 */
@Validated
@ConfigurationProperties("io.atelier.faces.intel")
public record IntelProperties(
        @DefaultValue(FacePort.OFF) @Pattern(regexp = FacePort.PATTERN, message = FacePort.RULE)
        String port,

        @DefaultValue(Catalogue.AUTO) String model,
        @DefaultValue("false") boolean strict,
        @DefaultValue List<String> corsOrigins) {}
