package io.atelier.benchmark.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Three ports of this machine that are currently free. */
record FreePorts(int http, int kafka, int s3) {

    static FreePorts find() {
        try (var first = open();
                var second = open();
                var third = open()) {
            return new FreePorts(first.getLocalPort(), second.getLocalPort(), third.getLocalPort());
        } catch (IOException e) {
            throw new UncheckedIOException("No port is free", e);
        }
    }

    private static ServerSocket open() throws IOException {
        return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }
}
