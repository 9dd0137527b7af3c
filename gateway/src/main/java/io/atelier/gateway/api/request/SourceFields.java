package io.atelier.gateway.api.request;

import io.atelier.contract.image.FileId;
import io.atelier.contract.job.Source;
import io.atelier.gateway.view.models.Catalogue;
import io.atelier.gateway.view.models.Model;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/** Reads the images to change, their mask, and how much they change. Does not check that the images exist. */
final class SourceFields {

    private static final String FIELD = "images";
    private static final String MASK = "mask";
    private static final String STRENGTH = "strength";
    private static final String GENERATION = "generation";
    private static final String IMAGE_URL = "image_url";
    private static final String FILE_ID = "file_id";
    private static final String DATA_URL = "data_url";
    private static final String EXAMPLE = "{\"file_id\": \"file_...\"}";
    private static final List<String> KINDS = List.of(GENERATION, IMAGE_URL, FILE_ID, DATA_URL);

    private final JsonFields fields;
    private final Catalogue catalogue;
    private final List<InlineImage> inline = new ArrayList<>();

    SourceFields(JsonFields fields, Catalogue catalogue) {
        this.fields = fields;
        this.catalogue = catalogue;
    }

    /** The images to change; empty if new ones are to be generated, and after an error. */
    List<Source> read() {
        var sources = new ArrayList<Source>();
        for (var item : fields.objects(FIELD, 1, RequestLimits.MAX_SOURCES)) {
            source(item, inline).ifPresent(sources::add);
        }
        return sources;
    }

    /** The mask; empty if there is none, and after an error. */
    Optional<Source> mask() {
        return hasImages(MASK) ? fields.object(MASK).flatMap(item -> source(item, inline)) : Optional.empty();
    }

    /** How much the images change, more than 0 to 1; empty if the request does not say. */
    Optional<Double> strength() {
        return hasImages(STRENGTH)
                ? fields.number(STRENGTH, Double.MIN_VALUE, 1, "of more than 0 and at most 1")
                : Optional.empty();
    }

    /** The images that were in the request itself, of those that were read. */
    List<InlineImage> inline() {
        return List.copyOf(inline);
    }

    /** Whether there are images, to which the field belongs. */
    private boolean hasImages(String name) {
        if (fields.has(name) && !fields.has(FIELD)) {
            fields.error(
                    name, "Belongs to 'images', of which there are none. Name the images to change, or leave it out.");
        }
        return fields.has(FIELD);
    }

    /** Adds an error if the model cannot change that many images, or not in that way. */
    void check(Model model) {
        checkCount(model);
        if (model.maxSources() > 0 && fields.has(FIELD)) {
            if (fields.has(MASK) && !model.masks()) {
                fields.error(
                        MASK,
                        "The model '%s' changes whole images only. Leave the mask out. %s"
                                .formatted(model.id(), alternatives(Model::masks)));
            }
            if (fields.has(STRENGTH) && !model.strength()) {
                fields.error(
                        STRENGTH,
                        "The model '%s' does not let clients set this. Leave it out. %s"
                                .formatted(model.id(), alternatives(Model::strength)));
            }
        }
    }

    private void checkCount(Model model) {
        int count = fields.value(FIELD).map(JsonNode::size).orElse(0);
        // A list longer than any model allows has an error already.
        if (count <= model.maxSources() || count > RequestLimits.MAX_SOURCES) {
            return;
        }
        fields.error(
                FIELD,
                model.maxSources() == 0
                        ? "The model '%s' cannot change images. %s"
                                .formatted(model.id(), alternatives(other -> other.maxSources() > 0))
                        : "The model '%s' changes at most %d images at once, not %d."
                                .formatted(model.id(), model.maxSources(), count));
    }

    private String alternatives(Predicate<Model> condition) {
        var capable = catalogue.all().stream().filter(condition).map(Model::id).toList();
        return capable.isEmpty()
                ? "No other model here can: leave the field out."
                : "Name one that can: %s.".formatted(String.join(", ", capable));
    }

    /** The image to split that an object names, which is not in the request itself; empty after an error. */
    static Optional<Source> toSplit(JsonFields item) {
        if (item.has(DATA_URL)) {
            item.error(DATA_URL, "Is not allowed here. Upload the image to /v1/files, and give its 'file_id'.");
            return Optional.empty();
        }
        return source(item, List.of(GENERATION, IMAGE_URL, FILE_ID), new ArrayList<>(), 0);
    }

    /** The base image that an object names; of a generation without index it has the index {@link AvatarRequestReader#BASE_IMAGE}. Empty after an error. */
    static Optional<Source> ofAvatar(JsonFields item) {
        return source(item, List.of(GENERATION, FILE_ID), new ArrayList<>(), AvatarRequestReader.BASE_IMAGE);
    }

    /**
     * The image of a face that an object names, like {@link #ofAvatar}.
     *
     * @param inline receives the image if it is in the object itself
     */
    static Optional<Source> ofFace(JsonFields item, List<InlineImage> inline) {
        return source(item, List.of(GENERATION, FILE_ID, DATA_URL), inline, AvatarRequestReader.BASE_IMAGE);
    }

    /** The stored image that an object names; empty after an error. */
    static Optional<Source> ofStore(JsonFields item) {
        return source(item, List.of(GENERATION, FILE_ID), new ArrayList<>(), 0);
    }

    /**
     * The image that an object names; empty after an error.
     *
     * @param inline receives the image if it is in the object itself
     */
    static Optional<Source> source(JsonFields item, List<InlineImage> inline) {
        return source(item, KINDS, inline, 0);
    }

    /** @param standardIndex the index of an image of a generation if the object has none */
    private static Optional<Source> source(
            JsonFields item, List<String> kinds, List<InlineImage> inline, int standardIndex) {
        var allowed = "'%s' and '%s'"
                .formatted(String.join("', '", kinds.subList(0, kinds.size() - 1)), kinds.get(kinds.size() - 1));
        boolean allKnown = true;
        for (var name : item.names()) {
            if (!kinds.contains(name)) {
                allKnown = false;
                item.error(name, "There is no field '%s'. Allowed is one of %s.".formatted(name, allowed));
            }
        }
        var given = kinds.stream().filter(item::has).toList();
        if (given.size() != 1) {
            if (allKnown) {
                item.error(
                        given.isEmpty()
                                ? "Must have one of %s, such as %s.".formatted(allowed, EXAMPLE)
                                : "Must have only one of %s, not %d.".formatted(allowed, given.size()));
            }
            return Optional.empty();
        }
        return switch (given.get(0)) {
            case GENERATION -> ofGeneration(item, standardIndex);
            case FILE_ID -> ofFile(item);
            case DATA_URL ->
                DataUrl.read(item, DATA_URL).map(image -> {
                    inline.add(image);
                    return Source.of(image.id());
                });
            default -> url(item).map(Source::at);
        };
    }

    private static Optional<Source> ofFile(JsonFields item) {
        var text = item.text(FILE_ID, 1, 64);
        var id = text.flatMap(FileId::parse);
        if (text.isPresent() && id.isEmpty()) {
            item.error(FILE_ID, "Is not the id of a file: 'file_' and 52 characters of 0-9 a-z without i, l, o, u.");
        }
        return id.map(Source::of);
    }

    private static Optional<Source> ofGeneration(JsonFields item, int standardIndex) {
        return item.object(GENERATION).flatMap(image -> {
            image.allowOnly(GenerationForm.GenerationImage.class, Set.of());
            int index = image.integer("index", 0, RequestLimits.MAX_SOURCE_INDEX)
                    .orElse((long) standardIndex)
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
        var text = item.text(IMAGE_URL, 1, RequestLimits.MAX_IMAGE_URL_LENGTH);
        if (text.isPresent() && !isAllowed(text.get())) {
            item.error(
                    IMAGE_URL,
                    "Must be an https address with a host and without a user or password, such as"
                            + " https://example.org/a.png.");
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
