package io.atelier.gateway.api.generations;

import io.atelier.contract.job.JobId;

/** The paths of a job and its images in the HTTP API. */
public final class ApiPaths {

    private ApiPaths() {}

    public static String job(JobId id) {
        return "/v1/generations/" + id;
    }

    public static String events(JobId id) {
        return job(id) + "/events";
    }

    static String images(JobId id) {
        return job(id) + "/images";
    }

    public static String image(JobId id, int index) {
        return images(id) + "/" + index;
    }

    /** The path of an uncut grid: {@code grid} for the first, then {@code grid-1} and so on. */
    static String grid(JobId id, int index) {
        return images(id) + (index == 0 ? "/grid" : "/grid-" + index);
    }
}
