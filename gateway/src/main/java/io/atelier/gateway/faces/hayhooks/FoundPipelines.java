package io.atelier.gateway.faces.hayhooks;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** Collects the pipelines of files: of two with the same name, the first one counts. Not thread-safe. */
final class FoundPipelines {

    private final Map<String, FacePipeline> pipelines = new HashMap<>();
    private final Map<String, String> origins = new HashMap<>();
    private final Map<String, String> broken = new TreeMap<>();

    /** @param file its name */
    void add(String file, FacePipeline pipeline) {
        var earlier = origins.putIfAbsent(pipeline.name(), file);
        if (earlier == null) {
            pipelines.put(pipeline.name(), pipeline);
        } else {
            addProblem(
                    file, "The file '%s' has a pipeline of the same name, '%s'.".formatted(earlier, pipeline.name()));
        }
    }

    /** @param problem a sentence about the file, or about a part of it */
    void addProblem(String file, String problem) {
        broken.merge(file, problem, (one, other) -> one + " " + other);
    }

    PipelineRegistry.Contents contents() {
        return new PipelineRegistry.Contents(pipelines, broken);
    }
}
