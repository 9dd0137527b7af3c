package io.atelier.gateway.faces.pipelines;

import io.atelier.pipeline.Pipeline;
import io.atelier.pipeline.PipelineParameter;
import io.atelier.pipeline.ResultType;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the code of a pipeline says of itself. It is asked once, so that it cannot change later. */
public record PipelineDeclaration(
        String name, String description, List<PipelineParameter> parameters, ResultType resultType) {

    private static final int MAX_PARAMETERS = 100;

    public PipelineDeclaration {
        parameters = List.copyOf(parameters);
    }

    /**
     * Asks a pipeline.
     *
     * @throws IllegalArgumentException with the reason if the gateway cannot run it
     */
    static PipelineDeclaration of(Pipeline code) {
        var parameters = List.copyOf(required(code.parameters(), "parameters"));
        var names = new HashSet<String>();
        for (var parameter : parameters) {
            if (!names.add(parameter.name())) {
                throw new IllegalArgumentException("It has two parameters '%s'.".formatted(parameter.name()));
            }
        }
        if (names.size() > MAX_PARAMETERS) {
            throw new IllegalArgumentException("It has more than %d parameters.".formatted(MAX_PARAMETERS));
        }
        return new PipelineDeclaration(
                PipelineName.require(required(code.name(), "name")),
                required(code.description(), "description"),
                parameters,
                required(code.resultType(), "resultType"));
    }

    /** The method may return null in spite of its type. */
    private static <T> T required(@Nullable T value, String method) {
        if (value == null) {
            throw new IllegalArgumentException("Its method %s() returns null.".formatted(method));
        }
        return value;
    }

    /** Whether a request without a body can run it. */
    public boolean needsNoParameters() {
        return parameters.stream().noneMatch(PipelineParameter::isRequired);
    }
}
