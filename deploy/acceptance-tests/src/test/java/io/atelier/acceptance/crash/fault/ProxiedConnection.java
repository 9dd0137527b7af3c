package io.atelier.acceptance.crash.fault;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.LockSupport;

/** A connection of a client, with its own connection to the store. */
final class ProxiedConnection {

    /** The answer to a write of an object that is there already and must not be overwritten. */
    private static final int PRECONDITION_FAILED = 412;

    private final StoreProxy proxy;
    private final Socket client;

    ProxiedConnection(StoreProxy proxy, Socket client) {
        this.proxy = proxy;
        this.client = client;
    }

    /** Forwards requests and responses until one side closes its connection. */
    void serve() {
        try (client;
                var store = proxy.connectToStore()) {
            client.setTcpNoDelay(true);
            store.setTcpNoDelay(true);
            var requests = new BufferedInputStream(client.getInputStream());
            var responses = new BufferedInputStream(store.getInputStream());
            boolean open = true;
            while (open) {
                var request = HttpMessage.request(requests);
                open = request.isPresent() && forward(request.get(), store, responses);
            }
        } catch (IOException e) {
            // One side has closed its connection; the other one is closed as well, as without a proxy.
        }
    }

    private boolean forward(HttpMessage request, Socket store, InputStream responses) throws IOException {
        var fault = proxy.nextFault();
        LockSupport.parkNanos(fault.delay().toNanos());
        return switch (fault.kind()) {
            case ERROR_500 -> refuse("500 Internal Server Error", "InternalError");
            case REFUSAL_503 -> refuse("503 Service Unavailable", "SlowDown");
            case RESET -> reset();
            case STORED_AND_ERROR_500 -> {
                exchange(request, store, responses);
                yield refuse("500 Internal Server Error", "InternalError");
            }
            case STORED_AND_RESET -> {
                exchange(request, store, responses);
                yield reset();
            }
            case PASS -> {
                var response = exchange(request, store, responses);
                if (request.method().equals("PUT") && response.status() == 200) {
                    proxy.onStored(request.path());
                }
                client.getOutputStream().write(response.bytes());
                yield true;
            }
        };
    }

    private HttpMessage exchange(HttpMessage request, Socket store, InputStream responses) throws IOException {
        boolean writes = request.method().equals("PUT");
        if (writes) {
            proxy.onWrite(request.path());
        }
        store.getOutputStream().write(request.bytes());
        var response = HttpMessage.response(responses, request);
        if (writes && (response.status() == 200 || response.status() == PRECONDITION_FAILED)) {
            proxy.onPresent(request.path());
        }
        return response;
    }

    private boolean refuse(String status, String code) throws IOException {
        var body = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>" + code
                + "</Code><Message>Injected fault</Message></Error>";
        var response = "HTTP/1.1 " + status + "\r\nContent-Type: application/xml\r\nContent-Length: " + body.length()
                + "\r\nConnection: close\r\n\r\n" + body;
        client.getOutputStream().write(response.getBytes(StandardCharsets.ISO_8859_1));
        return false;
    }

    private boolean reset() throws IOException {
        // Closing with a linger of zero sends RST instead of FIN.
        client.setSoLinger(true, 0);
        return false;
    }
}
