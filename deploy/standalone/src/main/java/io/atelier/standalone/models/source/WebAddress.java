package io.atelier.standalone.models.source;

import java.net.URI;
import java.util.Optional;

/** Recognizes addresses of the web. */
final class WebAddress {

    private WebAddress() {}

    /** The address; empty if the text is none that begins with {@code http://} or {@code https://} and has a host. */
    static Optional<URI> parse(String text) {
        if (!text.matches("(?i)https?://.+")) {
            return Optional.empty();
        }
        try {
            return Optional.of(URI.create(text)).filter(address -> address.getHost() != null);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
