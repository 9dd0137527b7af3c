package io.atelier.generator.persona;

import io.atelier.contract.digest.Sha256;
import io.atelier.contract.job.JobFolder;
import io.atelier.contract.job.JobId;
import io.atelier.contract.job.Persona;
import io.atelier.contract.job.StoredText;
import io.atelier.generator.engine.GenerationRun;
import io.atelier.messaging.EventCodec;
import io.atelier.storage.ObjectKey;
import io.atelier.storage.ObjectStore;
import io.atelier.storage.TextStore;
import io.atelier.worker.cancellation.Cancellation;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Personas for tests, whose texts occur in no message of the worker. */
public final class SamplePersonas {

    public static final String BIO = "Breeds axolotls in Szczecin and repairs harmoniums";
    public static final Persona ADA = withBio(BIO);

    private SamplePersonas() {}

    public static Persona withBio(String bio) {
        return new Persona(
                "42", "Adalberta", "Quillfeather", "f", bio, "Loves quinces", "Chess at noon", "", null, null);
    }

    /** Stores a persona in the folder of a job, as the gateway does. */
    public static StoredText store(ObjectStore store, JobId job, Persona persona) {
        return store(store, job, EventCodec.json().writeValueAsString(persona));
    }

    /** Stores any text as the persona of a job. */
    public static StoredText store(ObjectStore store, JobId job, String json) {
        var key = new ObjectKey(JobFolder.persona(job, Sha256.of(json).hex()));
        return texts(store)
                .put(key, json.getBytes(StandardCharsets.UTF_8), TextStore.JSON, Map.of())
                .join();
    }

    public static TextStore texts(ObjectStore store) {
        return new TextStore(store, Runnable::run);
    }

    static Persona with(String gender, @Nullable String ethnicity, @Nullable Integer age) {
        return new Persona("42", "Adalberta", "Quillfeather", gender, BIO, "", "", "", ethnicity, age);
    }

    static GenerationRun run() {
        return new GenerationRun("gen_test", 1, (phase, step, steps) -> {}, new Cancellation());
    }
}
