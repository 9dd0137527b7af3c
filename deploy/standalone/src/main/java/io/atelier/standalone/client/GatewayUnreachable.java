package io.atelier.standalone.client;

/** No answer came from the gateway: it is not there, or the connection broke. */
public final class GatewayUnreachable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    GatewayUnreachable(String message, Throwable cause) {
        super(message, cause);
    }
}
