package io.atelier.client;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The state of a batch: a generation for each of several prompts.
 *
 * @param terminal whether all of its generations have ended
 * @param size the number of prompts
 * @param counts how many results have each status; those that none has are missing
 * @param results in the order of the prompts
 */
public record BatchView(String id, boolean terminal, int size, Map<String, Integer> counts, List<Result> results) {

    public BatchView {
        counts = counts == null ? Map.of() : Map.copyOf(counts);
        results = results == null ? List.of() : List.copyOf(results);
    }

    /**
     * The generation of one prompt.
     *
     * @param index of the prompt, from 0
     * @param id of the generation
     * @param status that of the generation, or {@code erased} or {@code missing}
     * @param generation null if it is erased or missing
     */
    public record Result(
            int index, String id, String status, @Nullable GenerationView generation) {}
}
