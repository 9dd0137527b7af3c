package io.atelier.acceptance;

import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/**
 * What one answer about a batch of avatars says. Avatars are numbered by the places of their personas, from 0.
 *
 * @param held avatars whose turn has not come
 * @param ended avatars that have ended
 * @param counted how many avatars all counts have together
 */
record BatchPoll(Set<Integer> held, Set<Integer> ended, int counted) {

    private static final Set<String> OPEN = Set.of("queued", "running", "missing");

    /** Reads the JSON of a batch. */
    static BatchPoll of(JsonNode batch) {
        var held = new HashSet<Integer>();
        var ended = new HashSet<Integer>();
        for (var avatar : batch.path("avatars")) {
            int index = avatar.path("index").asInt();
            var status = avatar.path("status").asString();
            if (!OPEN.contains(status)) {
                ended.add(index);
            } else if (status.equals("missing")
                    || avatar.path("stage").asString().equals("held")) {
                // A gateway may not have read of it yet.
                held.add(index);
            }
        }
        int counted =
                batch.path("counts").valueStream().mapToInt(JsonNode::asInt).sum();
        return new BatchPoll(Set.copyOf(held), Set.copyOf(ended), counted);
    }

    /** The place behind the last avatar whose turn has come; 0 if there is none. */
    int released(int size) {
        return IntStream.range(0, size)
                .filter(index -> !held.contains(index))
                .map(index -> index + 1)
                .max()
                .orElse(0);
    }

    @Override
    public String toString() {
        return "held %s, ended %s".formatted(sorted(held), sorted(ended));
    }

    private static String sorted(Set<Integer> indexes) {
        return indexes.stream().sorted().map(String::valueOf).collect(Collectors.joining(","));
    }
}
