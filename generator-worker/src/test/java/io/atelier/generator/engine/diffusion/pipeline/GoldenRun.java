package io.atelier.generator.engine.diffusion.pipeline;

import io.atelier.generator.engine.diffusion.pipeline.ObservedNetwork.Evaluation;
import io.atelier.generator.engine.diffusion.pipeline.latents.LatentShape;
import io.atelier.generator.engine.onnx.TensorValues;
import io.atelier.worker.cancellation.Cancellation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import tools.jackson.databind.JsonNode;

/** Runs a golden case and compares everything that the golden file has. */
final class GoldenRun {

    private static final double EMBEDDINGS = 1e-3;
    private static final double LATENTS = 1e-3;
    private static final double IMAGE = 2e-3;

    private final GoldenCase golden;
    private final ObservedSessions sessions;
    private final Comparison comparison = new Comparison();
    private final List<TensorValues> steps = new ArrayList<>();
    private final DiffusionResult result;

    private GoldenRun(GoldenCase golden, Path folder, DiffusionRequest request, ObservedSessions sessions) {
        this.golden = golden;
        this.sessions = sessions;
        try (var pipeline = DiffusionPipeline.load(folder, sessions)) {
            this.result = pipeline.generate(request, new Cancellation(), new DiffusionListener() {
                @Override
                public void denoised(int step, int of, float[] latents, LatentShape shape) {
                    steps.add(latents(latents, shape));
                }
            });
        }
    }

    static Comparison compare(GoldenCase golden, Path folder) {
        return compare(golden, folder, golden.request().build(), new ObservedSessions());
    }

    static Comparison compare(GoldenCase golden, Path folder, DiffusionRequest request, ObservedSessions sessions) {
        var run = new GoldenRun(golden, folder, request, sessions);
        run.compareTexts();
        run.compareFirstCall();
        run.compareSteps();
        run.compareImages();
        return run.comparison;
    }

    /** The token ids, and the embeddings as the denoiser gets them. */
    private void compareTexts() {
        golden.json().path("tokens").properties().forEach(entry -> {
            var evaluations = sessions.network(entry.getKey().replace("tokenizer", "text_encoder"))
                    .evaluations();
            compareIds(evaluations.get(0), entry.getValue().path("prompt"));
            var negative = entry.getValue().path("negative");
            if (negative.isArray()) {
                compareIds(evaluations.get(evaluations.size() - 1), negative);
            }
        });
        var embeddings = golden.json().path("embeddings");
        compareRows(
                "encoder_hidden_states", embeddings.path("prompt_embeds"), embeddings.path("negative_prompt_embeds"));
        String pooled = golden.denoiser().equals("unet") ? "text_embeds" : "pooled_projections";
        compareRows(pooled, embeddings.path("pooled_prompt_embeds"), embeddings.path("negative_pooled_prompt_embeds"));
    }

    private void compareIds(Evaluation evaluation, JsonNode expected) {
        var found = Objects.requireNonNull(evaluation.inputs().get("input_ids"));
        int expectedLength = found.length(0) * expected.get(0).size();
        comparison.number("tokens", found.values().length, expectedLength, 0);
        if (found.values().length != expectedLength) {
            return;
        }
        int at = 0;
        // A prompt of several images is encoded once.
        for (int row = 0; row < found.length(0); row++) {
            for (var id : expected.get(row)) {
                comparison.number("tokens", found.values()[at++], id.doubleValue(), 0);
            }
        }
    }

    /** The negative rows come before the others. */
    private void compareRows(String input, JsonNode prompts, JsonNode negative) {
        var rows = calls().get(0).inputs().get(input);
        if (rows == null || prompts.isMissingNode()) {
            return;
        }
        boolean guided = golden.json().path("classifier_free_guidance").booleanValue();
        int images = golden.json().path("num_images").intValue();
        comparison.equal("embeddings", rows.length(0), guided ? 2 * images : images);
        if (comparison.failedKinds().contains("embeddings")) {
            return;
        }
        comparison.tensor("embeddings", part(rows, rows.length(0) - images, images), prompts, EMBEDDINGS);
        if (guided) {
            comparison.tensor("embeddings", part(rows, 0, images), negative, EMBEDDINGS);
        }
    }

    private void compareFirstCall() {
        var first = calls().get(0);
        var expected = golden.json().path("first_call");
        expected.path("inputs").properties().forEach(entry -> {
            var found = first.inputs().get(entry.getKey());
            if (found == null) {
                comparison.equal("first call", "no " + entry.getKey(), entry.getKey());
            } else if (entry.getKey().equals("timestep")) {
                // Its rank is that of the network, which diffusers itself did not have to use.
                comparison.number(
                        "first call",
                        found.values()[0],
                        entry.getValue().path("first").get(0).doubleValue(),
                        1e-4);
            } else {
                comparison.tensor("first call", found, entry.getValue(), LATENTS);
            }
        });
        first.outputs()
                .values()
                .forEach(output -> comparison.tensor("first call", output, expected.path("output"), LATENTS));
    }

    private void compareSteps() {
        var expected = golden.json().path("steps");
        var timesteps = golden.json().path("timesteps");
        comparison.equal("steps", steps.size(), expected.size());
        comparison.equal("steps", calls().size(), timesteps.size());
        double unit = golden.isFlux() ? 1000 : 1;
        for (int i = 0; i < Math.min(steps.size(), expected.size()); i++) {
            var timestep = Objects.requireNonNull(calls().get(i).inputs().get("timestep"));
            double time = timesteps.get(i).doubleValue();
            comparison.number("timesteps", timestep.values()[0] * unit, time, 1e-4 * time);
            comparison.tensor("latents", steps.get(i), expected.get(i).path("latents"), LATENTS);
        }
        if (!steps.isEmpty()) {
            comparison.tensor(
                    "final latents", steps.get(steps.size() - 1), golden.json().path("final_latents"), LATENTS);
        }
    }

    private void compareImages() {
        var decoder = sessions.network("vae_decoder").evaluations();
        var inputs = together(
                decoder.stream().map(call -> call.inputs().get("latent_sample")).toList());
        var outputs = together(
                decoder.stream().map(call -> call.outputs().get("sample")).toList());
        // The VAE takes latents that are some times larger.
        comparison.tensor("vae input", inputs, golden.json().path("vae_input"), 10 * LATENTS);
        comparison.tensor("image", outputs, golden.json().path("image"), IMAGE);
        var pictures = golden.pictures();
        for (int i = 0; i < pictures.size(); i++) {
            comparison.picture("picture", result.images().get(i), pictures.get(i));
        }
    }

    private List<Evaluation> calls() {
        return sessions.network(golden.denoiser()).evaluations();
    }

    private TensorValues latents(float[] latents, LatentShape shape) {
        int images = latents.length / shape.size();
        if (golden.isFlux()) {
            return packed(latents, images, shape);
        }
        return new TensorValues(List.of(images, shape.channels(), shape.height(), shape.width()), latents.clone());
    }

    /** Diffusers' latents of FLUX, written down once more: {@code [n, c, h/2, 2, w/2, 2]} to {@code [n, h/2, w/2, c, 2, 2]}. */
    private static TensorValues packed(float[] latents, int images, LatentShape shape) {
        var packed = new float[latents.length];
        int at = 0;
        for (int n = 0; n < images; n++) {
            for (int y = 0; y < shape.height(); y += 2) {
                for (int x = 0; x < shape.width(); x += 2) {
                    for (int c = 0; c < shape.channels(); c++) {
                        int corner = ((n * shape.channels() + c) * shape.height() + y) * shape.width() + x;
                        packed[at++] = latents[corner];
                        packed[at++] = latents[corner + 1];
                        packed[at++] = latents[corner + shape.width()];
                        packed[at++] = latents[corner + shape.width() + 1];
                    }
                }
            }
        }
        return new TensorValues(List.of(images, shape.plane() / 4, 4 * shape.channels()), packed);
    }

    private static TensorValues part(TensorValues rows, int from, int count) {
        int width = rows.values().length / rows.length(0);
        var values = new float[count * width];
        System.arraycopy(rows.values(), from * width, values, 0, values.length);
        var shape = new ArrayList<>(rows.shape());
        shape.set(0, count);
        return new TensorValues(shape, values);
    }

    private static TensorValues together(List<TensorValues> rows) {
        var shape = new ArrayList<>(rows.get(0).shape());
        shape.set(0, rows.size());
        int width = rows.get(0).values().length;
        var values = new float[rows.size() * width];
        for (int i = 0; i < rows.size(); i++) {
            System.arraycopy(rows.get(i).values(), 0, values, i * width, width);
        }
        return new TensorValues(shape, values);
    }
}
