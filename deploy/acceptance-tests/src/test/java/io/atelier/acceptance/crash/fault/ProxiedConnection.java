package io.atelier.acceptance.crash.fault;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.LockSupport;

/** One client's connection, and the one to the store that goes with it. */
final class ProxiedConnection {

    private final StoreProxy proxy;
    private final Socket client;

    ProxiedConnection(StoreProxy proxy, Socket client) {
        this.proxy = proxy;
        this.client = client;
    }

    /** Passes requests and answers on until one side ends it. */
    void serve() {
        try (client;
                var store = proxy.connectToStore()) {
            client.setTcpNoDelay(true);
            store.setTcpNoDelay(true);
            var requests = new BufferedInputStream(client.getInputStream());
            var answers = new BufferedInputStream(store.getInputStream());
            boolean open = true;
            while (open) {
                var request = HttpMessage.request(requests);
                open = request.isPresent() && pass(request.get(), store, answers);
            }
        } catch (IOException e) {
            // One side is gone; the other one finds its connection closed, as it would without a proxy.
        }
    }

    private boolean pass(HttpMessage request, Socket store, InputStream answers) throws IOException {
        var fate = proxy.fate();
        LockSupport.parkNanos(fate.delay().toNanos());
        return switch (fate.kind()) {
            case ERROR_500 -> refuse("500 Internal Server Error", "InternalError");
            case REFUSAL_503 -> refuse("503 Service Unavailable", "SlowDown");
            case RESET -> reset();
            case DONE_AND_ERROR_500 -> {
                done(request, store, answers);
                yield refuse("500 Internal Server Error", "InternalError");
            }
            case DONE_AND_RESET -> {
                done(request, store, answers);
                yield reset();
            }
            case PASS -> {
                var answer = done(request, store, answers);
                if (request.method().equals("PUT") && answer.status() == 200) {
                    proxy.taken(request.path());
                }
                client.getOutputStream().write(answer.bytes());
                yield true;
            }
        };
    }

    private static HttpMessage done(HttpMessage request, Socket store, InputStream answers) throws IOException {
        store.getOutputStream().write(request.bytes());
        return HttpMessage.answer(answers, request);
    }

    private boolean refuse(String status, String code) throws IOException {
        var body = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>" + code
                + "</Code><Message>A fault of the test</Message></Error>";
        var answer = "HTTP/1.1 " + status + "\r\nContent-Type: application/xml\r\nContent-Length: " + body.length()
                + "\r\nConnection: close\r\n\r\n" + body;
        client.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
        return false;
    }

    private boolean reset() throws IOException {
        // Closing with a linger of zero sends RST instead of FIN.
        client.setSoLinger(true, 0);
        return false;
    }
}
