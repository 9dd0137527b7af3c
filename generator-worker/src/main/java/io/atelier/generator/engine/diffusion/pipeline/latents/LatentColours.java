package io.atelier.generator.engine.diffusion.pipeline.latents;

import io.atelier.generator.engine.diffusion.pipeline.model.PipelineFamily;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Approximates the colours of an image without its VAE: red, green and blue are sums of the channels of its latents, with factors that were
 * fitted for each VAE. Good enough to recognize an image, at one pixel for each latent. Immutable.
 *
 * <p>The factors are those of {@code latent_rgb_factors} in ComfyUI's {@code comfy/latent_formats.py} (version 0.3): SD15, SDXL, SD3 and Flux. They
 * are for latents as the denoiser has them, and give -1 to 1.
 */
public final class LatentColours {

    /** The longest side of a preview in pixels. */
    static final int MAX_SIDE = 256;

    private static final int COLOURS = 3;

    /** Those of Stable Diffusion 2 and of LCM are the same VAE's. */
    private static final List<Float> STABLE_DIFFUSION = List.of(
            0.3512f, 0.2297f, 0.3227f, //
            0.3250f, 0.4974f, 0.2350f, //
            -0.2829f, 0.1762f, 0.2721f, //
            -0.2120f, -0.2616f, -0.7177f);

    private static final List<Float> STABLE_DIFFUSION_XL = List.of(
            0.3651f, 0.4232f, 0.4341f, //
            -0.2533f, -0.0042f, 0.1068f, //
            0.1076f, 0.1111f, -0.0362f, //
            -0.3165f, -0.2492f, -0.2188f);

    private static final List<Float> STABLE_DIFFUSION_3 = List.of(
            -0.0922f, -0.0175f, 0.0749f, //
            0.0311f, 0.0633f, 0.0954f, //
            0.1994f, 0.0927f, 0.0458f, //
            0.0856f, 0.0339f, 0.0902f, //
            0.0587f, 0.0272f, -0.0496f, //
            -0.0006f, 0.1104f, 0.0309f, //
            0.0978f, 0.0306f, 0.0427f, //
            -0.0042f, 0.1038f, 0.1358f, //
            -0.0194f, 0.0020f, 0.0669f, //
            -0.0488f, 0.0130f, -0.0268f, //
            0.0922f, 0.0988f, 0.0951f, //
            -0.0278f, 0.0524f, -0.0542f, //
            0.0332f, 0.0456f, 0.0895f, //
            -0.0069f, -0.0030f, -0.0810f, //
            -0.0596f, -0.0465f, -0.0293f, //
            -0.1448f, -0.1463f, -0.1189f);

    private static final List<Float> FLUX = List.of(
            -0.0346f, 0.0244f, 0.0681f, //
            0.0034f, 0.0210f, 0.0687f, //
            0.0275f, -0.0668f, -0.0433f, //
            -0.0174f, 0.0160f, 0.0617f, //
            0.0859f, 0.0721f, 0.0329f, //
            0.0004f, 0.0383f, 0.0115f, //
            0.0405f, 0.0861f, 0.0915f, //
            -0.0236f, -0.0185f, -0.0259f, //
            -0.0245f, 0.0250f, 0.1180f, //
            0.1008f, 0.0755f, -0.0421f, //
            -0.0515f, 0.0201f, 0.0011f, //
            0.0428f, -0.0012f, -0.0036f, //
            0.0817f, 0.0765f, 0.0749f, //
            -0.1264f, -0.0522f, -0.1103f, //
            -0.0280f, -0.0881f, -0.0499f, //
            -0.1262f, -0.0982f, -0.0778f);

    private static final List<Float> NO_OFFSETS = List.of(0f, 0f, 0f);

    private final float[] factors;
    private final float[] offsets;

    private LatentColours(List<Float> factors, List<Float> offsets) {
        this.factors = floats(factors);
        this.offsets = floats(offsets);
    }

    /**
     * The colours of the latents of a family.
     *
     * @return empty if the latents have another number of channels, so that they are those of an unknown VAE
     */
    public static Optional<LatentColours> of(PipelineFamily family, int channels) {
        return Optional.of(of(family)).filter(colours -> colours.factors.length == channels * COLOURS);
    }

    private static LatentColours of(PipelineFamily family) {
        return switch (family) {
            case STABLE_DIFFUSION, LATENT_CONSISTENCY -> new LatentColours(STABLE_DIFFUSION, NO_OFFSETS);
            case STABLE_DIFFUSION_XL -> new LatentColours(STABLE_DIFFUSION_XL, List.of(0.1084f, -0.0175f, -0.0011f));
            case STABLE_DIFFUSION_3 -> new LatentColours(STABLE_DIFFUSION_3, List.of(0.2394f, 0.2135f, 0.1925f));
            case FLUX -> new LatentColours(FLUX, List.of(-0.0329f, -0.0718f, -0.0851f));
            // Its latents are the pixels.
            case POCKET -> new LatentColours(List.of(1f, 0f, 0f, 0f, 1f, 0f, 0f, 0f, 1f), NO_OFFSETS);
        };
    }

    /**
     * The image of latents, of at most {@value #MAX_SIDE} pixels on a side: a pixel is the mean of as many latents as that needs.
     *
     * @param latents {@code [n, C, h, w]} without noise, as the denoiser has them
     * @param image index of the image
     */
    public BufferedImage render(float[] latents, int image, LatentShape shape) {
        int block = (Math.max(shape.width(), shape.height()) + MAX_SIDE - 1) / MAX_SIDE;
        int width = (shape.width() + block - 1) / block;
        int height = (shape.height() + block - 1) / block;
        var rendered = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        var means = new float[shape.channels()];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                means(latents, image * shape.size(), shape, new Block(x * block, y * block, block), means);
                rendered.setRGB(x, y, rgb(means));
            }
        }
        return rendered;
    }

    /** A square of latents, which may reach beyond the edges. */
    private record Block(int left, int top, int side) {}

    private static void means(float[] latents, int from, LatentShape shape, Block block, float[] means) {
        int right = Math.min(shape.width(), block.left() + block.side());
        int bottom = Math.min(shape.height(), block.top() + block.side());
        int count = (right - block.left()) * (bottom - block.top());
        Arrays.fill(means, 0);
        for (int channel = 0; channel < means.length; channel++) {
            for (int y = block.top(); y < bottom; y++) {
                int row = from + channel * shape.plane() + y * shape.width();
                for (int x = block.left(); x < right; x++) {
                    means[channel] += latents[row + x] / count;
                }
            }
        }
    }

    private int rgb(float[] channels) {
        int rgb = 0;
        for (int colour = 0; colour < COLOURS; colour++) {
            float value = offsets[colour];
            for (int channel = 0; channel < channels.length; channel++) {
                value += channels[channel] * factors[channel * COLOURS + colour];
            }
            rgb = rgb << 8 | Math.round(255 * Math.min(1, Math.max(0, (value + 1) / 2)));
        }
        return rgb;
    }

    private static float[] floats(List<Float> values) {
        var array = new float[values.size()];
        for (int i = 0; i < array.length; i++) {
            array[i] = values.get(i);
        }
        return array;
    }
}
