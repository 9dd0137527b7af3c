package io.atelier.gateway.api.request;

import io.atelier.contract.job.Source;
import io.atelier.gateway.view.models.Catalogue;
import io.atelier.gateway.view.models.Model;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Reads the images to change. Does not check that they exist. */
final class SourceFields {

    private static final Set<String> PLANNED = Set.of("file_id", "data_url");
    private static final String FIELD = "images";
    private static final String ALLOWED = "Allowed are 'generation' and 'image_url', one of them for each image.";

    private final JsonFields fields;
    private final Catalogue catalogue;

    SourceFields(JsonFields fields, Catalogue catalogue) {
        this.fields = fields;
        this.catalogue = catalogue;
    }

    /** The images to change; empty if new ones are to be generated, and after an error. */
    List<Source> read() {
        var sources = new ArrayList<Source>();
        for (var item : fields.objects(FIELD, 1, RequestLimits.MAX_SOURCES)) {
            source(item).ifPresent(sources::add);
        }
        return sources;
    }

    /** Adds an error if the model cannot change that many images. */
    void check(Model model) {
        int count = fields.value(FIELD).map(JsonNode::size).orElse(0);
        // A list longer than any model allows has an error already.
        if (count <= model.maxSources() || count > RequestLimits.MAX_SOURCES) {
            return;
        }
        fields.error(
                FIELD,
                model.maxSources() == 0
                        ? "The model '%s' cannot change images. %s".formatted(model.id(), alternatives())
                        : "The model '%s' changes at most %d images at once, not %d."
                                .formatted(model.id(), model.maxSources(), count));
    }

    private String alternatives() {
        var capable = catalogue.all().stream()
                .filter(model -> model.maxSources() > 0)
                .map(Model::id)
                .toList();
        return capable.isEmpty()
                ? "No other model here can: leave the field out."
                : "Name one that can: %s.".formatted(String.join(", ", capable));
    }

    /** The image that an object names; empty after an error. */
    static Optional<Source> source(JsonFields item) {
        var known = JsonFields.names(GenerationForm.Image.class);
        boolean allKnown = true;
        for (var name : item.names()) {
            if (!known.contains(name)) {
                allKnown = false;
                var detail = PLANNED.contains(name) ? "'%s' is not supported yet." : "There is no field '%s'.";
                item.error(name, detail.formatted(name) + " " + ALLOWED);
            }
        }
        if (allKnown && item.has("generation") == item.has("image_url")) {
            item.error(
                    item.has("generation")
                            ? "Must have only one of 'generation' and 'image_url', not both."
                            : "Must have one of 'generation' and 'image_url'.");
            return Optional.empty();
        }
        return item.has("generation") ? ofGeneration(item) : url(item).map(Source::at);
    }

    private static Optional<Source> ofGeneration(JsonFields item) {
        return item.object("generation").flatMap(image -> {
            image.allowOnly(GenerationForm.GenerationImage.class, Set.of());
            int index = image.integer("index", 0, RequestLimits.MAX_SOURCE_INDEX)
                    .orElse(0L)
                    .intValue();
            if (!image.has("id")) {
                image.error("id", "Is missing: give the id of the generation that has the image.");
            }
            var id = image.text("id", 1, 64);
            var job = id.flatMap(ClientSuppliedId::parse);
            if (id.isPresent() && job.isEmpty()) {
                image.error(
                        "id",
                        "Is not the id of a generation: 'gen_' and 26 characters of 0-9 a-z without i, l, o, u; or the"
                                + " UUID of a PUT.");
            }
            return job.map(known -> Source.of(known, index));
        });
    }

    private static Optional<String> url(JsonFields item) {
        var text = item.text("image_url", 1, RequestLimits.MAX_IMAGE_URL_LENGTH);
        if (text.isPresent() && !isAllowed(text.get())) {
            item.error(
                    "image_url",
                    "Must be an https address with a host and without a user or password, such as https://example.org/a.png.");
            return Optional.empty();
        }
        return text;
    }

    private static boolean isAllowed(String url) {
        try {
            var uri = new URI(url);
            return "https".equalsIgnoreCase(uri.getScheme()) && uri.getHost() != null && uri.getRawUserInfo() == null;
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
