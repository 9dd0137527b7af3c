package io.atelier.gateway.api.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Optional;

/**
 * Responses with the states of jobs that the framework does not make: with the headers that it gave to another state, for a request with the same
 * host and the same accepted types, since both decide whether and how it answers. Thread-safe.
 */
final class StateResponses {

    private static final int MAX_FORMS = 100;

    private final StateRenderer renderer;
    private final Cache<Form, HttpHeaders> headers = Caffeine.newBuilder()
            .maximumSize(MAX_FORMS)
            // On the calling thread, like the cache of responses.
            .executor(Runnable::run)
            .build();

    /** What decides about the headers that all states have. */
    private record Form(String host, String accept) {

        static Form of(ResponseKey key) {
            return new Form(key.host(), key.accept());
        }
    }

    StateResponses(StateRenderer renderer) {
        this.renderer = renderer;
    }

    /** Learns the headers of a response with a state, of status 200. */
    void learn(ResponseKey key, HttpHeaders response) {
        var form = Form.of(key);
        if (headers.getIfPresent(form) == null) {
            headers.put(form, response.copy().remove(HttpHeaderNames.ETAG).remove(HttpHeaderNames.RETRY_AFTER));
        }
    }

    /**
     * A response with a state.
     *
     * @param isFinal whether the job has ended
     */
    record StateResponse(CachedResponse message, boolean isFinal) {}

    /** The response to a request for a state; empty if the framework is to answer. */
    Optional<StateResponse> find(ResponseKey key) {
        var known = key.isState() ? headers.getIfPresent(Form.of(key)) : null;
        return known == null
                ? Optional.empty()
                : renderer.render(key.job()).map(state -> new StateResponse(state.with(known), state.isFinal()));
    }
}
