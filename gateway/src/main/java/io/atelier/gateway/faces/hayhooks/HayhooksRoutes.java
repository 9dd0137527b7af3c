package io.atelier.gateway.faces.hayhooks;

import io.atelier.gateway.faces.hayhooks.ImagePipeline.Disposition;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    private final CodeResponder code;
    private final boolean isGetAllowed;
    private final JsonMapper json;
    private final HayhooksOpenApi openApi;

    /** @param isGetAllowed see {@link HayhooksProperties} */
    HayhooksRoutes(
            PipelineRegistry pipelines,
            RunRequestReader requests,
            RunResponder responder,
            CodeResponder code,
            boolean isGetAllowed,
            JsonMapper json) {
        this.pipelines = pipelines;
        this.requests = requests;
        this.responder = responder;
        this.code = code;
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
        return pipeline(request) instanceof ImagePipeline pipeline ? runImage(request, pipeline) : runCode(request);
    }

    private Mono<ServerResponse> runImage(ServerRequest request, ImagePipeline pipeline) {
        boolean isGet = request.method().equals(HttpMethod.GET) && isGetAllowed;
        if (!isGet && !request.method().equals(HttpMethod.POST)) {
            throw HayhooksErrors.methodNotAllowed(isGetAllowed ? "GET, POST" : "POST");
        }
        var disposition = disposition(request).orElse(pipeline.disposition());
        var http = request.exchange().getRequest();
        var parsed = isGet ? requests.readQuery(http, pipeline) : requests.read(http, pipeline);
        return ServerResponse.ok()
                .build((exchange, context) ->
                        parsed.flatMap(each -> responder.run(exchange, pipeline, each, disposition)));
    }

    private Mono<ServerResponse> runCode(ServerRequest request) {
        boolean isRead = READING.contains(request.method()) && isGetAllowed;
        if (!isRead && !request.method().equals(HttpMethod.POST)) {
            throw HayhooksErrors.methodNotAllowed(isGetAllowed ? "GET, HEAD, POST" : "POST");
        }
        var disposition = disposition(request);
        return ServerResponse.ok()
                .build((exchange, context) -> code.run(exchange, request.pathVariable(PIPELINE), disposition));
    }

    private Mono<ServerResponse> find(ServerRequest request) {
        if (!(pipeline(request) instanceof ImagePipeline pipeline)) {
            throw HayhooksErrors.notFound();
        }
        requireReading(request);
        var disposition = disposition(request).orElse(pipeline.disposition());
        return ServerResponse.ok()
                .build((exchange, context) ->
                        responder.find(exchange, pipeline, request.pathVariable("id"), disposition));
    }

    private Mono<ServerResponse> status(ServerRequest request) {
        requireReading(request);
        var body = new LinkedHashMap<String, Object>();
        body.put("status", "Up!");
        body.put("pipelines", pipelines.all().stream().map(FacePipeline::name).toList());
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

    private FacePipeline pipeline(ServerRequest request) {
        return pipelines.find(request.pathVariable(PIPELINE)).orElseThrow(HayhooksErrors::notFound);
    }

    static void requireReading(ServerRequest request) {
        if (!READING.contains(request.method())) {
            throw HayhooksErrors.methodNotAllowed("GET");
        }
    }

    private Optional<Disposition> disposition(ServerRequest request) {
        return request.queryParam(DISPOSITION)
                .map(word -> Stream.of(Disposition.values())
                        .filter(each -> each.word().equals(word))
                        .findFirst()
                        .orElseThrow(() -> wrongDisposition(word)));
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
