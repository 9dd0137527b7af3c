package io.atelier.gateway.api.request;

import io.atelier.contract.digest.Sha256;
import java.math.BigDecimal;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/** Tells whether two bodies say the same: the SHA-256 of a form in which order of fields, blanks and the way to write a number are gone. */
final class RequestFingerprint {

    private RequestFingerprint() {}

    /**
     * The digest of a body.
     *
     * @param beside what was asked for outside the body, such as in a header; the empty string if nothing was
     */
    static String of(JsonNode body, String beside) {
        var text = new StringBuilder();
        write(body, text);
        return Sha256.of(text.append('\n').append(beside).toString()).hex();
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

    /** 2, 2.0 and 2e0 are one number. */
    private static String plain(BigDecimal number) {
        return number.signum() == 0 ? "0" : number.stripTrailingZeros().toString();
    }

    private static String quoted(String name) {
        return '"' + name.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
