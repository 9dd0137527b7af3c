package io.atelier.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** Ports of the loopback address, the only address at which embedded servers listen. Safe for use by several threads. */
public final class LoopbackPorts {

    static final String HOST = "127.0.0.1";

    /** Below the ephemeral ports of Linux (from 32768), macOS and Windows (from 49152). */
    private static final int LOWEST = 20_000;

    private static final int COUNT = 12_768;
    private static final AtomicInteger next =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(COUNT));

    private LoopbackPorts() {}

    /**
     * Finds a port from 20000 to 32767 that is currently free. It is not an ephemeral port, so the kernel does not give it to an outgoing
     * connection before the server that asked for it starts or starts again. Successive calls in one process return different ports.
     *
     * @throws IllegalStateException if none of them is free
     */
    public static int freePort() {
        for (int attempt = 0; attempt < COUNT; attempt++) {
            int port = LOWEST + Math.floorMod(next.getAndIncrement(), COUNT);
            if (isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException(
                "No port from %d to %d of %s is free".formatted(LOWEST, LOWEST + COUNT - 1, HOST));
    }

    /**
     * Whether the port is currently free.
     *
     * @param port 1 to 65535
     */
    public static boolean isFree(int port) {
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(address(), port), 1);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static InetAddress address() throws UnknownHostException {
        return InetAddress.getByAddress(HOST, new byte[] {127, 0, 0, 1});
    }

    /** The exception for a port that is in use. */
    static EmbeddedServerFailed taken(int port) {
        return new EmbeddedServerFailed("Port " + port + " of " + HOST
                + " is in use by another process. Stop that process, or choose another port.");
    }
}
