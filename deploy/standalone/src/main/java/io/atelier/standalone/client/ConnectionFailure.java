package io.atelier.standalone.client;

import io.atelier.standalone.console.CommandFailed;
import java.io.EOFException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLException;

/** Says in words for users why there was no response. The exceptions of Java's HTTP client often have no message. */
public final class ConnectionFailure {

    private ConnectionFailure() {}

    /** The reason, without a full stop. */
    public static String describe(Throwable failure) {
        var causes = causes(failure);
        var root = causes.get(causes.size() - 1);
        if (has(causes, UnresolvedAddressException.class) || has(causes, UnknownHostException.class)) {
            return "no host has this name";
        }
        if (has(causes, HttpConnectTimeoutException.class)) {
            return "the host accepts no connection in time";
        }
        if (has(causes, ConnectException.class)) {
            // Without a message of the operating system, such as "Network is unreachable", it is the usual one.
            return root.getMessage() == null ? "nothing listens on this port" : root.getMessage();
        }
        if (has(causes, SSLException.class)) {
            return "no secure connection: " + CommandFailed.reason(root);
        }
        if (has(causes, EOFException.class) || has(causes, ClosedChannelException.class)) {
            return "the connection was closed before the response was complete";
        }
        return CommandFailed.reason(root);
    }

    private static boolean has(List<Throwable> causes, Class<? extends Throwable> type) {
        return causes.stream().anyMatch(type::isInstance);
    }

    private static List<Throwable> causes(Throwable failure) {
        var causes = new ArrayList<Throwable>();
        for (var cause = failure; cause != null && !causes.contains(cause); cause = cause.getCause()) {
            causes.add(cause);
        }
        return causes;
    }
}
