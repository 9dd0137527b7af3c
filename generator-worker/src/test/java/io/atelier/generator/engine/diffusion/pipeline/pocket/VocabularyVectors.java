package io.atelier.generator.engine.diffusion.pipeline.pocket;

import io.atelier.contract.digest.Sha256;
import io.atelier.generator.engine.diffusion.pipeline.PocketModel;
import io.atelier.generator.engine.onnx.OnnxModel;
import io.atelier.generator.engine.onnx.OnnxRun;
import io.atelier.worker.cancellation.Cancellation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes {@code vocabulary/} of the model's folder. To be run by hand when {@code vocabulary.txt} or the text encoder changes. */
final class VocabularyVectors {

    private VocabularyVectors() {}

    /** Argument: the source folder of the model. */
    public static void main(String[] arguments) throws IOException {
        var model = Path.of(arguments[0]);
        var vectors = new ByteArrayOutputStream();
        var files = PocketModel.onClassPath(1).files();
        try (var network = OnnxModel.load(files.weights("text_encoder"), 1);
                var run = new OnnxRun(new Cancellation())) {
            var encoder = PocketPromptEncoder.load(files, network);
            for (String name : Files.readAllLines(model.resolve("vocabulary.txt"))) {
                vectors.writeBytes(PromptFamiliarity.vector(encoder.states(name, run)));
            }
        }
        var bytes = vectors.toByteArray();
        var target = Files.createDirectories(model.resolve("vocabulary"));
        Files.write(target.resolve("vectors.i8"), bytes);
        Files.writeString(
                target.resolve("config.json"), """
                    {
                      "file": "vectors.i8",
                      "sha256": "%s",
                      "what": "for each line of vocabulary.txt the mean of its token states, int8 [384], scaled to its largest component"
                    }
                    """.formatted(Sha256.of(bytes).hex()));
    }
}
