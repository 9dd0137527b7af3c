package io.atelier.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** Ports of the loopback address, the only address at which embedded servers listen. Safe for use by several threads. */
public final class LoopbackPorts {

    static final String HOST = "127.0.0.1";

    /** Below the ephemeral ports of Linux (from 32768), macOS and Windows (from 49152). */
    private static final int LOWEST = 20_000;

    private static final int RANGES = 99;

    private static final int RANGE_SIZE = 128;

    private LoopbackPorts() {}

    /**
     * Finds a port from 20000 to 32671 that is currently free. It is not an ephemeral port, so the kernel does not give it to an outgoing
     * connection before the server that asked for it starts or starts again; and no other process gets it from this method as long as this
     * process runs, so it may be handed to a process that starts later. Successive calls in one process return different ports.
     *
     * @throws IllegalStateException if none of them is free
     */
    public static int freePort() {
        return Range.OF_THIS_PROCESS.freePort();
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

    /**
     * Consecutive ports that only this process gives away. A process owns a range while its first port is bound, which ends with the process
     * in whichever way it ends.
     */
    private static final class Range {

        static final Range OF_THIS_PROCESS = claim();

        private final SocketChannel claimed;
        private final int first;
        private final AtomicInteger next = new AtomicInteger();

        private Range(SocketChannel claimed, int first) {
            this.claimed = claimed;
            this.first = first;
        }

        private static Range claim() {
            // A random start, because the first port of a range that ended a moment ago may still be in use by a
            // connection.
            int start = ThreadLocalRandom.current().nextInt(RANGES);
            for (int i = 0; i < RANGES; i++) {
                int first = LOWEST + (start + i) % RANGES * RANGE_SIZE;
                var claimed = bound(first);
                if (claimed.isPresent()) {
                    return new Range(claimed.get(), first);
                }
            }
            throw new IllegalStateException("No range of ports from %d to %d of %s is free"
                    .formatted(LOWEST, LOWEST + RANGES * RANGE_SIZE - 1, HOST));
        }

        /** A socket that neither listens nor connects. */
        private static Optional<SocketChannel> bound(int port) {
            try {
                var channel = SocketChannel.open();
                try {
                    return Optional.of(channel.bind(new InetSocketAddress(address(), port)));
                } catch (IOException e) {
                    channel.close();
                    return Optional.empty();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        int freePort() {
            for (int attempt = 1; attempt < RANGE_SIZE; attempt++) {
                int port = first + 1 + Math.floorMod(next.getAndIncrement(), RANGE_SIZE - 1);
                if (isFree(port)) {
                    return port;
                }
            }
            throw new IllegalStateException("No port from %d to %d of %s is free, which %s holds for this process"
                    .formatted(first + 1, first + RANGE_SIZE - 1, HOST, claimed));
        }
    }
}
