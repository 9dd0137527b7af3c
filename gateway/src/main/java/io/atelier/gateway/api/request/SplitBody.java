package io.atelier.gateway.api.request;

import io.atelier.contract.image.FileId;
import io.atelier.gateway.api.problem.Problem;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** The body of a request that only splits images, with its query, after its form was checked. Its values are read by {@link SplitRequestReader}. */
public final class SplitBody {

    private static final byte[] NO_FIELDS = "{}".getBytes(StandardCharsets.US_ASCII);
    private static final String EXAMPLE = "{\"image\": {\"file_id\": \"file_...\"}, \"layout\": \"2x2\"}";
    private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,8}");

    private final byte[] bytes;
    private final SplitQuery query;
    private final @Nullable String cancelAfter;
    private final String digest;
    private final boolean canceledOnDisconnect;

    private SplitBody(
            byte[] bytes, SplitQuery query, @Nullable String cancelAfter, String digest, boolean canceledOnDisconnect) {
        this.bytes = bytes;
        this.query = query;
        this.cancelAfter = cancelAfter;
        this.digest = digest;
        this.canceledOnDisconnect = canceledOnDisconnect;
    }

    /**
     * A body with the fields of {@link SplitForm}.
     *
     * @param bytes must not change; no bytes are the same as an object without fields
     * @param cancelAfter the header of that name; null if absent
     * @throws io.atelier.gateway.api.problem.Problem if it is no JSON, or has other fields
     */
    public static SplitBody ofGeneration(byte[] bytes, @Nullable String cancelAfter) {
        return of(bytes.length == 0 ? NO_FIELDS : bytes, SplitForm.class, SplitQuery.NONE, cancelAfter);
    }

    /**
     * A body with the fields of {@link GridSplitForm}.
     *
     * @param bytes must not change
     * @param cancelAfter the header of that name; null if absent
     * @throws io.atelier.gateway.api.problem.Problem if it is no JSON, or has other fields
     */
    public static SplitBody ofImage(byte[] bytes, SplitQuery query, @Nullable String cancelAfter) {
        return of(bytes, GridSplitForm.class, query, cancelAfter);
    }

    /**
     * The fields of a form, see {@link GridSplitUpload}, with the file that was sent with it.
     *
     * @param fields the texts of the form by their names
     * @param cancelAfter the header of that name; null if absent
     * @throws io.atelier.gateway.api.problem.Problem with all texts that are not as described
     */
    public static SplitBody ofForm(
            Function<String, Optional<String>> fields, FileId file, SplitQuery query, @Nullable String cancelAfter) {
        var body = JsonNodeFactory.instance.objectNode();
        body.putObject(GridSplitUpload.IMAGE).put("file_id", file.value());
        fields.apply(GridSplitUpload.LAYOUT).ifPresent(text -> body.put(GridSplitUpload.LAYOUT, text));
        fields.apply(GridSplitUpload.CLIENT_REF).ifPresent(text -> body.put(GridSplitUpload.CLIENT_REF, text));
        var errors = new ValidationErrors();
        fields.apply(GridSplitUpload.TRIM)
                .ifPresent(text -> body.set(
                        GridSplitUpload.TRIM,
                        text.startsWith("{")
                                ? json(GridSplitUpload.TRIM, text, errors)
                                : JsonNodeFactory.instance.stringNode(text)));
        fields.apply(GridSplitUpload.OUTPUT)
                .ifPresent(text -> body.set(GridSplitUpload.OUTPUT, json(GridSplitUpload.OUTPUT, text, errors)));
        fields.apply(GridSplitUpload.MIN_TILE_PX).ifPresent(text -> {
            if (NUMBER.matcher(text).matches()) {
                body.put(GridSplitUpload.MIN_TILE_PX, Long.parseLong(text));
            } else {
                errors.add(
                        "/" + GridSplitUpload.MIN_TILE_PX,
                        "Must be a whole number from %d to %d, in digits."
                                .formatted(RequestLimits.MIN_TILE_PX, RequestLimits.MAX_TILE_PX));
            }
        });
        errors.throwIfAny();
        return ofImage(body.toString().getBytes(StandardCharsets.UTF_8), query, cancelAfter);
    }

    /** The value in a text of a form; null, with an error, if it is no JSON. */
    private static JsonNode json(String field, String text, ValidationErrors errors) {
        try {
            var value = StrictJson.parse(text.getBytes(StandardCharsets.UTF_8));
            if (!value.isMissingNode()) {
                return value;
            }
            errors.add("/" + field, "Is empty. Send a JSON object, or leave it out.");
        } catch (Problem invalid) {
            errors.add("/" + field, "Is not valid JSON. " + invalid.detail().replace("The body", "The text"));
        }
        return JsonNodeFactory.instance.nullNode();
    }

    private static SplitBody of(
            byte[] bytes, Class<? extends Record> form, SplitQuery query, @Nullable String cancelAfter) {
        var errors = new ValidationErrors();
        var fields = JsonFields.parse(bytes, errors, EXAMPLE);
        fields.allowOnly(form, Set.of());
        boolean canceledOnDisconnect = GenerationRequestReader.isCanceledOnDisconnect(fields);
        errors.throwIfAny();
        var defaults = form == SplitForm.class ? FieldDefaults.OF_A_SPLIT : FieldDefaults.OF_AN_IMAGE_SPLIT;
        var header =
                cancelAfter == null ? "" : LifetimeFields.duration(cancelAfter).toSeconds() + "s";
        var digest = fields.fingerprint(defaults, header + "\n" + query.canonical());
        return new SplitBody(bytes, query, cancelAfter, digest, canceledOnDisconnect);
    }

    /** The digest of what was sent, 64 lower-case hex digits: the same for bodies that differ only in notation. */
    public String digest() {
        return digest;
    }

    /** Whether to cancel the job when the client that waits for it disconnects. */
    public boolean isCanceledOnDisconnect() {
        return canceledOnDisconnect;
    }

    SplitQuery query() {
        return query;
    }

    @Nullable
    String cancelAfter() {
        return cancelAfter;
    }

    /** The fields, whose errors are added to the list. */
    JsonFields fields(ValidationErrors errors) {
        return JsonFields.parse(bytes, errors);
    }
}
