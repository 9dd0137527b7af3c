package io.atelier.gateway.api.generations;

import io.atelier.contract.job.JobId;
import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * The paths of jobs and their images in the HTTP API, as the client of a request sees them.
 *
 * @param base the path below which the client sees the API: of the gateway itself ({@code spring.webflux.base-path}) or of a proxy before it
 *     ({@code X-Forwarded-Prefix}); empty, or begins with a slash and does not end with one
 */
public record ApiPaths(String base) {

    private static final String GENERATIONS = "/v1/generations";

    /** The paths for the client of this request. */
    public static ApiPaths of(ServerHttpRequest request) {
        return new ApiPaths(request.getPath().contextPath().value());
    }

    /** The path of the list of jobs. */
    String generations() {
        return base + GENERATIONS;
    }

    /** The path of a job. */
    public String job(JobId id) {
        return generations() + "/" + id;
    }

    /** The path of the events of a job. */
    public String events(JobId id) {
        return job(id) + "/events";
    }

    String images(JobId id) {
        return job(id) + "/images";
    }

    /** The path of an image of a job. */
    public String image(JobId id, int index) {
        return images(id) + "/" + index;
    }

    /** The path of the base image of an avatar. */
    String base(JobId id) {
        return images(id) + "/base";
    }

    /** The path of a prompt of an avatar. */
    String prompt(JobId id, int index) {
        return job(id) + "/prompts/" + index;
    }

    /** The path of an uncut grid: {@code grid} for the first, then {@code grid-1} and so on. */
    String grid(JobId id, int index) {
        return images(id) + (index == 0 ? "/grid" : "/grid-" + index);
    }
}
