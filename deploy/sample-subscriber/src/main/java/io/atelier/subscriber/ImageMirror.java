package io.atelier.subscriber;

import io.atelier.contract.digest.Sha256;
import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Comparator;

/** Keeps a copy of every image, downloaded from the gateway. Existing files are not downloaded again. */
final class ImageMirror implements JobListener {

    private static final Logger log = System.getLogger(ImageMirror.class.getName());
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration DOWNLOAD_TIMEOUT = Duration.ofSeconds(60);

    private final Path folder;
    private final URI gateway;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).build();

    ImageMirror(Path folder, URI gateway) {
        this.folder = folder;
        this.gateway = gateway;
    }

    @Override
    public void succeeded(Job job) {
        try {
            Files.createDirectories(folder.resolve(job.id().value()));
            for (var image : job.images()) {
                var extension = image.mediaType().equals("image/jpeg") ? ".jpg" : ".png";
                var file = folder.resolve(job.id().value()).resolve(image.index() + extension);
                if (!Files.exists(file)) {
                    download(job.id(), image.index(), image, file);
                }
            }
        } catch (IOException e) {
            throw new RetryableFailure("Cannot download and store the images of " + job.id() + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RetryableFailure("Interrupted during a download", e);
        }
    }

    @Override
    public void erased(JobId job) {
        var copies = folder.resolve(job.value());
        if (!Files.exists(copies)) {
            return;
        }
        try (var files = Files.walk(copies)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot delete the images of " + job, e);
        }
    }

    private void download(JobId job, int index, StoredImage image, Path file) throws IOException, InterruptedException {
        var url = gateway.resolve("/v1/generations/" + job + "/images/" + index);
        var request = HttpRequest.newBuilder(url).timeout(DOWNLOAD_TIMEOUT).build();
        var part = file.resolveSibling(index + ".part");
        var response = http.send(request, BodyHandlers.ofFile(part));
        int status = response.statusCode();
        if (status == 404 || status == 410) {
            Files.delete(part);
            log.log(Logger.Level.INFO, "Image {0} of {1} no longer exists: expired or erased meanwhile", index, job);
            return;
        }
        if (status != 200) {
            throw new RetryableFailure("GET " + url + " returned status " + status);
        }
        if (!Sha256.of(Files.readAllBytes(part)).hex().equals(image.sha256())) {
            throw new RetryableFailure("The image at " + url + " does not match its checksum");
        }
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        log.log(Logger.Level.INFO, "Stored {0}", file);
    }
}
