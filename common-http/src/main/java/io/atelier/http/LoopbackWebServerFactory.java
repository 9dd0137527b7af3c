package io.atelier.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServer;
import org.springframework.http.server.reactive.HttpHandler;

/**
 * Creates web servers. One that is bound to 127.0.0.1 listens on [::1] as well, because {@code localhost} is either of them: another process
 * on [::1] would otherwise get the requests.
 */
final class LoopbackWebServerFactory extends NettyReactiveWebServerFactory {

    private static final InetAddress IPV4 = address(new byte[] {127, 0, 0, 1});
    private static final InetAddress IPV6 = address(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});

    @Override
    public WebServer getWebServer(HttpHandler handler) {
        var server = super.getWebServer(handler);
        return IPV4.equals(getAddress()) ? new LoopbackWebServer(server, port -> startOnIpv6(handler, port)) : server;
    }

    private WebServer startOnIpv6(HttpHandler handler, int port) {
        int configured = getPort();
        try {
            // The server takes both from its factory when it starts.
            setAddress(IPV6);
            setPort(port);
            var server = super.getWebServer(handler);
            server.start();
            return server;
        } finally {
            setAddress(IPV4);
            setPort(configured);
        }
    }

    private static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("not an address", e);
        }
    }
}
