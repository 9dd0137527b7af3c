package io.atelier.gateway.faces.hayhooks;

import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.Job;
import io.atelier.gateway.api.derivatives.Derivatives;
import io.atelier.gateway.api.images.ImageResponder;
import io.atelier.storage.ObjectStoreFailed;
import reactor.core.publisher.Mono;

/** Finds the images of jobs in the sizes that clients asked for. Thread-safe. */
final class RequestedImages {

    private final Derivatives derivatives;

    RequestedImages(Derivatives derivatives) {
        this.derivatives = derivatives;
    }

    /** The image of a job that has one. Fails with a problem if the store does not have it any more. */
    Mono<StoredImage> of(Job job) {
        var made = job.images().get(0);
        return RequestedSize.crop(made, job.request().labels())
                .map(size -> derivatives.crop(job, made, size))
                .orElse(Mono.just(made))
                .onErrorMap(ObjectStoreFailed.class, failure -> ImageResponder.failure(job, failure));
    }
}
