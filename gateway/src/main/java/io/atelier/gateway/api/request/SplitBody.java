package io.atelier.gateway.api.request;

import io.atelier.contract.image.FileId;
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
     * @param bytes must not change
     * @param cancelAfter the header of that name; null if absent
     * @throws io.atelier.gateway.api.problem.Problem if it is no JSON, or has other fields
     */
    public static SplitBody ofGeneration(byte[] bytes, @Nullable String cancelAfter) {
        return of(bytes, SplitForm.class, SplitQuery.NONE, cancelAfter);
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
     * @throws io.atelier.gateway.api.problem.Problem if a text that begins like JSON is none
     */
    public static SplitBody ofForm(
            Function<String, Optional<String>> fields, FileId file, SplitQuery query, @Nullable String cancelAfter) {
        var body = JsonNodeFactory.instance.objectNode();
        body.putObject(GridSplitUpload.IMAGE).put("file_id", file.value());
        fields.apply(GridSplitUpload.LAYOUT).ifPresent(text -> body.put(GridSplitUpload.LAYOUT, text));
        fields.apply(GridSplitUpload.CLIENT_REF).ifPresent(text -> body.put(GridSplitUpload.CLIENT_REF, text));
        fields.apply(GridSplitUpload.TRIM)
                .ifPresent(text -> body.set(GridSplitUpload.TRIM, value(text, text.startsWith("{"))));
        fields.apply(GridSplitUpload.MIN_TILE_PX)
                .ifPresent(text -> body.set(
                        GridSplitUpload.MIN_TILE_PX,
                        value(text, NUMBER.matcher(text).matches())));
        return ofImage(body.toString().getBytes(StandardCharsets.UTF_8), query, cancelAfter);
    }

    private static JsonNode value(String text, boolean isJson) {
        return isJson
                ? StrictJson.parse(text.getBytes(StandardCharsets.UTF_8))
                : JsonNodeFactory.instance.stringNode(text);
    }

    private static SplitBody of(
            byte[] bytes, Class<? extends Record> form, SplitQuery query, @Nullable String cancelAfter) {
        var errors = new ValidationErrors();
        var fields = JsonFields.parse(bytes, errors);
        fields.allowOnly(form, Set.of());
        boolean canceledOnDisconnect = GenerationRequestReader.isCanceledOnDisconnect(fields);
        errors.throwIfAny();
        var header =
                cancelAfter == null ? "" : LifetimeFields.duration(cancelAfter).toSeconds() + "s";
        var digest = fields.fingerprint(FieldDefaults.OF_A_SPLIT, header + "\n" + query.canonical());
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
