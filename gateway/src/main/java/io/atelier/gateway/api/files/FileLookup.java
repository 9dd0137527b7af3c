package io.atelier.gateway.api.files;

import io.atelier.contract.image.FileId;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import io.atelier.gateway.files.FileGone;
import io.atelier.gateway.files.FileRepository;
import io.atelier.gateway.files.UploadedFile;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/** Finds uploaded files by the ids that clients send. Fails with the {@link Problem} of those that do not exist. Thread-safe. */
public final class FileLookup {

    private final FileRepository files;

    public FileLookup(FileRepository files) {
        this.files = files;
    }

    /** The file of the id. */
    public Mono<UploadedFile> find(String id) {
        return find(id, files::find);
    }

    /** The file of the id, whose life is prolonged. */
    public Mono<UploadedFile> use(String id) {
        return find(id, files::use);
    }

    /** Deletes the file of the id; also succeeds if it was deleted before. */
    Mono<Void> delete(String id) {
        return Mono.defer(() -> Mono.fromFuture(files.delete(parse(id)), true))
                .flatMap(existed -> existed ? Mono.empty() : Mono.error(unknown(id)));
    }

    private static Mono<UploadedFile> find(
            String id, Function<FileId, CompletableFuture<Optional<UploadedFile>>> search) {
        return Mono.defer(() -> Mono.fromFuture(search.apply(parse(id)), true))
                .onErrorMap(FileGone.class, gone -> gone(id, gone.isExpired()))
                .flatMap(found -> found.map(Mono::just).orElseGet(() -> Mono.error(unknown(id))));
    }

    private static FileId parse(String id) {
        return FileId.parse(id)
                .orElseThrow(() -> new Problem(
                        ProblemKind.NOT_FOUND,
                        "This is not the id of a file: 'file_' and 52 characters of 0-9 a-z without i, l, o, u."));
    }

    private static Problem unknown(String id) {
        return new Problem(ProblemKind.NOT_FOUND, "There is no file '%s'.".formatted(id));
    }

    static Problem gone(String id, boolean isExpired) {
        return isExpired
                ? new Problem(
                        ProblemKind.EXPIRED,
                        "The file '%s' has expired: it was not used for longer than its time to live. Upload it again."
                                .formatted(id))
                : new Problem(ProblemKind.ERASED, "The file '%s' was deleted by request.".formatted(id));
    }
}
