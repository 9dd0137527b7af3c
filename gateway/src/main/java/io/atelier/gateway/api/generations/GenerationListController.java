package io.atelier.gateway.api.generations;

import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobId;
import io.atelier.gateway.api.exchange.ParameterPrefix;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import io.atelier.gateway.api.request.RequestLimits;
import io.atelier.gateway.view.jobs.Jobs;
import io.atelier.gateway.view.jobs.JobsNotReady;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.Explode;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.enums.ParameterStyle;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Lists jobs. */
@RestController
@Tag(name = "Generations")
public final class GenerationListController {

    private static final String PATH = "/v1/generations";

    private final Jobs jobs;
    private final GenerationAssembler assembler;
    private final Scheduler threads;

    /** @param threads a bounded pool, for reads that may take a while */
    public GenerationListController(Jobs jobs, GenerationAssembler assembler, Scheduler threads) {
        this.jobs = jobs;
        this.assembler = assembler;
        this.threads = threads;
    }

    @Operation(
            operationId = "listGenerations",
            summary = "List generations",
            description =
                    "In the order of creation. The next page is at the URL in the header Link, or at after=last_id while has_more is true; "
                            + "jobs that are created meanwhile do not change it. Erased jobs are not listed.")
    @Parameter(
            in = ParameterIn.QUERY,
            name = ListQueryReader.LIMIT,
            description = "The page size, 1 to " + RequestLimits.MAX_PAGE_SIZE,
            schema = @Schema(type = "integer", defaultValue = "" + RequestLimits.DEFAULT_PAGE_SIZE))
    @Parameter(
            in = ParameterIn.QUERY,
            name = ListQueryReader.AFTER,
            description = "Lists the jobs after this id",
            schema = @Schema(type = "string"))
    @Parameter(
            in = ParameterIn.QUERY,
            name = ListQueryReader.BEFORE,
            description = "Lists the jobs before this id; without 'after', the page right before it",
            schema = @Schema(type = "string"))
    @Parameter(
            in = ParameterIn.QUERY,
            name = ListQueryReader.ORDER,
            description = "desc is newest first",
            schema =
                    @Schema(
                            type = "string",
                            allowableValues = {"desc", "asc"},
                            defaultValue = "desc"))
    @Parameter(
            in = ParameterIn.QUERY,
            name = ListQueryReader.STATUS,
            schema =
                    @Schema(
                            type = "string",
                            allowableValues = {"queued", "running", "succeeded", "failed", "canceled", "expired"}))
    @Parameter(
            in = ParameterIn.QUERY,
            name = ListQueryReader.MODEL,
            schema = @Schema(type = "string", example = "pocket"))
    @Parameter(
            in = ParameterIn.QUERY,
            name = ListQueryReader.LABEL,
            description =
                    "KEY=VALUE: lists the jobs whose label KEY has this value; several must all match. label.KEY=VALUE"
                            + " does the same",
            array = @ArraySchema(schema = @Schema(type = "string", example = "campaign=q4")),
            style = ParameterStyle.FORM,
            explode = Explode.TRUE)
    @Parameter(
            in = ParameterIn.QUERY,
            name = ListQueryReader.CREATED_AFTER,
            description = "Lists the jobs created at this time or later",
            schema = @Schema(type = "string", format = "date-time"))
    @Parameter(
            in = ParameterIn.QUERY,
            name = ListQueryReader.CREATED_BEFORE,
            description = "Lists the jobs created before this time",
            schema = @Schema(type = "string", format = "date-time"))
    @ParameterPrefix(value = ListQueryReader.LABEL_KEY, rest = "KEY")
    @ApiResponse(
            responseCode = "200",
            description = "A page",
            headers =
                    @Header(
                            name = HttpHeaders.LINK,
                            description =
                                    "rel=next: the next page; rel=prev: the previous page, for a request with 'before'",
                            schema = @Schema(type = "string")))
    @GetMapping(path = PATH, produces = MediaType.APPLICATION_JSON_VALUE)
    Mono<ResponseEntity<GenerationList>> list(@Parameter(hidden = true) ServerHttpRequest request) {
        Map<String, List<String>> parameters = request.getQueryParams();
        var paths = ApiPaths.of(request);
        return Mono.fromCallable(() -> page(parameters, paths))
                .subscribeOn(threads)
                .onErrorMap(RejectedExecutionException.class, full -> overloaded())
                .onErrorMap(JobsNotReady.class, notReady -> starting());
    }

    private ResponseEntity<GenerationList> page(Map<String, List<String>> parameters, ApiPaths paths) {
        var query = new ListQueryReader(parameters, this::created).read();
        var page = jobs.list(query);
        var shown = page.jobs().stream().map(job -> assembler.of(job, paths)).toList();
        var response = ResponseEntity.ok().cacheControl(CacheControl.noCache().cachePrivate());
        if (page.more()) {
            boolean backwards = query.before() != null && query.after() == null;
            response.header(
                    HttpHeaders.LINK, backwards ? previous(paths, parameters, page) : next(paths, parameters, page));
        }
        return response.body(GenerationList.of(shown, page.more()));
    }

    private Optional<Instant> created(JobId id) {
        return jobs.find(id).map(Job::createdAt);
    }

    private static String next(ApiPaths paths, Map<String, List<String>> parameters, Jobs.Page page) {
        var last = page.jobs().get(page.jobs().size() - 1);
        return link(paths, parameters, ListQueryReader.AFTER, last.id(), "next");
    }

    private static String previous(ApiPaths paths, Map<String, List<String>> parameters, Jobs.Page page) {
        return link(
                paths, parameters, ListQueryReader.BEFORE, page.jobs().get(0).id(), "prev");
    }

    private static String link(
            ApiPaths paths, Map<String, List<String>> parameters, String cursor, JobId id, String relation) {
        var kept = parameters.entrySet().stream()
                .filter(parameter -> !parameter.getKey().equals(cursor))
                .flatMap(parameter -> parameter.getValue().stream().map(value -> encoded(parameter.getKey(), value)));
        return Stream.concat(kept, Stream.of(encoded(cursor, id.value())))
                .collect(Collectors.joining("&", "<" + paths.generations() + "?", ">; rel=\"" + relation + "\""));
    }

    private static String encoded(String name, String value) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8) + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    private static Problem overloaded() {
        return new Problem(ProblemKind.OVERLOADED, "The gateway is reading as many lists as it can at once. Try again.")
                .retryAfter(Duration.ofSeconds(1));
    }

    private static Problem starting() {
        return new Problem(
                        ProblemKind.STARTING,
                        "This gateway has not read all jobs yet, so it cannot list them. Ask again; /readyz says what is missing.")
                .retryAfter(Duration.ofSeconds(2));
    }
}
