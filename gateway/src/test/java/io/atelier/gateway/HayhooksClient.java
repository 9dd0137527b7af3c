package io.atelier.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.JobId;
import io.atelier.gateway.faces.listener.FaceListener;
import io.atelier.messaging.InMemoryEventPublisher;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A client of the face for clients of hayhooks, and what its requests create. */
final class HayhooksClient extends WaitingClient {

    static final String RUN = "/image_generation/run";

    HayhooksClient(FaceListener listener, FakeJobs jobs, AuditedObjectStore store, InMemoryEventPublisher publisher) {
        super(() -> listener.port().orElseThrow(), jobs, store, publisher);
    }

    /** Lets the job succeed with this image. */
    void succeed(JobId id, byte[] image) {
        succeed(id, image, 512, 512);
    }

    /** Lets the job succeed with an image of this size. */
    void succeed(JobId id, byte[] image, int width, int height) {
        var stored = new StoredImage(
                0,
                StoredImage.Kind.IMAGE,
                SampleJobs.key(id, 0),
                SampleJobs.sha256(image),
                image.length,
                "image/png",
                width,
                height,
                7L,
                null);
        succeed(id, job -> job.images(List.of(stored), List.of()), image);
    }

    CompletableFuture<HttpResponse<byte[]>> post(String body, String... headers) {
        return send(json(RUN, body), headers);
    }

    /** The text at a path, which must exist. */
    String text(String path) throws Exception {
        var response = get(path).get();
        assertThat(response.statusCode()).as(path).isEqualTo(200);
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }
}
