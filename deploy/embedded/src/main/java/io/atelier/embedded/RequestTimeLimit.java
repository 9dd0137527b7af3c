package io.atelier.embedded;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.shaded.org.eclipse.jetty.io.Connection;
import org.gaul.shaded.org.eclipse.jetty.server.Server;
import org.gaul.shaded.org.eclipse.jetty.server.internal.HttpConnection;
import org.gaul.shaded.org.eclipse.jetty.util.thread.Scheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes connections whose request, head and body, does not arrive within a time limit. The server itself ends only those on which nothing arrives: a
 * client that sends a byte now and then would keep a connection, and with a body one of the server's threads, for as long as it likes. Thread-safe.
 */
final class RequestTimeLimit implements Connection.Listener {

    private static final Logger log = LoggerFactory.getLogger(RequestTimeLimit.class);

    /** How often a connection is looked at while the limit passes once. */
    private static final int LOOKS = 4;

    private final Scheduler scheduler;
    private final Duration limit;
    private final Map<Connection, Scheduler.Task> looks = new ConcurrentHashMap<>();

    private RequestTimeLimit(Scheduler scheduler, Duration limit) {
        this.scheduler = scheduler;
        this.limit = limit;
    }

    /**
     * Sets the limit for all connections of a server that has not started.
     *
     * @throws EmbeddedServerFailed if this version of the server is built in another way
     */
    static void set(S3Proxy proxy, Duration limit) {
        for (var connector : jetty(proxy).getConnectors()) {
            connector.addEventListener(new RequestTimeLimit(connector.getScheduler(), limit));
        }
    }

    /** S3Proxy offers no setting for it, and hides the server that has one. */
    private static Server jetty(S3Proxy proxy) {
        try {
            var server = S3Proxy.class.getDeclaredField("server");
            server.setAccessible(true);
            return (Server) server.get(proxy);
        } catch (ReflectiveOperationException | ClassCastException e) {
            throw new EmbeddedServerFailed(
                    "The requests of the embedded object store cannot be limited in time: " + e, e);
        }
    }

    @Override
    public void onOpened(Connection connection) {
        if (connection instanceof HttpConnection http) {
            lookLater(http);
        }
    }

    @Override
    public void onClosed(Connection connection) {
        var look = looks.remove(connection);
        if (look != null) {
            look.cancel();
        }
    }

    private void lookLater(HttpConnection connection) {
        looks.put(
                connection,
                scheduler.schedule(() -> look(connection), limit.toMillis() / LOOKS, TimeUnit.MILLISECONDS));
        // It may have been closed before its task was known.
        if (!connection.getEndPoint().isOpen()) {
            onClosed(connection);
        }
    }

    private void look(HttpConnection connection) {
        var parser = connection.getParser();
        boolean isArriving = parser.inContentState() || (parser.inHeaderState() && !parser.isStart());
        long nanos = System.nanoTime() - parser.getBeginNanoTime();
        if (isArriving && nanos > limit.toNanos()) {
            log.debug("Closing a connection whose request has not arrived within {} s", limit.toSeconds());
            connection.getEndPoint().close(new TimeoutException("The request did not arrive in time"));
        } else {
            lookLater(connection);
        }
    }
}
