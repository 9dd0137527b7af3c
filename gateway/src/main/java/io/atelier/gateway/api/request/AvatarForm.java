package io.atelier.gateway.api.request;

import io.atelier.contract.image.FileId;
import io.atelier.contract.job.AvatarSpec;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request for an avatar as the OpenAPI document shows it. Its components, in snake case, are the fields that {@link
 * AvatarRequestReader} allows.
 */
@Schema(
        name = AvatarForm.NAME,
        description = "A request for images of one person. Only the persona is required. Unknown fields are refused.")
public record AvatarForm(
        PersonaForm persona,

        @Schema(
                minimum = "" + AvatarSpec.IMAGES_PER_GRID,
                maximum = "" + AvatarSpec.MAX_IMAGES,
                multipleOf = AvatarSpec.IMAGES_PER_GRID,
                defaultValue = "4",
                description = "The number of images: four for each grid, and all grids show the same base image again")
        @Nullable
        Integer images,

        @Schema(pattern = "^" + RequestLimits.MODEL_NAME + "$", description = MODEL) @Nullable
        String model,

        @Schema(
                defaultValue = "false",
                description =
                        "Whether each grid has a prompt of its own, which differs from the earlier ones. They are written one after"
                                + " the other, which takes longer")
        @Nullable
        Boolean distinctPrompts,

        @Schema(
                minLength = 1,
                maxLength = RequestLimits.MAX_PROMPT_LENGTH,
                description = "The prompt of all grids; left out, or null, to write one from the persona")
        @Nullable
        String prompt,

        @Schema(
                description =
                        "The image that all grids show again; left out, or null, to make one from the persona. Of a generation without"
                                + " index it is the base image of that avatar, else image 0")
        @Nullable
        BaseImage base,

        @Schema(description = FACE) @Nullable FaceImage face,

        @Schema(
                description = GridForm.TRIM,
                oneOf = {GridForm.TrimWord.class, GridForm.Trim.class})
        @Nullable
        Object trim,

        @Nullable Style style,

        @Schema(minimum = "0", maximum = "" + RequestLimits.MAX_AVATAR_SEED, description = "Null for a random seed")
        @Nullable
        Long seed,

        @Schema(description = LABELS, example = "{\"campaign\": \"q4\"}") @Nullable
        Map<String, String> labels,

        @Schema(maxLength = RequestLimits.MAX_CLIENT_REF_LENGTH, description = CLIENT_REF) @Nullable
        String clientRef,

        GenerationForm.@Nullable Deadline deadline,
        GenerationForm.@Nullable Delivery delivery,

        @Schema(
                allowableValues = {GenerationForm.CONTINUE, GenerationForm.CANCEL},
                defaultValue = GenerationForm.CONTINUE,
                description = ON_DISCONNECT)
        @Nullable
        String onDisconnect,

        @Nullable WebhookForm webhook) {

    /** The name of the schema. */
    public static final String NAME = "AvatarRequest";

    static final String MODEL =
            "The id of a model from /v1/models that can change images, so whose limits.images is above 0; left out, or 'auto', for"
                    + " the standard one of avatars";
    static final String FACE = "An image of the person's face, which the base image follows";
    static final String LABELS = "Labels of your own, as in a generation request";
    static final String CLIENT_REF = "Your own reference for the job, echoed";
    static final String ON_DISCONNECT =
            "Whether to cancel the job when a client that waits for it or streams it disconnects";

    static final String IMAGES = "images";
    static final String DISTINCT_PROMPTS = "distinct_prompts";
    static final String PROMPT = "prompt";
    static final String BASE = "base";

    /** The name of the field with the image of a face. */
    static final String FACE_FIELD = "face";

    static final String STYLE = "style";

    /** A stored image. */
    @Schema(name = "AvatarBaseImage", description = "An image: exactly one of the fields")
    public record BaseImage(
            @Schema(
                    description =
                            "An image of a generation. The base image of an avatar is there before the avatar has ended")
            GenerationForm.@Nullable GenerationImage generation,

            @Schema(pattern = "^" + FileId.REGEX + "$", description = "A file that was uploaded to /v1/files") @Nullable
            String fileId) {}

    /** An image that is stored, or in the request itself. */
    @Schema(name = "AvatarFaceImage", description = "An image: exactly one of the fields")
    public record FaceImage(
            GenerationForm.@Nullable GenerationImage generation,

            @Schema(pattern = "^" + FileId.REGEX + "$", description = "A file that was uploaded to /v1/files") @Nullable
            String fileId,

            @Schema(
                    maxLength = RequestLimits.MAX_DATA_URL_LENGTH,
                    description = "A small PNG, JPEG, WebP or GIF in base64. It is kept as a file",
                    example = "data:image/png;base64,...")
            @Nullable
            String dataUrl) {}

    /** How the images look. */
    @Schema(name = "AvatarStyle", description = "How the images look")
    public record Style(
            @Schema(
                    defaultValue = "true",
                    description =
                            "Whether borders that are white, or nearly, are removed from each image; otherwise the colour of the"
                                    + " border is found as for other grids. Only if trim is auto")
            @Nullable
            Boolean cropWhiteBorders,

            @Schema(
                    defaultValue = "false",
                    description = "Whether light and style of the base image are chosen at random, by the seed")
            @Nullable
            Boolean randomizeStyle) {}
}
