package io.atelier.generator.provider;

import io.atelier.contract.job.GenerationRequest;
import io.atelier.generator.engine.GeneratedImage;
import io.atelier.generator.engine.GenerationRun;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How servers draw that give one picture for each call: one after the other, in the order of the request. */
public final class SequentialGeneration {

    private static final String PHASE = "draw";

    private SequentialGeneration() {}

    /**
     * All pictures of the request. After each one its progress is told; a picture of another size than the one asked for is kept as it is,
     * and warns of it.
     */
    public static List<GeneratedImage> draw(GenerationRequest request, GenerationRun run, Call call) {
        var images = new ArrayList<GeneratedImage>();
        run.progress().at(PHASE, 0, request.n());
        for (int index = 0; index < request.n(); index++) {
            long seed = request.seed() + index;
            var pixels = call.image(seed);
            images.add(new GeneratedImage(pixels, seed, notes(request, pixels)));
            run.progress().at(PHASE, images.size(), request.n());
        }
        return List.copyOf(images);
    }

    /** What there is to say of a picture's size: nothing if it is the one asked for, or if none was. */
    public static Map<String, String> notes(GenerationRequest request, BufferedImage pixels) {
        int width = pixels.getWidth();
        int height = pixels.getHeight();
        boolean asAsked =
                width == request.size().width() && height == request.size().height();
        if (asAsked || request.leavesSizeOpen()) {
            return Map.of();
        }
        var warning = "The engine decides the size: it drew %d x %d pixels where %d x %d were asked for.";
        return Map.of(
                GeneratedImage.WARNING,
                warning.formatted(
                        width, height, request.size().width(), request.size().height()));
    }

    /** Asks the server for one picture. */
    @FunctionalInterface
    public interface Call {
        /** Blocks until it is there. */
        BufferedImage image(long seed);
    }
}
