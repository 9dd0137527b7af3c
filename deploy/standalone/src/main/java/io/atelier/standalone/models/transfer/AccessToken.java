package io.atelier.standalone.models.transfer;

import java.net.URI;
import java.util.Locale;

/**
 * A secret for one server.
 *
 * @param server the address of the server; only its scheme, host and port count
 * @param secret the token, without {@code Bearer}
 */
public record AccessToken(URI server, String secret) {

    /** Whether an address is at the server that the token is for. */
    boolean isFor(URI address) {
        return origin(server).equals(origin(address));
    }

    private static String origin(URI address) {
        var scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
        int standardPort = scheme.equals("https") ? 443 : 80;
        int port = address.getPort() < 0 ? standardPort : address.getPort();
        return scheme + "://" + String.valueOf(address.getHost()).toLowerCase(Locale.ROOT) + ":" + port;
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "token for " + origin(server);
    }
}
