package io.atelier.generator.prompt;

import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.JobFolder;
import io.atelier.messaging.EventCodec;
import io.atelier.storage.ObjectContent;
import io.atelier.storage.ObjectKey;
import io.atelier.storage.ObjectStore;
import io.atelier.storage.ObjectStoreFailed;
import io.atelier.worker.task.Futures;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps what came of a prompt with its job, so that whoever draws it again, or draws it instead, draws the same and pays no second time. It
 * is erased with the job's pictures.
 */
final class PromptRewriteRepository {

    private static final String JSON = "application/json";

    private final ObjectStore store;

    PromptRewriteRepository(ObjectStore store) {
        this.store = store;
    }

    /**
     * What was kept of the order's prompt; empty if nothing was.
     *
     * @throws ObjectStoreFailed if the store cannot tell
     */
    Optional<PromptRewrite> find(GenerationRequested order) throws InterruptedException {
        try (var content = Futures.await(store.open(key(order), null))) {
            return Optional.of(read(content));
        } catch (ObjectStoreFailed e) {
            if (e.kind() == ObjectStoreFailed.Kind.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        } catch (IOException e) {
            throw new ObjectStoreFailed(ObjectStoreFailed.Kind.UNAVAILABLE, "The prompt's note broke off", e);
        }
    }

    /**
     * Keeps the note, unless another one lies there: that one counts then.
     *
     * @throws ObjectStoreFailed if the store did not take it
     */
    PromptRewrite keep(GenerationRequested order, PromptRewrite note) throws InterruptedException {
        Futures.await(store.put(key(order), EventCodec.json().writeValueAsBytes(note), JSON, Map.of()));
        return find(order).orElse(note);
    }

    private static PromptRewrite read(ObjectContent content) throws IOException {
        return EventCodec.read(content.stream().readAllBytes(), PromptRewrite.class);
    }

    /** Named after the prompt: two bodies that were accepted for one id at the same moment are not to share one. */
    private static ObjectKey key(GenerationRequested order) {
        return new ObjectKey(
                JobFolder.prompt(order.job(), digest(order.request().prompt())));
    }

    private static String digest(String prompt) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(prompt.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
