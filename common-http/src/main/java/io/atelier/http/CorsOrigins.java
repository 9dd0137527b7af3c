package io.atelier.http;

import java.util.List;

/**
 * The origins of web pages that may use a listener.
 *
 * @param setting that lists them, as the operator writes it, for refusals
 * @param listed as in {@link HttpProperties#corsOrigins}
 */
public record CorsOrigins(String setting, List<String> listed) {

    public CorsOrigins {
        listed = List.copyOf(listed);
    }
}
