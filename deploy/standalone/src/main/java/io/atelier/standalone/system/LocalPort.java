package io.atelier.standalone.system;

import io.atelier.standalone.console.CommandFailed;
import io.atelier.standalone.console.ExitCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Ports of the loopback interface. */
final class LocalPort {

    static final String HOST = "127.0.0.1";

    private LocalPort() {}

    /** A port that is free now. */
    static int free() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("No free port on " + HOST, e);
        }
    }

    /** Says plainly that a port is taken, before anything heavy starts. */
    static void requireFree(int port, String what, String setting) {
        try (var socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1);
        } catch (IOException e) {
            throw new CommandFailed(
                    ExitCode.NOT_RUNNING,
                    "Port %d on %s, for %s, cannot be had: %s. Stop what listens there, or set %s to another."
                            .formatted(port, HOST, what, CommandFailed.reason(e), setting));
        }
    }
}
