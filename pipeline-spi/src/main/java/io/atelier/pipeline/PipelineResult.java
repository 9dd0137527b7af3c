package io.atelier.pipeline;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * The result of a run, which becomes the response. Begin with {@link #json} or another factory. Immutable.
 *
 * <p>Apart from JSON values, a result is sent as it is, whatever {@link Pipeline#resultType} says.
 */
public final class PipelineResult {

    private static final int OK = 200;
    private static final int SEE_OTHER = 303;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, SEE_OTHER, 307, 308);

    private final ResultContent content;
    private final int status;
    private final Map<String, String> headers;
    private final @Nullable String fileName;
    private final boolean isInline;

    private PipelineResult(
            ResultContent content,
            int status,
            Map<String, String> headers,
            @Nullable String fileName,
            boolean isInline) {
        this.content = content;
        this.status = status;
        this.headers = headers;
        this.fileName = fileName;
        this.isInline = isInline;
    }

    private static PipelineResult of(ResultContent content, int status) {
        return new PipelineResult(content, status, Map.of(), null, false);
    }

    /**
     * A JSON value: the response is {@code {"result": ...}}.
     *
     * @param value a String, Number or Boolean, a collection or map of such, or null. It is copied
     * @throws IllegalArgumentException if it is another one
     */
    public static PipelineResult json(@Nullable Object value) {
        return of(new ResultContent.Json(value), OK);
    }

    /** A plain text. */
    public static PipelineResult text(String text) {
        return text(text, "text/plain");
    }

    /**
     * A text.
     *
     * @param mediaType without a charset: it is sent in UTF-8
     */
    public static PipelineResult text(String text, String mediaType) {
        return of(new ResultContent.Text(text, mediaType), OK);
    }

    /** Bytes that are in memory. The response has their length. */
    public static PipelineResult bytes(byte[] bytes, String mediaType) {
        return of(new ResultContent.Bytes(ByteBuffer.wrap(bytes.clone()), mediaType), OK);
    }

    /**
     * A file. The response has its length, {@code ETag} and {@code Last-Modified}, and the part that {@code Range} asks for. If the file is no regular
     * file or cannot be read when the response begins, the pipeline has failed.
     */
    public static PipelineResult file(Path path, String mediaType) {
        return of(new ResultContent.StoredFile(path, mediaType), OK);
    }

    /**
     * Bytes whose number is not known before: a chunked response. The publisher gets one subscriber at most, which requests a few buffers at a time, as
     * fast as the client takes them, and cancels when the client disconnects. Its buffers must not change after they were passed on.
     */
    public static PipelineResult stream(Flow.Publisher<ByteBuffer> publisher, String mediaType) {
        return of(new ResultContent.ByteStream(publisher, mediaType), OK);
    }

    /** Server-sent events, each of which is sent at once. Otherwise like {@link #stream}; the gateway adds comments while there are no events. */
    public static PipelineResult events(Flow.Publisher<PipelineEvent> publisher) {
        return of(new ResultContent.Events(publisher), OK);
    }

    /** A redirect to another address, relative or not, with the status 303, so that the client gets it with {@code GET}. */
    public static PipelineResult redirect(URI location) {
        return of(new ResultContent.Redirect(location), SEE_OTHER);
    }

    /**
     * The same result with another status.
     *
     * @param code from 200 to 599; of a redirect 301, 302, 303, 307 or 308
     * @throws IllegalArgumentException if it is another one
     */
    public PipelineResult status(int code) {
        boolean isAllowed =
                content instanceof ResultContent.Redirect ? REDIRECTS.contains(code) : code >= OK && code <= 599;
        if (!isAllowed) {
            throw new IllegalArgumentException("The result cannot have the status %d".formatted(code));
        }
        return new PipelineResult(content, code, headers, fileName, isInline);
    }

    /**
     * The same result with a header more, or another value of it. It is sent as it is.
     *
     * @throws IllegalArgumentException if the name is none, or that of a header that the gateway sets itself, or if the value has other characters than
     *     those of ISO 8859-1
     */
    public PipelineResult header(String name, String value) {
        ResponseFields.requireField(name, value);
        var more = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        more.putAll(headers);
        more.put(name, value);
        return new PipelineResult(content, status, more, fileName, isInline);
    }

    /** The same result as a file that browsers save. The name may have any characters but slashes, quotation marks and control characters. */
    public PipelineResult attachment(String name) {
        ResponseFields.requireFileName(name);
        return new PipelineResult(content, status, headers, name, false);
    }

    /** The same result as a file that browsers show. Otherwise like {@link #attachment}. */
    public PipelineResult inline(String name) {
        ResponseFields.requireFileName(name);
        return new PipelineResult(content, status, headers, name, true);
    }

    public ResultContent content() {
        return content;
    }

    public int status() {
        return status;
    }

    /** The headers that were set, without those that follow from the rest. */
    public Map<String, String> headers() {
        return new LinkedHashMap<>(headers);
    }

    /** The name for clients that save the result; null for none. */
    public @Nullable String fileName() {
        return fileName;
    }

    /** Whether browsers show the result; counts only with a {@link #fileName}. */
    public boolean isInline() {
        return isInline;
    }
}
