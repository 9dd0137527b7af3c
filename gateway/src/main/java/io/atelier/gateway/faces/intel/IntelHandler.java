package io.atelier.gateway.faces.intel;

import io.atelier.contract.digest.Sha256;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.Routing;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import io.atelier.gateway.api.request.BoundedBodyReader;
import io.atelier.gateway.api.request.GenerationRequestReader.ParsedRequest;
import io.atelier.gateway.api.submission.IdempotencyKey;
import io.atelier.gateway.api.submission.JobSubmissionService;
import io.atelier.gateway.faces.intel.IntelDevices.Placement;
import io.atelier.gateway.faces.intel.IntelProblems.Item;
import io.atelier.gateway.faces.intel.IntelRunReader.Run;
import io.atelier.gateway.view.models.EngineCondition;
import io.atelier.gateway.view.models.Model;
import io.atelier.gateway.view.workers.WorkerRegistry;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebHandler;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** The five routes of Intel's text2image service. Thread-safe. */
final class IntelHandler implements WebHandler {

    static final String JOB_ID = "X-Job-Id";
    static final String MODEL = "X-Model";

    private static final String SESSION = "X-Pipeline-Id";
    private static final String DEFAULT_SESSION = "default";
    private static final Pattern SESSION_NAME = Pattern.compile("[A-Za-z0-9._:-]{1,64}");
    private static final String DEVICE = "device";

    /** The hex digits of a digest that stand for the key; as many stand for the body. */
    private static final int KEY_DIGITS = 32;

    private final IntelRunReader runs;
    private final IntelSessions sessions;
    private final IntelDevices devices;
    private final IntelImageWriter images;
    private final WorkerRegistry workers;
    private final JobSubmissionService submissions;
    private final BoundedBodyReader bodies;
    private final JsonMapper json;
    private final Map<String, Route> routes;

    IntelHandler(
            IntelRunReader runs,
            IntelSessions sessions,
            IntelImageWriter images,
            WorkerRegistry workers,
            JobSubmissionService submissions,
            BoundedBodyReader bodies,
            JsonMapper json) {
        this.runs = runs;
        this.sessions = sessions;
        this.devices = new IntelDevices(workers);
        this.images = images;
        this.workers = workers;
        this.submissions = submissions;
        this.bodies = bodies;
        this.json = json;
        this.routes = Map.of(
                "/health", new Route(HttpMethod.GET, IntelHandler::health),
                "/pipeline/select-device", new Route(HttpMethod.POST, this::selectDevice),
                "/pipeline/run", new Route(HttpMethod.POST, this::run),
                "/pipeline/status", new Route(HttpMethod.GET, this::status),
                "/pipeline/image", new Route(HttpMethod.GET, this::image));
    }

    private record Route(HttpMethod method, WebHandler handler) {}

    @Override
    public Mono<Void> handle(ServerWebExchange exchange) {
        return Mono.defer(() -> {
            var request = exchange.getRequest();
            var route = routes.get(request.getPath().pathWithinApplication().value());
            if (route == null) {
                return Mono.error(IntelProblems.unknownPath());
            }
            return route.method().equals(request.getMethod())
                    ? route.handler().handle(exchange)
                    : Mono.error(IntelProblems.wrongMethod(route.method()));
        });
    }

    private static Mono<Void> health(ServerWebExchange exchange) {
        return write(exchange, "{\"status\":\"healthy\"}");
    }

    private Mono<Void> selectDevice(ServerWebExchange exchange) {
        return bodies.read(exchange.getRequest()).flatMap(bytes -> {
            var body = IntelBody.parse(bytes);
            var requested = body.requiredText(DEVICE);
            body.throwIfInvalid();
            return session(exchange).flatMap(session -> write(exchange, select(session, requested)));
        });
    }

    private String select(IntelSession session, String requested) {
        if (session.isRunning()) {
            throw IntelProblems.busy();
        }
        var name = IntelDevices.name(requested);
        if (name.isEmpty()) {
            return error("Invalid device specified: '%s'. Supported devices are 'CPU' and 'GPU'.".formatted(requested));
        }
        var placement = devices.find(runs.standard(), name.get());
        if (placement.isEmpty()) {
            return error("User-specified device '%s' is not available.".formatted(requested));
        }
        sessions.select(session, placement.get().device());
        return message(
                "success", "Pipeline prepared on %s.".formatted(placement.get().device()));
    }

    private Mono<Void> run(ServerWebExchange exchange) {
        var key = IdempotencyKey.of(exchange.getRequest().getHeaders().getOrEmpty(IdempotencyKey.HEADER));
        return bodies.read(exchange.getRequest()).flatMap(bytes -> {
            var run = runs.read(bytes);
            return session(exchange)
                    .flatMap(session -> start(session, run, key))
                    .flatMap(job -> {
                        addHeaders(exchange.getResponse(), job);
                        return write(exchange, message("success", "Pipeline execution started in background."));
                    });
        });
    }

    /**
     * The digest of a run. It begins with that of the key, so that a repetition finds the job of the first request, and ends with that of the body, so
     * that another request with the same key is recognised; without a key it begins with what no other request has.
     */
    private static String digest(IntelSession session, Optional<IdempotencyKey> key, Run run) {
        return keyDigest(session, key) + run.request().digest().substring(KEY_DIGITS);
    }

    private static String keyDigest(IntelSession session, Optional<IdempotencyKey> key) {
        return Sha256.of(key.map(given -> "POST /pipeline/run\n" + session.name() + "\n" + given.text())
                        .orElseGet(() -> UUID.randomUUID().toString()))
                .hex()
                .substring(0, KEY_DIGITS);
    }

    private Mono<Job> start(IntelSession session, Run run, Optional<IdempotencyKey> key) {
        var digest = digest(session, key, run);
        var newest = session.newest();
        if (newest != null && key.isPresent() && hasKey(newest, digest)) {
            return digest.equals(newest.request().terms().digest())
                    ? Mono.just(newest)
                    : Mono.error(key.get().conflict(newest.id()));
        }
        if (session.isRunning()) {
            return Mono.error(IntelProblems.busy());
        }
        var placement = devices.find(run.model(), session.device());
        if (placement.isEmpty()) {
            return Mono.error(IntelProblems.notInitialized(reason(run.model())));
        }
        var id = IntelSessions.jobId(session.name(), session.nextOrdinal());
        return submissions
                .submit(id, request(session, run, placement.get(), digest), other -> IntelProblems.busy())
                .map(JobSubmissionService.AcceptedJob::job)
                .doOnNext(job -> sessions.accepted(session, job))
                .onErrorMap(Problem.class, IntelHandler::refusal);
    }

    private static boolean hasKey(Job job, String digest) {
        var known = job.request().terms().digest();
        return known != null && known.startsWith(digest.substring(0, KEY_DIGITS));
    }

    private static ParsedRequest request(IntelSession session, Run run, Placement placement, String digest) {
        var parsed = run.request();
        return new ParsedRequest(
                parsed.request().toBuilder()
                        .pool(placement.pool())
                        .routing(routing(parsed.request(), placement))
                        .labels(IntelSessions.labels(session))
                        .build(),
                digest,
                parsed.isCanceledOnDisconnect(),
                parsed.inline());
    }

    /** A task for a device has no fallbacks, which may have no such device. */
    private static @Nullable Routing routing(GenerationRequest request, Placement placement) {
        var routing = request.routing();
        return placement.required() == null
                ? routing
                : new Routing(routing == null ? null : routing.engineModel(), List.of())
                        .withDevice(placement.required());
    }

    /** What its engine lacks; empty if it only has no worker. */
    private String reason(Model model) {
        var condition = workers.condition(model.pool(), model.engine());
        return condition.is(EngineCondition.NOT_CONFIGURED) ? condition.detail() : "";
    }

    /** A model that cannot generate now is a pipeline that is not initialized. */
    private static Problem refusal(Problem problem) {
        return problem.kind() == ProblemKind.NOT_CONFIGURED || problem.kind() == ProblemKind.NO_CAPABLE_WORKER
                ? IntelProblems.notInitialized(problem.detail())
                : problem;
    }

    private Mono<Void> status(ServerWebExchange exchange) {
        return session(exchange).flatMap(session -> {
            var newest = session.newest();
            if (newest == null) {
                exchange.getResponse().getHeaders().set(MODEL, runs.standard().id());
            } else {
                addHeaders(exchange.getResponse(), newest);
            }
            return write(
                    exchange,
                    "{\"running\":%s,\"completed\":%s}".formatted(session.isRunning(), session.completed() != null));
        });
    }

    private Mono<Void> image(ServerWebExchange exchange) {
        return session(exchange).flatMap(session -> {
            var failed = session.failed();
            if (failed != null) {
                return Mono.error(IntelProblems.failed(failed));
            }
            var completed = session.completed();
            return completed == null
                    ? Mono.error(IntelProblems.notComplete())
                    : images.write(exchange, session, completed);
        });
    }

    private Mono<IntelSession> session(ServerWebExchange exchange) {
        return Mono.fromSupplier(() -> name(exchange.getRequest())).flatMap(sessions::find);
    }

    private static String name(ServerHttpRequest request) {
        var names = request.getHeaders().getOrEmpty(SESSION);
        if (names.isEmpty()) {
            return DEFAULT_SESSION;
        }
        var name = names.get(0);
        if (names.size() > 1 || !SESSION_NAME.matcher(name).matches()) {
            throw IntelProblems.invalid(List.of(new Item(
                    "string_pattern_mismatch",
                    List.of("header", "x-pipeline-id"),
                    "String should match pattern '%s'".formatted(SESSION_NAME),
                    name)));
        }
        return name;
    }

    static void addHeaders(ServerHttpResponse response, Job job) {
        response.getHeaders().set(JOB_ID, job.id().value());
        response.getHeaders().set(MODEL, job.request().model());
    }

    private String error(String message) {
        return message("error", message);
    }

    private String message(String status, String message) {
        return json.createObjectNode()
                .put("status", status)
                .put("message", message)
                .toString();
    }

    private static Mono<Void> write(ServerWebExchange exchange, String body) {
        var response = exchange.getResponse();
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        response.setStatusCode(HttpStatus.OK);
        response.getHeaders().setContentType(MediaType.APPLICATION_JSON);
        response.getHeaders().set(HttpHeaders.CACHE_CONTROL, "no-store");
        response.getHeaders().setContentLength(bytes.length);
        return response.writeWith(
                Mono.fromSupplier(() -> response.bufferFactory().wrap(bytes)));
    }
}
