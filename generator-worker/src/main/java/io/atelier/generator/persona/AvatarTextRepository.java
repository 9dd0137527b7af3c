package io.atelier.generator.persona;

import io.atelier.contract.digest.Sha256;
import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.JobFolder;
import io.atelier.contract.job.Persona;
import io.atelier.contract.job.StoredPrompt;
import io.atelier.contract.job.StoredText;
import io.atelier.contract.work.PromptRequested;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.messaging.EventCodec;
import io.atelier.storage.ObjectKey;
import io.atelier.storage.ObjectStore;
import io.atelier.storage.ObjectStoreFailed;
import io.atelier.storage.StoredObject;
import io.atelier.storage.TextStore;
import io.atelier.worker.store.StoreRetry;
import io.atelier.worker.task.Futures;
import io.atelier.worker.task.TaskContext;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * Reads and stores the texts of avatars in the folders of their jobs, where an erasure deletes them. Waits for a store that is down. Thread-safe.
 */
public final class AvatarTextRepository {

    private static final String BY = "by";
    private static final String MILLIS = "millis";

    private final ObjectStore store;
    private final TextStore texts;
    private final StoreRetry storeRetry;

    /** @param storeRetry for an object store that is down */
    public AvatarTextRepository(ObjectStore store, StoreRetry storeRetry) {
        this.store = store;
        this.texts = new TextStore(store, Runnable::run);
        this.storeRetry = storeRetry;
    }

    /**
     * Reads a persona.
     *
     * @throws GenerationFailed if it is no longer stored, or lacks a field
     * @throws ObjectStoreFailed if the object store cannot read it
     */
    Persona persona(StoredText reference, TaskContext context) throws InterruptedException {
        var json = read(reference, "persona", context);
        try {
            return complete(EventCodec.json().readValue(json, Persona.class));
        } catch (JacksonException e) {
            // Its message would quote the persona.
            throw new GenerationFailed(
                    new Failure(
                            Code.REQUEST_REJECTED,
                            "The persona of the job is not valid: an object with texts and numbers is expected. Submit the persona again."));
        }
    }

    private static Persona complete(Persona persona) {
        var required = new LinkedHashMap<String, @Nullable String>();
        required.put("firstname", persona.firstname());
        required.put("lastname", persona.lastname());
        required.put("gender", persona.gender());
        required.put("bio_facebook", persona.bioFacebook());
        required.put("bio_instagram", persona.bioInstagram());
        required.put("bio_x", persona.bioX());
        required.put("bio_tiktok", persona.bioTiktok());
        required.values().removeIf(value -> value != null);
        if (!required.isEmpty()) {
            throw new GenerationFailed(new Failure(
                    Code.REQUEST_REJECTED,
                    "Missing required person data fields: %s. Each may be empty, but must be there."
                            .formatted(required.keySet())));
        }
        return persona;
    }

    /**
     * Reads a prompt.
     *
     * @throws GenerationFailed if it is no longer stored
     * @throws ObjectStoreFailed if the object store cannot read it
     */
    String prompt(StoredText reference, TaskContext context) throws InterruptedException {
        return read(reference, "prompt", context);
    }

    private String read(StoredText reference, String kind, TaskContext context) throws InterruptedException {
        try {
            return storeRetry.call(() -> Futures.await(texts.read(reference)), context::waitForStore);
        } catch (ObjectStoreFailed e) {
            if (e.kind() == ObjectStoreFailed.Kind.NOT_FOUND) {
                var message = "The %s of the job is no longer stored, for example because the job was erased."
                        + " Submit the persona again.";
                throw new GenerationFailed(new Failure(Code.SOURCE_UNAVAILABLE, message.formatted(kind)), e);
            }
            throw e;
        }
    }

    /**
     * Finds what an earlier attempt at a task wrote: another run of a flow could cost another fee. Empty if there is nothing.
     *
     * @throws ObjectStoreFailed if the object store cannot be searched
     */
    Optional<StoredPrompt> findWritten(PromptRequested task, TaskContext context) throws InterruptedException {
        for (int attempt = task.attempt(); attempt >= 1; attempt--) {
            var key = new ObjectKey(JobFolder.text(task.job(), task.task(), attempt));
            var found = storeRetry.call(() -> Futures.await(store.find(key)), context::waitForStore);
            if (found.isPresent()) {
                return Optional.of(described(task.index(), found.get()));
            }
        }
        return Optional.empty();
    }

    private static StoredPrompt described(int index, StoredObject object) {
        var metadata = object.metadata();
        try {
            return new StoredPrompt(
                    index,
                    TextStore.reference(object),
                    metadata.getOrDefault(BY, "unknown"),
                    Long.parseLong(metadata.getOrDefault(MILLIS, "0")));
        } catch (NumberFormatException e) {
            throw new ObjectStoreFailed(
                    ObjectStoreFailed.Kind.REFUSED,
                    "The object " + object.key() + " was not stored by a worker: its metadata is " + metadata + ".",
                    e);
        }
    }

    /**
     * Stores the prompt that a task wrote, unless there is one already.
     *
     * @param by name of the writer
     * @throws ObjectStoreFailed if the object store did not accept it
     */
    StoredPrompt storeWritten(PromptRequested task, String prompt, String by, long millis, TaskContext context)
            throws InterruptedException {
        var key = new ObjectKey(JobFolder.text(task.job(), task.task(), task.attempt()));
        var metadata = Map.of(BY, by, MILLIS, Long.toString(millis));
        return new StoredPrompt(task.index(), put(key, prompt, metadata, context), by, millis);
    }

    /**
     * Stores the prompt of a base image beside it, unless there is one already.
     *
     * @return the stored prompt: that of an earlier delivery, if it had another one
     * @throws ObjectStoreFailed if the object store did not accept it
     */
    String storeBasePrompt(GenerationRequested task, String prompt, TaskContext context) throws InterruptedException {
        var key = new ObjectKey(JobFolder.text(task.job(), task.task(), task.attempt()));
        var stored = put(key, prompt, Map.of(), context);
        return stored.sha256().equals(Sha256.of(prompt).hex()) ? prompt : prompt(stored, context);
    }

    private StoredText put(ObjectKey key, String text, Map<String, String> metadata, TaskContext context)
            throws InterruptedException {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        return storeRetry.call(
                () -> Futures.await(texts.put(key, bytes, TextStore.TEXT, metadata)), context::waitForStore);
    }
}
