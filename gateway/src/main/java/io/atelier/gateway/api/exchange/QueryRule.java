package io.atelier.gateway.api.exchange;

import io.atelier.gateway.api.problem.NearestName;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.Problem.FieldError;
import io.atelier.gateway.api.problem.ProblemKind;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.Parameters;
import io.swagger.v3.oas.annotations.enums.Explode;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.web.bind.annotation.RequestParam;

/**
 * The query parameters of an operation, as its method declares them: with {@link RequestParam} at its parameters, or with {@link Parameter} and
 * {@link ParameterPrefix} at itself, which the OpenAPI document shows as well. Immutable.
 */
final class QueryRule {

    private static final int MAX_SHOWN = 64;

    /** Whether a parameter may be given several times, by its name. */
    private final Map<String, Boolean> repeatable = new TreeMap<>();

    private final @Nullable ParameterPrefix prefix;

    private QueryRule(Method method) {
        for (var parameter : method.getParameters()) {
            var declared = AnnotatedElementUtils.getMergedAnnotation(parameter, RequestParam.class);
            if (declared != null) {
                repeatable.put(
                        declared.name().isEmpty() ? parameter.getName() : declared.name(),
                        Collection.class.isAssignableFrom(parameter.getType()));
            }
        }
        AnnotatedElementUtils.getMergedRepeatableAnnotations(method, Parameter.class, Parameters.class).stream()
                .filter(declared -> declared.in() == ParameterIn.QUERY)
                .forEach(declared -> repeatable.put(declared.name(), declared.explode() == Explode.TRUE));
        prefix = AnnotatedElementUtils.getMergedAnnotation(method, ParameterPrefix.class);
    }

    /** The rule of the operation that a method carries out. */
    static QueryRule of(Method method) {
        return new QueryRule(method);
    }

    /**
     * Checks the names of the parameters of a request; their values are left to the operation.
     *
     * @param query the values by the names; null for a name without a {@code =}
     * @throws Problem of kind {@code VALIDATION_FAILED} if the operation does not know a parameter, if one without a value is given, or one value is
     *     given more than once
     */
    void check(Map<String, List<String>> query) {
        var errors = new ArrayList<FieldError>();
        new TreeMap<>(query)
                .forEach((name, values) -> error(name, values)
                        .ifPresent(detail -> errors.add(FieldError.inParameter(shown(name), detail))));
        if (!errors.isEmpty()) {
            var first = errors.get(0);
            var text = first.place() + ": " + first.detail();
            var summary = errors.size() == 1 ? text : "%d errors. The first: %s".formatted(errors.size(), text);
            throw new Problem(ProblemKind.VALIDATION_FAILED, summary).errors(errors);
        }
    }

    private Optional<String> error(String name, List<String> values) {
        boolean hasPrefix = prefix != null && name.startsWith(prefix.value()) && !name.equals(prefix.value());
        if (!hasPrefix && !repeatable.containsKey(name)) {
            return Optional.of(NearestName.detail("query parameter", name, known()));
        }
        if (values.contains(null)) {
            return Optional.of("Has no value. Send %s=VALUE, or leave it out.".formatted(shown(name)));
        }
        boolean once = hasPrefix || !repeatable.getOrDefault(name, false);
        return once && values.size() > 1
                ? Optional.of("Is given %d times. Send it once.".formatted(values.size()))
                : Optional.empty();
    }

    private Collection<String> known() {
        var names = new TreeSet<>(repeatable.keySet());
        if (prefix != null) {
            names.add(prefix.value() + prefix.rest());
        }
        return names;
    }

    private static String shown(String name) {
        return name.length() <= MAX_SHOWN ? name : name.substring(0, MAX_SHOWN);
    }
}
