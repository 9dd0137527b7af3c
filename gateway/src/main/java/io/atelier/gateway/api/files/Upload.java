package io.atelier.gateway.api.files;

import io.atelier.gateway.api.problem.Problem.FieldError;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;

/** A file as a client sent it, with the other fields of its form. The bytes are valid only as long as the request is handled. */
public final class Upload {

    private final byte[] bytes;
    private final @Nullable MediaType declared;
    private final Map<String, String> fields;
    private final String part;
    private final String pointer;

    /**
     * @param declared the media type that the client gives; null if it gives none, or says only that the file has bytes
     * @param part the name of its part; empty if it is the whole body
     * @param pointer the place of the file in the body, for errors: empty for the whole body
     */
    Upload(byte[] bytes, @Nullable MediaType declared, Map<String, String> fields, String part, String pointer) {
        this.bytes = bytes;
        this.declared = declared;
        this.fields = Map.copyOf(fields);
        this.part = part;
        this.pointer = pointer;
    }

    /** The bytes themselves, not a copy. */
    @SuppressWarnings("EI_EXPOSE_REP")
    byte[] bytes() {
        return bytes;
    }

    @Nullable
    MediaType declared() {
        return declared;
    }

    /** The name of its part in a multipart body; empty if it is the whole body. */
    public String part() {
        return part;
    }

    /** The text of another field of the form. */
    public Optional<String> field(String name) {
        return Optional.ofNullable(fields.get(name));
    }

    /** An error of the file. */
    FieldError error(String detail) {
        return FieldError.inBody(pointer, detail);
    }
}
