package io.atelier.splitter;

import io.atelier.contract.image.GridSpec;
import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.JobId;
import io.atelier.contract.work.SplitRequested;
import io.atelier.image.decode.DecodingBudget;
import io.atelier.image.decode.ImageFileDecoder;
import io.atelier.splitter.grid.Box;
import io.atelier.splitter.grid.GridFixture;
import io.atelier.storage.ObjectKey;
import io.atelier.storage.ObjectStore;
import io.atelier.worker.source.SampleRemoteSources;
import io.atelier.worker.source.SourceDownload;
import io.atelier.worker.store.StoreRetry;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;

/** Split tasks, and stored grids to split. */
final class SampleSplits {

    static final JobId JOB = new JobId("gen_01kb9q4v6ye7m8c3r5t2w0x1za");
    static final Instant AT = Instant.parse("2026-11-21T10:00:00Z");

    private SampleSplits() {}

    static SplitRequested task(JobId job, GridSpec spec, StoredImage... grids) {
        return new SplitRequested(job, "split", 1, 3, AT, null, spec, List.of(grids));
    }

    /** Fetches nothing: for tasks whose grids are stored. */
    static GridDownload noDownloads(ObjectStore store) {
        var remote = SampleRemoteSources.settings("enabled", "false");
        return new GridDownload(
                store,
                new SourceDownload(remote),
                new ImageFileDecoder(DecodingBudget.ofProcess(), remote.limits().maxPixels()),
                new StoreRetry(Duration.ofMillis(300)));
    }

    static GridSpec twoByTwo() {
        return new GridSpec(2, 2, true, 0, 12, 32);
    }

    /** A grid of 2 x 2 images of 96 x 80 pixels, with borders and gutters, with noise so that no two tiles are equal. */
    static BufferedImage grid(long seed) {
        return GridFixture.even(2, 2, new Box(6, 6, 96, 80), 8, 6, BufferedImage.TYPE_INT_RGB, Color.WHITE)
                .noisy(new Random(seed))
                .image();
    }

    static StoredImage stored(ObjectStore store, String key, BufferedImage grid) {
        return stored(store, key, png(grid), grid.getWidth(), grid.getHeight());
    }

    static StoredImage stored(ObjectStore store, String key, byte[] bytes, int width, int height) {
        var object = store.put(new ObjectKey(key), bytes, "image/png", Map.of()).join();
        return new StoredImage(
                0, StoredImage.Kind.GRID, key, object.sha256(), bytes.length, "image/png", width, height, 7L, null);
    }

    static byte[] png(BufferedImage image) {
        var bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static byte[] bytes(ObjectStore store, String key) {
        try (var content = store.open(new ObjectKey(key), null).join()) {
            return content.stream().readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static BufferedImage image(ObjectStore store, String key) {
        try (var content = store.open(new ObjectKey(key), null).join()) {
            return ImageIO.read(content.stream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
