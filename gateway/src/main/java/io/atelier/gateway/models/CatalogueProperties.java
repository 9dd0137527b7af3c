package io.atelier.gateway.models;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The models of this installation.
 *
 * @param standard the model that {@code auto} stands for
 * @param models in the order in which clients see them
 */
@Validated
@ConfigurationProperties("io.atelier.catalogue")
record CatalogueProperties(
        @DefaultValue("pocket") @NotBlank String standard,
        @NotEmpty List<@Valid Model> models) {}
