package io.atelier.gateway.api.request;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The form of a request to split an image that is sent with it, as the OpenAPI document shows it; read by {@link SplitBody}. */
@Schema(name = "GridSplitUpload", description = "An image file, with a file name, and how to split it")
public record GridSplitUpload(
        @Schema(type = "string", format = "binary", description = "PNG, JPEG, WebP or GIF, at most 50 MB")
        String image,

        @Schema(description = "ROWSxCOLUMNS; left out for that of the query, or 2x2", example = "2x2") @Nullable
        String layout,

        @Schema(description = "A word, or a JSON object, as in a JSON body", example = "auto") @Nullable
        String trim,

        @Schema(description = GridForm.MIN_TILE, example = "64") @Nullable
        String minTilePx,

        @Schema(description = "A JSON object, as in a JSON body", example = "{\"format\": \"jpeg\"}") @Nullable
        String output,

        @Schema(description = "Your own reference for the job, echoed") @Nullable
        String clientRef) {

    /** The name of the part with the image. */
    public static final String IMAGE = "image";

    static final String LAYOUT = "layout";
    static final String TRIM = "trim";
    static final String MIN_TILE_PX = "min_tile_px";
    static final String OUTPUT = "output";
    static final String CLIENT_REF = "client_ref";

    /** The names of the other parts, which are texts. */
    public static final Set<String> FIELDS = Set.of(LAYOUT, TRIM, MIN_TILE_PX, OUTPUT, CLIENT_REF);
}
