package io.atelier.http;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.server.GracefulShutdownCallback;
import org.springframework.boot.web.server.GracefulShutdownResult;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.server.WebServerException;

/** A web server on 127.0.0.1 and, where the machine has it, on [::1] with the same port. Used by one thread at a time. */
final class LoopbackWebServer implements WebServer {

    private static final Logger LOG = LoggerFactory.getLogger(LoopbackWebServer.class);

    private final WebServer ipv4;
    private final IntFunction<WebServer> startOnIpv6;

    private @Nullable WebServer ipv6;

    /** @param startOnIpv6 starts the server on [::1] with the port */
    LoopbackWebServer(WebServer ipv4, IntFunction<WebServer> startOnIpv6) {
        this.ipv4 = ipv4;
        this.startOnIpv6 = startOnIpv6;
    }

    @Override
    public void start() {
        ipv4.start();
        if (ipv6 != null) {
            return;
        }
        try {
            ipv6 = startOnIpv6.apply(ipv4.getPort());
        } catch (PortInUseException e) {
            LOG.warn(
                    "Port {} of [::1] is in use by another process. Call 127.0.0.1 and not localhost, which may be that process.",
                    ipv4.getPort());
        } catch (WebServerException e) {
            LOG.info(
                    "Not listening on [::1]: {}",
                    e.getCause() == null ? e.toString() : e.getCause().toString());
        }
    }

    @Override
    public void stop() {
        each(WebServer::stop);
    }

    @Override
    public void destroy() {
        each(WebServer::destroy);
    }

    @Override
    public int getPort() {
        return ipv4.getPort();
    }

    /** Both at the same time, so that neither takes new requests. */
    @Override
    public void shutDownGracefully(GracefulShutdownCallback callback) {
        var servers = servers();
        var open = new AtomicInteger(servers.size());
        var active = new AtomicBoolean();
        for (var server : servers) {
            server.shutDownGracefully(result -> {
                if (result == GracefulShutdownResult.REQUESTS_ACTIVE) {
                    active.set(true);
                }
                if (open.decrementAndGet() == 0) {
                    callback.shutdownComplete(active.get() ? GracefulShutdownResult.REQUESTS_ACTIVE : result);
                }
            });
        }
    }

    private void each(Consumer<WebServer> action) {
        servers().forEach(action);
    }

    private List<WebServer> servers() {
        var second = ipv6;
        return second == null ? List.of(ipv4) : List.of(ipv4, second);
    }
}
