package io.atelier.generator.engine.diffusion;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.image.ImageSize;
import io.atelier.contract.job.DeviceName;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.Routing;
import io.atelier.generator.engine.GeneratedImage;
import io.atelier.generator.engine.GenerationRun;
import io.atelier.generator.engine.GenerationRun.ProgressListener;
import io.atelier.generator.engine.onnx.DeviceKind;
import io.atelier.generator.engine.onnx.InferenceDevice;
import io.atelier.worker.cancellation.Cancellation;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class TwoDevicesTests {

    private static final ImageSize SIZE = new ImageSize(64, 64);

    private final TinyModels models =
            new TinyModels(TinyModels.MEMORY, List.of(new InferenceDevice(DeviceKind.CUDA, 0), InferenceDevice.CPU));

    @DisplayName("Each run is between two of its steps until the other one is, too; with one device neither would end")
    @Test
    void twoRunsComputeAtTheSameTime() throws Exception {
        try (var engine = models.engine("sd15")) {
            var both = new CountDownLatch(2);

            var runs = List.of(meeting(engine, both), meeting(engine, both));

            for (var run : runs) {
                assertThat(run.get(1, TimeUnit.MINUTES)).isTrue();
            }
            assertThat(engine.device()).isEqualTo("gpu,cpu");
            assertThat(engine.devices()).containsExactly("gpu", "cpu");
        }
    }

    @Test
    void requiredDeviceGivesTheSameImage() {
        try (var engine = models.engine("sd15")) {
            var preferred = engine.generate(request(null), run((phase, step, steps) -> {}));
            var required = engine.generate(request(new DeviceName("cpu")), run((phase, step, steps) -> {}));

            assertThat(pixels(required.get(0))).isEqualTo(pixels(preferred.get(0)));
        }
    }

    private static CompletableFuture<Boolean> meeting(LocalEngine engine, CountDownLatch both) {
        return CompletableFuture.supplyAsync(
                () -> {
                    var met = new boolean[1];
                    engine.generate(request(null), run((phase, step, steps) -> {
                        if (phase.equals("denoise") && step == 1) {
                            both.countDown();
                            met[0] = await(both);
                        }
                    }));
                    return met[0];
                },
                task -> new Thread(task).start());
    }

    private static int[] pixels(GeneratedImage image) {
        var raster = image.pixels().raster().toBufferedImage();
        return raster.getRGB(0, 0, raster.getWidth(), raster.getHeight(), null, 0, raster.getWidth());
    }

    private static GenerationRun run(ProgressListener progress) {
        return new GenerationRun("gen_1", 1, progress, new Cancellation());
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static GenerationRequest request(@Nullable DeviceName device) {
        return TinyModels.request("sd15", "a red car", 1)
                .size(SIZE)
                .steps(2)
                .routing(new Routing(null, List.of()).withDevice(device))
                .build();
    }
}
