package io.atelier.gateway.api.problem;

import io.atelier.http.UnreadableRequest;
import io.atelier.http.UnreadableRequestRenderer;
import java.nio.ByteBuffer;

/** Renders what is no request that the server can read as a problem like all others. Thread-safe. */
public final class UnreadableRequestProblems implements UnreadableRequestRenderer {

    private final ProblemAdvice advice;
    private final RequestIdFilter requestIds;

    public UnreadableRequestProblems(ProblemAdvice advice, RequestIdFilter requestIds) {
        this.advice = advice;
        this.requestIds = requestIds;
    }

    @Override
    public Rendered render(UnreadableRequest request) {
        var problem = new Problem(kind(request.kind()), request.detail());
        var requestId = requestIds.idOr(request.requestId());
        var body = advice.body(problem, request.path(), requestId);
        return new Rendered(advice.headers(problem, requestId, body.length), ByteBuffer.wrap(body));
    }

    private static ProblemKind kind(UnreadableRequest.Kind kind) {
        return switch (kind) {
            case MALFORMED -> ProblemKind.INVALID_REQUEST;
            case TARGET_TOO_LONG -> ProblemKind.URI_TOO_LONG;
            case HEADERS_TOO_LARGE -> ProblemKind.HEADERS_TOO_LARGE;
        };
    }
}
