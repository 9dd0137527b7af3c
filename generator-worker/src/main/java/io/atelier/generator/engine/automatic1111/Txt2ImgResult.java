package io.atelier.generator.engine.automatic1111;

import io.atelier.contract.job.GenerationRequest;
import io.atelier.generator.engine.GeneratedImage;
import io.atelier.generator.provider.BlockAlignment;
import io.atelier.image.png.PngImage;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * The result of a txt2img or img2img request.
 *
 * @param pixels at least one, at most as many as were requested
 * @param seeds of the images, as far as the server reports them
 * @param model the checkpoint that the server used, without folder and extension; empty if the server does not report it
 * @param hash of that checkpoint; empty if the server does not report it
 * @param sampler the server's name of the sampler; empty if the server does not report it
 */
record Txt2ImgResult(List<PngImage> pixels, List<Long> seeds, String model, String hash, String sampler) {

    /** The images in the requested size, with a warning if the server used another checkpoint. */
    List<GeneratedImage> images(GenerationRequest request) {
        var warnings = warnings(request);
        return IntStream.range(0, pixels.size())
                .mapToObj(i -> BlockAlignment.crop(pixels.get(i), request.size(), seed(request, i), warnings))
                .map(image -> sampler.isEmpty() ? image : image.with(GeneratedImage.SAMPLER, sampler))
                .toList();
    }

    private long seed(GenerationRequest request, int index) {
        return index < seeds.size() ? seeds.get(index) : request.seed() + index;
    }

    /** A server that lacks the requested checkpoint uses its current one and reports success. */
    private List<String> warnings(GenerationRequest request) {
        return WebUiApi.checkpoint(request)
                .filter(requested -> !model.isEmpty() && !isModel(requested))
                .map(requested -> List.of(
                        "The server used its model '%s'; it seems not to have '%s'.".formatted(model, requested)))
                .orElse(List.of());
    }

    private boolean isModel(String requested) {
        return bareName(requested).equals(bareName(model))
                || (!hash.isEmpty() && (requested.contains(hash) || hash.startsWith(requested)));
    }

    /** The name in {@code folder/name.safetensors [hash]}. */
    private static String bareName(String checkpoint) {
        var file = checkpoint.replaceFirst("\\s*\\[[0-9a-fA-F]+]$", "");
        return file.substring(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1)
                .replaceFirst("\\.(safetensors|ckpt|gguf|pt)$", "")
                .toLowerCase(Locale.ROOT);
    }
}
