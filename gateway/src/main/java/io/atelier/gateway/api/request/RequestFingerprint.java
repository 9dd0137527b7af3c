package io.atelier.gateway.api.request;

import io.atelier.contract.digest.Sha256;
import java.math.BigDecimal;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/**
 * The SHA-256 of a request's canonical form, which is the same for bodies that mean the same: the order of fields, whitespace and the notation of numbers
 * make no difference, nor whether a field without a value is null or left out, nor whether a default is written out.
 */
final class RequestFingerprint {

    private RequestFingerprint() {}

    /**
     * The fingerprint of a request, 64 lower-case hex digits.
     *
     * @param header what the request sets outside the body; the empty string if nothing
     */
    static String of(JsonNode body, String header) {
        return of(body, FieldDefaults.OF_A_REQUEST, header);
    }

    /** The fingerprint of a request with other defaults. */
    static String of(JsonNode body, FieldDefaults defaults, String header) {
        var text = new StringBuilder();
        write(body, defaults, text);
        return Sha256.of(text.append('\n').append(header).toString()).hex();
    }

    private static void write(JsonNode value, FieldDefaults defaults, StringBuilder text) {
        if (value.isObject()) {
            text.append('{');
            for (var name : new TreeSet<>(value.propertyNames())) {
                write(name, value.get(name), defaults, text);
            }
            text.append('}');
        } else if (value.isArray()) {
            text.append('[');
            value.forEach(element -> {
                write(element, defaults, text);
                text.append(',');
            });
            text.append(']');
        } else {
            text.append(scalar(value));
        }
    }

    /** Writes a field that means something else than its absence. */
    private static void write(String name, JsonNode value, FieldDefaults defaults, StringBuilder text) {
        if (value.isNull()) {
            return;
        }
        var written = new StringBuilder();
        write(value, defaults.of(name), written);
        if (!defaults.isDefault(name, written.toString())) {
            text.append(quoted(name)).append(':').append(written).append(',');
        }
    }

    private static String scalar(JsonNode value) {
        return value.isNumber() ? plain(value.decimalValue()) : value.toString();
    }

    /** 2, 2.0 and 2e0 have the same form. */
    static String plain(BigDecimal number) {
        return number.signum() == 0 ? "0" : number.stripTrailingZeros().toString();
    }

    private static String quoted(String name) {
        return '"' + name.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
