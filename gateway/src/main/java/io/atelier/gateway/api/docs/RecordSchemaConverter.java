package io.atelier.gateway.api.docs;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.core.converter.ModelConverterContext;
import io.swagger.v3.core.jackson.ModelResolver;
import io.swagger.v3.core.util.Json;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.Schema;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes OpenAPI schemas of records as they are serialized: names in snake case; a component is required unless it is {@code @Nullable} or is
 * omitted when empty; a {@code @Nullable} one may be null, or is omitted if the record or the component omits nulls.
 */
public final class RecordSchemaConverter extends ModelResolver {

    private static final SnakeCaseStrategy NAMES = new SnakeCaseStrategy();

    public RecordSchemaConverter() {
        super(Json.mapper().copy().setPropertyNamingStrategy(NAMES));
        openapi31(true);
    }

    @Override
    public @Nullable Schema<?> resolve(
            AnnotatedType type, ModelConverterContext context, Iterator<ModelConverter> next) {
        Schema<?> schema = super.resolve(type, context, next);
        var kind = _mapper.constructType(type.getType()).getRawClass();
        if (schema != null && kind.isRecord()) {
            describe(kind, defined(schema, context));
        }
        return schema;
    }

    private static Schema<?> defined(Schema<?> schema, ModelConverterContext context) {
        var reference = schema.get$ref();
        if (reference == null) {
            return schema;
        }
        var name = reference.substring(reference.lastIndexOf('/') + 1);
        return context.getDefinedModels().getOrDefault(name, schema);
    }

    private static void describe(Class<?> kind, Schema<?> schema) {
        var properties = schema.getProperties();
        if (properties == null) {
            return;
        }
        for (var component : kind.getRecordComponents()) {
            var name = NAMES.translate(component.getName());
            if (!properties.containsKey(name)) {
                continue;
            }
            excludeMinimum(properties.get(name));
            var inclusion = inclusion(kind, component);
            if (!isNullable(component)) {
                if (inclusion != Include.NON_EMPTY) {
                    require(schema, name);
                }
            } else if (inclusion == Include.ALWAYS) {
                properties.put(name, orNull(properties.get(name)));
            }
        }
    }

    /** The annotation of a component has precedence over that of its record. It is on the accessor, because components cannot have it. */
    private static Include inclusion(Class<?> kind, RecordComponent component) {
        return Stream.of(component.getAccessor(), kind)
                .map(element -> element.getAnnotation(JsonInclude.class))
                .filter(Objects::nonNull)
                .map(JsonInclude::value)
                .findFirst()
                .orElse(Include.ALWAYS);
    }

    private static boolean isNullable(RecordComponent component) {
        return component.getAnnotatedType().isAnnotationPresent(Nullable.class);
    }

    private static void require(Schema<?> schema, String name) {
        if (schema.getRequired() == null || !schema.getRequired().contains(name)) {
            schema.addRequiredItem(name);
        }
    }

    /** OpenAPI 3.1 has an excluded limit itself, in place of the word of 3.0 that the limit is excluded. */
    private static void excludeMinimum(Schema<?> schema) {
        if (Boolean.TRUE.equals(schema.getExclusiveMinimum())) {
            schema.setExclusiveMinimumValue(schema.getMinimum());
            schema.setExclusiveMinimum(null);
            schema.setMinimum(null);
        }
    }

    private static Schema<?> orNull(Schema<?> schema) {
        if (schema.get$ref() != null) {
            var other = new JsonSchema();
            other.setDescription(schema.getDescription());
            schema.setDescription(null);
            other.setOneOf(List.of(schema, nullSchema()));
            return other;
        }
        if (schema.getTypes() != null) {
            Set<String> types = new LinkedHashSet<>(schema.getTypes());
            types.add("null");
            schema.setTypes(types);
            allowNullIn(schema);
        } else if (schema.getOneOf() != null) {
            schema.addOneOfItem(nullSchema());
        }
        return schema;
    }

    /** The values of an enumeration must include null, too, where the type allows it. */
    @SuppressWarnings("unchecked")
    private static void allowNullIn(Schema<?> schema) {
        var values = (List<Object>) schema.getEnum();
        if (values != null && !values.contains(null)) {
            var all = new ArrayList<>(values);
            all.add(null);
            ((Schema<Object>) schema).setEnum(all);
        }
    }

    private static Schema<?> nullSchema() {
        var schema = new JsonSchema();
        schema.setTypes(Set.of("null"));
        return schema;
    }
}
