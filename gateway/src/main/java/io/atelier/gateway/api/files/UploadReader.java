package io.atelier.gateway.api.files;

import io.atelier.gateway.api.problem.LateDisconnect;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import io.atelier.gateway.api.request.BoundedBodyReader;
import io.atelier.gateway.files.FileProperties;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.springframework.core.ResolvableType;
import org.springframework.core.codec.DecodingException;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.codec.multipart.PartEvent;
import org.springframework.http.codec.multipart.PartEventHttpMessageReader;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.server.ContentTooLargeException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Reads image files from request bodies, as a part of a form or as the whole body, as they arrive. All uploads together take a limited amount of memory.
 * Thread-safe.
 */
public final class UploadReader {

    /** What a form has beside its file: boundaries, headers and texts. */
    private static final long FORM_OVERHEAD = 64 * 1024L;

    private static final int MAX_FIELD = 4 * 1024;

    /** A prompt of the longest kind, with four bytes for each character. */
    private static final int MAX_LONG_FIELD = 128 * 1024;

    private static final int MAX_PARTS = 32;
    private static final int MAX_HEADERS = 8 * 1024;
    private static final ResolvableType PART_EVENT = ResolvableType.forClass(PartEvent.class);

    private final FileProperties properties;
    private final long limit;
    private final long drain;
    private final UploadMemory memory;
    private final PartEventHttpMessageReader forms;
    private final PartEventHttpMessageReader longForms;

    public UploadReader(FileProperties properties) {
        this.properties = properties;
        this.limit = properties.maxSize().toBytes();
        this.drain = properties.drain().toBytes();
        this.memory = new UploadMemory(properties.memory().toBytes());
        this.forms = parser(MAX_FIELD);
        this.longForms = parser(MAX_LONG_FIELD);
    }

    private static PartEventHttpMessageReader parser(int maxText) {
        var parser = new PartEventHttpMessageReader();
        parser.setMaxInMemorySize(maxText);
        parser.setMaxHeadersSize(MAX_HEADERS);
        parser.setMaxParts(MAX_PARTS);
        return parser;
    }

    /** The memory that no upload takes at the moment, in bytes. */
    public long freeMemory() {
        return memory.free();
    }

    /**
     * Reads an upload and handles it. Fails with a {@link Problem} if it is too large, arrives too slowly, cannot be read, has a Content-Encoding,
     * or is a form with other parts.
     *
     * @param part the name of the part with the file, if the body is a form
     * @param fields the names of the other parts, which are texts of at most 4 KiB
     * @param handler uses the upload; its bytes are counted until the result is there
     */
    public <T> Mono<T> read(
            ServerHttpRequest request, String part, Set<String> fields, Function<Upload, Mono<T>> handler) {
        return Mono.defer(() -> {
            requirePlain(request.getHeaders());
            var type = request.getHeaders().getContentType();
            boolean isForm = type != null && MediaType.MULTIPART_FORM_DATA.equalsTypeAndSubtype(type);
            if (type != null && isForm && type.getParameter("boundary") == null) {
                return Mono.error(new Problem(
                        ProblemKind.INVALID_REQUEST,
                        "The Content-Type multipart/form-data has no boundary. Name the one that separates the parts, such as multipart/form-data;"
                                + " boundary=xyz; most HTTP clients do it on their own."));
            }
            if (request.getHeaders().getContentLength() > (isForm ? limit + FORM_OVERHEAD : limit)) {
                return Mono.error(ReceivedForm.tooLarge(limit));
            }
            var taken = memory.open();
            var received = new ReceivedForm(FormParts.oneFile(part, fields), limit, taken);
            var upload = isForm
                    ? form(request, received, forms, MAX_FIELD).then(Mono.fromSupplier(received::onlyFile))
                    : raw(request, received);
            return upload.flatMap(handler).doFinally(end -> taken.close());
        });
    }

    /**
     * Reads a multipart body and handles it. Fails like {@link #read}; the files together may be as large as one.
     *
     * @param parts what the body may have; its texts have at most 128 KiB
     * @param handler uses the form; its bytes are counted until the result is there
     */
    public <T> Mono<T> readForm(ServerHttpRequest request, FormParts parts, Function<UploadedForm, Mono<T>> handler) {
        return Mono.defer(() -> {
            requirePlain(request.getHeaders());
            if (request.getHeaders().getContentLength() > limit + MAX_PARTS * (long) MAX_LONG_FIELD) {
                return Mono.error(ReceivedForm.tooLarge(limit));
            }
            var taken = memory.open();
            var received = new ReceivedForm(parts, limit, taken);
            return form(request, received, longForms, MAX_LONG_FIELD)
                    .then(Mono.fromSupplier(received::form))
                    .flatMap(handler)
                    .doFinally(end -> taken.close());
        });
    }

    private Mono<Upload> raw(ServerHttpRequest request, ReceivedForm received) {
        return bounded(
                        request,
                        MAX_FIELD,
                        body(request).doOnNext(received::addToBody).then())
                .then(Mono.fromSupplier(() -> received.raw(request.getHeaders())));
    }

    private Mono<Void> form(
            ServerHttpRequest request, ReceivedForm received, PartEventHttpMessageReader parser, int maxText) {
        var body = new DrainedBody(body(request), drain);
        var drained = new ServerHttpRequestDecorator(request) {
            @Override
            public Flux<DataBuffer> getBody() {
                return body.flux();
            }
        };
        var parsed = parser.read(PART_EVENT, drained, Map.of())
                .doOnNext(received::add)
                .then()
                .onErrorResume(malformed -> body.end().then(Mono.error(malformed)));
        return bounded(request, maxText, parsed);
    }

    private Mono<Void> bounded(ServerHttpRequest request, int maxText, Mono<Void> body) {
        var read = body.then(Mono.<Void>fromRunnable(() -> BoundedBodyReader.requireWellFormed(request)))
                .timeout(properties.uploadTimeout())
                .onErrorMap(failure -> problem(failure, maxText));
        return LateDisconnect.ignoredBy(read);
    }

    /** The body, which ends with an error when more has arrived than is discarded. */
    private Flux<DataBuffer> body(ServerHttpRequest request) {
        var arrived = new AtomicLong();
        return request.getBody().doOnNext(buffer -> {
            if (arrived.addAndGet(buffer.readableByteCount()) > limit + FORM_OVERHEAD + drain) {
                DataBufferUtils.release(buffer);
                throw ReceivedForm.tooLarge(limit);
            }
        });
    }

    private Problem problem(Throwable failure, int maxText) {
        if (failure instanceof Problem known) {
            return known;
        }
        if (failure instanceof TimeoutException) {
            return new Problem(
                            ProblemKind.REQUEST_TIMEOUT,
                            "The file did not arrive within %d s."
                                    .formatted(properties.uploadTimeout().toSeconds()))
                    .header(HttpHeaders.CONNECTION, "close");
        }
        if (failure instanceof DataBufferLimitException || failure instanceof ContentTooLargeException) {
            return new Problem(
                            ProblemKind.PAYLOAD_TOO_LARGE,
                            "The form has a text of more than %d bytes, or headers of a part of more than %d bytes."
                                    .formatted(maxText, MAX_HEADERS))
                    .header(HttpHeaders.CONNECTION, "close");
        }
        if (failure instanceof IllegalArgumentException) {
            return new Problem(
                            ProblemKind.INVALID_REQUEST,
                            "A part of the form has a malformed Content-Disposition or Content-Type. Send parameters as NAME=VALUE, such as"
                                    + " Content-Disposition: form-data; name=\"ttl\".")
                    .header(HttpHeaders.CONNECTION, "close");
        }
        if (failure instanceof DecodingException) {
            return new Problem(
                            ProblemKind.INVALID_REQUEST,
                            "The body is not the multipart form that its Content-Type announces: a part does not begin with the boundary, it ended early, or it has more than %d parts."
                                    .formatted(MAX_PARTS))
                    .header(HttpHeaders.CONNECTION, "close");
        }
        return BoundedBodyReader.unreadable();
    }

    private static void requirePlain(HttpHeaders headers) {
        var encodings = BoundedBodyReader.encodings(headers);
        if (!encodings.isEmpty()) {
            throw new Problem(
                            ProblemKind.UNSUPPORTED_MEDIA_TYPE,
                            "The body has the Content-Encoding '%s'. Send images as they are: they are compressed already."
                                    .formatted(String.join(", ", encodings)))
                    .header(HttpHeaders.ACCEPT_ENCODING, "identity");
        }
    }
}
