package io.atelier.gateway.view.models;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of the model catalogue.
 *
 * @param standard the model that {@code auto} stands for
 * @param models the models that ship with Atelier, in the order in which clients see them
 * @param own the operator's own models, listed after those; one with the id of a model that ships replaces it
 * @param retirements the models that their makers shut down; without effect on models of {@code own}
 */
@Validated
@ConfigurationProperties("io.atelier.catalogue")
public record CatalogueProperties(
        @DefaultValue("pocket") @NotBlank String standard,
        @NotEmpty List<@Valid Model> models,
        @DefaultValue List<@Valid Model> own,
        @DefaultValue List<@Valid ModelRetirement> retirements) {

    /** The effective models. Duplicate ids within one of the two lists are kept, so that {@link Catalogue} refuses them. */
    public List<Model> all() {
        var ids = ownIds();
        return Stream.concat(models.stream().filter(model -> !ids.contains(model.id())), own.stream())
                .toList();
    }

    /** The effective retirements. A server of the operator's may go on with a model that its maker shut down. */
    public List<ModelRetirement> effectiveRetirements() {
        var ids = ownIds();
        return retirements.stream()
                .filter(retirement -> !ids.contains(retirement.model()))
                .toList();
    }

    private Set<String> ownIds() {
        return own.stream().map(Model::id).collect(Collectors.toSet());
    }
}
