package io.atelier.generator.engine.diffusion.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.atelier.generator.engine.diffusion.pipeline.latents.LatentShape;
import io.atelier.generator.engine.onnx.SessionFactory;
import io.atelier.worker.cancellation.Cancellation;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The images that steps predict, for previews. */
class PredictedImageTests {

    /** LCM keeps a trace of its latents in the last step. */
    private static final float TOLERANCE = 1e-3f;

    @DisplayName("The image that the last step predicts has the latents that it leads to, in the layout of the VAE")
    @ParameterizedTest
    @ValueSource(strings = {"sdxl", "lcm", "sd3", "flux", "flux-dev"})
    void lastPredictionIsTheResult(String model) {
        var run = new Run(true);
        try (var pipeline = load(model)) {
            pipeline.generate(request(), new Cancellation(), run);
        }

        assertThat(run.steps).containsExactly(1, 2);
        int channels = model.startsWith("flux") || model.equals("sd3") ? 16 : 4;
        assertThat(run.shape).isEqualTo(new LatentShape(channels, 8, 16));
        assertThat(run.predicted).hasSize(2 * run.shape.size()).containsExactly(run.last, within(TOLERANCE));
    }

    @DisplayName("Nothing is predicted unless it is wanted")
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void nothingIsPredictedUnlessItIsWanted(boolean isWanted) {
        var run = new Run(isWanted);
        try (var pipeline = load("sd15")) {
            pipeline.generate(request(), new Cancellation(), run);
        }

        // PNDM evaluates the second timestep twice.
        assertThat(run.steps).isEqualTo(isWanted ? List.of(1, 2, 3) : List.of());
    }

    private static DiffusionPipeline load(String model) {
        return DiffusionPipeline.load(TinyPipelines.folder(model), SessionFactory.cpu(1));
    }

    private static DiffusionRequest request() {
        return DiffusionRequest.of(List.of("a fox"), List.of(1L, 2L))
                .size(128, 64)
                .steps(2)
                .build();
    }

    /** Keeps the last prediction and the last latents. */
    private static final class Run implements DiffusionListener {

        private final boolean isWanted;
        private final List<Integer> steps = new ArrayList<>();
        private LatentShape shape = new LatentShape(0, 0, 0);
        private float[] predicted = {};
        private float[] last = {};

        Run(boolean isWanted) {
            this.isWanted = isWanted;
        }

        @Override
        public boolean wantsPrediction() {
            return isWanted;
        }

        @Override
        public void predicted(int step, int of, float[] latents, LatentShape shapeOfOne) {
            steps.add(step);
            predicted = latents.clone();
            shape = shapeOfOne;
        }

        @Override
        public void denoised(int step, int of, float[] latents, LatentShape shapeOfOne) {
            last = latents.clone();
        }
    }
}
