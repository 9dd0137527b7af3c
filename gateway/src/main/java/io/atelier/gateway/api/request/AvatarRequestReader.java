package io.atelier.gateway.api.request;

import static io.atelier.contract.job.AvatarStep.BASE;
import static io.atelier.contract.job.AvatarStep.GRID;
import static io.atelier.contract.job.AvatarStep.PROMPT;
import static io.atelier.contract.job.AvatarStep.PUBLISH;
import static io.atelier.contract.job.AvatarStep.SPLIT;

import io.atelier.contract.digest.Sha256;
import io.atelier.contract.image.GridSpec;
import io.atelier.contract.job.AvatarSpec;
import io.atelier.contract.job.AvatarStep;
import io.atelier.contract.job.Persona;
import io.atelier.contract.job.Source;
import io.atelier.gateway.api.request.GenerationRequestReader.ParsedRequest;
import io.atelier.gateway.view.models.Catalogue;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads requests for avatars: checks all fields, and fills in defaults. Thread-safe. */
public final class AvatarRequestReader {

    /** The index of a source that is the base image of an avatar, or image 0 of another generation, until it is looked up. */
    public static final int BASE_IMAGE = -1;

    private static final String EXAMPLE = "{\"persona\": {\"id\": \"42\", \"firstname\": \"...\", ...}}";
    private static final String BATCH_EXAMPLE = "{\"personas\": [{\"id\": \"42\", \"firstname\": \"...\", ...}, ...]}";
    private static final String ALLOWED_IMAGES = "Must be 4, 8, 12, 16, or 20.";

    private final Catalogue catalogue;
    private final String standardModel;
    private final RandomGenerator random;
    private final @Nullable Duration defaultRetain;
    private final WebhookPolicy webhooks;

    /**
     * @param standardModel the name of the model of requests that name none
     * @param random generates the seed of a request that has none; thread-safe
     * @param defaultRetain how long a job is kept whose request does not say; null for ever
     * @param webhooks which webhooks are accepted
     */
    public AvatarRequestReader(
            Catalogue catalogue,
            String standardModel,
            RandomGenerator random,
            @Nullable Duration defaultRetain,
            WebhookPolicy webhooks) {
        this.catalogue = catalogue;
        this.standardModel = standardModel;
        this.random = random;
        this.defaultRetain = defaultRetain;
        this.webhooks = webhooks;
    }

    /**
     * The request in a body.
     *
     * @param cancelAfter the header of that name; null if absent
     * @param now the moment from which durations in the request count
     * @throws io.atelier.gateway.api.problem.Problem if the body is no JSON, or with all its validation errors
     */
    public ParsedRequest read(byte[] body, @Nullable String cancelAfter, Instant now) {
        var errors = new ValidationErrors();
        var fields = JsonFields.parse(body, errors, EXAMPLE);
        PersonaFields.allowOnly(fields, AvatarForm.class);
        var persona = PersonaFields.read(fields);
        var parameters = parameters(fields, cancelAfter, now);
        errors.throwIfAny();
        return parameters.request(persona.orElseThrow(), parameters.digest(), false, this::randomSeed);
    }

    /**
     * A valid request for a batch.
     *
     * @param requests one for each persona, held; without a seed in the body each has one of its own
     * @param concurrency how many may run at the same time
     */
    public record ParsedAvatars(List<ParsedRequest> requests, int concurrency) {}

    /**
     * The requests in the body of a batch. Parameters and errors are those of {@link #read}.
     *
     * @param concurrency if the body has none
     */
    public ParsedAvatars readBatch(byte[] body, @Nullable String cancelAfter, Instant now, int concurrency) {
        var errors = new ValidationErrors();
        var fields = JsonFields.parse(body, errors, BATCH_EXAMPLE);
        fields.allowOnly(AvatarBatchForm.fields(), Set.of());
        var personas = PersonaFields.readAll(fields, AvatarBatchForm.PERSONAS);
        var given = fields.integer(AvatarBatchForm.CONCURRENCY, 1, RequestLimits.MAX_BATCH_CONCURRENCY);
        var parameters = parameters(fields, cancelAfter, now);
        errors.throwIfAny();
        var requests = new ArrayList<ParsedRequest>();
        var digest = parameters.digest();
        for (var persona : personas) {
            var own = Sha256.of(digest + "\n" + requests.size()).hex();
            requests.add(parameters.request(persona, own, true, this::randomSeed));
        }
        return new ParsedAvatars(requests, given.map(Long::intValue).orElse(concurrency));
    }

    private Parameters parameters(JsonFields fields, @Nullable String cancelAfter, Instant now) {
        int images = images(fields);
        boolean distinct = distinctPrompts(fields);
        var prompt = fields.text(AvatarForm.PROMPT, 1, RequestLimits.MAX_PROMPT_LENGTH);
        if (distinct && fields.has(AvatarForm.PROMPT)) {
            fields.error(
                    AvatarForm.DISTINCT_PROMPTS,
                    "Is for prompts that are written, and 'prompt' gives the one of all grids. Leave one of the two out.");
        }
        var inline = new ArrayList<InlineImage>();
        var base = fields.object(AvatarForm.BASE).flatMap(SourceFields::ofAvatar);
        var face = face(fields, inline);
        var model = new AvatarModelFields(fields, catalogue, standardModel).read(true);
        var style = new AvatarStyleFields(fields);
        var grid = style.grid(model.map(chosen -> chosen.model().sizes().standard()));
        boolean isRandomStyle = style.isRandom(fields.has(AvatarForm.BASE));
        var seed = AvatarModelFields.seed(fields);
        var job = jobFields(fields, cancelAfter, now);
        var avatar = AvatarSpec.builder(steps(prompt, base), images)
                .distinctPrompts(distinct)
                .base(base.orElse(null))
                .face(face.orElse(null))
                .randomStyle(isRandomStyle)
                .build();
        return new Parameters(fields, model, seed, grid, avatar, job, inline, prompt);
    }

    /** What a request says besides the persona. It makes a request only if there was no error. */
    private record Parameters(
            JsonFields fields,
            Optional<AvatarModelFields.Chosen> model,
            Optional<Long> seed,
            GridSpec grid,
            AvatarSpec avatar,
            JobFields job,
            List<InlineImage> inline,
            Optional<String> prompt) {

        /** The digest of the whole body. */
        String digest() {
            return fields.fingerprint(FieldDefaults.OF_AN_AVATAR, job.header());
        }

        ParsedRequest request(Persona persona, String ownDigest, boolean isHeld, LongSupplier otherSeed) {
            var request = model.orElseThrow()
                    .request(seed.orElseGet(otherSeed::getAsLong))
                    .grid(grid)
                    .avatar(avatar.toBuilder()
                            .personaId(persona.id())
                            .held(isHeld)
                            .build());
            return new ParsedRequest(
                    job.applyTo(request).build(),
                    ownDigest,
                    job.isCanceledOnDisconnect(),
                    inline,
                    new PersonaTexts(persona, prompt.orElse(null)));
        }
    }

    private static List<AvatarStep> steps(Optional<String> prompt, Optional<Source> base) {
        return Stream.of(PROMPT, BASE, GRID, SPLIT, PUBLISH)
                .filter(step -> step != PROMPT || prompt.isEmpty())
                .filter(step -> step != BASE || base.isEmpty())
                .toList();
    }

    /** The number of images. */
    static int images(JsonFields fields) {
        // The error of a number names the allowed ones as the old system did.
        var images = fields.with(new ValidationErrors())
                .integer(AvatarForm.IMAGES, AvatarSpec.IMAGES_PER_GRID, AvatarSpec.MAX_IMAGES)
                .filter(number -> number % AvatarSpec.IMAGES_PER_GRID == 0);
        if (fields.has(AvatarForm.IMAGES) && images.isEmpty()) {
            fields.error(AvatarForm.IMAGES, ALLOWED_IMAGES);
        }
        return images.map(Long::intValue).orElse(AvatarSpec.IMAGES_PER_GRID);
    }

    /** Whether each grid has a prompt of its own. */
    static boolean distinctPrompts(JsonFields fields) {
        return BooleanFields.read(fields, AvatarForm.DISTINCT_PROMPTS).orElse(false);
    }

    /**
     * The image of a face; empty if there is none, and after an error.
     *
     * @param inline receives the image if it is in the request itself
     */
    static Optional<Source> face(JsonFields fields, List<InlineImage> inline) {
        if (fields.has(AvatarForm.FACE_FIELD) && fields.has(AvatarForm.BASE)) {
            fields.error(
                    AvatarForm.FACE_FIELD,
                    "Belongs to a base image that is made, and 'base' gives one. Leave one of the two out.");
        }
        return fields.object(AvatarForm.FACE_FIELD).flatMap(item -> SourceFields.ofFace(item, inline));
    }

    Optional<AvatarModelFields.Chosen> model(JsonFields fields, boolean changesImages) {
        return new AvatarModelFields(fields, catalogue, standardModel).read(changesImages);
    }

    JobFields jobFields(JsonFields fields, @Nullable String cancelAfter, Instant now) {
        return JobFields.read(fields, cancelAfter, now, defaultRetain, webhooks);
    }

    /** A seed after which there are enough for all grids. */
    long randomSeed() {
        return random.nextLong(RequestLimits.MAX_AVATAR_SEED + 1);
    }
}
