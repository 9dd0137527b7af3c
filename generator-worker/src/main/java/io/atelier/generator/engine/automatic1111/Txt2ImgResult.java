package io.atelier.generator.engine.automatic1111;

import io.atelier.contract.job.GenerationRequest;
import io.atelier.generator.engine.GeneratedImage;
import io.atelier.generator.provider.BlockAlignment;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * What the server drew.
 *
 * @param pixels as many as were asked for
 * @param seeds of them, as far as the server tells
 * @param model with which it drew, without folder and ending; the empty string if it does not tell
 * @param hash of that model; the empty string if it does not tell
 */
record Txt2ImgResult(List<BufferedImage> pixels, List<Long> seeds, String model, String hash) {

    List<GeneratedImage> images(GenerationRequest request) {
        var warnings = warnings(request);
        return IntStream.range(0, request.n())
                .mapToObj(i -> BlockAlignment.image(pixels.get(i), request.size(), seed(request, i), warnings))
                .toList();
    }

    private long seed(GenerationRequest request, int index) {
        return index < seeds.size() ? seeds.get(index) : request.seed() + index;
    }

    /** A server that lacks the model draws with the one that it has, and calls that a success. */
    private List<String> warnings(GenerationRequest request) {
        return WebUiApi.checkpoint(request)
                .filter(asked -> !model.isEmpty() && !isModel(asked))
                .map(asked -> List.of(
                        "The server drew with its model '%s', and seems not to have '%s'.".formatted(model, asked)))
                .orElse(List.of());
    }

    private boolean isModel(String asked) {
        return bare(asked).equals(bare(model)) || (!hash.isEmpty() && (asked.contains(hash) || hash.startsWith(asked)));
    }

    /** Of {@code folder/name.safetensors [hash]} the name. */
    private static String bare(String checkpoint) {
        var file = checkpoint.replaceFirst("\\s*\\[[0-9a-fA-F]+]$", "");
        return file.substring(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1)
                .replaceFirst("\\.(safetensors|ckpt|gguf|pt)$", "")
                .toLowerCase(Locale.ROOT);
    }
}
