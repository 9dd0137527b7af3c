package io.atelier.gateway.api.generations;

import io.atelier.contract.job.JobId;

/** Where a job and its pictures are in the HTTP API. */
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

    /** The address of a grid: {@code grid}, and for further ones {@code grid-1} and so on. */
    static String grid(JobId id, int index) {
        return images(id) + (index == 0 ? "/grid" : "/grid-" + index);
    }
}
