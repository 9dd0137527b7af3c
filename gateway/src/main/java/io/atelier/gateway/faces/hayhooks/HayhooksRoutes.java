package io.atelier.gateway.faces.hayhooks;

import io.atelier.gateway.faces.hayhooks.Pipeline.Disposition;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.RequestPredicates;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** The routes of a hayhooks server. Thread-safe. */
final class HayhooksRoutes {

    private static final String PIPELINE = "pipeline";
    static final String DISPOSITION = "disposition";
    private static final Set<HttpMethod> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD);

    private final PipelineRegistry pipelines;
    private final RunRequestReader requests;
    private final RunResponder responder;
    private final boolean isGetAllowed;
    private final JsonMapper json;
    private final HayhooksOpenApi openApi;

    /** @param isGetAllowed see {@link HayhooksProperties} */
    HayhooksRoutes(
            PipelineRegistry pipelines,
            RunRequestReader requests,
            RunResponder responder,
            boolean isGetAllowed,
            JsonMapper json) {
        this.pipelines = pipelines;
        this.requests = requests;
        this.responder = responder;
        this.isGetAllowed = isGetAllowed;
        this.json = json;
        this.openApi = new HayhooksOpenApi(json);
    }

    RouterFunction<ServerResponse> routes() {
        return RouterFunctions.route()
                .route(RequestPredicates.path("/openapi.json"), this::description)
                .route(RequestPredicates.path("/status"), this::status)
                .route(RequestPredicates.path("/status/{pipeline}"), this::pipelineStatus)
                .route(RequestPredicates.path("/{pipeline}/run"), this::run)
                .route(RequestPredicates.path("/{pipeline}/run/{id}"), this::find)
                .add(DocsPage.routes())
                .build();
    }

    private Mono<ServerResponse> description(ServerRequest request) {
        requireReading(request);
        return ServerResponse.ok().contentType(MediaType.APPLICATION_JSON).bodyValue(openApi.document(pipelines.all()));
    }

    private Mono<ServerResponse> run(ServerRequest request) {
        var pipeline = pipeline(request);
        boolean isGet = request.method().equals(HttpMethod.GET) && isGetAllowed;
        if (!isGet && !request.method().equals(HttpMethod.POST)) {
            throw HayhooksErrors.methodNotAllowed(isGetAllowed ? "GET, POST" : "POST");
        }
        var disposition = disposition(request, pipeline);
        var http = request.exchange().getRequest();
        var parsed = isGet ? requests.readQuery(http, pipeline) : requests.read(http, pipeline);
        return ServerResponse.ok()
                .build((exchange, context) ->
                        parsed.flatMap(each -> responder.run(exchange, pipeline, each, disposition)));
    }

    private Mono<ServerResponse> find(ServerRequest request) {
        var pipeline = pipeline(request);
        requireReading(request);
        var disposition = disposition(request, pipeline);
        return ServerResponse.ok()
                .build((exchange, context) ->
                        responder.find(exchange, pipeline, request.pathVariable("id"), disposition));
    }

    private Mono<ServerResponse> status(ServerRequest request) {
        requireReading(request);
        var body = new LinkedHashMap<String, Object>();
        body.put("status", "Up!");
        body.put("pipelines", pipelines.all().stream().map(Pipeline::name).toList());
        var broken = pipelines.broken();
        if (!broken.isEmpty()) {
            body.put("broken", broken);
        }
        return respond(HttpStatus.OK, body);
    }

    private Mono<ServerResponse> pipelineStatus(ServerRequest request) {
        requireReading(request);
        var name = request.pathVariable(PIPELINE);
        return pipelines.find(name).isPresent()
                ? respond(HttpStatus.OK, Map.of("status", "Up!", PIPELINE, name))
                : respond(HttpStatus.NOT_FOUND, Map.of("detail", "Pipeline '%s' not found".formatted(name)));
    }

    private Mono<ServerResponse> respond(HttpStatus status, Map<String, Object> body) {
        return ServerResponse.status(status)
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(json.writeValueAsBytes(body));
    }

    private Pipeline pipeline(ServerRequest request) {
        return pipelines.find(request.pathVariable(PIPELINE)).orElseThrow(HayhooksErrors::notFound);
    }

    static void requireReading(ServerRequest request) {
        if (!READING.contains(request.method())) {
            throw HayhooksErrors.methodNotAllowed("GET");
        }
    }

    private Disposition disposition(ServerRequest request, Pipeline pipeline) {
        return request.queryParam(DISPOSITION)
                .map(word -> Stream.of(Disposition.values())
                        .filter(each -> each.word().equals(word))
                        .findFirst()
                        .orElseThrow(() -> wrongDisposition(word)))
                .orElse(pipeline.disposition());
    }

    private RuntimeException wrongDisposition(String word) {
        return HayhooksErrors.invalid(List.of(new PydanticError(
                "literal_error",
                List.of(RunRequestReader.QUERY, DISPOSITION),
                "Input should be 'inline' or 'attachment'",
                json.getNodeFactory().stringNode(word),
                Map.of("expected", "'inline' or 'attachment'"))));
    }
}
