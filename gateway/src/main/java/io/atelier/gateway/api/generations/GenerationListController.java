package io.atelier.gateway.api.generations;

import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobId;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import io.atelier.gateway.view.jobs.Jobs;
import io.atelier.gateway.view.jobs.JobsNotReady;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.headers.Header;
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
import org.jspecify.annotations.Nullable;
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
    private final GenerationAssembler portrait;
    private final Scheduler threads;

    /** @param threads a bounded number, for reads that may take a while */
    public GenerationListController(Jobs jobs, GenerationAssembler portrait, Scheduler threads) {
        this.jobs = jobs;
        this.portrait = portrait;
        this.threads = threads;
    }

    @Operation(
            operationId = "listGenerations",
            summary = "Jobs, page by page",
            description =
                    "By the time of their making. The next page is at the address in the header Link, or behind after=last_id while "
                            + "has_more is true; what is made meanwhile does not shift it. Erased jobs are not listed.")
    @Parameter(name = "limit", description = "1 to 100", schema = @Schema(type = "integer", defaultValue = "20"))
    @Parameter(name = "after", description = "Lists what comes behind this id", schema = @Schema(type = "string"))
    @Parameter(
            name = "before",
            description = "Lists what comes before this id; without 'after', what comes right before it",
            schema = @Schema(type = "string"))
    @Parameter(
            name = "order",
            description = "desc is newest first",
            schema =
                    @Schema(
                            type = "string",
                            allowableValues = {"desc", "asc"},
                            defaultValue = "desc"))
    @Parameter(
            name = "status",
            schema =
                    @Schema(
                            type = "string",
                            allowableValues = {"queued", "running", "succeeded", "failed", "canceled", "expired"}))
    @Parameter(name = "model", schema = @Schema(type = "string", example = "pocket"))
    @Parameter(
            name = "label.KEY",
            description = "Lists those whose label KEY has this value; can be given for several keys",
            schema = @Schema(type = "string"))
    @Parameter(
            name = "created_after",
            description = "The first moment that counts",
            schema = @Schema(type = "string", format = "date-time"))
    @Parameter(
            name = "created_before",
            description = "The first moment that does not count any more",
            schema = @Schema(type = "string", format = "date-time"))
    @ApiResponse(
            responseCode = "200",
            description = "A page",
            headers =
                    @Header(
                            name = HttpHeaders.LINK,
                            description =
                                    "rel=next: the next page; rel=prev: the one before, if 'before' was asked for",
                            schema = @Schema(type = "string")))
    @GetMapping(path = PATH, produces = MediaType.APPLICATION_JSON_VALUE)
    Mono<ResponseEntity<GenerationList>> list(@Parameter(hidden = true) ServerHttpRequest request) {
        Map<String, List<String>> parameters = request.getQueryParams();
        return Mono.fromCallable(() -> page(parameters))
                .subscribeOn(threads)
                .onErrorMap(RejectedExecutionException.class, full -> overloaded())
                .onErrorMap(JobsNotReady.class, notReady -> starting());
    }

    private ResponseEntity<GenerationList> page(Map<String, List<String>> parameters) {
        var query = new ListQueryReader(parameters, this::created).read();
        var page = jobs.list(query);
        var shown = page.jobs().stream().map(portrait::of).toList();
        var answer = ResponseEntity.ok().cacheControl(CacheControl.noCache().cachePrivate());
        if (page.more()) {
            boolean backwards = query.before() != null && query.after() == null;
            answer.header(HttpHeaders.LINK, backwards ? previous(parameters, page) : next(parameters, page));
        }
        return answer.body(GenerationList.of(shown, page.more()));
    }

    private Optional<Instant> created(JobId id) {
        return jobs.find(id).map(Job::createdAt);
    }

    private static String next(Map<String, List<String>> parameters, Jobs.Page page) {
        var last = page.jobs().get(page.jobs().size() - 1);
        return link(parameters, ListQueryReader.AFTER, last.id(), "next");
    }

    private static String previous(Map<String, List<String>> parameters, Jobs.Page page) {
        return link(parameters, ListQueryReader.BEFORE, page.jobs().get(0).id(), "prev");
    }

    private static String link(Map<String, List<String>> parameters, String cursor, JobId id, String relation) {
        var kept = parameters.entrySet().stream()
                .filter(parameter -> !parameter.getKey().equals(cursor))
                .map(parameter ->
                        encoded(parameter.getKey(), parameter.getValue().get(0)));
        return Stream.concat(kept, Stream.of(encoded(cursor, id.value())))
                .collect(Collectors.joining("&", "<" + PATH + "?", ">; rel=\"" + relation + "\""));
    }

    private static String encoded(String name, @Nullable String value) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8)
                + "="
                + URLEncoder.encode(value == null ? "" : value, StandardCharsets.UTF_8);
    }

    private static Problem overloaded() {
        return new Problem(ProblemKind.OVERLOADED, "As many lists as the gateway makes at once are being made.")
                .retryAfter(Duration.ofSeconds(1));
    }

    private static Problem starting() {
        return new Problem(
                        ProblemKind.STARTING,
                        "This gateway is still reading where jobs stand and cannot list them yet. Ask again.")
                .retryAfter(Duration.ofSeconds(2));
    }
}
