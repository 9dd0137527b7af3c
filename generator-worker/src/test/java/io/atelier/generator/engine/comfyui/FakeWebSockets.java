package io.atelier.generator.engine.comfyui;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import mockwebserver3.MockResponse;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The web sockets of a fake server, one for each client. */
final class FakeWebSockets implements AutoCloseable {

    private static final int GOING_AWAY = 1001;

    private final JsonMapper mapper = new JsonMapper();
    private final Map<String, WebSocket> sockets = new ConcurrentHashMap<>();

    MockResponse upgrade(String client) {
        return new MockResponse.Builder()
                .webSocketUpgrade(new WebSocketListener() {
                    @Override
                    public void onOpen(WebSocket socket, Response response) {
                        sockets.put(client, socket);
                        socket.send("{\"type\":\"status\",\"data\":{}}");
                    }

                    @Override
                    public void onClosing(WebSocket socket, int code, String reason) {
                        socket.close(WebSocketEvents.NORMAL, null);
                    }
                })
                .build();
    }

    /** Sends the event if the client has a web socket. */
    void send(String client, String event, ObjectNode data) {
        var socket = sockets.get(client);
        if (socket != null) {
            var message = mapper.createObjectNode().put("type", event);
            message.set("data", data);
            socket.send(mapper.writeValueAsString(message));
        }
    }

    void close(String client) {
        Objects.requireNonNull(sockets.get(client)).close(GOING_AWAY, null);
    }

    @Override
    public void close() {
        sockets.values().forEach(socket -> socket.close(GOING_AWAY, null));
    }
}
