package io.atelier.gateway.api.exchange;

import java.util.Optional;
import java.util.regex.Pattern;

/** Finds parameters of media types that have no value (RFC 9110 §5.6.6), which the framework leaves out, as if the client had not sent them. */
public final class MediaTypeParameters {

    private static final Pattern PARAMETER = Pattern.compile("[^\\s=\";,]+=(?!\"\"$)\\S.*", Pattern.DOTALL);
    private static final int MAX_SHOWN = 64;

    private MediaTypeParameters() {}

    /** The first parameter of the media types in a header that is not NAME=VALUE; empty if there is none. */
    public static Optional<String> withoutValue(String header) {
        return HeaderParts.split(header, ',').stream()
                .flatMap(type -> HeaderParts.split(type, ';').stream().skip(1))
                .map(String::strip)
                // An empty parameter is allowed, such as that after a last semicolon.
                .filter(parameter ->
                        !parameter.isEmpty() && !PARAMETER.matcher(parameter).matches())
                .map(parameter -> parameter.length() <= MAX_SHOWN ? parameter : parameter.substring(0, MAX_SHOWN))
                .findFirst();
    }
}
