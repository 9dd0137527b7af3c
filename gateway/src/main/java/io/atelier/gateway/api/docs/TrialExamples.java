package io.atelier.gateway.api.docs;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.Paths;
import io.swagger.v3.oas.models.parameters.Parameter;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.springdoc.core.customizers.OpenApiCustomizer;

/**
 * Makes requests from "Try it out" of {@code /docs} work, also a second time. Swagger UI fills in every example, so an optional parameter has
 * none: a client that sends the same example of an idempotency key with another body is refused. Neither has the id of a generation, which
 * exists nowhere. Both are part of the description instead. Generations come first, and the shorter path before the longer one.
 */
public final class TrialExamples implements OpenApiCustomizer {

    private static final String GENERATIONS = "/v1/generations";
    private static final String GENERATION = GENERATIONS + "/{id}";
    private static final List<String> TAGS =
            List.of("Generations", "Models", "Queue", "Events", "Avatars", "Operation", "Probes");

    @Override
    public void customise(OpenAPI api) {
        api.getPaths()
                .forEach((path, item) -> item.readOperations().stream()
                        .flatMap(operation -> parameters(operation))
                        .filter(parameter -> !isSure(path, parameter))
                        .forEach(TrialExamples::describeExamples));
        var post = Objects.requireNonNull(api.getPaths().get(GENERATIONS), GENERATIONS);
        var put = Objects.requireNonNull(api.getPaths().get(GENERATION), GENERATION);
        shareBodies(post.getPost(), put.getPut());
        var sorted = new Paths();
        new TreeMap<>(api.getPaths()).forEach(sorted::addPathItem);
        sorted.setExtensions(api.getPaths().getExtensions());
        api.setPaths(sorted);
        if (api.getTags() != null) {
            api.setTags(api.getTags().stream()
                    .sorted(Comparator.comparingInt(tag -> rank(tag.getName())))
                    .toList());
        }
    }

    /** Whether a request with the example of the parameter succeeds. */
    private static boolean isSure(String path, Parameter parameter) {
        boolean ofGeneration =
                path.startsWith(GENERATIONS) && parameter.getName().equals("id");
        return Boolean.TRUE.equals(parameter.getRequired()) && !ofGeneration;
    }

    private static void describeExamples(Parameter parameter) {
        var schema = parameter.getSchema();
        var example = parameter.getExample() == null && schema != null ? schema.getExample() : parameter.getExample();
        if (example == null) {
            return;
        }
        parameter.setExample(null);
        if (schema != null) {
            schema.setExample(null);
            // Else the document would have the example null.
            schema.setExampleSetFlag(false);
        }
        var description = parameter.getDescription();
        parameter.setDescription((description == null ? "" : description + ". ") + "For example: " + example);
    }

    /** Without examples, the body of PUT would be made up of all fields, which no model takes together. */
    private static void shareBodies(Operation post, Operation put) {
        var examples =
                post.getRequestBody().getContent().values().iterator().next().getExamples();
        put.getRequestBody().getContent().values().forEach(content -> content.setExamples(examples));
    }

    private static int rank(String tag) {
        int rank = TAGS.indexOf(tag);
        return rank < 0 ? TAGS.size() : rank;
    }

    private static Stream<Parameter> parameters(Operation operation) {
        return operation.getParameters() == null ? Stream.empty() : operation.getParameters().stream();
    }
}
