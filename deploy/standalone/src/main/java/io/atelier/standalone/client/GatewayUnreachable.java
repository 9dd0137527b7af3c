package io.atelier.standalone.client;

/** The gateway sent no usable response: it cannot be reached, or the connection broke. */
public final class GatewayUnreachable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final boolean cutShort;

    /** @param cutShort whether the call had less time than usual, because a deadline was near */
    GatewayUnreachable(String message, Throwable cause, boolean cutShort) {
        super(message, cause);
        this.cutShort = cutShort;
    }

    /** Whether the call had less time than usual, because a deadline was near: the gateway may be well. */
    public boolean isCutShort() {
        return cutShort;
    }
}
