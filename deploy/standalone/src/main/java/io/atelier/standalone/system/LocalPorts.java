package io.atelier.standalone.system;

import io.atelier.standalone.console.CommandFailed;
import io.atelier.standalone.console.ExitCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Checks ports of the loopback interface. */
final class LocalPorts {

    static final String HOST = "127.0.0.1";

    private LocalPorts() {}

    /**
     * Checks that a port is free, before anything is started.
     *
     * @throws CommandFailed if it is not
     */
    static void requireFree(int port, String purpose, String setting) {
        try (var socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1);
        } catch (IOException e) {
            throw new CommandFailed(
                    ExitCode.NOT_RUNNING,
                    "Port %d on %s, needed for %s, is not available: %s. Stop the process that uses it, or set %s to another port."
                            .formatted(port, HOST, purpose, CommandFailed.reason(e), setting));
        }
    }
}
