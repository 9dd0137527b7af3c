package io.atelier.gateway.api.submission;

import io.atelier.contract.digest.Sha256;
import io.atelier.contract.job.AvatarSpec;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.JobFolder;
import io.atelier.contract.job.JobId;
import io.atelier.contract.job.Persona;
import io.atelier.contract.job.StoredText;
import io.atelier.gateway.api.request.PersonaTexts;
import io.atelier.messaging.EventCodec;
import io.atelier.storage.ObjectKey;
import io.atelier.storage.ObjectStoreFailed;
import io.atelier.storage.TextStore;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Stores the personal texts of requests in the folders of their jobs, and reads them again. Thread-safe. */
public final class PersonaTextRepository {

    private final TextStore store;

    public PersonaTextRepository(TextStore store) {
        this.store = store;
    }

    /**
     * The same request with references to its texts, which are durable then. Fails with {@link ObjectStoreFailed} if they cannot be stored.
     *
     * @param job whose folder gets the texts
     */
    Mono<GenerationRequest> store(JobId job, GenerationRequest request, PersonaTexts texts) {
        var avatar = request.avatar();
        if (avatar == null) {
            return Mono.just(request);
        }
        var persona = texts.persona() == null
                ? Mono.<Optional<StoredText>>just(Optional.empty())
                : put(job, JobFolder::persona, EventCodec.json().writeValueAsBytes(texts.persona()), TextStore.JSON);
        var prompt = texts.prompt() == null
                ? Mono.<Optional<StoredText>>just(Optional.empty())
                : put(job, JobFolder::given, texts.prompt().getBytes(StandardCharsets.UTF_8), TextStore.TEXT);
        return persona.zipWith(prompt)
                .map(stored -> request.withAvatar(
                        with(avatar, stored.getT1().orElse(null), stored.getT2().orElse(null))));
    }

    private static AvatarSpec with(AvatarSpec avatar, @Nullable StoredText persona, @Nullable StoredText prompt) {
        return avatar.toBuilder().persona(persona).prompt(prompt).build();
    }

    private Mono<Optional<StoredText>> put(
            JobId job, BiFunction<JobId, String, String> naming, byte[] text, String mediaType) {
        var digest = Sha256.of(text).hex();
        var key = new ObjectKey(naming.apply(job, digest));
        return Mono.fromFuture(() -> store.put(key, text, mediaType, Map.of()), true)
                .map(stored -> {
                    if (!stored.sha256().equals(digest)) {
                        throw new ObjectStoreFailed(
                                ObjectStoreFailed.Kind.REFUSED, "The key " + key + " belongs to another text already.");
                    }
                    return Optional.of(stored);
                });
    }

    /** The texts to which a request refers. Fails with {@link ObjectStoreFailed}, of kind {@code NOT_FOUND} if they were erased. */
    public Mono<PersonaTexts> read(GenerationRequest request) {
        var avatar = request.avatar();
        if (avatar == null) {
            return Mono.just(PersonaTexts.NONE);
        }
        return bytes(avatar.persona())
                .map(found -> found.map(bytes -> EventCodec.json().readValue(bytes, Persona.class)))
                .zipWith(
                        bytes(avatar.prompt())
                                .map(found -> found.map(bytes -> new String(bytes, StandardCharsets.UTF_8))),
                        (persona, prompt) -> new PersonaTexts(persona.orElse(null), prompt.orElse(null)));
    }

    private Mono<Optional<byte[]>> bytes(@Nullable StoredText text) {
        return text == null
                ? Mono.just(Optional.empty())
                : Mono.fromFuture(() -> store.readBytes(text), true).map(Optional::of);
    }
}
