package io.atelier.pipeline;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a pipeline says of its results.
 *
 * @param kind of the results
 * @param mediaType of the response; null for a redirect
 */
public record ResultType(Kind kind, @Nullable String mediaType) {

    /** The kinds of results. */
    public enum Kind {
        JSON,
        TEXT,
        BYTES,
        FILE,
        STREAM,
        EVENTS,
        REDIRECT
    }

    public ResultType {
        Objects.requireNonNull(kind, "kind");
        if (mediaType != null) {
            ResponseFields.requireMediaType(mediaType);
        }
    }

    /** A JSON value: the response is {@code {"result": ...}}. */
    public static ResultType json() {
        return new ResultType(Kind.JSON, "application/json");
    }

    /** A plain text. */
    public static ResultType text() {
        return new ResultType(Kind.TEXT, "text/plain");
    }

    /** Bytes that are in memory. */
    public static ResultType bytes(String mediaType) {
        return new ResultType(Kind.BYTES, mediaType);
    }

    /** A file. */
    public static ResultType file(String mediaType) {
        return new ResultType(Kind.FILE, mediaType);
    }

    /** Bytes whose number is not known before. */
    public static ResultType stream(String mediaType) {
        return new ResultType(Kind.STREAM, mediaType);
    }

    /** Server-sent events. */
    public static ResultType events() {
        return new ResultType(Kind.EVENTS, "text/event-stream");
    }

    /** A redirect to another address. */
    public static ResultType redirect() {
        return new ResultType(Kind.REDIRECT, null);
    }
}
