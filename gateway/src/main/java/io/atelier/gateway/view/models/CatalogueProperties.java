package io.atelier.gateway.view.models;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The models of this installation.
 *
 * @param standard the model that {@code auto} stands for
 * @param models those that ship, in the order in which clients see them
 * @param own the operator's own, after those that ship; one with the id of another takes its place
 */
@Validated
@ConfigurationProperties("io.atelier.catalogue")
public record CatalogueProperties(
        @DefaultValue("pocket") @NotBlank String standard,
        @NotEmpty List<@Valid Model> models,
        @DefaultValue List<@Valid Model> own) {

    /** All of them. Two that ship, or two of the operator's, with one id stay two. */
    public List<Model> all() {
        var ids = own.stream().map(Model::id).collect(Collectors.toSet());
        return Stream.concat(models.stream().filter(model -> !ids.contains(model.id())), own.stream())
                .toList();
    }
}
