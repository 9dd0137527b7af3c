package io.atelier.gateway.api.request;

import io.atelier.contract.digest.Sha256;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.GenerationRequest.Enhance;
import io.atelier.contract.job.GenerationRequest.Terms;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.view.models.Catalogue;
import io.atelier.gateway.view.models.Model;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the body of a generation request, validates it against the API's and the model's limits, and fills in defaults. Thread-safe. */
public final class GenerationRequestReader {

    private static final Set<String> PLANNED = Set.of("sampler", "loras", "lane", "safety", "cache");

    private static final Pattern MODEL_NAME = Pattern.compile(RequestLimits.MODEL_NAME);

    private final Catalogue catalogue;
    private final RandomGenerator random;
    private final @Nullable Duration defaultRetain;
    private final WebhookPolicy webhooks;

    /**
     * @param random generates the seed of a request that has none; thread-safe
     * @param defaultRetain how long a job is kept whose request does not say; null for ever
     * @param webhooks which webhooks are accepted
     */
    public GenerationRequestReader(
            Catalogue catalogue, RandomGenerator random, @Nullable Duration defaultRetain, WebhookPolicy webhooks) {
        this.catalogue = catalogue;
        this.random = random;
        this.defaultRetain = defaultRetain;
        this.webhooks = webhooks;
    }

    /**
     * A valid request.
     *
     * @param request without a digest in its terms, which only a job with a client-supplied id or key needs
     * @param digest of the body as it was sent, 64 lower-case hex digits: the same for bodies that differ only in notation
     * @param isCanceledOnDisconnect whether to cancel the job when the client that waits for it disconnects
     * @param inline images that were in the request itself
     * @param texts personal texts, which the request does not contain
     */
    public record ParsedRequest(
            GenerationRequest request,
            String digest,
            boolean isCanceledOnDisconnect,
            List<InlineImage> inline,
            PersonaTexts texts) {

        /** A request without personal texts. */
        public ParsedRequest(
                GenerationRequest request, String digest, boolean isCanceledOnDisconnect, List<InlineImage> inline) {
            this(request, digest, isCanceledOnDisconnect, inline, PersonaTexts.NONE);
        }

        /** The same with another request. */
        public ParsedRequest with(GenerationRequest other) {
            return new ParsedRequest(other, digest, isCanceledOnDisconnect, inline, texts);
        }
    }

    /**
     * The request in a body.
     *
     * @param cancelAfter the header of that name; null if absent
     * @param now the moment from which durations in the request count
     * @throws Problem if the body is no JSON, or with all its validation errors
     */
    public ParsedRequest read(byte[] body, @Nullable String cancelAfter, Instant now) {
        return read(body, cancelAfter, now, Set.of());
    }

    /**
     * Like {@link #read(byte[], String, Instant)}, for a body that the gateway made itself of another request.
     *
     * @param ownLabels the keys of the labels that the gateway added, which clients cannot set themselves
     */
    public ParsedRequest read(byte[] body, @Nullable String cancelAfter, Instant now, Set<String> ownLabels) {
        var errors = new ValidationErrors();
        var fields = JsonFields.parse(body, errors);
        fields.allowOnly(GenerationForm.class, PLANNED);
        requirePrompt(fields);
        var prompt = fields.text("prompt", 1, RequestLimits.MAX_PROMPT_LENGTH);
        var terms = new LifetimeFields(fields, now).read(cancelAfter, defaultRetain);
        boolean isCanceledOnDisconnect = isCanceledOnDisconnect(fields);
        var inline = new ArrayList<InlineImage>();
        var request = request(fields, prompt, terms, errors, inline, ownLabels);
        return new ParsedRequest(request, fields.fingerprint(header(cancelAfter)), isCanceledOnDisconnect, inline);
    }

    /**
     * A valid request for a batch.
     *
     * @param requests one for each prompt, which differ in prompt, seed and digest only; without a seed in the body each has one of its own
     * @param digest of the body as it was sent, see {@link ParsedRequest}
     */
    public record ParsedBatch(List<ParsedRequest> requests, String digest) {}

    /** The requests in the body of a batch. Parameters and errors are those of {@link #read}. */
    public ParsedBatch readBatch(byte[] body, @Nullable String cancelAfter, Instant now) {
        var errors = new ValidationErrors();
        var fields = JsonFields.parse(body, errors, "{\"prompts\": [\"a castle\", \"a snowman\"]}");
        fields.allowOnly(BatchForm.fields(), PLANNED);
        if (!fields.has(BatchForm.PROMPTS)) {
            fields.error(
                    BatchForm.PROMPTS, "Is missing: list 1 to %d prompts.".formatted(RequestLimits.MAX_BATCH_PROMPTS));
        }
        var prompts =
                fields.texts(BatchForm.PROMPTS, RequestLimits.MAX_BATCH_PROMPTS, 1, RequestLimits.MAX_PROMPT_LENGTH);
        var terms = new LifetimeFields(fields, now).read(cancelAfter, defaultRetain);
        var inline = new ArrayList<InlineImage>();
        var first = request(fields, prompts.stream().findFirst(), terms, errors, inline, Set.of());
        var digest = fields.fingerprint(header(cancelAfter));
        var requests = new ArrayList<ParsedRequest>();
        for (var prompt : prompts) {
            var request = first.toBuilder()
                    .prompt(prompt)
                    .seed(requests.isEmpty() ? first.seed() : seed(fields, first.n()))
                    .build();
            var own = Sha256.of(digest + "\n" + requests.size()).hex();
            requests.add(new ParsedRequest(request, own, false, inline));
        }
        return new ParsedBatch(requests, digest);
    }

    /** What a header sets, in the form in which it is part of the digest. */
    static String header(@Nullable String cancelAfter) {
        return cancelAfter == null ? "" : LifetimeFields.duration(cancelAfter).toSeconds() + "s";
    }

    /** Whether to cancel the job when the client disconnects. */
    static boolean isCanceledOnDisconnect(JsonFields fields) {
        var word = fields.word("on_disconnect").orElse(GenerationForm.CONTINUE);
        if (!word.equals(GenerationForm.CONTINUE) && !word.equals(GenerationForm.CANCEL)) {
            fields.error("on_disconnect", "Must be 'continue' or 'cancel'.");
        }
        return word.equals(GenerationForm.CANCEL);
    }

    private GenerationRequest request(
            JsonFields fields,
            Optional<String> prompt,
            Terms terms,
            ValidationErrors errors,
            List<InlineImage> inline,
            Set<String> ownLabels) {
        var requestedModel = requestedModel(fields);
        var models = new ReplacedModels(catalogue);
        var model = requestedModel.flatMap(name -> find(name, models, fields));
        var limited = new ModelLimitFields(fields, model);
        var size = limited.size();
        var grid = GridFields.read(fields, size);
        int n = limited.n();
        size.ifPresent(each -> limited.checkTotal(n, each));
        var negativePrompt = limited.negativePrompt();
        var steps = limited.steps();
        var guidance = limited.guidance();
        long seed = seed(fields, n);
        var output = OutputFields.read(fields);
        var labels = LabelFields.read(fields, ownLabels);
        var clientRef = fields.text("client_ref", 0, RequestLimits.MAX_CLIENT_REF_LENGTH);
        var enhance = enhance(fields);
        var webhook = WebhookFields.read(fields, webhooks);
        var sources = new SourceFields(fields, catalogue);
        var images = sources.read();
        var mask = sources.mask();
        var strength = sources.strength();
        model.ifPresent(sources::check);
        var options = new OptionFields(fields, catalogue).read(model);
        var routing = new RoutingFields(fields, catalogue, models).read(model, errors);
        try {
            errors.throwIfAny();
        } catch (Problem problem) {
            throw models.explained(problem);
        }
        inline.addAll(sources.inline());
        var chosen = model.orElseThrow();
        return GenerationRequest.builder()
                .prompt(prompt.orElseThrow())
                .negativePrompt(negativePrompt.orElse(null))
                .model(chosen.id())
                .requestedModel(requestedModel.orElseThrow())
                .engine(chosen.engine())
                .pool(chosen.pool())
                .n(n)
                .size(size.orElseThrow())
                .steps(steps.orElse(chosen.standardSteps()))
                .guidanceScale(guidance.orElse(chosen.standardGuidance()))
                .seed(seed)
                .grid(grid.orElse(null))
                .metadata(output.metadata())
                .labels(labels)
                .clientRef(clientRef.orElse(null))
                .terms(terms)
                .enhance(enhance.orElse(null))
                .routing(routing.orElse(null))
                .sizeLeftOpen(limited.usesDefaultSize())
                .images(images)
                .mask(mask.orElse(null))
                .strength(strength.orElse(null))
                .options(options)
                .warnings(models.warnings())
                .jpeg(output.jpeg())
                .webhook(webhook.orElse(null))
                .build();
    }

    private static void requirePrompt(JsonFields fields) {
        if (!fields.has("prompt")) {
            fields.error(
                    "prompt",
                    "Is missing: describe the image in 1 to %d characters.".formatted(RequestLimits.MAX_PROMPT_LENGTH));
        }
    }

    private static Optional<Enhance> enhance(JsonFields fields) {
        return fields.value("enhance").flatMap(value -> {
            if (value.isBoolean()) {
                return value.booleanValue() ? Optional.of(Enhance.ON) : Optional.empty();
            }
            if (value.isString() && value.stringValue().equals(Enhance.AUTO.word())) {
                return Optional.of(Enhance.AUTO);
            }
            fields.error("enhance", "Must be true, false or 'auto'.");
            return Optional.empty();
        });
    }

    /** The name of the model in a request, {@code auto} if it names none; empty after an error. */
    static Optional<String> requestedModel(JsonFields fields) {
        if (!fields.has("model")) {
            return Optional.of(Catalogue.AUTO);
        }
        var name = fields.text("model", 1, 128);
        if (name.isPresent() && !MODEL_NAME.matcher(name.get()).matches()) {
            fields.error("model", "Must have letters, digits and . _ : / - only.");
            return Optional.empty();
        }
        return name;
    }

    private Optional<Model> find(String name, ReplacedModels models, JsonFields fields) {
        var model = models.find(name);
        if (model.isEmpty()) {
            fields.error("model", ModelNotFound.ofJob(catalogue, name));
        }
        return model;
    }

    private long seed(JsonFields fields, int n) {
        // Image i is generated with seed + i, which must be exact too.
        long max = RequestLimits.MAX_SEED - (n - 1);
        return fields.integer("seed", 0, max).orElseGet(() -> random.nextLong(max + 1));
    }
}
