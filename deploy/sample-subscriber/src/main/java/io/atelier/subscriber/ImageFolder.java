package io.atelier.subscriber;

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
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HexFormat;

/** Keeps a copy of every picture, fetched from the gateway. A picture that is there already is not fetched again. */
final class ImageFolder implements JobListener {

    private static final Logger log = System.getLogger(ImageFolder.class.getName());
    private static final Duration CONNECTING = Duration.ofSeconds(5);
    private static final Duration FETCHING = Duration.ofSeconds(60);

    private final Path folder;
    private final URI gateway;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(CONNECTING).build();

    ImageFolder(Path folder, URI gateway) {
        this.folder = folder;
        this.gateway = gateway;
    }

    @Override
    public void succeeded(Job job) {
        try {
            Files.createDirectories(folder.resolve(job.id().value()));
            for (int number = 0; number < job.images().size(); number++) {
                var file = folder.resolve(job.id().value()).resolve(number + ".png");
                if (!Files.exists(file)) {
                    fetch(job.id(), number, job.images().get(number), file);
                }
            }
        } catch (IOException e) {
            throw new RetryLater("The pictures of " + job.id() + " could not be fetched and kept: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RetryLater("Interrupted while fetching", e);
        }
    }

    @Override
    public void erased(JobId job) {
        var kept = folder.resolve(job.value());
        if (!Files.exists(kept)) {
            return;
        }
        try (var files = Files.walk(kept)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The pictures of " + job + " could not be deleted", e);
        }
    }

    private void fetch(JobId job, int number, StoredImage image, Path file) throws IOException, InterruptedException {
        var address = gateway.resolve("/v1/generations/" + job + "/images/" + number);
        var request = HttpRequest.newBuilder(address).timeout(FETCHING).build();
        var part = file.resolveSibling(number + ".part");
        var answer = http.send(request, BodyHandlers.ofFile(part));
        int status = answer.statusCode();
        if (status == 404 || status == 410) {
            Files.delete(part);
            log.log(Logger.Level.INFO, "Picture {0} of {1} is gone: expired or erased meanwhile", number, job);
            return;
        }
        if (status != 200) {
            throw new RetryLater("GET " + address + " was answered with " + status);
        }
        if (!sha256(part).equals(image.sha256())) {
            throw new RetryLater("What came for " + address + " is not what was announced");
        }
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        log.log(Logger.Level.INFO, "Kept {0}", file);
    }

    private static String sha256(Path file) throws IOException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
