package io.atelier.gateway.faces.hayhooks;

import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.Job;
import io.atelier.gateway.api.images.ObjectDownloads;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.faces.pipelines.ImageFailure;
import io.atelier.gateway.faces.pipelines.PipelineImages;
import io.atelier.gateway.faces.submission.FaceSubmissions;
import io.atelier.gateway.faces.submission.JobFailures;
import io.atelier.pipeline.PipelineImage;
import io.atelier.pipeline.PipelineImageRequest;
import io.atelier.storage.ObjectKey;
import java.time.Duration;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import reactor.core.publisher.Mono;

/** Generates images for pipelines in Java: each is a job like that of the standard pipeline. Thread-safe. */
final class JobImages implements PipelineImages {

    private final ImagePipeline standard;
    private final RunRequestReader requests;
    private final FaceSubmissions submissions;
    private final RequestedImages images;
    private final ObjectDownloads downloads;

    /** @param standard has the model of requests that name none */
    JobImages(
            ImagePipeline standard,
            RunRequestReader requests,
            FaceSubmissions submissions,
            RequestedImages images,
            ObjectDownloads downloads) {
        this.standard = standard;
        this.requests = requests;
        this.submissions = submissions;
        this.images = images;
        this.downloads = downloads;
    }

    @Override
    public Mono<PipelineImage> generate(String pipeline, PipelineImageRequest request, Duration timeout) {
        return Mono.defer(() -> {
                    var submission = submissions.submit(
                            "POST /%s/run".formatted(pipeline),
                            requests.read(request, standard),
                            HttpHeaders.EMPTY,
                            false);
                    return submissions.respond(submission, timeout, false, this::image);
                })
                .onErrorMap(RuntimeException.class, JobImages::failure);
    }

    private Mono<PipelineImage> image(Job job) {
        return Mono.fromRunnable(() -> JobFailures.requireImages(job))
                .then(Mono.defer(() -> images.of(job)))
                .flatMap(image -> bytes(image)
                        .map(bytes -> new PipelineImage(
                                job.id().value(),
                                image.key(),
                                image.mediaType(),
                                image.width(),
                                image.height(),
                                bytes)));
    }

    private Mono<byte[]> bytes(StoredImage image) {
        var content =
                downloads.read(new ObjectKey(image.key()), image.bytes(), DefaultDataBufferFactory.sharedInstance);
        return DataBufferUtils.join(content).map(JobImages::bytes);
    }

    private static byte[] bytes(DataBuffer buffer) {
        var bytes = new byte[buffer.readableByteCount()];
        buffer.read(bytes);
        DataBufferUtils.release(buffer);
        return bytes;
    }

    private static ImageFailure failure(RuntimeException failure) {
        return failure instanceof Problem problem
                ? new ImageFailure(HayhooksErrors.status(problem).value(), problem.detail(), problem)
                : new ImageFailure(
                        HttpStatus.SERVICE_UNAVAILABLE.value(), "The image cannot be generated now.", failure);
    }
}
