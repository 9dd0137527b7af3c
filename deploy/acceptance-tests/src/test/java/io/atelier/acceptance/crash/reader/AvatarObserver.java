package io.atelier.acceptance.crash.reader;

import io.atelier.acceptance.crash.fault.StoreProxy.StoreWrite;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/** Collects what is observed of avatars alone: from the topics, the store, its proxy and the provider. */
public final class AvatarObserver {

    private final TopicReader topics;
    private final ImageAvailabilityProbe imageProbe;
    private final StoreReader store;
    private final Supplier<List<StoreWrite>> writes;
    private final ProviderCallProbe calls;

    /** @param writes all writes so far, in order */
    public AvatarObserver(
            TopicReader topics,
            ImageAvailabilityProbe imageProbe,
            StoreReader store,
            Supplier<List<StoreWrite>> writes,
            ProviderCallProbe calls) {
        this.topics = topics;
        this.imageProbe = imageProbe;
        this.store = store;
        this.writes = writes;
        this.calls = calls;
    }

    /** The violations of the rules for avatars by a job that has ended. */
    public List<String> violations(String job) {
        var submission = topics.all(received -> received.job().equals(job) && ProviderCallProbe.isSubmission(received));
        if (submission.isEmpty()) {
            return List.of(job + ": its request is not in the topic");
        }
        return AvatarInvariants.violations(observations(job, ProviderCallProbe.avatar(submission.get(0))));
    }

    private AvatarObservations observations(String job, JsonNode avatar) {
        var ends = topics.all(received -> received.job().equals(job) && received.isTerminalEvent());
        var persona = avatar.get("persona_id").asString();
        var objects = store.objects(ProviderCallProbe.folder(avatar));
        return new AvatarObservations(
                job,
                avatar.get("images").asInt(),
                avatar.path("distinct_prompts").asBoolean(false),
                ends.stream().anyMatch(end -> end.is("generation.succeeded")),
                imageProbe.copyResults(job),
                finalCopies(job),
                calls.calls(persona),
                objects,
                prompts(objects),
                writes.get().stream()
                        .filter(write -> write.path().contains("/" + job + "/")
                                || write.path().contains("/" + persona + "/"))
                        .toList());
    }

    private List<ImageReadResult> finalCopies(String job) {
        var states = topics.all(
                received -> received.topic().equals("jobs") && received.job().equals(job));
        if (states.isEmpty()) {
            return List.of();
        }
        var images = states.get(states.size() - 1).json().path("images");
        return StreamSupport.stream(images.spliterator(), false)
                .flatMap(image -> PublishedCopy.of(image).stream())
                .map(copy -> store.read(copy.bucket(), copy.expected()))
                .toList();
    }

    private Map<String, String> prompts(Optional<Map<String, Instant>> objects) {
        var prompts = new HashMap<String, String>();
        for (var key : objects.orElse(Map.of()).keySet()) {
            if (key.endsWith("/prompt.txt")) {
                store.text(key).ifPresent(text -> prompts.put(key, text));
            }
        }
        return prompts;
    }
}
