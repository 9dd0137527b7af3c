package io.atelier.gateway.api.request;

import io.atelier.contract.digest.Sha256;
import java.math.BigDecimal;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/** The SHA-256 of a request's canonical form, in which the order of fields, whitespace and the notation of numbers make no difference. */
final class RequestFingerprint {

    private RequestFingerprint() {}

    /**
     * The fingerprint of a request, 64 lower-case hex digits.
     *
     * @param header what the request sets outside the body; the empty string if nothing
     */
    static String of(JsonNode body, String header) {
        var text = new StringBuilder();
        write(body, text);
        return Sha256.of(text.append('\n').append(header).toString()).hex();
    }

    private static void write(JsonNode value, StringBuilder text) {
        if (value.isObject()) {
            text.append('{');
            for (var name : new TreeSet<>(value.propertyNames())) {
                text.append(quoted(name)).append(':');
                write(value.get(name), text);
                text.append(',');
            }
            text.append('}');
        } else if (value.isArray()) {
            text.append('[');
            value.forEach(element -> {
                write(element, text);
                text.append(',');
            });
            text.append(']');
        } else if (value.isNumber()) {
            text.append(plain(value.decimalValue()));
        } else {
            text.append(value);
        }
    }

    /** 2, 2.0 and 2e0 have the same form. */
    private static String plain(BigDecimal number) {
        return number.signum() == 0 ? "0" : number.stripTrailingZeros().toString();
    }

    private static String quoted(String name) {
        return '"' + name.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
