package io.atelier.gateway.faces.submission;

import io.atelier.contract.image.StoredImage;
import io.atelier.gateway.api.images.ObjectDownloads;
import io.atelier.storage.ObjectKey;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import reactor.core.publisher.Mono;

/** Sends an image as the whole body of a response. Thread-safe. */
public final class FaceImages {

    private final ObjectDownloads downloads;

    public FaceImages(ObjectDownloads downloads) {
        this.downloads = downloads;
    }

    /**
     * Responds with an image. Its bytes go from the store to the client piece by piece. Fails before the response is started if the image cannot be
     * read.
     */
    public Mono<Void> send(ServerHttpResponse response, StoredImage image) {
        var headers = response.getHeaders();
        response.setStatusCode(HttpStatus.OK);
        headers.setContentType(MediaType.parseMediaType(image.mediaType()));
        headers.setContentLength(image.bytes());
        headers.set(HttpHeaders.CACHE_CONTROL, "no-store");
        headers.set("X-Content-Type-Options", "nosniff");
        var bytes = downloads.read(new ObjectKey(image.key()), image.bytes(), response.bufferFactory());
        return downloads.write(bytes, image.bytes(), response);
    }
}
