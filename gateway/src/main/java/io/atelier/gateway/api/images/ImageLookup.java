package io.atelier.gateway.api.images;

import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.AvatarSpec;
import io.atelier.contract.job.AvatarStep;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobStatus;
import io.atelier.gateway.api.generations.AvatarStage;
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
    private static final String GENERATING = "generating";

    private ImageLookup() {}

    /**
     * The image with this name: a number from 0 for an image, {@code grid} or {@code grid-1} and so on for an uncut grid, {@code
     * base} for the base image of an avatar.
     *
     * @throws Problem if the job has no such image, or not yet
     */
    static StoredImage find(Job job, String name, Instant now) {
        var avatar = job.request().avatar();
        if (name.equals(BASE) && avatar != null) {
            return Optional.ofNullable(job.base())
                    .orElseThrow(
                            () -> avatar.does(AvatarStep.BASE) ? unavailable(job, name, now) : notFound(job, name));
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
        return found.orElseThrow(() -> avatar != null && index.getAsInt() >= count(avatar, grid)
                ? notFound(job, name)
                : unavailable(job, name, now));
    }

    /** The number of images or grids that an avatar has when it is done. */
    private static int count(AvatarSpec avatar, boolean grids) {
        return grids ? avatar.grids() : makesImages(avatar) ? avatar.images() : 0;
    }

    private static boolean makesImages(AvatarSpec avatar) {
        return !avatar.steps().equals(List.of(AvatarStep.PROMPT));
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
            return new Problem(ProblemKind.IMAGE_NOT_READY, notReady(job, name))
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

    /** What a job is doing, and when the image is there: the base image and the grids before the job has ended. */
    private static String notReady(Job job, String name) {
        var status = job.status().word();
        boolean isAvatar = job.request().avatar() != null;
        if (INDEX.matcher(name).matches()) {
            return "The generation is %s%s. Its images are available when it has succeeded."
                    .formatted(status, isAvatar ? ", in the stage '%s'".formatted(job.stage()) : "");
        }
        var stage = name.equals(BASE) ? AvatarStage.BASE : isAvatar ? AvatarStage.GRIDS : GENERATING;
        return "This image is not there yet: the generation is %s, in the stage '%s'. It is made in the stage '%s', and available as soon as it is there."
                .formatted(status, job.stage(), stage);
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
                        "The generation has no image '%s'. %s"
                                .formatted(name.length() <= 32 ? name : name.substring(0, 32) + "...", others(job)))
                .with("job_id", job.id().value());
    }

    /** What a job has, or what an avatar will have, in place of an image that it never has. */
    private static String others(Job job) {
        var avatar = job.request().avatar();
        if (avatar != null && !makesImages(avatar)) {
            return "It writes prompts and makes no images: the first prompt is at /v1/generations/%s/prompts/0."
                    .formatted(job.id());
        }
        return avatar == null || job.status().terminal()
                ? "It has: %s."
                        .formatted(names(
                                range(job.images()),
                                job.base() != null,
                                !job.grids().isEmpty()))
                : "It makes: %s."
                        .formatted(names(
                                avatar.images() == 1 ? "0" : "0 to " + (avatar.images() - 1),
                                avatar.does(AvatarStep.BASE),
                                job.request().grid() != null && avatar.does(AvatarStep.GRID)));
    }

    private static String names(String images, boolean hasBase, boolean hasGrids) {
        return images
                + (hasBase ? ", its base image 'base'" : "")
                + (hasGrids ? ", and its uncut grids from 'grid'" : "");
    }

    /** The numbers of the images. Those of tiles that were left out are missing. */
    private static String range(List<StoredImage> images) {
        if (images.isEmpty()) {
            return "no images";
        }
        int last = images.get(images.size() - 1).index();
        if (images.size() > 1 && last == images.size() - 1) {
            return "0 to " + last;
        }
        return images.stream().map(image -> Integer.toString(image.index())).collect(Collectors.joining(", "));
    }
}
