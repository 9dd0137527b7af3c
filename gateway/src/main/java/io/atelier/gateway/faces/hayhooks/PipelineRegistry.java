package io.atelier.gateway.faces.hayhooks;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The pipelines of the face by name. Thread-safe. */
final class PipelineRegistry {

    private final ImagePipeline standard;
    private volatile Contents contents = Contents.NONE;

    /**
     * What was loaded beside the standard pipeline, or in its place.
     *
     * @param pipelines by name
     * @param broken the names of files that are no pipeline, with the reason
     */
    record Contents(Map<String, FacePipeline> pipelines, Map<String, String> broken) {

        static final Contents NONE = new Contents(Map.of(), Map.of());

        Contents {
            pipelines = Map.copyOf(pipelines);
            broken = Map.copyOf(broken);
        }
    }

    /** @param standard the pipeline that always exists, unless another one of its name is loaded */
    PipelineRegistry(ImagePipeline standard) {
        this.standard = standard;
    }

    /** Replaces everything that was loaded. */
    void replace(Contents loaded) {
        contents = loaded;
    }

    Optional<FacePipeline> find(String name) {
        return Optional.<FacePipeline>ofNullable(contents.pipelines().get(name))
                .or(() -> Optional.<FacePipeline>of(standard)
                        .filter(pipeline -> pipeline.name().equals(name)));
    }

    /** All pipelines, in the order of their names. */
    List<FacePipeline> all() {
        var all = new TreeMap<String, FacePipeline>(contents.pipelines());
        all.putIfAbsent(standard.name(), standard);
        return List.copyOf(all.values());
    }

    /** The names of files that are no pipeline, with the reason, in their order. */
    Map<String, String> broken() {
        return new TreeMap<>(contents.broken());
    }
}
