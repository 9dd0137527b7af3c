package io.atelier.gateway.api.files;

import io.atelier.gateway.api.exchange.MediaTypeParameters;
import io.atelier.gateway.api.problem.NearestName;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.Problem.FieldError;
import io.atelier.gateway.api.problem.ProblemKind;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.codec.multipart.FormPartEvent;
import org.springframework.http.codec.multipart.PartEvent;

/**
 * The part of an upload that has arrived. The bytes of the file are kept up to the limit; whatever is wrong is found as it arrives, but reported at the
 * end, so that a client that writes its whole request before it reads receives the response. Not thread-safe.
 */
final class ReceivedForm {

    /** What Spring puts in place of bytes that are not UTF-8. */
    private static final char REPLACEMENT = '\uFFFD';

    private final FormParts parts;
    private final long limit;
    private final UploadMemory.Part memory;
    private final Map<String, String> fields = new TreeMap<>();
    private final List<FieldError> errors = new ArrayList<>();
    private final List<ReceivedFile> files = new ArrayList<>();
    private long fileLength;
    private boolean isInPart;
    private @Nullable Problem problem;

    /** @param limit the bytes of all files together */
    ReceivedForm(FormParts parts, long limit, UploadMemory.Part memory) {
        this.parts = parts;
        this.limit = limit;
        this.memory = memory;
    }

    /** Adds bytes of the body, which is the file, and releases the buffer. */
    void addToBody(DataBuffer buffer) {
        if (files.isEmpty()) {
            files.add(new ReceivedFile("", null));
        }
        addToFile(buffer);
    }

    private void addToFile(DataBuffer buffer) {
        try {
            int count = buffer.readableByteCount();
            fileLength += count;
            if (fileLength > limit) {
                fail(tooLarge());
            } else if (problem == null && !memory.take(count)) {
                fail(overloaded());
            }
            if (problem == null) {
                var bytes = new byte[count];
                buffer.read(bytes);
                files.get(files.size() - 1).bytes.writeBytes(bytes);
            }
        } finally {
            DataBufferUtils.release(buffer);
        }
    }

    /** Adds a piece of a multipart body. */
    void add(PartEvent event) {
        var disposition = event.headers().getContentDisposition();
        var name = disposition.getName() == null ? "" : disposition.getName();
        boolean isFirst = !isInPart;
        isInPart = !event.isLast();
        boolean isText = event instanceof FormPartEvent;
        if (isFirst) {
            check(name, isText);
            checkType(name, event.headers());
        }
        if (event instanceof FormPartEvent text) {
            if (text.value().indexOf(REPLACEMENT) >= 0) {
                error(
                        name,
                        "Is not UTF-8, or has the character U+FFFD, which stands for what is not. Encode the text in UTF-8.");
            }
            fields.putIfAbsent(name, text.value());
            DataBufferUtils.release(event.content());
        } else if (parts.files().containsKey(name)) {
            if (isFirst) {
                files.add(new ReceivedFile(name, contentType(event.headers())));
            }
            addToFile(event.content());
        } else {
            DataBufferUtils.release(event.content());
        }
    }

    /** The multipart body. Fails with a {@link Problem} if it is not as described. */
    UploadedForm form() {
        failIfNecessary();
        return new UploadedForm(files.stream().map(file -> file.upload(fields)).toList(), fields);
    }

    /** The only file of a multipart body. Fails like {@link #form}, and if there is none. */
    Upload onlyFile() {
        if (problem == null && errors.isEmpty() && files.isEmpty()) {
            error(parts.fileNames(), "Is missing: send the image as a part of this name, with a file name.");
        }
        return form().files().get(0);
    }

    /** The upload of a body that is the file. Fails with a {@link Problem} if it is too large. */
    Upload raw(HttpHeaders headers) {
        failIfNecessary();
        var bytes = files.isEmpty() ? new byte[0] : files.get(0).bytes.toByteArray();
        return new Upload(bytes, contentType(headers), Map.of(), "", "");
    }

    private void failIfNecessary() {
        if (problem != null) {
            throw problem;
        }
        if (!errors.isEmpty()) {
            var first = errors.get(0);
            throw new Problem(ProblemKind.VALIDATION_FAILED, first.place() + ": " + first.detail()).errors(errors);
        }
    }

    private void check(String name, boolean isText) {
        if (name.isEmpty()) {
            errors.add(FieldError.inBody(
                    "", "A part has no name. Give each one a name, such as name=\"%s\".".formatted(parts.fileNames())));
        } else if (parts.files().containsKey(name)) {
            checkFile(name, isText, parts.files().getOrDefault(name, 0));
        } else if (!parts.takes(name)) {
            error(name, NearestName.detail("field", name, known()));
        } else if (!isText) {
            error(name, "Must be a text, not a file.");
        } else if (fields.containsKey(name)) {
            error(name, "Must be there once only.");
        }
    }

    private void checkFile(String name, boolean isText, int max) {
        long before = files.stream().filter(file -> file.part.equals(name)).count();
        if (isText) {
            error(name, "Must be a file: give the part a file name.");
        } else if (before >= max) {
            error(
                    name,
                    max == 1
                            ? "Must be one file; the body has a second part of this name."
                            : "Must be at most %d files.".formatted(max));
        }
    }

    private void checkType(String name, HttpHeaders part) {
        Optional.ofNullable(part.getFirst(HttpHeaders.CONTENT_TYPE))
                .flatMap(MediaTypeParameters::withoutValue)
                .ifPresent(parameter -> error(
                        name,
                        "The Content-Type of the part has the parameter '%s' without a value. Send NAME=VALUE, or leave it out."
                                .formatted(parameter)));
    }

    private Set<String> known() {
        var known = new TreeSet<>(parts.texts());
        known.addAll(parts.files().keySet());
        return known;
    }

    private void error(String name, String detail) {
        var shortName = name.length() <= 64 ? name : name.substring(0, 64);
        errors.add(FieldError.inBody("/" + shortName.replace("~", "~0").replace("/", "~1"), detail));
    }

    private void fail(Problem first) {
        if (problem == null) {
            problem = first;
            files.forEach(file -> file.bytes.reset());
        }
    }

    /** Null also for {@code application/octet-stream}, which says nothing. */
    private static @Nullable MediaType contentType(HttpHeaders headers) {
        var type = headers.getContentType();
        return type == null || MediaType.APPLICATION_OCTET_STREAM.equalsTypeAndSubtype(type) ? null : type;
    }

    /** The problem of a file that has more bytes than the limit. */
    private Problem tooLarge() {
        return tooLarge(limit);
    }

    static Problem tooLarge(long limit) {
        return new Problem(
                        ProblemKind.PAYLOAD_TOO_LARGE,
                        "The file has more than %d bytes, which is the limit. Send a smaller one.".formatted(limit))
                .with("max_bytes", limit)
                .header(HttpHeaders.CONNECTION, "close");
    }

    private static Problem overloaded() {
        return new Problem(
                        ProblemKind.OVERLOADED,
                        "The gateway is receiving as many files as it has memory for. Try again in some seconds.")
                .retryAfter(Duration.ofSeconds(2))
                .header(HttpHeaders.CONNECTION, "close");
    }

    /** A file that has arrived in part. */
    private static final class ReceivedFile {

        private final String part;
        private final @Nullable MediaType type;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        ReceivedFile(String part, @Nullable MediaType type) {
            this.part = part;
            this.type = type;
        }

        private Upload upload(Map<String, String> fields) {
            return new Upload(bytes.toByteArray(), type, fields, part, "/" + part);
        }
    }
}
