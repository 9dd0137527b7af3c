package io.atelier.standalone.client;

/** The gateway sent no usable response: it cannot be reached, or the connection broke. */
public final class GatewayUnreachable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    GatewayUnreachable(String message, Throwable cause) {
        super(message, cause);
    }
}
