package io.atelier.generator.provider;

import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.ProviderUsage;
import io.atelier.generator.engine.GeneratedImage;
import io.atelier.generator.engine.GenerationRun;
import io.atelier.image.png.PngImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Generates the images of a request one after the other, for servers that return one image for each call. */
public final class SequentialGeneration {

    private static final String PHASE = "draw";

    private SequentialGeneration() {}

    /**
     * Generates all images of the request, in order: image i with seed {@code request.seed() + i}. Reports progress and the usage of the provider after each image. An image
     * of another size than requested is kept as it is and gets a warning.
     */
    public static List<GeneratedImage> generate(GenerationRequest request, GenerationRun run, Call call) {
        var images = new ArrayList<GeneratedImage>();
        run.progress().at(PHASE, 0, request.n());
        for (int index = 0; index < request.n(); index++) {
            long seed = request.seed() + index;
            var pixels = call.image(seed);
            run.providerCallListener().onUsage(ProviderUsage.ofImages(1));
            images.add(new GeneratedImage(pixels, seed, sizeWarning(request, pixels)));
            run.progress().at(PHASE, images.size(), request.n());
        }
        return List.copyOf(images);
    }

    /** A warning if the image has another size than requested; empty otherwise, and if the request leaves the size open. */
    public static Map<String, String> sizeWarning(GenerationRequest request, PngImage pixels) {
        int width = pixels.width();
        int height = pixels.height();
        boolean asRequested =
                width == request.size().width() && height == request.size().height();
        if (asRequested || request.leavesSizeOpen()) {
            return Map.of();
        }
        var warning = "The engine decides the size: it generated %d x %d pixels instead of %d x %d.";
        return Map.of(
                GeneratedImage.WARNING,
                warning.formatted(
                        width, height, request.size().width(), request.size().height()));
    }

    /** Requests one image from the server. */
    @FunctionalInterface
    public interface Call {
        /** Blocks until the image has been received. */
        PngImage image(long seed);
    }
}
