package io.atelier.acceptance.crash.reader;

import io.atelier.acceptance.crash.reader.ObservedCall.Kind;
import io.atelier.avatarsample.provider.ProviderCall;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Looks into the store whenever the provider is called: what the call asks for must not be there. Thread-safe. */
public final class ProviderCallProbe {

    private final TopicReader topics;
    private final StoreReader store;
    private final Pattern personas;
    private final Map<String, List<ObservedCall>> calls = new ConcurrentHashMap<>();

    /** @param personaPrefix the ids of all personas consist of it and of letters, digits and hyphens, and are in their first bio */
    public ProviderCallProbe(TopicReader topics, StoreReader store, String personaPrefix) {
        this.topics = topics;
        this.store = store;
        this.personas = Pattern.compile(Pattern.quote(personaPrefix) + "[0-9a-z-]+");
    }

    /** Must be called with each call when it is received. */
    public void accept(ProviderCall call) {
        var at = Instant.now();
        var persona = personas.matcher(call.text());
        if (!persona.find()) {
            throw new IllegalArgumentException("The call names no persona: " + call.endpoint());
        }
        var id = persona.group();
        var stored = submission(id)
                .flatMap(request -> store.objects(folder(request)))
                .map(Map::keySet);
        var kind = switch (call.endpoint()) {
            case PREDICTIONS -> Kind.PROMPT;
            case GENERATIONS -> Kind.BASE;
            case EDITS -> Kind.GRID;
        };
        calls.computeIfAbsent(id, key -> new CopyOnWriteArrayList<>())
                .add(new ObservedCall(kind, call.text(), at, stored.map(Set::copyOf)));
    }

    /** The number of calls so far. */
    public long callCount() {
        return calls.values().stream().mapToLong(List::size).sum();
    }

    /** The number of calls so far at which the folder of the job was listed. */
    public long lookCount() {
        return calls.values().stream()
                .flatMap(List::stream)
                .filter(call -> call.stored().isPresent())
                .count();
    }

    /** The calls for a persona, in order. */
    List<ObservedCall> calls(String persona) {
        return List.copyOf(calls.getOrDefault(persona, List.of()));
    }

    /** The folder of the job with this avatar. */
    static String folder(JsonNode avatar) {
        var key = avatar.get("persona").get("key").asString();
        return key.substring(0, key.lastIndexOf('/') + 1);
    }

    /** The member {@code avatar} of the request of the persona's job; empty if the record was not received yet. */
    private Optional<JsonNode> submission(String persona) {
        var member = "\"persona_id\":\"" + persona + "\"";
        return topics.all(received -> isSubmission(received) && received.text().contains(member)).stream()
                .findFirst()
                .map(ProviderCallProbe::avatar);
    }

    static JsonNode avatar(TopicRecord submission) {
        return submission.json().get("request").get("avatar");
    }

    /** Whether the record is the request of an avatar. */
    public static boolean isSubmission(TopicRecord received) {
        return received.topic().equals("task-reports") && received.is("generation.requested");
    }
}
