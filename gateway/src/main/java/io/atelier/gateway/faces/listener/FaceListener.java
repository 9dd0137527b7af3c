package io.atelier.gateway.faces.listener;

import io.atelier.messaging.settings.ListenerFailed;
import java.util.OptionalInt;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.server.WebServerException;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;

/**
 * The listener of a face. It starts after the gateway's own listener, and stops before it: first it takes no new requests, then it waits for those that it
 * has. Thread-safe.
 */
public final class FaceListener implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(FaceListener.class);

    private final String name;
    private final String setting;
    private final FacePort port;
    private final IntFunction<WebServer> servers;
    private volatile @Nullable WebServer server;

    /**
     * @param name of the face, for the log
     * @param setting the key of its port
     * @param servers makes its server for a port, which is not started
     */
    public FaceListener(String name, String setting, FacePort port, IntFunction<WebServer> servers) {
        this.name = name;
        this.setting = setting;
        this.port = port;
        this.servers = servers;
    }

    /** The port that it listens on; empty while it does not. */
    public OptionalInt port() {
        var running = server;
        return running == null ? OptionalInt.empty() : OptionalInt.of(running.getPort());
    }

    @Override
    public void start() {
        if (!port.isOpen()) {
            return;
        }
        var starting = servers.apply(port.number());
        try {
            starting.start();
        } catch (PortInUseException e) {
            if (!port.isOptional()) {
                throw new ListenerFailed(setting, port.number(), e);
            }
            LOG.warn("Port {} is in use by another process, so the face {} is closed.", port.number(), name);
            return;
        } catch (WebServerException e) {
            throw new ListenerFailed(setting, port.number(), e);
        }
        server = starting;
        LOG.info("The face {} listens on port {}.", name, starting.getPort());
    }

    @Override
    public void stop(Runnable callback) {
        var running = server;
        if (running == null) {
            callback.run();
            return;
        }
        running.shutDownGracefully(result -> {
            stop();
            callback.run();
        });
    }

    @Override
    public void stop() {
        var running = server;
        if (running != null) {
            running.stop();
            server = null;
        }
    }

    @Override
    public boolean isRunning() {
        return server != null;
    }

    @Override
    public int getPhase() {
        // That of the gateway's own listener.
        return WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE;
    }
}
