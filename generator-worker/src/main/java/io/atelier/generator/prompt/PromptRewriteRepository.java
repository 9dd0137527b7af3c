package io.atelier.generator.prompt;

import io.atelier.contract.digest.Sha256;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.JobFolder;
import io.atelier.messaging.EventCodec;
import io.atelier.storage.ObjectContent;
import io.atelier.storage.ObjectKey;
import io.atelier.storage.ObjectStore;
import io.atelier.storage.ObjectStoreFailed;
import io.atelier.worker.task.Futures;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * Stores the result of rewriting a prompt in the folder of its job, so that further attempts and fallback models use the same prompt without a
 * second call of the enhancer. The eraser deletes it together with the job's images.
 */
final class PromptRewriteRepository {

    private static final String JSON = "application/json";

    private final ObjectStore store;

    PromptRewriteRepository(ObjectStore store) {
        this.store = store;
    }

    /**
     * Finds the stored result for the prompt of a task.
     *
     * @throws ObjectStoreFailed if the object store cannot be read
     */
    Optional<PromptRewrite> find(GenerationRequested task) throws InterruptedException {
        try (var content = Futures.await(store.open(key(task), null))) {
            return Optional.of(read(content));
        } catch (ObjectStoreFailed e) {
            if (e.kind() == ObjectStoreFailed.Kind.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        } catch (IOException e) {
            throw new ObjectStoreFailed(
                    ObjectStoreFailed.Kind.UNAVAILABLE, "Reading the rewritten prompt was interrupted", e);
        }
    }

    /**
     * Stores the result unless there is one already.
     *
     * @return the stored result, which may be another one
     * @throws ObjectStoreFailed if the object store did not accept it
     */
    PromptRewrite store(GenerationRequested task, PromptRewrite rewrite) throws InterruptedException {
        Futures.await(store.put(key(task), EventCodec.json().writeValueAsBytes(rewrite), JSON, Map.of()));
        return find(task).orElse(rewrite);
    }

    private static PromptRewrite read(ObjectContent content) throws IOException {
        return EventCodec.read(content.stream().readAllBytes(), PromptRewrite.class);
    }

    /** The key contains a digest of the prompt: two requests that were accepted for one id at the same moment must not share a result. */
    private static ObjectKey key(GenerationRequested task) {
        return new ObjectKey(JobFolder.prompt(
                task.job(), Sha256.of(task.request().prompt()).hex().substring(0, 16)));
    }
}
