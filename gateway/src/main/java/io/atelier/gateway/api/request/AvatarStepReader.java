package io.atelier.gateway.api.request;

import io.atelier.contract.image.ImageSize;
import io.atelier.contract.job.AvatarSpec;
import io.atelier.contract.job.AvatarSpecBuilder;
import io.atelier.contract.job.AvatarStep;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.GenerationRequestBuilder;
import io.atelier.contract.job.Persona;
import io.atelier.contract.job.Source;
import io.atelier.gateway.api.request.GenerationRequestReader.ParsedRequest;
import io.atelier.storage.KeyTemplate;
import io.atelier.storage.ObjectKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads requests for one step of an avatar alone. Thread-safe. */
public final class AvatarStepReader {

    private static final String PERSONA_EXAMPLE = "{\"persona\": {\"id\": \"42\", \"firstname\": \"...\", ...}}";
    private static final String PERSONA_ID = "persona_id";
    private static final String KEY_BASE = "key_base";
    private static final int MAX_KEY_BASE = 256;

    /** Nothing is made in this size. */
    private static final ImageSize NO_SIZE = new ImageSize(1, 1);

    private final AvatarRequestReader avatars;
    private final KeyTemplate keys;

    /**
     * @param avatars reads what these requests and those for whole avatars have in common
     * @param keys of published images
     */
    public AvatarStepReader(AvatarRequestReader avatars, KeyTemplate keys) {
        this.avatars = avatars;
        this.keys = keys;
    }

    /**
     * A request to write prompts. Parameters and errors are those of {@link AvatarRequestReader#read}, as of the other methods.
     */
    public ParsedRequest prompt(byte[] body, @Nullable String cancelAfter, Instant now) {
        var reading = new Reading(body, AvatarPromptForm.class, PERSONA_EXAMPLE);
        var fields = reading.fields;
        var persona = PersonaFields.read(fields);
        boolean isDistinct = AvatarRequestReader.distinctPrompts(fields);
        int images = AvatarRequestReader.images(fields);
        if (fields.has(AvatarForm.IMAGES) && !isDistinct) {
            fields.error(
                    AvatarForm.IMAGES,
                    "Belongs to distinct_prompts: true. Without that it is one prompt, for all images. Leave it out.");
        }
        return reading.request(
                () -> withoutModel(AvatarSpec.PROMPTER, AvatarSpec.PROMPTER_POOL)
                        .avatar(spec(AvatarStep.PROMPT, isDistinct ? images : 0)
                                .distinctPrompts(isDistinct)
                                .personaId(persona.map(Persona::id).orElseThrow())
                                .build()),
                () -> new PersonaTexts(persona.orElseThrow(), null),
                cancelAfter,
                now);
    }

    /** A request to make a base image. */
    public ParsedRequest base(byte[] body, @Nullable String cancelAfter, Instant now) {
        var reading = new Reading(body, AvatarBaseForm.class, PERSONA_EXAMPLE);
        var fields = reading.fields;
        var persona = PersonaFields.read(fields);
        var face = AvatarRequestReader.face(fields, reading.inline);
        var model = avatars.model(fields, fields.has(AvatarForm.FACE_FIELD));
        var seed = AvatarModelFields.seed(fields);
        return reading.request(
                () -> model.orElseThrow()
                        .request(seed.orElseGet(avatars::randomSeed))
                        .avatar(spec(AvatarStep.BASE, 1)
                                .personaId(persona.map(Persona::id).orElseThrow())
                                .face(face.orElse(null))
                                .build()),
                () -> new PersonaTexts(persona.orElseThrow(), null),
                cancelAfter,
                now);
    }

    /** A request to make one grid, which is delivered uncut. */
    public ParsedRequest grid(byte[] body, @Nullable String cancelAfter, Instant now) {
        var reading = new Reading(
                body, AvatarGridForm.class, "{\"base\": {\"file_id\": \"file_...\"}, \"prompt\": \"four views\"}");
        var fields = reading.fields;
        if (!fields.has(AvatarForm.BASE)) {
            fields.error(
                    AvatarForm.BASE,
                    "Is missing: name the image, such as {\"generation\": {\"id\": \"gen_...\"}} or {\"file_id\": \"file_...\"}.");
        }
        var base = fields.object(AvatarForm.BASE).flatMap(SourceFields::ofAvatar);
        if (!fields.has(AvatarForm.PROMPT)) {
            fields.error(
                    AvatarForm.PROMPT,
                    "Is missing: describe the grid in 1 to %d characters.".formatted(RequestLimits.MAX_PROMPT_LENGTH));
        }
        var prompt = fields.text(AvatarForm.PROMPT, 1, RequestLimits.MAX_PROMPT_LENGTH);
        var model = avatars.model(fields, true);
        var seed = AvatarModelFields.seed(fields);
        return reading.request(
                () -> model.orElseThrow()
                        .request(seed.orElseGet(avatars::randomSeed))
                        .avatar(spec(AvatarStep.GRID, 1)
                                .base(base.orElseThrow())
                                .build()),
                () -> new PersonaTexts(null, prompt.orElseThrow()),
                cancelAfter,
                now);
    }

    /** A request to publish images that are stored. */
    public ParsedRequest publish(byte[] body, @Nullable String cancelAfter, Instant now) {
        var reading = new Reading(
                body, AvatarPublishForm.class, "{\"persona_id\": \"42\", \"images\": [{\"file_id\": \"file_...\"}]}");
        var fields = reading.fields;
        if (fields.has(PERSONA_ID) == fields.has(KEY_BASE)) {
            fields.error(
                    fields.has(KEY_BASE) ? KEY_BASE : PERSONA_ID,
                    fields.has(KEY_BASE)
                            ? "Makes the keys, as persona_id does. Send one of the two."
                            : "Is missing: give the id of the person, or the beginning of the keys as key_base.");
        }
        var persona = PersonaFields.id(fields, PERSONA_ID);
        var keyBase = keyBase(fields);
        if (!fields.has(AvatarForm.IMAGES)) {
            fields.error(AvatarForm.IMAGES, "Is missing: list 1 to %d stored images.".formatted(AvatarSpec.MAX_IMAGES));
        }
        var images = new ArrayList<Source>();
        for (var item : fields.objects(AvatarForm.IMAGES, 1, AvatarSpec.MAX_IMAGES)) {
            SourceFields.ofStore(item).ifPresent(images::add);
        }
        return reading.request(
                () -> withoutModel(GenerationRequest.SPLITTER, GenerationRequest.SPLITTER_POOL)
                        .images(images)
                        .avatar(spec(AvatarStep.PUBLISH, images.size())
                                .personaId(persona.orElse(null))
                                .keyBase(keyBase.orElse(null))
                                .build()),
                () -> PersonaTexts.NONE,
                cancelAfter,
                now);
    }

    private Optional<String> keyBase(JsonFields fields) {
        var base = fields.text(KEY_BASE, 1, MAX_KEY_BASE);
        if (base.isPresent() && keys.keyBelow(base.get(), AvatarSpec.MAX_IMAGES).isEmpty()) {
            fields.error(
                    KEY_BASE,
                    "Must begin with '%1$s' and go on, such as '%1$s42/img'. %2$s"
                            .formatted(keys.folder(), ObjectKey.RULE));
        }
        return base;
    }

    private static AvatarSpecBuilder spec(AvatarStep step, int images) {
        return AvatarSpec.builder(List.of(step), images);
    }

    private static GenerationRequestBuilder withoutModel(String engine, String pool) {
        return GenerationRequest.builder()
                .prompt("")
                .model("")
                .requestedModel("")
                .engine(engine)
                .pool(pool)
                .size(NO_SIZE)
                .sizeLeftOpen(true);
    }

    /** One body that is being read. */
    private final class Reading {

        private final ValidationErrors errors = new ValidationErrors();
        private final List<InlineImage> inline = new ArrayList<>();
        private final JsonFields fields;

        Reading(byte[] body, Class<? extends Record> form, String example) {
            fields = JsonFields.parse(body, errors, example);
            PersonaFields.allowOnly(fields, form);
        }

        /** The request, which is made only if there are no errors. */
        ParsedRequest request(
                Supplier<GenerationRequestBuilder> request,
                Supplier<PersonaTexts> texts,
                @Nullable String cancelAfter,
                Instant now) {
            var job = avatars.jobFields(fields, cancelAfter, now);
            errors.throwIfAny();
            return new ParsedRequest(
                    job.applyTo(request.get()).build(),
                    fields.fingerprint(FieldDefaults.OF_AN_AVATAR, job.header()),
                    job.isCanceledOnDisconnect(),
                    inline,
                    texts.get());
        }
    }
}
