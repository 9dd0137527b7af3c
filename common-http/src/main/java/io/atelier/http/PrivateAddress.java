package io.atelier.http;

import java.net.UnknownHostException;

/** A host in a request has an address in a private network, and must not be called. */
public final class PrivateAddress extends UnknownHostException {

    private static final long serialVersionUID = 1L;

    public PrivateAddress(String host) {
        super("The host " + host + " is in a private network");
    }
}
