package io.atelier.gateway.api.request;

import java.math.BigDecimal;
import java.util.Map;

/**
 * The values of the fields of an object that mean the same as leaving the field out, in canonical JSON. The defaults of a model are not among them: they
 * may change between two requests.
 *
 * @param values by the name of the field
 * @param objects the defaults within the fields that are objects, or lists of objects; without fields, such an object is a default
 */
record FieldDefaults(Map<String, String> values, Map<String, FieldDefaults> objects) {

    private static final FieldDefaults NONE = new FieldDefaults(Map.of(), Map.of());
    private static final String EMPTY = "{}";
    private static final String AUTO = "\"auto\"";
    private static final String ON_DISCONNECT = "\"" + GenerationForm.CONTINUE + "\"";

    private static final FieldDefaults TRIM = new FieldDefaults(
            Map.of(
                    "mode",
                    AUTO,
                    "colour",
                    AUTO,
                    "inset_px",
                    "0",
                    "tolerance",
                    "" + RequestLimits.DEFAULT_TRIM_TOLERANCE),
            Map.of());
    // Without a trim the borders of avatars are white, which is another default of colour and tolerance than that
    // within a trim.
    private static final FieldDefaults AVATAR_TRIM = new FieldDefaults(Map.of("mode", AUTO), Map.of());
    // The default of min_tile_px depends on the mode.
    private static final FieldDefaults GRID = new FieldDefaults(
            Map.of("layout", "\"none\"", "trim", AUTO, "keep_original", "true"), Map.of("trim", TRIM));
    private static final FieldDefaults OUTPUT = new FieldDefaults(
            Map.of(
                    "format",
                    "\"png\"",
                    "metadata",
                    "\"minimal\"",
                    "compression",
                    RequestFingerprint.plain(BigDecimal.valueOf(RequestLimits.DEFAULT_COMPRESSION))),
            Map.of());
    private static final FieldDefaults IMAGES =
            new FieldDefaults(Map.of(), Map.of("generation", new FieldDefaults(Map.of("index", "0"), Map.of())));

    private static final FieldDefaults WEBHOOK =
            new FieldDefaults(Map.of("events", "[\"succeeded\",\"failed\",\"canceled\",\"expired\",]"), Map.of());

    /** The defaults of a generation request, as {@link GenerationForm} describes them. */
    static final FieldDefaults OF_A_REQUEST = new FieldDefaults(
            Map.ofEntries(
                    Map.entry("model", AUTO),
                    Map.entry("n", "1"),
                    Map.entry("size", AUTO),
                    Map.entry("on_disconnect", ON_DISCONNECT),
                    Map.entry("enhance", "false"),
                    Map.entry("grid", EMPTY),
                    Map.entry("output", EMPTY),
                    Map.entry("labels", EMPTY),
                    Map.entry("deadline", EMPTY),
                    Map.entry("delivery", EMPTY),
                    Map.entry("routing", EMPTY)),
            Map.of("grid", GRID, "output", OUTPUT, "images", IMAGES, "mask", IMAGES, "webhook", WEBHOOK));

    private static final Map<String, String> SPLIT =
            Map.of("trim", AUTO, "on_disconnect", ON_DISCONNECT, "deadline", EMPTY, "delivery", EMPTY);

    /** The defaults of a request to split grids again, as {@link SplitForm} describes them; most others are those of the generation. */
    static final FieldDefaults OF_A_SPLIT =
            new FieldDefaults(SPLIT, Map.of("trim", TRIM, "output", NONE, "webhook", WEBHOOK));

    /** The defaults of a request to split an image, as {@link GridSplitForm} describes them. */
    static final FieldDefaults OF_AN_IMAGE_SPLIT =
            new FieldDefaults(SPLIT, Map.of("trim", TRIM, "image", IMAGES, "output", OUTPUT, "webhook", WEBHOOK));

    /** The defaults of a request for an avatar or one of its steps, as {@link AvatarForm} and the forms of steps describe them. */
    static final FieldDefaults OF_AN_AVATAR = new FieldDefaults(
            Map.ofEntries(
                    Map.entry("model", AUTO),
                    Map.entry("images", "4"),
                    Map.entry("distinct_prompts", "false"),
                    Map.entry("trim", AUTO),
                    Map.entry("on_disconnect", ON_DISCONNECT),
                    Map.entry("labels", EMPTY),
                    Map.entry("deadline", EMPTY),
                    Map.entry("delivery", EMPTY)),
            Map.of(
                    "style",
                    new FieldDefaults(Map.of("crop_white_borders", "true", "randomize_style", "false"), Map.of()),
                    "trim",
                    AVATAR_TRIM,
                    "images",
                    IMAGES,
                    "webhook",
                    WEBHOOK));

    /** The defaults within a field. */
    FieldDefaults of(String name) {
        return objects.getOrDefault(name, NONE);
    }

    /** Whether the value means the same as leaving the field out. */
    boolean isDefault(String name, String canonical) {
        return canonical.equals(values.get(name)) || (canonical.equals(EMPTY) && objects.containsKey(name));
    }
}
