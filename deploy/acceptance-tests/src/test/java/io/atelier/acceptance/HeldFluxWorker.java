package io.atelier.acceptance;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.imageio.ImageIO;

/** A Cloudflare worker for Flux that holds all requests until it is released, and remembers what it was asked for. Thread-safe. */
final class HeldFluxWorker implements AutoCloseable {

    private static final int SIDE = 64;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<String> prompts = new CopyOnWriteArrayList<>();
    private final CountDownLatch released = new CountDownLatch(1);
    private final byte[] image = png();
    private final HttpServer server;

    private HeldFluxWorker(HttpServer server) {
        this.server = server;
        server.createContext("/flux", this::respond);
        server.setExecutor(threads);
    }

    static HeldFluxWorker start() {
        try {
            var worker = new HeldFluxWorker(
                    HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
            worker.server.start();
            return worker;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String url() {
        return "http://127.0.0.1:%d/flux".formatted(server.getAddress().getPort());
    }

    /** The prompts of all requests so far, once for each request. */
    List<String> prompts() {
        return List.copyOf(prompts);
    }

    /** Lets all requests have their image, those that it holds and later ones. */
    void release() {
        released.countDown();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void respond(HttpExchange exchange) throws IOException {
        try (exchange) {
            prompts.add(prompt(exchange.getRequestURI()));
            released.await();
            exchange.getResponseHeaders().set("Content-Type", "image/png");
            exchange.sendResponseHeaders(200, image.length);
            exchange.getResponseBody().write(image);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String prompt(URI request) {
        return request.getQuery().substring("prompt=".length());
    }

    private static byte[] png() {
        try {
            var bytes = new ByteArrayOutputStream();
            ImageIO.write(new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB), "png", bytes);
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
