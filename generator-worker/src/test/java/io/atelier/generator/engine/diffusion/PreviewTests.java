package io.atelier.generator.engine.diffusion;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.image.ImageSize;
import io.atelier.generator.engine.GeneratedImage;
import io.atelier.generator.engine.GenerationRun;
import io.atelier.generator.engine.GenerationRun.PreviewListener;
import io.atelier.image.png.PngTextChunks;
import io.atelier.image.png.PngWriter;
import io.atelier.worker.cancellation.Cancellation;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The previews of runs, and that they change nothing. */
class PreviewTests {

    private final TinyModels models = new TinyModels();
    private final Previews previews = new Previews();

    @DisplayName("Previews have a pixel for each latent, and the images are the same with and without")
    @ParameterizedTest
    @ValueSource(strings = {"sd15", "sdxl", "lcm", "sd3", "flux", "flux-dev"})
    void imagesAreTheSame(String model) {
        var request = TinyModels.request(model, "a tiny red fox", 7)
                .size(new ImageSize(128, 64))
                .steps(3)
                .n(2)
                .build();
        try (var engine = models.engine(model)) {
            var without = files(engine.generate(request, run(PreviewListener.NONE)));

            assertThat(files(engine.generate(request, run(previews)))).isEqualTo(without);
        }

        assertThat(previews.made).hasSizeGreaterThanOrEqualTo(3);
        assertThat(previews.made).allSatisfy(preview -> {
            assertThat(preview.getWidth()).isEqualTo(16);
            assertThat(preview.getHeight()).isEqualTo(8);
        });
        assertThat(previews.images).startsWith(0, 1, 0);
        assertThat(previews.steps).startsWith(1, 2, 3);
    }

    @Test
    @DisplayName("The previews of pocket come near the image that it makes")
    void previewOfPocketIsNearItsImage() {
        var request = PocketRequests.of("a red apple", 3).steps(8).request();
        List<GeneratedImage> images;
        try (var pocket = models.pocket()) {
            var without = files(pocket.generate(request, run(PreviewListener.NONE)));
            images = pocket.generate(request, run(previews));
            assertThat(files(images)).isEqualTo(without);
        }

        var image = images.get(0).pixels().raster().toBufferedImage();
        var last = previews.made.get(previews.made.size() - 1);
        assertThat(last.getWidth()).isEqualTo(64);
        assertThat(distance(last, image)).isLessThan(12).isLessThan(distance(previews.made.get(0), image));
    }

    @Test
    void runOfSeveralBatchesNamesTheImagesOfTheRequest() {
        var request = TinyModels.request("sd15", "a cat", 1)
                .size(new ImageSize(128, 128))
                .steps(1)
                .n(3)
                .build();
        // Memory for one image at a time.
        try (var engine = new TinyModels(10 << 20).engine("sd15")) {
            engine.generate(request, run(previews));
        }

        assertThat(previews.images).containsExactly(0, 1, 2);
        assertThat(previews.steps).containsExactly(1, 1, 1);
    }

    /** The mean difference of a colour value, with the image as small as the preview. */
    private static double distance(BufferedImage preview, BufferedImage image) {
        long sum = 0;
        int scale = image.getWidth() / preview.getWidth();
        for (int y = 0; y < preview.getHeight(); y++) {
            for (int x = 0; x < preview.getWidth(); x++) {
                for (int shift = 0; shift < 24; shift += 8) {
                    int mean = 0;
                    for (int i = 0; i < scale * scale; i++) {
                        mean += image.getRGB(x * scale + i % scale, y * scale + i / scale) >> shift & 0xFF;
                    }
                    sum += Math.abs(mean / (scale * scale) - (preview.getRGB(x, y) >> shift & 0xFF));
                }
            }
        }
        return sum / (3.0 * preview.getWidth() * preview.getHeight());
    }

    private static List<List<Byte>> files(List<GeneratedImage> images) {
        var writer = new PngWriter();
        return images.stream()
                .map(image -> bytes(writer.write(image.pixels(), PngTextChunks.NONE)))
                .toList();
    }

    private static List<Byte> bytes(byte[] file) {
        var bytes = new ArrayList<Byte>();
        for (var each : file) {
            bytes.add(each);
        }
        return bytes;
    }

    private static GenerationRun run(PreviewListener previews) {
        return new GenerationRun("gen_1", 1, (phase, step, steps) -> {}, new Cancellation(), () -> {}, previews);
    }

    /** Wants a preview at each step, and keeps them. */
    private static final class Previews implements PreviewListener {

        private final List<BufferedImage> made = new ArrayList<>();
        private final List<Integer> images = new ArrayList<>();
        private final List<Integer> steps = new ArrayList<>();

        @Override
        public boolean isWanted() {
            return true;
        }

        @Override
        public void accept(int image, int step, int of, BufferedImage pixels) {
            images.add(image);
            steps.add(step);
            made.add(pixels);
        }
    }
}
