package io.atelier.gateway.api.request;

import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.JobId;
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

/** Reads which pictures are to be changed. Whether they are there is not looked up here. */
final class SourceFields {

    static final Set<String> KNOWN = Set.of("generation", "image_url");
    static final Set<String> KNOWN_OF_JOB = Set.of("id", "index");
    private static final Set<String> PLANNED = Set.of("file_id", "data_url");
    private static final String FIELD = "images";
    private static final String ALLOWED = "Allowed are 'generation' and 'image_url', one of them for each picture.";
    private static final int LONGEST_ADDRESS = 2_048;
    private static final int MOST_INDEX = 9_999;

    private final JsonFields fields;
    private final Catalogue catalogue;

    SourceFields(JsonFields fields, Catalogue catalogue) {
        this.fields = fields;
        this.catalogue = catalogue;
    }

    /** The pictures to change; empty if new ones are to be drawn, and after a mistake. */
    List<Source> read() {
        var sources = new ArrayList<Source>();
        for (var item : fields.objects(FIELD, 1, GenerationRequest.MOST_IMAGES)) {
            source(item).ifPresent(sources::add);
        }
        return sources;
    }

    /** Makes a mistake of pictures that the model cannot change. */
    void check(Model model) {
        int given = fields.value(FIELD).map(JsonNode::size).orElse(0);
        // More than anybody takes are told of already.
        if (given <= model.maxSources() || given > GenerationRequest.MOST_IMAGES) {
            return;
        }
        fields.mistake(
                FIELD,
                model.maxSources() == 0
                        ? "The model '%s' only draws new pictures. %s".formatted(model.id(), whoElse())
                        : "The model '%s' changes at most %d pictures at once, not %d."
                                .formatted(model.id(), model.maxSources(), given));
    }

    private String whoElse() {
        var able = catalogue.all().stream()
                .filter(model -> model.maxSources() > 0)
                .map(Model::id)
                .toList();
        return able.isEmpty()
                ? "So do all others here: leave the field out."
                : "Name one that changes given ones: %s.".formatted(String.join(", ", able));
    }

    private static Optional<Source> source(JsonFields item) {
        boolean plain = true;
        for (var name : item.names()) {
            if (!KNOWN.contains(name)) {
                plain = false;
                var what = PLANNED.contains(name) ? "'%s' is not supported yet." : "There is no field '%s'.";
                item.mistake(name, what.formatted(name) + " " + ALLOWED);
            }
        }
        if (plain && item.has("generation") == item.has("image_url")) {
            item.mistake("Must have either 'generation' or 'image_url'.");
            return Optional.empty();
        }
        return item.has("generation") ? ofJob(item) : address(item).map(Source::at);
    }

    private static Optional<Source> ofJob(JsonFields item) {
        return item.object("generation").flatMap(image -> {
            image.allowOnly(KNOWN_OF_JOB, Set.of());
            int index = image.whole("index", 0, MOST_INDEX).orElse(0L).intValue();
            if (!image.has("id")) {
                image.mistake("id", "Is missing: say whose picture, by the id of a generation.");
            }
            var id = image.text("id", 1, 64);
            var job = id.flatMap(JobId::parse);
            if (id.isPresent() && job.isEmpty()) {
                image.mistake(
                        "id", "Is not the id of a generation: 'gen_' and 26 characters of 0-9 a-z without i, l, o, u.");
            }
            return job.map(known -> Source.of(known, index));
        });
    }

    private static Optional<String> address(JsonFields item) {
        var text = item.text("image_url", 1, LONGEST_ADDRESS);
        if (text.isPresent() && !isFit(text.get())) {
            item.mistake(
                    "image_url",
                    "Must be an https address with a host and without a user or password, such as https://example.org/a.png.");
            return Optional.empty();
        }
        return text;
    }

    private static boolean isFit(String address) {
        try {
            var uri = new URI(address);
            return "https".equalsIgnoreCase(uri.getScheme()) && uri.getHost() != null && uri.getRawUserInfo() == null;
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
