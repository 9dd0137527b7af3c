package io.atelier.gateway.faces.hayhooks;

import io.atelier.contract.image.FileId;
import io.atelier.gateway.api.files.FileUploads;
import io.atelier.gateway.api.files.FormParts;
import io.atelier.gateway.api.files.UploadReader;
import io.atelier.gateway.api.operations.DiskSpace;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Reads multipart bodies: the files in the parts {@code files}, and all other fields as texts. Thread-safe. */
final class RunForms {

    static final String FILES = "files";

    /** Stands for a file that is not stored yet. */
    static final FileId NO_FILE = FileId.ofSha256("0".repeat(64));

    private final UploadReader uploads;
    private final FileUploads files;
    private final DiskSpace disk;

    RunForms(UploadReader uploads, FileUploads files, DiskSpace disk) {
        this.uploads = uploads;
        this.files = files;
        this.disk = disk;
    }

    /** Reads a request in its parts. */
    interface Reader<T> {

        /**
         * The request.
         *
         * @param files in the order of the body; perhaps none
         */
        T read(Map<String, String> texts, List<FileId> files);
    }

    /** Whether the body of the request is a form. */
    static boolean isForm(HttpHeaders headers) {
        try {
            @Nullable MediaType type = headers.getContentType();
            return type != null && MediaType.MULTIPART_FORM_DATA.equalsTypeAndSubtype(type);
        } catch (InvalidMediaTypeException e) {
            return false;
        }
    }

    /**
     * The request of a form, whose files are stored if the rest of it is valid.
     *
     * @param reader is called twice, first for a check, with ids of no files
     */
    <T> Mono<T> read(ServerHttpRequest request, ImagePipeline pipeline, Reader<T> reader) {
        return Mono.defer(() -> {
            disk.requireSpace();
            var parts = new FormParts(Map.of(FILES, pipeline.files()), Set.of(), true);
            return uploads.readForm(request, parts, form -> {
                reader.read(form.fields(), Collections.nCopies(form.files().size(), NO_FILE));
                return Flux.fromIterable(form.files())
                        .concatMap(files::keep)
                        .collectList()
                        .map(ids -> reader.read(form.fields(), ids));
            });
        });
    }
}
