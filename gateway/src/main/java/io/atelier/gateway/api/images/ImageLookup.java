package io.atelier.gateway.api.images;

import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobStatus;
import io.atelier.gateway.api.generations.JobError;
import io.atelier.gateway.api.generations.RetryAfter;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Finds the image of a job by its name in the URL. */
final class ImageLookup {

    private static final Pattern INDEX = Pattern.compile("0|[1-9]\\d{0,3}");
    private static final Pattern GRID = Pattern.compile("grid(-[1-9]\\d{0,3})?");
    private static final String BASE = "base";

    private ImageLookup() {}

    /**
     * The image with this name: a number from 0 for an image, {@code grid} or {@code grid-1} and so on for an uncut grid, {@code
     * base} for the base image of an avatar.
     *
     * @throws Problem if the job has no such image, or not yet
     */
    static StoredImage find(Job job, String name, Instant now) {
        if (name.equals(BASE) && job.request().avatar() != null) {
            return Optional.ofNullable(job.base()).orElseThrow(() -> unavailable(job, name, now));
        }
        boolean grid = GRID.matcher(name).matches();
        var index = index(name, grid);
        if (index.isEmpty() || (grid && job.request().grid() == null)) {
            throw notFound(job, name);
        }
        var found = grid
                ? job.grids().stream().skip(index.getAsInt()).findFirst()
                : job.images().stream()
                        .filter(image -> image.index() == index.getAsInt())
                        .findFirst();
        return found.orElseThrow(() -> unavailable(job, name, now));
    }

    private static OptionalInt index(String name, boolean grid) {
        if (grid) {
            return OptionalInt.of(name.equals("grid") ? 0 : Integer.parseInt(name.substring("grid-".length())));
        }
        return INDEX.matcher(name).matches() ? OptionalInt.of(Integer.parseInt(name)) : OptionalInt.empty();
    }

    private static Problem unavailable(Job job, String name, Instant now) {
        var status = job.status();
        if (!status.terminal()) {
            return new Problem(
                            ProblemKind.IMAGE_NOT_READY,
                            "The generation is %s. Its images are available when it has succeeded."
                                    .formatted(status.word()))
                    .with("job_id", job.id().value())
                    .with("job_status", status.word())
                    .retryAfter(RetryAfter.byAge(job, now));
        }
        if (status == JobStatus.SUCCEEDED) {
            return notFound(job, name);
        }
        var problem = new Problem(
                        ProblemKind.IMAGE_UNAVAILABLE,
                        "The generation %s, so it has no such image. GET the generation for the reason."
                                .formatted(ended(status)))
                .with("job_id", job.id().value())
                .with("job_status", status.word());
        var error = job.error();
        return error == null ? problem : problem.with("job_error", JobError.of(error));
    }

    private static String ended(JobStatus status) {
        return switch (status) {
            case FAILED -> "failed";
            case EXPIRED -> "expired";
            default -> "was canceled";
        };
    }

    private static Problem notFound(Job job, String name) {
        return new Problem(
                        ProblemKind.NOT_FOUND,
                        "The generation has no image '%s'. It has: %s."
                                .formatted(name.length() <= 32 ? name : name.substring(0, 32) + "...", names(job)))
                .with("job_id", job.id().value());
    }

    private static String names(Job job) {
        return range(job.images())
                + (job.base() == null ? "" : ", its base image 'base'")
                + (job.grids().isEmpty() ? "" : ", and its uncut grids from 'grid'");
    }

    /** The numbers of the images. Those of tiles that were left out are missing. */
    private static String range(List<StoredImage> images) {
        if (images.isEmpty()) {
            return "none yet";
        }
        int last = images.get(images.size() - 1).index();
        if (images.size() > 1 && last == images.size() - 1) {
            return "0 to " + last;
        }
        return images.stream().map(image -> Integer.toString(image.index())).collect(Collectors.joining(", "));
    }
}
