package io.atelier.gateway.api.request;

import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.GenerationRequest.Enhance;
import io.atelier.contract.job.GenerationRequest.Metadata;
import io.atelier.contract.job.GenerationRequest.Terms;
import io.atelier.gateway.view.models.Catalogue;
import io.atelier.gateway.view.models.Model;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads what a client asks for, checks it against the model, and fills in what was left open. Thread-safe. */
public final class GenerationRequestReader {

    /** The highest seed: whole numbers up to here survive JavaScript and every JSON library. */
    static final long MOST_SEED = (1L << 53) - 1;

    static final int LONGEST_PROMPT = 32_000;

    static final Set<String> KNOWN = Set.of(
            "prompt",
            "negative_prompt",
            "model",
            "n",
            "size",
            "width",
            "height",
            "aspect_ratio",
            "steps",
            "guidance_scale",
            "seed",
            "grid",
            "output",
            "labels",
            "client_ref",
            "deadline",
            "delivery",
            "on_disconnect",
            "routing",
            "enhance",
            "images");
    private static final Set<String> PLANNED =
            Set.of("sampler", "scheduler", "loras", "mask", "strength", "lane", "safety", "webhook", "cache");

    private static final Pattern MODEL = Pattern.compile("[A-Za-z0-9._:/-]{1,128}");
    private static final Pattern LABEL = Pattern.compile("[a-z0-9._-]{1,64}");

    private final Catalogue catalogue;
    private final RandomGenerator random;
    private final @Nullable Duration retain;

    /**
     * A reader.
     *
     * @param random draws the seeds of those who name none; thread-safe
     * @param retain how long jobs are kept that do not say; null for ever
     */
    public GenerationRequestReader(Catalogue catalogue, RandomGenerator random, @Nullable Duration retain) {
        this.catalogue = catalogue;
        this.random = random;
        this.retain = retain;
    }

    /**
     * The request in a body.
     *
     * @param cancelAfter the header of that name; null if there is none
     * @param now durations in the request count from then
     * @throws io.atelier.gateway.api.problem.Problem if it cannot be read, or with everything that is wrong with it
     */
    public ParsedRequest read(byte[] body, @Nullable String cancelAfter, Instant now) {
        var mistakes = new ValidationErrors();
        var tree = StrictJson.read(body);
        var fields = fields(tree, mistakes);
        var terms = new LifetimeFields(fields, now).read(cancelAfter, retain);
        boolean endsWithClient = endsWithClient(fields);
        var request = request(fields, terms, mistakes);
        return new ParsedRequest(
                request, RequestFingerprint.of(tree, cancelAfter == null ? "" : cancelAfter.strip()), endsWithClient);
    }

    private static boolean endsWithClient(JsonFields fields) {
        var word = fields.text("on_disconnect", 0, 16).orElse("continue");
        if (!word.equals("continue") && !word.equals("cancel")) {
            fields.mistake("on_disconnect", "Must be 'continue' or 'cancel'.");
        }
        return word.equals("cancel");
    }

    private GenerationRequest request(JsonFields fields, Terms terms, ValidationErrors mistakes) {
        var prompt = fields.text("prompt", 1, LONGEST_PROMPT);
        var requested = requestedModel(fields);
        var model = requested.flatMap(name -> known(name, fields, mistakes));
        var limited = new ModelLimitFields(fields, model);
        var size = model.flatMap(known -> new SizeFields(fields, mistakes).read(known));
        var grid = GridFields.read(fields, size);
        int n = limited.images();
        var negativePrompt = limited.negativePrompt();
        var steps = limited.steps();
        var guidance = limited.guidance();
        long seed = seed(fields, n);
        var metadata = metadata(fields);
        var labels = labels(fields);
        var clientRef = fields.text("client_ref", 0, 128);
        var enhance = enhance(fields);
        var sources = new SourceFields(fields, catalogue);
        var images = sources.read();
        model.ifPresent(sources::check);
        var routing = new RoutingFields(fields, catalogue).read(model, mistakes);
        mistakes.refuse();
        var drawn = model.orElseThrow();
        return new GenerationRequest(
                prompt.orElseThrow(),
                negativePrompt.orElse(null),
                drawn.id(),
                requested.orElseThrow(),
                drawn.engine(),
                drawn.pool(),
                n,
                size.orElseThrow(),
                steps.orElse(drawn.standardSteps()),
                guidance.orElse(drawn.standardGuidance()),
                seed,
                grid.orElse(null),
                metadata,
                labels,
                clientRef.orElse(null),
                terms,
                enhance.orElse(null),
                routing.orElse(null),
                new SizeFields(fields, mistakes).leftOpen() ? true : null,
                images);
    }

    private static Optional<Enhance> enhance(JsonFields fields) {
        return fields.value("enhance").flatMap(wish -> {
            if (wish.isBoolean()) {
                return wish.booleanValue() ? Optional.of(Enhance.ON) : Optional.empty();
            }
            if (wish.isString() && wish.stringValue().equals(Enhance.AUTO.word())) {
                return Optional.of(Enhance.AUTO);
            }
            fields.mistake("enhance", "Must be true, false or 'auto'.");
            return Optional.empty();
        });
    }

    private static JsonFields fields(JsonNode tree, ValidationErrors mistakes) {
        if (!tree.isObject()) {
            mistakes.add("", "Must be a JSON object, not %s.".formatted(JsonFields.kind(tree)));
            mistakes.refuse();
        }
        var fields = new JsonFields(tree, "", mistakes);
        fields.allowOnly(KNOWN, PLANNED);
        if (!fields.has("prompt")) {
            fields.mistake("prompt", "Is missing: say what to draw, in 1 to %d characters.".formatted(LONGEST_PROMPT));
        }
        return fields;
    }

    private static Optional<String> requestedModel(JsonFields fields) {
        if (!fields.has("model")) {
            return Optional.of(Catalogue.AUTO);
        }
        var name = fields.text("model", 1, 128);
        if (name.isPresent() && !MODEL.matcher(name.get()).matches()) {
            fields.mistake("model", "A model's name has letters, digits and . _ : / - only.");
            return Optional.empty();
        }
        return name;
    }

    private Optional<Model> known(String name, JsonFields fields, ValidationErrors mistakes) {
        var model = catalogue.find(name);
        if (model.isEmpty()) {
            mistakes.add(fields.at("model"), ModelNotFound.problem(catalogue, name));
        }
        return model;
    }

    private long seed(JsonFields fields, int n) {
        // Picture i is drawn with seed + i, which must stay exact too.
        long most = MOST_SEED - (n - 1);
        return fields.whole("seed", 0, most).orElseGet(() -> random.nextLong(most + 1));
    }

    private static Metadata metadata(JsonFields fields) {
        var output = fields.object("output");
        if (output.isEmpty()) {
            return Metadata.MINIMAL;
        }
        var given = output.get();
        given.allowOnly(Set.of("format", "metadata"), Set.of("compression", "background", "provenance"));
        given.text("format", 1, 16)
                .filter(format -> !format.equals("png"))
                .ifPresent(format -> given.mistake("format", "This version makes 'png' only."));
        var word = given.text("metadata", 1, 16).orElse(Metadata.MINIMAL.word());
        return Arrays.stream(Metadata.values())
                .filter(metadata -> metadata.word().equals(word))
                .findFirst()
                .orElseGet(() -> {
                    given.mistake("metadata", "Must be 'full', 'minimal' or 'none'.");
                    return Metadata.MINIMAL;
                });
    }

    private static Map<String, String> labels(JsonFields fields) {
        var labels = new LinkedHashMap<String, String>();
        fields.object("labels").ifPresent(given -> {
            if (given.names().size() > 16) {
                fields.mistake(
                        "labels",
                        "Must have at most 16 labels; it has %d."
                                .formatted(given.names().size()));
                return;
            }
            for (var key : given.names()) {
                if (!LABEL.matcher(key).matches()) {
                    given.mistake(key, "A label's key has 1 to 64 of a-z 0-9 . _ -");
                }
                given.text(key, 0, 256).ifPresent(value -> labels.put(key, value));
            }
        });
        return labels;
    }
}
