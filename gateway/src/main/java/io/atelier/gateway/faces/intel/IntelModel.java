package io.atelier.gateway.faces.intel;

import io.atelier.contract.image.ImageSize;
import io.atelier.gateway.view.models.Catalogue;
import io.atelier.gateway.view.models.Model;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A model of the catalogue with the defaults that it has at this face.
 *
 * @param size null for the default of the catalogue
 * @param steps null for the default of the catalogue
 * @param guidance null for the default of the catalogue
 */
record IntelModel(
        Model model,
        @Nullable ImageSize size,
        @Nullable Integer steps,
        @Nullable Double guidance) {

    /** The model of a name: one of the replaced service, or one of the catalogue. */
    static Optional<IntelModel> find(Catalogue catalogue, String name) {
        return Stream.of(Name.values())
                .filter(replaced -> replaced.isCalled(name))
                .findFirst()
                .map(replaced -> catalogue
                        // A worker's own copy of the model, if there is one, needs no provider.
                        .find(name)
                        .or(() -> catalogue.find(replaced.text))
                        .or(() -> catalogue.find(replaced.id))
                        .map(replaced::withDefaults))
                .orElseGet(() -> catalogue.find(name).map(model -> new IntelModel(model, null, null, null)));
    }

    /** The names of the replaced service's models, as a part of a sentence. */
    static String names() {
        return Stream.of(Name.values()).map(name -> name.text).collect(Collectors.joining(", "));
    }

    /** The models of the replaced service. */
    private enum Name {
        STABLE_DIFFUSION_XL("stable-diffusion-xl", "stabilityai/stable-diffusion-xl-base-1.0", 512, 25, 5.0),
        STABLE_DIFFUSION_V35("stable-diffusion-v3.5", "stabilityai/stable-diffusion-3.5-medium", 1024, 50, 7.0),
        // The replaced service added weights with which 4 steps without guidance are enough.
        STABLE_DIFFUSION_V3("stable-diffusion-v3", "stabilityai/stable-diffusion-3-medium-diffusers", 1024, 28, null),
        // Its default of 50 steps was a mistake: the model is made for one to four.
        FLUX_SCHNELL("flux-schnell", "black-forest-labs/FLUX.1-schnell", 1024, 4, null),
        FLUX_DEV("flux-dev", "black-forest-labs/FLUX.1-dev", 1024, 50, 3.5);

        private final String text;
        private final String id;
        private final int side;
        private final int steps;
        private final @Nullable Double guidance;

        Name(String text, String id, int side, int steps, @Nullable Double guidance) {
            this.text = text;
            this.id = id;
            this.side = side;
            this.steps = steps;
            this.guidance = guidance;
        }

        /** FLUX models have their maker's names, too, such as {@code flux.1-dev}. */
        private boolean isCalled(String name) {
            return text.equals(name) || text.replace("flux-", "flux.1-").equals(name);
        }

        /** The model with the defaults of the replaced service; its own size, if it cannot generate that of the service. */
        private IntelModel withDefaults(Model model) {
            var square = new ImageSize(side, side);
            return new IntelModel(model, model.sizes().allow(square) ? square : null, steps, guidance);
        }
    }
}
