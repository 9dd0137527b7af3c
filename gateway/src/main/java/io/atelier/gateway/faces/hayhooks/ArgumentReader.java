package io.atelier.gateway.faces.hayhooks;

import io.atelier.gateway.api.request.BoundedBodyReader;
import io.atelier.gateway.faces.pipelines.PipelineDeclaration;
import io.atelier.pipeline.PipelineArguments;
import io.atelier.pipeline.PipelineParameter;
import java.math.BigDecimal;
import java.util.HashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Reads the parameters of pipelines in Java, as they are declared. Thread-safe. */
final class ArgumentReader {

    private static final BigDecimal MIN_LONG = BigDecimal.valueOf(Long.MIN_VALUE);
    private static final BigDecimal MAX_LONG = BigDecimal.valueOf(Long.MAX_VALUE);
    private static final BigDecimal MAX_DOUBLE = BigDecimal.valueOf(Double.MAX_VALUE);

    private final BoundedBodyReader bodies;
    private final JsonMapper json;

    ArgumentReader(BoundedBodyReader bodies, JsonMapper json) {
        this.bodies = bodies;
        this.json = json;
    }

    /**
     * The arguments in the body of a POST, or in the query of another request. Fails with a {@link io.atelier.gateway.api.problem.Problem} that has the
     * errors in the form of pydantic if they are invalid.
     */
    Mono<PipelineArguments> read(ServerHttpRequest request, PipelineDeclaration declaration) {
        if (!HttpMethod.POST.equals(request.getMethod())) {
            return Mono.fromCallable(() -> {
                var values = json.createObjectNode();
                request.getQueryParams().toSingleValueMap().forEach(values::put);
                return arguments(values, RunRequestReader.QUERY, declaration);
            });
        }
        return bodies.read(request)
                .map(bytes -> bytes.length == 0 && declaration.needsNoParameters()
                        ? json.createObjectNode()
                        : RunBody.parse(bytes, request.getHeaders().getFirst(HttpHeaders.CONTENT_TYPE)))
                .map(values -> arguments(values, RunBody.PLACE, declaration));
    }

    private PipelineArguments arguments(ObjectNode values, String place, PipelineDeclaration declaration) {
        var parameters = new LaxParameters(values, place);
        var arguments = new HashMap<String, Object>();
        for (var parameter : declaration.parameters()) {
            var value = value(parameters, parameter);
            if (value != null) {
                arguments.put(parameter.name(), value);
            }
        }
        if (!parameters.errors().isEmpty()) {
            throw HayhooksErrors.invalid(parameters.errors());
        }
        return new PipelineArguments(arguments);
    }

    /** The value of a parameter; null if it has none, and after an error. */
    private @Nullable Object value(LaxParameters parameters, PipelineParameter parameter) {
        var name = parameter.name();
        var sent = parameters.values().get(name);
        boolean hasNoValue = parameter.defaultValue() == null && sent != null && sent.isNull();
        if (!parameter.isRequired() && (sent == null || hasNoValue)) {
            return parameter.defaultValue();
        }
        if (sent == null) {
            parameters.addMissing(name);
            return null;
        }
        return switch (parameter.type()) {
            case TEXT -> parameters.optionalText(name);
            case INTEGER -> {
                var number = parameters.whole(name, limit(parameter.min(), MIN_LONG), limit(parameter.max(), MAX_LONG));
                yield number == null ? null : number.longValue();
            }
            case NUMBER -> {
                var number = parameters.decimal(
                        name, limit(parameter.min(), MAX_DOUBLE.negate()), limit(parameter.max(), MAX_DOUBLE));
                yield number == null ? null : number.doubleValue();
            }
            case FLAG -> parameters.flag(name);
            case LIST -> parameters.isList(name) ? json.treeToValue(sent, Object.class) : null;
            case OBJECT -> parameters.isObject(name) ? json.treeToValue(sent, Object.class) : null;
        };
    }

    private static BigDecimal limit(@Nullable Double limit, BigDecimal ofType) {
        return limit == null || !Double.isFinite(limit) ? ofType : BigDecimal.valueOf(limit);
    }
}
