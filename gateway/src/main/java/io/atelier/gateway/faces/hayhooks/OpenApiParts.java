package io.atelier.gateway.faces.hayhooks;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Objects of OpenAPI documents, whose members keep their order. */
final class OpenApiParts {

    private OpenApiParts() {}

    /** The schema of bytes. */
    static Map<String, Object> binary() {
        return ordered(List.of(entry("type", "string"), entry("format", "binary")));
    }

    static Map<String, Object> response(String description, String mediaType, Map<String, Object> media) {
        return ordered(List.of(entry("description", description), entry("content", Map.of(mediaType, media))));
    }

    static Map<String, Object> object(Map<String, Object> properties) {
        return ordered(List.of(entry("type", "object"), entry("properties", properties)));
    }

    static Map<String, Object> property(String type, String description) {
        return ordered(List.of(entry("type", type), entry("description", description)));
    }

    static Map<String, Object> with(Map<String, Object> object, String name, Object value) {
        var more = new LinkedHashMap<>(object);
        more.put(name, value);
        return more;
    }

    static Map.Entry<String, Object> entry(String name, Object value) {
        return Map.entry(name, value);
    }

    static Map<String, Object> ordered(List<Map.Entry<String, Object>> entries) {
        var object = new LinkedHashMap<String, Object>();
        entries.forEach(entry -> object.put(entry.getKey(), entry.getValue()));
        return object;
    }
}
